//! From a rule as it is written to a rule that can run.

use super::{
    glob::Globs,
    pattern::Pattern,
    replacement::replacement,
    schema::{
        BindingSelector, Boundary, CommandSelector, Example, Judgement, Randomness, RawRule,
        Reported, RuleFile, Says, Structure, ValueClass, ViewName,
    },
};
use crate::model::{BindingContext, CommandPlace, Confidence, Severity};
use std::{collections::BTreeMap, ops::Range, sync::Arc};
use toml::Spanned;

/// How long a keyword may be, in bytes: shorter ones stand in every file, and longer
/// ones would be cut by the windows that large files are read in.
const KEYWORD_LENGTHS: std::ops::RangeInclusive<usize> = 3..=128;

/// A rule, ready to run.
#[derive(Debug)]
pub struct Rule {
    /// Names the rule in reports and options.
    pub id: Arc<str>,
    /// A noun phrase: what is found.
    pub title: String,
    /// How bad it is, before modifiers.
    pub severity: Severity,
    /// Whether a person gave it that severity, which then holds for all it finds.
    pub severity_is_given: bool,
    /// How sure it is, before modifiers.
    pub confidence: Confidence,
    /// Numbers of the Common Weakness Enumeration, the main one first.
    pub cwe: Vec<u32>,
    /// Words to select and group by.
    pub tags: Vec<String>,
    /// One sentence: what was found here.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// What to do instead, where no entry of `hints` fits.
    pub hint: String,
    /// What to do instead, by language or dialect.
    pub hints: BTreeMap<String, String>,
    /// The environment variable to read instead.
    pub variable: Option<String>,
    /// Where what was found can be revoked.
    pub revoke: Option<String>,
    /// Addresses to read on.
    pub references: Vec<String>,
    /// Texts of which one stands in any file the rule can match.
    pub keywords: Vec<String>,
    /// An expression the raw text must match before it is read for facts.
    pub gate: Option<Pattern>,
    /// An expression that must match behind a keyword for it to count.
    pub keyword_gate: Option<Pattern>,
    /// Whether minified files are left out.
    pub skip_minified: bool,
    /// What it looks for.
    pub matcher: Matcher,
    /// The parts of a file it applies to; empty means the whole of any.
    pub parts: Vec<String>,
    /// The paths it applies to; empty means all.
    pub paths: Globs,
    /// The paths it does not apply to.
    pub exclude_paths: Globs,
    /// The containers of which a file must stand in one; empty means that it need not.
    pub container: Vec<String>,
    /// How a match becomes a finding.
    pub judge: Judge,
    /// Which part of a binding or a command is shown when it is no credential.
    pub report: Reported,
    /// How bad it is at most in a test, an example or documentation.
    pub severity_in_tests: Option<Severity>,
    /// Whether what is found is a credential.
    pub credential: bool,
    /// Where several rules claim one place, the highest speaks.
    pub precedence: u8,
    /// Texts it must find something in, and texts in which it must not.
    pub examples: Vec<Example>,
    /// The file it was read from.
    pub origin: Arc<str>,
}

impl Rule {
    /// What to do instead in a file of these languages or dialects, the closest first.
    pub fn hint_for<'a>(&self, kinds: impl IntoIterator<Item = &'a str>) -> String {
        let own = |kind| self.hints.get(kind).cloned();
        let told = |kind| replacement(kind, self.variable.as_deref()?);
        kinds
            .into_iter()
            .find_map(|kind| own(kind).or_else(|| told(kind)))
            .unwrap_or_else(|| self.hint.clone())
    }

    /// Whether the rule looks at a file of this name, in these containers, or at this
    /// part of it, at all.
    pub fn applies_to(
        &self,
        path: &crate::model::SourcePath,
        containers: &[&str],
        part: Option<&str>,
    ) -> bool {
        (self.container.is_empty() || containers.iter().any(|one| self.is_in(one)))
            && (self.parts.is_empty()
                || part.is_some_and(|part| self.parts.iter().any(|one| one == part)))
            && (self.paths.is_empty() || self.paths.matches_path(path))
            && !self.exclude_paths.matches_path(path)
    }

    /// Gives it the severity that a person wants, also where it would have had another one.
    pub fn give_severity(&mut self, severity: Severity) {
        self.severity = severity;
        self.severity_is_given = true;
        if let Matcher::Facts { bindings, commands } = &mut self.matcher {
            let bindings = bindings.iter_mut().map(|one| &mut one.says);
            let commands = commands.iter_mut().map(|one| &mut one.says);
            bindings.chain(commands).for_each(|says| says.severity = None);
        }
    }

    fn is_in(&self, container: &str) -> bool {
        self.container.iter().any(|wanted| wanted == container)
    }
}

