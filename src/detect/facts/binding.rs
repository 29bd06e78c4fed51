//! Selects bindings.

use super::{
    setting::{Match, Setting},
    value::Subjected,
};
use crate::{
    model::{Binding, BindingContext},
    rule::{BindingMatcher, Globs},
};
use std::borrow::Cow;

impl Setting<'_> {
    /// The match of a selector with a binding.
    pub fn binding<'f>(&self, wanted: &'f BindingMatcher, fact: &'f Binding) -> Option<Match<'f>> {
        let value = &fact.value;
        let subject = Subjected {
            source: self.text.bytes,
            kind: value.kind,
            text: &value.text,
            span: value.span,
            explains: self.explains,
        };
        // Cheap conditions first: most bindings do not match.
        let fits = match wanted.context[..] {
            // Comparisons only match selectors that name them.
            [] => fact.context != BindingContext::Comparison,
            ref contexts => contexts.contains(&fact.context),
        } && (wanted.position.is_empty()
            || fact.position.is_some_and(|at| wanted.position.contains(&at)))
            && subject.may_be(&wanted.value)
            && has_key(wanted, &fact.key)
            && (wanted.path.is_empty() || wanted.path.matches(&fact.path))
            && !wanted.not_path.matches(&fact.path)
            && is_called(wanted, fact);
        if !fits {
            return None;
        }
        let judged = subject.judged(
            &wanted.value,
            wanted.value_pattern.as_ref(),
            wanted.not_value.as_ref(),
        )?;
        let callee = fact.callee.as_deref().unwrap_or(&fact.key);
        let key = if fact.key.is_empty() { callee } else { &fact.key };
        Some(Match {
            names: vec![("{key}", key), ("{path}", &fact.path), ("{callee}", callee)],
            span: fact.span,
            name_span: fact.key_span,
            says: &wanted.says,
            language: fact.language,
            secret: Some(judged),
        })
    }
}

/// `true` if the selector wants the key; dashes in it count as underscores.
fn has_key(wanted: &BindingMatcher, key: &str) -> bool {
    if wanted.key.is_empty() && wanted.not_key.is_empty() {
        return true;
    }
    let key = match key.contains('-') {
        true => Cow::from(key.replace('-', "_")),
        false => Cow::from(key),
    };
    (wanted.key.is_empty() || wanted.key.matches(&key)) && !wanted.not_key.matches(&key)
}

fn is_called(wanted: &BindingMatcher, fact: &Binding) -> bool {
    let Some(callee) = &fact.callee else { return wanted.callee.is_empty() };
    let matches = |globs: &Globs| last_names(callee).any(|name| globs.matches(name));
    (wanted.callee.is_empty() || matches(&wanted.callee)) && !matches(&wanted.not_callee)
}

/// The callee and its suffixes by name: `a.b::c` gives `a.b::c`, `b::c` and `c`.
fn last_names(callee: &str) -> impl Iterator<Item = &str> {
    let ends = callee.match_indices(['.', ':', '>']).map(|(at, sign)| at + sign.len());
    std::iter::once(0).chain(ends).filter_map(|at| callee.get(at..)).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callee_is_known_by_its_last_names() {
        let names: Vec<&str> = last_names("huggingface_hub.HfApi::login").collect();
        assert_eq!(names, ["huggingface_hub.HfApi::login", "HfApi::login", ":login", "login"]);
    }
}
