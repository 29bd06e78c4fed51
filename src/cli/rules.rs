//! Lists and explains rules.

use super::{
    args::{ExplainArgs, ExplainFormat, ListFormat, RulesArgs},
    config_args::ConfigArgs,
    error::CliError,
    project,
};
use crate::{
    config::{Config, Layer},
    model::Severity,
    report::{reading, revoke_url, rule_page},
    rule::{Matcher, Rule, RuleNames, RuleSet, Selection, built_in, general},
    scan::{RulesError, rules::with_files},
};
use serde_json::json;
use std::{collections::BTreeMap, fmt::Write, path::Path};

/// Lists the rules that a scan of the working directory runs, with their severities there.
///
/// # Errors
/// Returns an error for an invalid setting or rule file.
pub fn list(args: RulesArgs) -> Result<String, CliError> {
    let (rules, config) = here(args.config, args.selection.layer)?;
    let settings = &config.settings;
    let rules = RuleSet::new(rules, &settings.selection).map_err(RulesError::from)?;
    let least = args.min_severity.unwrap_or(Severity::Info);
    let rules = rules.with_severities(&settings.severities);
    Ok(listed(&rules.filtered(|rule| rule.severity >= least), args.format))
}

/// All rules known in the working directory, and the settings there.
fn here(args: ConfigArgs, options: Layer) -> Result<(Vec<Rule>, Config), CliError> {
    let (config, _) = project::config_at(Path::new("."), args, options)?;
    let built_in = built_in(None).map_err(RulesError::from)?;
    let rules = with_files(built_in, &config.settings.rule_files)?;
    config.check_rules(&rules)?;
    Ok((rules, config))
}

fn listed(rules: &RuleSet, format: ListFormat) -> String {
    match format {
        ListFormat::Json => {
            let all: Vec<_> = rules.rules().iter().map(describe).collect();
            format!("{:#}\n", serde_json::Value::Array(all))
        }
        ListFormat::Markdown => page(rules),
        ListFormat::Text => {
            let width = rules.rules().iter().map(|rule| rule.id.len()).max().unwrap_or(0);
            let mut text = String::new();
            for rule in rules.rules() {
                let _ = writeln!(text, "{:width$}  {:8}  {}", rule.id, rule.severity, rule.title);
            }
            text
        }
    }
}

fn describe(rule: &Rule) -> serde_json::Value {
    json!({
        "id": &*rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "confidence": rule.confidence,
        "cwe": rule.cwe,
        "tags": rule.tags,
        "message": general(&rule.message),
        "why": rule.why,
        "hint": general(&rule.hint),
        "aliases": rule.aliases,
        "since": rule.since,
        "preview": rule.preview,
        "page": rule_page(rule),
        "precedence": rule.precedence,
        "hints": rule.hints.iter().map(|(kind, hint)| (kind, general(hint))).collect::<BTreeMap<_, _>>(),
        "variable": rule.variable,
        "revoke": revoke_url(rule),
        "references": rule.references,
        "origin": &*rule.origin,
    })
}

/// The Markdown page of rules: a table, then a section for each.
fn page(rules: &RuleSet) -> String {
    let mut text = String::from("# Rules\n\nMade from `rules/*.toml`; do not edit.\n\n");
    text.push_str("| rule | severity | what it finds |\n|---|---|---|\n");
    for rule in rules.rules() {
        let _ = writeln!(text, "| [`{0}`](#{0}) | {1} | {2} |", rule.id, rule.severity, rule.title);
    }
    for rule in rules.rules() {
        text.push('\n');
        text.push_str(&section(rule));
    }
    text
}

/// The section of a rule in Markdown: description, reason and remedy.
pub fn section(rule: &Rule) -> String {
    let mut text = format!(
        "## {}\n\n{}, severity {}, confidence {}, since {}.{}\n",
        rule.id,
        rule.title,
        rule.severity,
        rule.confidence,
        rule.since,
        if rule.preview { " In preview: it fails no build." } else { "" }
    );
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "\n{}\n\nInstead: {}.\n", rule.why, general(&rule.hint));
    for (place, hint) in &rule.hints {
        let _ = writeln!(text, "- {place}: {}", general(hint));
    }
    let cwes =
        rule.cwe.iter().map(|cwe| format!("https://cwe.mitre.org/data/definitions/{cwe}.html"));
    let links: Vec<String> =
        rule.references.iter().cloned().chain(cwes).map(|link| format!("<{link}>")).collect();
    let _ = writeln!(
        text,
        "{}Read on: {}",
        if rule.hints.is_empty() { "" } else { "\n" },
        links.join(", ")
    );
    text
}

