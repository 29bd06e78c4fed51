//! Compiles a rule from its written form to one that can run.

use super::{
    compiler::{Compiler, is_rule_id},
    derive::{Class, Conditions, Selector, derived},
    located::Located,
    names::Names,
    pattern::Pattern,
    ready::{Matcher, Rule},
    rule_file::{RuleError, Source},
    schema::{RawRule, RuleFile, ValueClass, WordClass},
    tags::TAG_PREFIX,
    unpack::{Unpacker, packed},
    words::{default_hint, default_message},
};
use serde::Deserialize;
use std::sync::Arc;

/// The allowed lengths of a keyword in bytes: shorter ones occur in every file, and longer ones
/// would be cut by the windows that large files are read in.
const KEYWORD_LENGTHS: std::ops::RangeInclusive<usize> = 3..=128;

/// The rules of a file.
///
/// With `names`, expressions are compiled to check them, and languages, parts and containers must
/// be among the names: for rules from users. For the built-in rules, the tests do this.
///
/// # Errors
/// Returns the first mistake, with its line and rule.
pub fn parse(file: &str, text: &str, names: Option<&Names>) -> Result<Vec<Rule>, RuleError> {
    let source = Source { file, text, names };
    let raw = packed(text).and_then(|packed| RuleFile::deserialize(&mut Unpacker::new(&packed)));
    rules(&source, raw.map_err(|error| source.syntax_error(error))?)
}

/// The rules of files in the packed form of `rules/build.rs`.
///
/// # Errors
/// Returns the first mistake, without its line.
pub fn from_packed(packed: &[u8]) -> Result<Vec<Rule>, RuleError> {
    let source = Source { file: "rules", text: "", names: None };
    let files: Vec<(String, RuleFile)> = Deserialize::deserialize(&mut Unpacker::new(packed))
        .map_err(|error| source.error(0..0, None, error.message))?;
    let mut all = Vec::new();
    for (file, raw) in files {
        all.extend(rules(&Source { file: &file, ..source }, raw)?);
    }
    Ok(all)
}

fn rules(source: &Source<'_>, raw: RuleFile) -> Result<Vec<Rule>, RuleError> {
    let origin: Arc<str> = source.file.into();
    raw.rule.into_iter().map(|rule| self::rule(source, rule, &origin)).collect()
}

fn rule(
    source: &Source<'_>,
    located: Located<RawRule>,
    origin: &Arc<str>,
) -> Result<Rule, RuleError> {
    let Located { value: raw, at } = located;
    let error = |message: String| source.error(at.clone(), Some(&raw.id), message);
    if !is_rule_id(&raw.id) {
        return Err(error("`id` must be lower-case words joined with `-`".into()));
    }
    if raw.cwe.is_empty() {
        return Err(error("`cwe` needs at least one number".into()));
    }
    for keyword in &raw.keywords {
        if !KEYWORD_LENGTHS.contains(&keyword.value.len()) {
            let (least, most) = (KEYWORD_LENGTHS.start(), KEYWORD_LENGTHS.end());
            let message = format!("keyword {:?} must have {least} to {most} bytes", keyword.value);
            return Err(source.error(keyword.at.clone(), Some(&raw.id), message));
        }
    }
    let compiler = Compiler { source, id: &raw.id, at: at.clone() };
    compiler.words(&raw)?;
    let tags = compiler.tags(&raw)?;
    let hint = |name: &String| Located { value: name.clone(), at: at.clone() };
    let hints: Vec<_> = raw.hints.keys().chain(raw.fix.keys()).map(hint).collect();
    compiler.languages(&hints)?;
    compiler.fixes(&raw)?;
    let matcher = compiler.matcher(&raw)?;
    let derived = if raw.keywords.is_empty() { derived(&conditions(&raw)) } else { None };
    if derived.is_none() && raw.keywords.is_empty() && !matches!(matcher, Matcher::Nothing) {
        let mut error = compiler.error(
            "`keywords` is missing, and none can be derived: the rule would run on every file",
        );
        error.help = Some(
            "list texts so that every match contains one, or start each `pattern` with a literal"
                .into(),
        );
        return Err(error);
    }
    let words = raw.keyword_word.or_else(|| {
        let wants = derived.as_ref().is_some_and(|one| one.wants_named_secret);
        wants.then_some(WordClass::NamedSecret)
    });
    if raw.keyword_word.is_some() && !finds_only(&matcher, ValueClass::NamedSecret) {
        return Err(error(
            "`keyword-word` is only for rules whose every `value` is [\"named-secret\"]".into(),
        ));
    }
    let aliases = compiler.aliases(&raw.aliases)?;
    let named_tags = tags.iter().map(|tag| format!("{TAG_PREFIX}{tag}"));
    let mut rule = Rule {
        other_names: aliases.iter().cloned().chain(named_tags).collect(),
        gate: compiler.pattern(raw.gate.as_ref())?,
        keyword_gate: match compiler.pattern(raw.keyword_gate.as_ref())? {
            Some(gate) => Some(gate),
            None => derived.as_ref().and_then(|one| one.gate.as_deref()).map(Pattern::new),
        },
        keyword_word: words,
        explains: false,
        skip_minified: raw.skip_minified,
        matcher,
        repository: raw.repository.map(|name| name.value),
        parts: compiler.parts(&raw.parts)?,
        paths: compiler.paths(&raw.paths)?,
        exclude_paths: compiler.paths(&raw.exclude_paths)?,
        container: compiler.containers(&raw.container)?,
        judge: compiler.judge(&raw.judge)?,
        id: raw.id.as_str().into(),
        severity: raw.severity,
        severity_is_given: false,
        since: raw.since,
        preview: raw.preview,
        is_ignored: false,
        confidence: raw.confidence,
        cwe: raw.cwe,
        tags,
        aliases,
        message: raw.message.unwrap_or_else(|| default_message(&raw.title)),
        why: raw.why,
        hint: raw.hint.unwrap_or_else(|| default_hint(raw.variable.as_deref())),
        hints: raw.hints,
        variable: raw.variable,
        fix: raw.fix,
        revoke: raw.revoke,
        references: raw.references,
        keywords: match derived {
            Some(derived) => derived.keywords,
            None => raw.keywords.into_iter().map(|keyword| keyword.value).collect(),
        },
        report: raw.report,
        severity_in_tests: raw.severity_in_tests,
        credential: raw.credential,
        precedence: raw.precedence,
        examples: raw.example,
        title: raw.title,
        origin: origin.clone(),
    };
    if rule.preview {
        rule.set_severity(crate::model::Severity::Info);
    }
    Ok(rule)
}