/// What a rule looks for.
#[derive(Debug)]
pub enum Matcher {
    /// Expressions over forms of the text.
    Pattern {
        /// The expressions.
        patterns: Vec<Pattern>,
        /// The forms of the text they run on.
        views: Vec<ViewName>,
    },
    /// Bindings and commands that a language reader finds.
    Facts {
        /// The bindings.
        bindings: Vec<BindingMatcher>,
        /// The commands.
        commands: Vec<CommandMatcher>,
    },
    /// A check over the whole repository, by name.
    Repository(String),
}

/// A [`BindingSelector`], ready to run.
#[derive(Debug, Default)]
#[allow(missing_docs)] // The fields are those of `BindingSelector`, which says what they mean.
pub struct BindingMatcher {
    pub language: Vec<String>,
    pub key: Globs,
    pub not_key: Globs,
    pub path: Globs,
    pub callee: Globs,
    pub not_callee: Globs,
    pub position: Vec<usize>,
    pub context: Vec<BindingContext>,
    pub value: Vec<ValueClass>,
    pub value_pattern: Option<Pattern>,
    pub not_value: Option<Pattern>,
    pub requires: Option<Pattern>,
    pub unless: Option<Pattern>,
    pub says: Says,
}

/// A [`CommandSelector`], ready to run.
#[derive(Debug, Default)]
#[allow(missing_docs)] // The fields are those of `CommandSelector`, which says what they mean.
pub struct CommandMatcher {
    pub program: Globs,
    pub arguments: Vec<Vec<String>>,
    pub option: Vec<String>,
    pub not_option: Vec<String>,
    pub value: Vec<ValueClass>,
    pub value_pattern: Option<Pattern>,
    pub not_value: Option<Pattern>,
    pub output: Globs,
    pub captured: Option<bool>,
    pub place: Vec<CommandPlace>,
    pub language: Vec<String>,
    pub requires: Option<Pattern>,
    pub unless: Option<Pattern>,
    pub says: Says,
}

/// A [`Judgement`], ready to run.
#[derive(Debug, Default)]
#[allow(missing_docs)] // The fields are those of `Judgement`, which says what they mean.
pub struct Judge {
    pub boundary: Boundary,
    pub randomness: Randomness,
    pub prefix: Vec<String>,
    pub min_entropy: f64,
    pub structure: Structure,
    pub context: Option<Pattern>,
    pub context_lines: usize,
    pub not: Option<Pattern>,
}