/// Explains rules, enabled or not.
///
/// # Errors
/// Returns an error if a name matches no rule, or for an invalid setting or rule file.
pub fn explain(args: ExplainArgs, width: usize) -> Result<String, CliError> {
    let (rules, config) = here(args.config, args.rules.layer)?;
    let names = RuleNames::known(&args.names, &rules).map_err(RulesError::from)?;
    let rules = RuleSet::new(rules, &Selection::default()).map_err(RulesError::from)?;
    let rules = rules.with_severities(&config.settings.severities);
    let wanted = rules.rules().iter().filter(|rule| names.match_rule(rule));
    Ok(match args.format {
        ExplainFormat::Text => {
            let pages: Vec<String> = wanted.map(|rule| explained(rule, width)).collect();
            pages.join("\n\n")
        }
        ExplainFormat::Json => {
            let all: Vec<_> = wanted.map(described_with_examples).collect();
            format!("{:#}\n", serde_json::Value::Array(all))
        }
    })
}

/// A rule as JSON with its examples, in which placeholders are abridged.
fn described_with_examples(rule: &Rule) -> serde_json::Value {
    let examples = rule.examples.iter().map(|example| {
        json!({
            "path": example.path,
            "text": crate::rule::example::abridge(&example.text),
            "found": example.found,
        })
    });
    let mut described = describe(rule);
    described["examples"] = examples.collect();
    described
}

fn explained(rule: &Rule, width: usize) -> String {
    let mut page = Explanation { text: String::new(), width };
    page.line(&format!("{}: {}", rule.id, rule.title));
    page.line(&format!(
        "severity {}, confidence {}, {}, since {}",
        rule.severity,
        rule.confidence,
        kind(rule),
        rule.since
    ));
    rule.notes().iter().for_each(|note| page.line(note));
    page.section("Why it matters", &rule.why);
    page.section("What to do", &general(&rule.hint));
    for (place, hint) in &rule.hints {
        page.item(&format!("{place}: {}", general(hint)));
    }
    if let Some(address) = revoke_url(rule) {
        page.item(&format!(
            "revoke it at {address}: removing it from a file does not invalidate it"
        ));
    }
    let examples = [("Found", true), ("Not found", false)];
    for (title, found) in examples {
        if let Some(example) = rule.examples.iter().find(|one| one.found.is_empty() != found) {
            page.heading(&format!("{title}, in {}", example.path));
            page.code(&example.text);
        }
    }
    page.heading("Read on");
    for cwe in &rule.cwe {
        page.item(&format!("CWE-{cwe}: https://cwe.mitre.org/data/definitions/{cwe}.html"));
    }
    for address in reading(rule) {
        page.item(&address);
    }
    page.text
}

fn kind(rule: &Rule) -> &'static str {
    match rule.matcher {
        Matcher::Pattern { .. } => "a rule over text",
        Matcher::Facts { .. } => "a rule over language facts",
        Matcher::Nothing => "a rule over the whole repository",
    }
}

/// The text of an explanation, line by line.
struct Explanation {
    text: String,
    width: usize,
}

impl Explanation {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, title: &str) {
        self.line(&format!("\n{title}"));
    }

    fn section(&mut self, title: &str, body: &str) {
        self.heading(title);
        self.wrapped("  ", "  ", body);
    }

    fn item(&mut self, body: &str) {
        self.wrapped("  - ", "    ", body);
    }

    fn wrapped(&mut self, first: &str, rest: &str, body: &str) {
        let options = textwrap::Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(rest)
            .break_words(false);
        for line in textwrap::wrap(body, options) {
            self.line(&line);
        }
    }

    /// Code with abridged placeholders.
    fn code(&mut self, code: &str) {
        for line in code.trim_matches('\n').lines() {
            self.line(&format!("    {}", crate::rule::example::abridge(line)));
        }
    }
}
