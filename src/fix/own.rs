//! Fixes defined by rules.

use super::{draft::Draft, names::Names, python_edit, row, site::Text};
use crate::model::{Applicability, Finding, Fix, Span};

/// The fixes that a finding's rule defines for the language of the text; empty if it defines none,
/// or if the secret is part of a longer literal.
pub fn fixes(text: &Text<'_>, finding: &Finding, span: Span, names: &Names) -> Vec<Fix> {
    let languages = [text.facts.dialect.unwrap_or_default(), text.language()];
    let mut rules = std::iter::once(&finding.rule).chain(&finding.also);
    let Some(own) = rules.find_map(|rule| names.own_fix(rule, &languages)) else {
        return Vec::new();
    };
    if text.is_comment(span) {
        return Vec::new();
    }
    let variable = finding.secret.as_ref().and_then(|one| names.variable(one.expose()));
    let place = match text.literal(span.start) {
        Some(literal) if literal.content != span || literal.has_neighbour || literal.is_key => {
            return Vec::new();
        }
        Some(literal) => literal.outer,
        None => span,
    };
    let written = own.write.replace("{variable}", variable.unwrap_or_default());
    let mut draft = Draft::replace(row::OWN_RULE, place, &written);
    if let Some(line) = &own.import {
        match python_edit::import_line(text, line) {
            Ok(import) => draft.edits.extend(import),
            Err(()) => draft = Draft::shown(row::PYTHON_SHADOWED),
        }
    }
    let uses = variable.filter(|_| own.write.contains("{variable}"));
    let is_shared = finding.secret.as_ref().is_some_and(|one| names.is_shared(one.expose()));
    let mut fixes = draft.into_fixes(uses);
    for fix in fixes.iter_mut().filter(|fix| fix.has_changes()) {
        fix.title = format!("write `{written}`");
        fix.applicability = own.applicability;
        if let Some(why) = &own.why {
            fix.reason.clone_from(why);
        }
        if uses.is_some() && is_shared {
            fix.applicability = fix.applicability.min(Applicability::Unsafe);
        }
    }
    fixes
}
