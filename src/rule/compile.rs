//! Compiles a rule from its written form to one that can run.

use super::{
    derive::{Class, Conditions, Selector, derived},
    glob::Globs,
    located::Located,
    names::Names,
    nearest::nearest,
    pattern::Pattern,
    ready::{BindingMatcher, CommandMatcher, Judge, Matcher, Rule},
    schema::{
        BindingSelector, CommandSelector, Judgement, RawRule, RuleFile, ValueClass, WordClass,
    },
    tags::{NAMES, TAG_PREFIX, kind_tag},
    words::{Unfilled, default_hint, default_message, unfilled},
};
use std::{ops::Range, sync::Arc};

/// The allowed lengths of a keyword in bytes: shorter ones occur in every file, and longer ones
/// would be cut by the windows that large files are read in.
const KEYWORD_LENGTHS: std::ops::RangeInclusive<usize> = 3..=128;

/// The reason why a rule file cannot be used: the position, the rule, and the expected form.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {}{message}", rule.as_ref().map(|id| format!("rule `{id}`: ")).unwrap_or_default())]
pub struct RuleError {
    /// The rule file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The rule, if the error is in one.
    pub rule: Option<String>,
    /// The mistake, and the expected form.
    pub message: String,
    /// How to correct the mistake.
    pub help: Option<String>,
}

/// The rules of a file.
///
/// With `names`, expressions are compiled to check them, and languages, parts and containers must
/// be among the names: for rules from users. For the built-in rules, the tests do this.
///
/// # Errors
/// Returns the first mistake, with its line and rule.
pub fn parse(file: &str, text: &str, names: Option<&Names>) -> Result<Vec<Rule>, RuleError> {
    let source = Source { file, text, names };
    let raw: RuleFile = toml::from_str(text).map_err(|error| source.syntax_error(&error))?;
    source.rules(raw)
}

/// The rules of files in the packed form of `rules/build.rs`.
///
/// # Errors
/// Returns the first mistake, without its line.
pub fn from_packed(packed: &[u8]) -> Result<Vec<Rule>, RuleError> {
    let source = Source { file: "rules", text: "", names: None };
    let files: Vec<(String, RuleFile)> = rmp_serde::from_slice(packed)
        .map_err(|error| source.error(0..0, None, error.to_string()))?;
    let mut rules = Vec::new();
    for (file, raw) in files {
        rules.extend(Source { file: &file, ..source }.rules(raw)?);
    }
    Ok(rules)
}

/// The file being read, for its errors.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
    names: Option<&'a Names>,
}

impl Source<'_> {
    fn error(&self, at: Range<usize>, rule: Option<&str>, message: impl Into<String>) -> RuleError {
        let before = &self.text.as_bytes()[..at.start.min(self.text.len())];
        RuleError {
            file: self.file.to_string(),
            line: memchr::memchr_iter(b'\n', before).count() + 1,
            rule: rule.map(str::to_string),
            message: message.into(),
            help: None,
        }
    }

    fn syntax_error(&self, error: &toml::de::Error) -> RuleError {
        let at = error.span().unwrap_or(0..0);
        // The TOML reader only reports byte offsets; the last id before them names the rule.
        let above = self.text.get(..at.end).unwrap_or(self.text);
        let rule = above
            .rfind("[[rule]]")
            .and_then(|start| self.text.get(start..))
            .and_then(|table| table.lines().find_map(|line| line.strip_prefix("id = ")))
            .map(|id| id.trim().trim_matches(['"', '\'']));
        let message = error.message().replace('\n', " ");
        let name = meant(&message).map(|name| format!("did you mean `{name}`?"));
        let help = name.or_else(|| self.single_table(&at, &message));
        RuleError { help, ..self.error(at, rule, message) }
    }

    /// The help for a table that stands where a list of tables is expected.
    fn single_table(&self, at: &Range<usize>, message: &str) -> Option<String> {
        let is_single = message.contains("invalid type: map, expected a sequence");
        let line = self.text.get(at.start..).filter(|_| is_single)?.lines().next()?;
        let name = line.trim().strip_prefix('[')?.strip_suffix(']')?;
        let double = format!("[[{}]]", name.trim());
        Some(format!("a file may hold several of these: write `{double}` instead"))
    }

    fn rules(&self, raw: RuleFile) -> Result<Vec<Rule>, RuleError> {
        let origin: Arc<str> = self.file.into();
        raw.rule.into_iter().map(|rule| self.rule(rule, &origin)).collect()
    }

    fn rule(&self, located: Located<RawRule>, origin: &Arc<str>) -> Result<Rule, RuleError> {
        let Located { value: raw, at } = located;
        let error = |message: String| self.error(at.clone(), Some(&raw.id), message);
        if !is_rule_id(&raw.id) {
            return Err(error("`id` must be lower-case words joined with `-`".into()));
        }
        if raw.cwe.is_empty() {
            return Err(error("`cwe` needs at least one number".into()));
        }
        for keyword in &raw.keywords {
            if !KEYWORD_LENGTHS.contains(&keyword.value.len()) {
                let (least, most) = (KEYWORD_LENGTHS.start(), KEYWORD_LENGTHS.end());
                let message =
                    format!("keyword {:?} must have {least} to {most} bytes", keyword.value);
                return Err(self.error(keyword.at.clone(), Some(&raw.id), message));
            }
        }
        let compiler = Compiler { source: self, id: &raw.id, at: at.clone() };
        compiler.words(&raw)?;
        let tags = compiler.tags(&raw)?;
        let hint = |name: &String| Located { value: name.clone(), at: at.clone() };
        let hints: Vec<_> = raw.hints.keys().map(hint).collect();
        compiler.languages(&hints)?;
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
}

