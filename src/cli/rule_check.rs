//! `hfscan rules check FILE`: runs the examples of a rule file and checks its keywords.

use super::error::CliError;
use crate::{
    detect::{Engine, outcome_of, unseen},
    model::SourcePath,
    rule::{Matcher, Pattern, Rule, RuleSet, Selection, built_in_files},
    scan::{RuleText, RulesError, rules::with_files},
};
use std::{
    fmt::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Minimum search speed of a pattern in bytes per second; slower ones are reported.
const SLOW: u64 = 20_000_000;
/// Maximum size in bytes of the text on which patterns are timed.
const SAMPLE: usize = 256 << 10;
/// The time of the check, in seconds since 1970: signed tokens in examples have expired by then.
const NOW: i64 = 1_800_000_000;

/// The report on rule files, and `true` if it has no problems.
///
/// # Errors
/// Returns an error for a file that cannot be read or is invalid.
pub fn run(files: &[PathBuf]) -> Result<(String, bool), CliError> {
    let mut report = String::new();
    let mut is_well = true;
    for file in files {
        let source = std::fs::read_to_string(file)
            .map_err(|error| CliError::Read { path: file.clone(), error })?;
        let text = RuleText { name: file.to_string_lossy().into(), text: source.clone() };
        let rules = with_files(Vec::new(), &[text])?;
        let check = Check { file, source: &source };
        let problems = check.problems(rules)?;
        is_well &= problems.found.is_empty();
        for problem in &problems.found {
            // Writing to a `String` cannot fail.
            let _ = writeln!(report, "{problem}");
        }
        let name = SourcePath::from_path(file);
        let _ = writeln!(
            report,
            "{name}: {}, {}, {}",
            count(problems.rules, "rule"),
            count(problems.examples, "example"),
            match problems.found.len() {
                0 => "all well".to_string(),
                number => count(number, "problem"),
            }
        );
    }
    Ok((report, is_well))
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The rule file being checked.
struct Check<'a> {
    file: &'a Path,
    source: &'a str,
}

/// The problems of a rule file.
struct Problems {
    found: Vec<String>,
    rules: usize,
    examples: usize,
}

impl Check<'_> {
    fn problems(&self, rules: Vec<Rule>) -> Result<Problems, CliError> {
        let set = RuleSet::new(rules, &Selection::default()).map_err(RulesError::from)?;
        let engine = Engine::new(set, NOW);
        let rules = engine.rules().rules();
        let mut found = Vec::new();
        for rule in rules {
            self.examples(&engine, rule, &mut found);
            self.keywords(rule, &mut found);
            self.speed(rule, &mut found);
        }
        if rules.is_empty() {
            found.push(self.problem(
                1,
                None,
                "no `[[rule]]` in it",
                "docs/writing-rules.md shows one",
            ));
        }
        let examples = rules.iter().map(|rule| rule.examples.len()).sum();
        Ok(Problems { found, rules: rules.len(), examples })
    }

    fn problem(&self, line: usize, rule: Option<&Rule>, message: &str, help: &str) -> String {
        let rule = rule.map(|rule| format!("rule `{}`: ", rule.id)).unwrap_or_default();
        format!("{}:{line}: {rule}{message}\n  help: {help}", SourcePath::from_path(self.file))
    }

    /// Runs the examples, and reports if there is none with or without findings.
    fn examples(&self, engine: &Engine, rule: &Rule, found: &mut Vec<String>) {
        // A repository check has no example files.
        if matches!(rule.matcher, Matcher::Nothing) {
            return;
        }
        for (number, example) in rule.examples.iter().enumerate() {
            let (lines, dismissed) = outcome_of(engine, rule, example);
            if lines == example.found {
                continue;
            }
            let message = format!(
                "example {}, `{}`: expected {}, found {}",
                number + 1,
                example.path,
                listed(&example.found),
                listed(&lines)
            );
            let help = match dismissed.as_slice() {
                [] => "`hfscan facts FILE` prints the facts that a language reader extracts"
                    .to_string(),
                reasons => format!("dismissed: {}", reasons.join(", ")),
            };
            found.push(self.problem(self.line(rule, Some(number)), Some(rule), &message, &help));
        }
        for (is_found, message) in [(true, "no example is found"), (false, "no example is clean")] {
            if !rule.examples.iter().any(|example| example.found.is_empty() != is_found) {
                let help =
                    "add an `[[rule.example]]`; `found` lists the lines, none if it is clean";
                found.push(self.problem(self.line(rule, None), Some(rule), message, help));
            }
        }
    }

    /// Reports names that no keyword matches, the first of each key.
    fn keywords(&self, rule: &Rule, found: &mut Vec<String>) {
        let mut unseen = unseen(rule);
        unseen.dedup_by(|one, other| one.key == other.key);
        for one in unseen {
            let message = format!(
                "no keyword counts for the key `{}`, written as `{}` in `{}`",
                one.key,
                one.name,
                one.line.escape_debug()
            );
            let help = "leave `keywords` out to have them derived, or add one that is in the name";
            found.push(self.problem(self.line(rule, None), Some(rule), &message, help));
        }
    }

    /// Reports patterns with a slow search.
    fn speed(&self, rule: &Rule, found: &mut Vec<String>) {
        let text: String = built_in_files().into_iter().map(|(_, text)| text).collect();
        let text = &text.as_bytes()[..text.len().min(SAMPLE)];
        let expressions =
            [("gate", rule.gate.as_ref()), ("keyword-gate", rule.keyword_gate.as_ref())];
        let patterns = match &rule.matcher {
            Matcher::Pattern { patterns, .. } => patterns.as_slice(),
            _ => &[],
        };
        let patterns = patterns.iter().map(|pattern| ("pattern", pattern));
        let gates = expressions.into_iter().filter_map(|(key, one)| Some((key, one?)));
        for (key, pattern) in gates.chain(patterns) {
            let speed = speed_of(pattern, text);
            if speed < SLOW {
                let message = format!("`{key}` searches {} MB per second", speed / 1_000_000);
                let help = "start it with a literal, or bound its repetitions";
                found.push(self.problem(self.line(rule, None), Some(rule), &message, help));
            }
        }
    }

    /// The line of a rule, or of one of its examples, from 1.
    fn line(&self, rule: &Rule, example: Option<usize>) -> usize {
        let id = [format!("id = \"{}\"", rule.id), format!("id = '{}'", rule.id)];
        let mut lines = self.source.lines().enumerate();
        let is_id = |line: &str| id.iter().any(|id| line.trim_end().starts_with(id.as_str()));
        let start = lines.find(|(_, line)| is_id(line)).map_or(0, |(at, _)| at);
        let mut examples = lines.filter(|(_, line)| line.trim() == "[[rule.example]]");
        let place = example.and_then(|number| examples.nth(number));
        place.map_or(start, |(at, _)| at) + 1
    }
}

fn listed(lines: &[usize]) -> String {
    match lines {
        [] => "nothing".into(),
        [line] => format!("line {line}"),
        lines => {
            let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
            format!("lines {}", lines.join(", "))
        }
    }
}

/// The search speed of a pattern, in bytes per second; the best of three runs.
fn speed_of(pattern: &Pattern, text: &[u8]) -> u64 {
    let regex = pattern.regex();
    let time = || {
        let start = Instant::now();
        let matches = regex.find_iter(text).count();
        std::hint::black_box(matches);
        start.elapsed()
    };
    let best = (0..3).map(|_| time()).min().unwrap_or_default().max(Duration::from_nanos(1));
    (text.len() as u128 * 1_000_000_000 / best.as_nanos()) as u64
}
