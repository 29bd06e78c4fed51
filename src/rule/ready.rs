//! A rule that can run.

use super::{
    built_in::is_built_in_file,
    glob::Globs,
    pattern::Pattern,
    replacement::replacement,
    schema::{
        Boundary, Example, OwnFix, Randomness, Reported, Says, Structure, ValueClass, ViewName,
        WordClass,
    },
};
use crate::model::{BindingContext, CommandPlace, Confidence, Precedence, Severity};
use std::{collections::BTreeMap, sync::Arc};

/// A rule that is ready to run.
#[derive(Debug)]
pub struct Rule {
    /// Identifies the rule in reports and options.
    pub id: Arc<str>,
    /// A noun phrase that names what it finds.
    pub title: String,
    /// The severity of its findings, before modifiers.
    pub severity: Severity,
    /// `true` if the user set the severity, which then applies to all its findings.
    pub severity_is_given: bool,
    /// The version that added it.
    pub since: String,
    /// `true` while it is new: its findings are `info` unless the user gives it a severity.
    pub preview: bool,
    /// `true` if the user ignores the rule. It still runs, so that its matches are known, but
    /// reports nothing.
    pub is_ignored: bool,
    /// The confidence of its findings, before modifiers.
    pub confidence: Confidence,
    /// Numbers of the Common Weakness Enumeration, the main one first.
    pub cwe: Vec<u32>,
    /// Tags to select and group by; the first is `credential` or `habit`.
    pub tags: Vec<String>,
    /// Earlier ids of the rule.
    pub aliases: Vec<String>,
    /// Further names by which suppressions can select it: its aliases, and `tag:NAME`.
    pub other_names: Arc<[String]>,
    /// One sentence that states the problem.
    pub message: String,
    /// The reason why it matters.
    pub why: String,
    /// The remedy, if no entry of `hints` applies.
    pub hint: String,
    /// Remedies by language or dialect.
    pub hints: BTreeMap<String, String>,
    /// The environment variable to read instead.
    pub variable: Option<String>,
    /// Replacements that `hfscan fix` writes for a credential, by language or dialect.
    pub(crate) fix: BTreeMap<String, OwnFix>,
    /// The URL at which a credential that it finds can be revoked.
    pub revoke: Option<String>,
    /// URLs of further information.
    pub references: Vec<String>,
    /// Texts of which every file that the rule can match contains at least one.
    pub keywords: Vec<String>,
    /// An expression that the raw text must match before it is read for facts.
    pub(crate) gate: Option<Pattern>,
    /// An expression that must match after a keyword for it to count.
    pub(crate) keyword_gate: Option<Pattern>,
    /// The class of a word that must follow a keyword for the keyword to count.
    pub(crate) keyword_word: Option<WordClass>,
    /// `true` if the rule records each rejected value as a dismissed match with a reason.
    pub explains: bool,
    /// `true` if it does not run on minified files.
    pub skip_minified: bool,
    /// The conditions of a match.
    #[doc(hidden)]
    pub matcher: Matcher,
    /// Name of the check over the whole repository that reports for this rule, if any.
    pub repository: Option<String>,
    /// The parts of a file it applies to; empty means whole files of any kind.
    pub parts: Vec<String>,
    /// The paths it applies to; empty means all.
    pub paths: Globs,
    /// The paths it does not apply to.
    pub exclude_paths: Globs,
    /// The containers it applies to, of which at least one must contain the file; empty means every
    /// file.
    pub container: Vec<String>,
    /// The checks that turn a match into a finding.
    #[doc(hidden)]
    pub judge: Judge,
    /// The part of a binding or a command that a finding points at if it is not a credential.
    pub(crate) report: Reported,
    /// The maximum severity in a test, an example or documentation.
    pub severity_in_tests: Option<Severity>,
    /// `true` if it finds credentials.
    pub credential: bool,
    /// Of several rules that match the same location, the one with the highest precedence reports
    /// it.
    pub(crate) precedence: Precedence,
    /// Texts in which it must find something, and texts in which it must not.
    pub examples: Vec<Example>,
    /// The file it was read from.
    pub origin: Arc<str>,
}

impl Rule {
    /// `true` if `id` is the rule's id or an earlier id of it.
    pub fn is_named(&self, id: &str) -> bool {
        *self.id == *id || self.aliases.iter().any(|alias| alias == id)
    }

