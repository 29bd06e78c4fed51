//! A rule that can run.

use super::{
    glob::Globs,
    pattern::Pattern,
    replacement::replacement,
    schema::{
        Boundary, Example, Randomness, Reported, Says, Structure, ValueClass, ViewName, WordClass,
    },
};
use crate::model::{BindingContext, CommandPlace, Confidence, Precedence, Severity};
use std::{collections::BTreeMap, sync::Arc};

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
    /// `true` if the user ignores the rule. It runs so that the places where it matches are
    /// known, and reports nothing by itself.
    pub is_ignored: bool,
    /// How sure it is, before modifiers.
    pub confidence: Confidence,
    /// Numbers of the Common Weakness Enumeration, the main one first.
    pub cwe: Vec<u32>,
    /// Tags to select and group by; the first is `credential` or `habit`.
    pub tags: Vec<String>,
    /// Ids that the rule had before.
    pub aliases: Vec<String>,
    /// What else suppressions can name it by: its aliases, and `tag:NAME`.
    pub other_names: Arc<[String]>,
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
    /// What a word behind a keyword must look like for the keyword to count.
    pub keyword_word: Option<WordClass>,
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
    /// Which of several rules reports a place that they all match: the highest.
    pub precedence: Precedence,
    /// Texts it must find something in, and texts in which it must not.
    pub examples: Vec<Example>,
    /// The file it was read from.
    pub origin: Arc<str>,
}

impl Rule {
    /// `true` if `id` is the rule's id, or one that it had before.
    pub fn is_named(&self, id: &str) -> bool {
        *self.id == *id || self.aliases.iter().any(|alias| alias == id)
    }

    /// The rule's id and those that it had before.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.id).chain(self.aliases.iter().map(String::as_str))
    }

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

/// A [`BindingSelector`](super::schema::BindingSelector), ready to run.
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

/// A [`CommandSelector`](super::schema::CommandSelector), ready to run.
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

/// A [`Judgement`](super::schema::Judgement), ready to run.
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