/// A rule file that cannot be used: where, which rule, and what was expected.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {}{message}", rule.as_ref().map(|id| format!("rule `{id}`: ")).unwrap_or_default())]
pub struct RuleError {
    /// The rule file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The rule, where the error is in one.
    pub rule: Option<String>,
    /// What is wrong and what was expected.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

/// The rules of a file.
///
/// With `check_patterns`, expressions are compiled to see whether they are valid: for
/// rules from users. The tests do so for the rules that are built in.
///
/// # Errors
/// The first thing that is wrong, with its line and rule.
pub fn parse(file: &str, text: &str, check_patterns: bool) -> Result<Vec<Rule>, RuleError> {
    let source = Source { file, text, check_patterns };
    let raw: RuleFile = toml::from_str(text).map_err(|error| source.syntax_error(&error))?;
    let origin: Arc<str> = file.into();
    raw.rule.into_iter().map(|rule| source.rule(rule, &origin)).collect()
}

/// The file at work, for its errors.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
    check_patterns: bool,
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
        // The reader knows only bytes; the id above them says which rule it is.
        let above = self.text.get(..at.end).unwrap_or(self.text);
        let rule = above
            .rfind("[[rule]]")
            .and_then(|start| self.text.get(start..))
            .and_then(|table| table.lines().find_map(|line| line.strip_prefix("id = ")))
            .map(|id| id.trim().trim_matches(['"', '\'']));
        self.error(at, rule, error.message().replace('\n', " "))
    }

    fn rule(&self, spanned: Spanned<RawRule>, origin: &Arc<str>) -> Result<Rule, RuleError> {
        let at = spanned.span();
        let raw = spanned.into_inner();
        let error = |message: String| self.error(at.clone(), Some(&raw.id), message);
        if !is_rule_id(&raw.id) {
            return Err(error("`id` must be lower-case words joined with `-`".into()));
        }
        if raw.cwe.is_empty() {
            return Err(error("`cwe` needs at least one number".into()));
        }
        for keyword in &raw.keywords {
            if !KEYWORD_LENGTHS.contains(&keyword.get_ref().len()) {
                let (least, most) = (KEYWORD_LENGTHS.start(), KEYWORD_LENGTHS.end());
                let message =
                    format!("keyword {:?} must have {least} to {most} bytes", keyword.get_ref());
                return Err(self.error(keyword.span(), Some(&raw.id), message));
            }
        }
        let compiler = Compiler { source: self, id: &raw.id, at: at.clone() };
        let matcher = compiler.matcher(&raw)?;
        if raw.keywords.is_empty() && !matches!(matcher, Matcher::Repository(_)) {
            return Err(error("`keywords` is empty: the rule would be run on every file".into()));
        }
        Ok(Rule {
            gate: compiler.pattern(raw.gate.as_ref())?,
            keyword_gate: compiler.pattern(raw.keyword_gate.as_ref())?,
            skip_minified: raw.skip_minified,
            matcher,
            parts: raw.parts.clone(),
            paths: compiler.paths(&raw.paths)?,
            exclude_paths: compiler.paths(&raw.exclude_paths)?,
            container: raw.container,
            judge: compiler.judge(&raw.judge)?,
            id: raw.id.as_str().into(),
            title: raw.title,
            severity: raw.severity,
            severity_is_given: false,
            confidence: raw.confidence,
            cwe: raw.cwe,
            tags: raw.tags,
            message: raw.message,
            why: raw.why,
            hint: raw.hint,
            hints: raw.hints,
            variable: raw.variable,
            revoke: raw.revoke,
            references: raw.references,
            keywords: raw.keywords.into_iter().map(Spanned::into_inner).collect(),
            report: raw.report,
            severity_in_tests: raw.severity_in_tests,
            credential: raw.credential,
            precedence: raw.precedence,
            examples: raw.example,
            origin: origin.clone(),
        })
    }
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
        let kinds = [
            !raw.pattern.is_empty(),
            !raw.binding.is_empty() || !raw.command.is_empty(),
            raw.repository.is_some(),
        ];
        if kinds.iter().filter(|given| **given).count() != 1 {
            return Err(self.error(
                "expected one of `pattern`, `[[rule.binding]]` with `[[rule.command]]`, `repository`",
            ));
        }
        if let Some(name) = &raw.repository {
            return Ok(Matcher::Repository(name.get_ref().clone()));
        }
        if !raw.pattern.is_empty() {
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
            language: raw.language.clone(),
            key: self.keys(&raw.key)?,
            not_key: self.keys(&raw.not_key)?,
            path: self.names(&raw.path)?,
            callee: self.names(&raw.callee)?,
            not_callee: self.names(&raw.not_callee)?,
            position: raw.position.clone(),
            context: raw.context.clone(),
            value: raw.value.clone(),
            value_pattern: self.pattern(raw.value_pattern.as_ref())?,
            not_value: self.pattern(raw.not_value.as_ref())?,
            requires: self.pattern(raw.requires.as_ref())?,
            unless: self.pattern(raw.unless.as_ref())?,
            says: raw.says.clone(),
        })
    }

    fn command(&self, raw: &CommandSelector) -> Result<CommandMatcher, RuleError> {
        let words = |text: &String| text.split_whitespace().map(str::to_string).collect();
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
            language: raw.language.clone(),
            requires: self.pattern(raw.requires.as_ref())?,
            unless: self.pattern(raw.unless.as_ref())?,
            says: raw.says.clone(),
        })
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

    /// Globs of keys, in which `-` and `_` are alike.
    fn keys(&self, globs: &[String]) -> Result<Globs, RuleError> {
        self.checked(Globs::of_names(globs.iter().map(|key| key.replace('-', "_"))))
    }

    fn names<'a>(&self, globs: impl IntoIterator<Item = &'a String>) -> Result<Globs, RuleError> {
        self.checked(Globs::of_names(globs))
    }

    fn paths(&self, globs: &[Spanned<String>]) -> Result<Globs, RuleError> {
        self.checked(Globs::of_paths(globs.iter().map(Spanned::get_ref)))
    }

    fn checked(&self, globs: Globs) -> Result<Globs, RuleError> {
        if self.source.check_patterns {
            globs.check().map_err(|message| self.error(format!("bad glob {message}")))?;
        }
        Ok(globs)
    }

    fn pattern(&self, raw: Option<&Spanned<String>>) -> Result<Option<Pattern>, RuleError> {
        raw.map(|spanned| self.required(spanned)).transpose()
    }

    fn required(&self, raw: &Spanned<String>) -> Result<Pattern, RuleError> {
        let pattern = Pattern::new(raw.get_ref().as_str());
        if self.source.check_patterns {
            pattern.check().map_err(|message| {
                let mut error =
                    self.source.error(raw.span(), Some(self.id), format!("bad pattern: {message}"));
                error.help =
                    Some("patterns follow https://docs.rs/regex/latest/regex/#syntax".into());
                error
            })?;
        }
        Ok(pattern)
    }
}
