//! The selection of rules: by id, by an earlier id, by glob, or by tag.

use super::{
    glob::Globs,
    nearest::nearest,
    ready::Rule,
    tags::{self, TAG_PREFIX},
};

/// The rules that the user selects, in the syntax of [`RuleNames`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The rules to run; empty means all.
    pub select: Vec<String>,
    /// The rules not to run, even if `select` names them.
    pub ignore: Vec<String>,
}

/// The error for a selection that names no rule, or for a rule that is defined twice.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// No rule has this id or tag, or matches this glob.
    #[error("no rule is named `{name}`")]
    Unknown {
        /// The name.
        name: String,
        /// The most similar id or tag.
        nearest: Option<String>,
    },
    /// A glob that is not valid.
    #[error("bad glob {0}")]
    BadGlob(String),
    /// Two rules have the same id.
    #[error("rule `{id}` of {second} is already defined in {first}")]
    Duplicate {
        /// The id.
        id: String,
        /// The file of the first definition.
        first: String,
        /// The file of the second definition.
        second: String,
    },
}

/// Names of rules: ids, earlier ids, globs of either, and `tag:NAME`.
#[derive(Debug, Default)]
pub struct RuleNames {
    ids: Globs,
    tags: Globs,
    is_empty: bool,
}

impl RuleNames {
    /// The names as they were written, unchecked.
    pub fn new<'a, S: AsRef<str> + 'a>(names: impl IntoIterator<Item = &'a S>) -> Self {
        let names: Vec<&str> = names.into_iter().map(AsRef::as_ref).collect();
        let ids = names.iter().copied().filter(|name| !name.starts_with(TAG_PREFIX));
        let tags = names.iter().filter_map(|name| name.strip_prefix(TAG_PREFIX));
        Self { ids: Globs::of_names(ids), tags: Globs::of_names(tags), is_empty: names.is_empty() }
    }

    /// The names, each of which matches at least one of `rules`.
    ///
    /// # Errors
    /// Returns an error for a name that matches no rule, and for an invalid glob.
    pub fn known<S: AsRef<str>>(names: &[S], rules: &[Rule]) -> Result<Self, SelectionError> {
        for name in names {
            let one = Self::new([name]);
            one.ids.check().and(one.tags.check()).map_err(SelectionError::BadGlob)?;
            if !rules.iter().any(|rule| one.match_rule(rule)) {
                let name = name.as_ref().to_string();
                let nearest = near(&name, rules);
                return Err(SelectionError::Unknown { name, nearest });
            }
        }
        Ok(Self::new(names))
    }

    /// `true` if there are none.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// `true` if one of them names this rule.
    pub fn match_rule(&self, rule: &Rule) -> bool {
        rule.ids().any(|id| self.ids.matches(id))
            || rule.tags.iter().any(|tag| self.tags.matches(tag))
    }
}

/// The known name most similar to a name that matches no rule.
fn near(name: &str, rules: &[Rule]) -> Option<String> {
    match name.strip_prefix(TAG_PREFIX) {
        Some(tag) => nearest(tag, tags::NAMES).map(|tag| format!("{TAG_PREFIX}{tag}")),
        None if tags::NAMES.contains(&name) => Some(format!("{TAG_PREFIX}{name}")),
        None => nearest(name, rules.iter().flat_map(Rule::ids)).map(str::to_string),
    }
}
