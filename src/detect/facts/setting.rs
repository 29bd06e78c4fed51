//! The text that facts come from, and the candidates made from matching facts.

use super::{
    value::Judged,
    words::{fill, with_secret_name},
};
use crate::{
    detect::candidate::{Candidate, Real, Text, Verdict},
    model::{Dismissal, Secret, Span},
    rule::{Reported, Rule, Says},
};

/// The text that facts come from.
#[derive(Clone, Copy)]
pub struct Setting<'t> {
    /// The text.
    pub text: Text<'t>,
    /// The name of its language.
    pub language: &'static str,
    /// The dialect of the file, if it has one.
    pub dialect: Option<&'static str>,
    /// `true` if facts in the text may be in an embedded language.
    pub embeds: bool,
    /// The time, in seconds since 1970.
    pub now: i64,
    /// `true` if values that are not random enough become dismissed candidates.
    pub explains: bool,
}

/// A fact that matches a selector.
pub struct Match<'f> {
    /// Values for the placeholders in the rule's messages: `{key}`, `{callee}`, `{program}`.
    pub names: Vec<(&'static str, &'f str)>,
    /// The span of the construct.
    pub span: Span,
    /// The span of its key or program.
    pub name_span: Span,
    /// The parts of the rule that the selector overrides.
    pub says: &'f Says,
    /// The language of the fact, if it is embedded in a text of another one.
    pub language: Option<&'static str>,
    /// The credential, if the rule finds credentials.
    pub secret: Option<Judged>,
}

impl Match<'_> {
    /// The reason why its value is rejected, and the value's span.
    pub fn passed_over(&self) -> Option<(Dismissal, Span)> {
        let judged = self.secret.as_ref()?;
        Some((judged.passed_over?, judged.span))
    }
}

impl Setting<'_> {
    /// `true` if the text is in one of these languages or of one of these kinds; an empty list
    /// means any.
    pub fn is_in(&self, languages: &[String]) -> bool {
        let is_one = |name: &String| name == self.language || Some(name.as_str()) == self.dialect;
        languages.is_empty() || languages.iter().any(is_one)
    }

    /// The candidate for a match of `rule`.
    pub fn candidate<'e>(&self, rule: &'e Rule, matched: Match<'_>) -> Candidate<'e> {
        if let Some((reason, span)) = matched.passed_over() {
            return Candidate { rule, span, verdict: Verdict::Dismissed(reason) };
        }
        let kinds = matched.language.into_iter().chain(self.dialect).chain([self.language]);
        let mut real = Real::of(rule, b"");
        let says = matched.says;
        real.secret = None;
        real.severity = says.severity.unwrap_or(rule.severity);
        let message = says.message.as_deref().unwrap_or(&rule.message);
        let hint = says.hint.clone().unwrap_or_else(|| rule.hint_for(kinds));
        let hint = with_secret_name(hint, matched.span.slice(self.text.bytes));
        real.message = Some(fill(message, &matched.names));
        real.help = Some(fill(&hint, &matched.names));
        let is_credential = says.credential.unwrap_or(rule.credential);
        let Some(judged) = matched.secret.filter(|_| is_credential) else {
            let span = match rule.report {
                Reported::Name if !matched.name_span.is_empty() => matched.name_span,
                _ => matched.span,
            };
            return Candidate { rule, span, verdict: Verdict::Real(real) };
        };
        let verdict = match judged.check(rule, self.now) {
            Ok(check) => {
                check.apply(&mut real);
                real.secret = Some(Secret::new(judged.secret()));
                Verdict::Real(real)
            }
            Err(dismissal) => Verdict::Dismissed(dismissal),
        };
        Candidate { rule, span: judged.span, verdict }
    }
}