/// The most similar known word, if the TOML reader reports an unknown one and lists the known
/// words: ``unknown variant `hgih`, expected one of `info`, `low` ``.
fn meant(message: &str) -> Option<&str> {
    let (unknown, expected) = message.split_once(", expected ")?;
    let wrong = unknown.strip_prefix("unknown ")?.split('`').nth(1)?;
    nearest(wrong, expected.split('`').skip(1).step_by(2))
}

fn is_rule_id(id: &str) -> bool {
    !id.is_empty()
        && id.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

/// Compiles the parts of one rule.
struct Compiler<'a> {
    source: &'a Source<'a>,
    id: &'a str,
    at: Range<usize>,
}

impl Compiler<'_> {
    fn error(&self, message: impl Into<String>) -> RuleError {
        self.source.error(self.at.clone(), Some(self.id), message)
    }

    fn matcher(&self, raw: &RawRule) -> Result<Matcher, RuleError> {
        let over_text = !raw.pattern.is_empty();
        let over_facts = !raw.binding.is_empty() || !raw.command.is_empty();
        match (over_text, over_facts) {
            (false, false) if raw.repository.is_some() => return Ok(Matcher::Nothing),
            (true, true) | (false, false) => {
                return Err(self.error(
                    "expected `pattern` or `[[rule.binding]]` with `[[rule.command]]`, or a \
                     `repository` check alone or beside one of them",
                ));
            }
            _ => {}
        }
        if over_text {
            let patterns =
                raw.pattern.iter().map(|one| self.required(one)).collect::<Result<_, _>>()?;
            return Ok(Matcher::Pattern { patterns, views: raw.views.clone() });
        }
        Ok(Matcher::Facts {
            bindings: raw.binding.iter().map(|one| self.binding(one)).collect::<Result<_, _>>()?,
            commands: raw.command.iter().map(|one| self.command(one)).collect::<Result<_, _>>()?,
        })
    }

    fn binding(&self, raw: &BindingSelector) -> Result<BindingMatcher, RuleError> {
        Ok(BindingMatcher {
            language: self.languages(&raw.language)?,
            key: self.keys(&raw.key)?,
            not_key: self.keys(&raw.not_key)?,
            path: self.names(&raw.path)?,
            not_path: self.names(&raw.not_path)?,
            callee: self.names(&raw.callee)?,
            not_callee: self.names(&raw.not_callee)?,
            position: raw.position.clone(),
            context: raw.context.clone(),
            value: raw.value.clone(),
            value_pattern: self.pattern(raw.value_pattern.as_ref())?,
            not_value: self.pattern(raw.not_value.as_ref())?,
            requires: self.pattern(raw.requires.as_ref())?,
            unless: self.pattern(raw.unless.as_ref())?,
            block_requires: self.pattern(raw.block_requires.as_ref())?,
            block_unless: self.pattern(raw.block_unless.as_ref())?,
            says: raw.says.clone(),
        })
    }

    fn command(&self, raw: &CommandSelector) -> Result<CommandMatcher, RuleError> {
        // `^` may precede the first word, with or without a space.
        let words = |text: &String| {
            let (mark, rest) = match text.strip_prefix('^') {
                Some(rest) => (Some("^"), rest),
                None => (None, text.as_str()),
            };
            mark.into_iter().chain(rest.split_whitespace()).map(str::to_string).collect()
        };
        Ok(CommandMatcher {
            program: self.names(&raw.program)?,
            arguments: raw.arguments.iter().map(words).collect(),
            option: raw.option.clone(),
            not_option: raw.not_option.clone(),
            value: raw.value.clone(),
            value_pattern: self.pattern(raw.value_pattern.as_ref())?,
            not_value: self.pattern(raw.not_value.as_ref())?,
            output: self.names(&raw.output)?,
            captured: raw.captured,
            place: raw.place.clone(),
            language: self.languages(&raw.language)?,
            requires: self.pattern(raw.requires.as_ref())?,
            unless: self.pattern(raw.unless.as_ref())?,
            block_requires: self.pattern(raw.block_requires.as_ref())?,
            block_unless: self.pattern(raw.block_unless.as_ref())?,
            says: raw.says.clone(),
        })
    }

    /// Checks that a rule has a message that fits its kind, and that every placeholder in it can be
    /// filled.
    fn words(&self, raw: &RawRule) -> Result<(), RuleError> {
        if raw.message.is_none() && !raw.credential {
            return Err(self.error("a rule with `credential = false` needs a `message`"));
        }
        if raw.hint.is_none() && !raw.credential {
            return Err(self.error("a rule with `credential = false` needs a `hint`"));
        }
        // For the built-in rules a test checks this, instead of every start.
        let Some(Unfilled { key, name, allowed }) = self.source.names.and_then(|_| unfilled(raw))
        else {
            return Ok(());
        };
        let mut error = self.error(format!("`{key}`: nothing fills `{{{name}}}` in every match"));
        error.help = Some(match &allowed[..] {
            [] => "rules over text have no names to fill in".into(),
            names => format!("here only `{{{}}}` can be filled in", names.join("}`, `{")),
        });
        Err(error)
    }

    /// The rule's tags, `credential` or `habit` first.
    fn tags(&self, raw: &RawRule) -> Result<Vec<String>, RuleError> {
        let kind = kind_tag(raw.credential);
        let other = kind_tag(!raw.credential);
        if let Some(wrong) = raw.tags.iter().find(|tag| tag.value == other) {
            let message = format!("`credential = {}` makes the tag `{kind}`", raw.credential);
            return Err(self.source.error(wrong.at.clone(), Some(self.id), message));
        }
        let tags = self.known("tag", &raw.tags, |_| &NAMES)?;
        Ok(std::iter::once(kind.to_string())
            .chain(tags.into_iter().filter(|tag| tag != kind))
            .collect())
    }

    fn aliases(&self, raw: &[Located<String>]) -> Result<Vec<String>, RuleError> {
        let alias = |alias: &Located<String>| match is_rule_id(&alias.value) {
            true => Ok(alias.value.clone()),
            false => {
                let message = "an alias must be lower-case words joined with `-`";
                Err(self.source.error(alias.at.clone(), Some(self.id), message))
            }
        };
        raw.iter().map(alias).collect()
    }

    fn judge(&self, raw: &Judgement) -> Result<Judge, RuleError> {
        Ok(Judge {
            boundary: raw.boundary,
            randomness: raw.randomness,
            prefix: raw.prefix.clone(),
            min_entropy: raw.min_entropy,
            structure: raw.structure,
            context: self.pattern(raw.context.as_ref())?,
            context_lines: raw.context_lines,
            not: self.pattern(raw.not.as_ref())?,
        })
    }

    fn languages(&self, raw: &[Located<String>]) -> Result<Vec<String>, RuleError> {
        self.known("language or dialect", raw, |names| &names.languages)
    }

    fn parts(&self, raw: &[Located<String>]) -> Result<Vec<String>, RuleError> {
        self.known("part of a file", raw, |names| &names.parts)
    }

    fn containers(&self, raw: &[Located<String>]) -> Result<Vec<String>, RuleError> {
        self.known("container", raw, |names| &names.containers)
    }

    /// The words, each of which must be one of the known names.
    fn known(
        &self,
        kind: &str,
        raw: &[Located<String>],
        known: fn(&Names) -> &[&'static str],
    ) -> Result<Vec<String>, RuleError> {
        let known = self.source.names.map(known);
        let word = |word: &Located<String>| {
            let name = &word.value;
            match known {
                Some(known) if !known.contains(&name.as_str()) => {
                    let message = format!("no {kind} is named `{name}`");
                    let mut error = self.source.error(word.at.clone(), Some(self.id), message);
                    error.help = Some(match nearest(name, known.iter().copied()) {
                        Some(nearest) => format!("did you mean `{nearest}`?"),
                        None => format!("expected one of {}", known.join(", ")),
                    });
                    Err(error)
                }
                _ => Ok(name.clone()),
            }
        };
        raw.iter().map(word).collect()
    }

    /// Globs of keys, in which `-` and `_` are equal.
    fn keys(&self, globs: &[String]) -> Result<Globs, RuleError> {
        self.checked(Globs::of_names(globs.iter().map(|key| key.replace('-', "_"))))
    }

    fn names<'a>(&self, globs: impl IntoIterator<Item = &'a String>) -> Result<Globs, RuleError> {
        self.checked(Globs::of_names(globs))
    }

    fn paths(&self, globs: &[Located<String>]) -> Result<Globs, RuleError> {
        self.checked(Globs::of_paths(globs.iter().map(|glob| &glob.value)))
    }

    fn checked(&self, globs: Globs) -> Result<Globs, RuleError> {
        if self.source.names.is_some() {
            globs.check().map_err(|message| self.error(format!("bad glob {message}")))?;
        }
        Ok(globs)
    }

    fn pattern(&self, raw: Option<&Located<String>>) -> Result<Option<Pattern>, RuleError> {
        raw.map(|located| self.required(located)).transpose()
    }

    fn required(&self, raw: &Located<String>) -> Result<Pattern, RuleError> {
        let pattern = Pattern::new(raw.value.as_str());
        if self.source.names.is_some() {
            pattern.check().map_err(|message| {
                let message = format!("bad pattern: {message}");
                let mut error = self.source.error(raw.at.clone(), Some(self.id), message);
                error.help =
                    Some("patterns follow https://docs.rs/regex/latest/regex/#syntax".into());
                error
            })?;
        }
        Ok(pattern)
    }
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