/// The conditions that a rule's keywords follow from.
fn conditions(raw: &RawRule) -> Conditions<'_> {
    let class = |classes: &[ValueClass]| match classes {
        [ValueClass::HfToken] => Some(Class::HfToken),
        [ValueClass::NamedSecret] => Some(Class::NamedSecret),
        _ => None,
    };

    let bindings = raw.binding.iter().map(|one| Selector {
        class: class(&one.value),
        names: texts(if one.key.is_empty() { &one.path } else { &one.key }),
    });
    let commands = raw
        .command
        .iter()
        .map(|one| Selector { class: class(&one.value), names: texts(&one.option) });
    Conditions {
        patterns: raw.pattern.iter().map(|pattern| pattern.value.as_str()).collect(),
        selectors: bindings.chain(commands).collect(),
    }
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

/// `true` if all values that a rule finds are of this class.
fn finds_only(matcher: &Matcher, class: ValueClass) -> bool {
    let Matcher::Facts { bindings, commands } = matcher else { return false };
    let bindings = bindings.iter().map(|one| &one.value);
    bindings.chain(commands.iter().map(|one| &one.value)).all(|classes| *classes == [class])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error of a rule over text, extended by `lines`.
    fn error_of(lines: &str) -> String {
        let rule = "[[rule]]\nid = 'a'\ntitle = 'A key'\nseverity = 'low'\nconfidence = 'low'\n\
            cwe = [1]\nwhy = 'a'\nreferences = []\n";
        let error = parse("a.toml", &format!("{rule}{lines}\n"), Some(&Names::default()));
        let error = error.expect_err(lines);
        format!("{error}; {}", error.help.clone().unwrap_or_default())
    }

    #[test]
    fn words_with_names_that_some_match_lacks_are_refused() {
        for (lines, expected) in [
            (
                "keywords = ['abc']\npattern = ['abc']\nmessage = 'a `{key}`'",
                "a.toml:1: rule `a`: `message`: nothing fills `{key}` in every match; rules over \
                 text have no names to fill in",
            ),
            (
                "keywords = ['abc']\nmessage = '{key}'\n[[rule.binding]]\n[[rule.command]]",
                "a.toml:1: rule `a`: `message`: nothing fills `{key}` in every match; here only \
                 `{program}`, `{file}` can be filled in",
            ),
            (
                "keywords = ['abc']\n[[rule.binding]]\n[rule.binding.says]\nhint = '{callee}'",
                "a.toml:1: rule `a`: `says.hint`: nothing fills `{callee}` in every match; here \
                 only `{key}`, `{path}`, `{file}` can be filled in",
            ),
            (
                "keywords = ['abc']\npattern = ['abc']\nhints.python = 'x {kye}'",
                "a.toml:1: rule `a`: `hints.python`: nothing fills `{kye}` in every match; rules \
                 over text have no names to fill in",
            ),
            (
                "credential = false\nkeywords = ['abc']\npattern = ['abc']",
                "a.toml:1: rule `a`: a rule with `credential = false` needs a `message`; ",
            ),
        ] {
            assert_eq!(error_of(lines), expected);
        }
    }

    #[test]
    fn a_table_that_must_be_one_of_a_list_is_shown_as_one() {
        let error = parse("a.toml", "\n[rule]\nid = 'a'\n", None).expect_err("not a list");
        assert_eq!(error.line, 2);
        assert!(error.help.expect("a way out").starts_with("write `[[rule]]`"));
        let error = error_of("keywords = ['abc']\n[rule.binding]\nkey = ['a']");
        assert!(error.contains("write `[[rule.binding]]`"), "{error}");
    }

    #[test]
    fn tags_are_of_the_list_and_say_what_the_rule_is() {
        let text = "keywords = ['abc']\npattern = ['abc']\n";
        for (tags, expected) in [
            (
                "artifact",
                "a.toml:11: rule `a`: no tag is named `artifact`; did you mean `artefact`?",
            ),
            ("habit", "a.toml:11: rule `a`: `credential = true` makes the tag `credential`; "),
        ] {
            assert_eq!(error_of(&format!("{text}tags = ['{tags}']")), expected);
        }
    }
}