    /// The rule's id and its earlier ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.id).chain(self.aliases.iter().map(String::as_str))
    }

    /// The remedy for a file of these languages or dialects, the most specific first.
    pub fn hint_for<'a>(&self, kinds: impl IntoIterator<Item = &'a str>) -> String {
        let own = |kind| self.hints.get(kind).cloned();
        let told = |kind| replacement(kind, self.variable.as_deref()?);
        kinds
            .into_iter()
            .find_map(|kind| own(kind).or_else(|| told(kind)))
            .unwrap_or_else(|| self.hint.clone())
    }

    /// `true` if the rule applies to a file of this name, in these containers, or to this part of
    /// it.
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

    /// Sets the user's severity, which overrides modifiers.
    pub fn give_severity(&mut self, severity: Severity) {
        self.set_severity(severity);
        self.severity_is_given = true;
    }

    /// `true` if it is a built-in rule.
    pub fn is_built_in(&self) -> bool {
        is_built_in_file(&self.origin)
    }

    /// `true` if its findings never fail a build: it is new, and the user gave it no severity.
    pub fn is_in_preview(&self) -> bool {
        self.preview && !self.severity_is_given
    }

    /// The notes of each of its findings.
    pub fn notes(&self) -> Vec<String> {
        match self.is_in_preview() {
            true => vec!["the rule is in preview and fails no build yet".into()],
            false => Vec::new(),
        }
    }

    /// Sets the severity of all its findings.
    pub(super) fn set_severity(&mut self, severity: Severity) {
        self.severity = severity;
        if let Matcher::Facts { bindings, commands } = &mut self.matcher {
            let bindings = bindings.iter_mut().map(|one| &mut one.says);
            let commands = commands.iter_mut().map(|one| &mut one.says);
            bindings.chain(commands).for_each(|says| says.severity = None);
        }
    }

    /// Makes the rule record each rejected value as a dismissed match, including values that it
    /// would otherwise not check.
    pub fn explain(&mut self) {
        self.explains = true;
        self.keyword_word = None;
    }

    fn is_in(&self, container: &str) -> bool {
        self.container.iter().any(|wanted| wanted == container)
    }
}

/// The conditions of a match.
#[derive(Debug)]
pub enum Matcher {
    /// Expressions over views of the text.
    Pattern {
        /// The expressions.
        patterns: Vec<Pattern>,
        /// The views of the text that they run on.
        views: Vec<ViewName>,
    },
    /// Bindings and commands from a language reader.
    Facts {
        /// The bindings.
        bindings: Vec<BindingMatcher>,
        /// The commands.
        commands: Vec<CommandMatcher>,
    },
    /// No condition on a single text: a check over the whole repository reports for the rule.
    Nothing,
}

/// Conditions of a selector on the text around a fact.
#[derive(Debug, Default)]
pub struct Surroundings {
    /// Languages and dialects, one of which the fact must be in; any if empty.
    pub language: Vec<String>,
    /// The condition on the whole text.
    pub text: Condition,
    /// The condition on the block that contains the fact, such as a job of a workflow.
    pub block: Condition,
}

/// A condition on a text.
#[derive(Debug, Default)]
pub struct Condition {
    /// A pattern that must match.
    pub requires: Option<Pattern>,
    /// A pattern that must not match.
    pub unless: Option<Pattern>,
}

impl Condition {
    /// `true` if every text meets it.
    pub fn is_empty(&self) -> bool {
        self.requires.is_none() && self.unless.is_none()
    }

    /// `true` if `text` meets it.
    pub fn holds(&self, text: &[u8]) -> bool {
        self.requires.as_ref().is_none_or(|pattern| pattern.is_match(text))
            && self.unless.as_ref().is_none_or(|pattern| !pattern.is_match(text))
    }
}

/// A [`BindingSelector`](super::schema::BindingSelector), ready to run.
#[derive(Debug, Default)]
#[allow(missing_docs)] // `BindingSelector` documents the same fields.
pub struct BindingMatcher {
    pub key: Globs,
    pub not_key: Globs,
    pub path: Globs,
    pub not_path: Globs,
    pub callee: Globs,
    pub not_callee: Globs,
    pub position: Vec<usize>,
    pub context: Vec<BindingContext>,
    pub value: Vec<ValueClass>,
    pub value_pattern: Option<Pattern>,
    pub not_value: Option<Pattern>,
    pub surroundings: Surroundings,
    pub says: Says,
}

/// A [`CommandSelector`](super::schema::CommandSelector), ready to run.
#[derive(Debug, Default)]
#[allow(missing_docs)] // `CommandSelector` documents the same fields.
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
    pub surroundings: Surroundings,
    pub says: Says,
}

/// A [`Judgement`](super::schema::Judgement), ready to run.
#[derive(Debug, Default)]
#[allow(missing_docs)] // `Judgement` documents the same fields.
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
