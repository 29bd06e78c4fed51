//! Checks the value of a fact, and finds the secret in it.

use super::words::locate;
use crate::{
    detect::judgement::{self, Check, Subject},
    judge::value::{MIN_SECRET, check_named_secret, check_secret_like, is_placeholder},
    model::{Dismissal, Span, ValueKind},
    rule::{Pattern, Rule, ValueClass, secret_of},
};
use regex::bytes::Regex;
use std::sync::LazyLock;

/// The formats of Hugging Face credentials that can be recognised without context.
static HF_TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"hf_(?:oauth|jwt)_eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}",
        r"|(?:hf_|api_org_)[A-Za-z0-9]{34}"
    ))
    .expect("a constant expression")
});

/// Length in bytes of the shortest of these formats.
const MIN_HF_TOKEN: usize = "hf_".len() + 34;

/// A value of a fact, for selectors of both kinds.
#[derive(Clone, Copy)]
pub struct Subjected<'f> {
    /// The file's bytes.
    pub source: &'f [u8],
    /// The kind of value.
    pub kind: ValueKind,
    /// The value, decoded.
    pub text: &'f str,
    /// Its span.
    pub span: Span,
    /// `true` if a value that is not random enough is returned with the reason.
    pub explains: bool,
}

/// A value that a selector accepts, and the part of it that is the secret.
pub struct Judged {
    text: Vec<u8>,
    part: Span,
    is_token: bool,
    /// The reason why the selector rejects the value after all.
    pub passed_over: Option<Dismissal>,
    /// The span of the secret in the file.
    pub span: Span,
}

impl Subjected<'_> {
    /// The secret in the value, if the value is one of `classes` and matches the patterns.
    pub fn judged(
        self,
        classes: &[ValueClass],
        pattern: Option<&Pattern>,
        not: Option<&Pattern>,
    ) -> Option<Judged> {
        if not.is_some_and(|not| not.is_match(self.text.as_bytes())) {
            return None;
        }
        let whole = Span::new(0, self.text.len());
        let part = match pattern {
            Some(pattern) => secret_of(&pattern.regex().captures(self.text.as_bytes())?),
            None => whole,
        };
        if classes.is_empty() {
            return Some(self.part(part, false));
        }
        let judged = classes.iter().find_map(|class| match class {
            ValueClass::HfToken => {
                let is_text = matches!(self.kind, ValueKind::Literal | ValueKind::Template);
                let token = is_text.then(|| HF_TOKEN.find(self.text.as_bytes())).flatten()?;
                Some(self.part(token.range().into(), true))
            }
            class => self.is(*class).then(|| self.part(part, false)),
        });
        judged.or_else(|| {
            let reason = self.reason(classes).filter(|_| self.explains)?;
            Some(Judged { passed_over: Some(reason), ..self.part(part, false) })
        })
    }

    /// The reason why a literal is not a secret, if one of `classes` is about secrets.
    fn reason(self, classes: &[ValueClass]) -> Option<Dismissal> {
        let literal = Some(self.text).filter(|_| self.kind == ValueKind::Literal)?;
        classes.iter().find_map(|class| match class {
            ValueClass::SecretLike => check_secret_like(literal).err(),
            ValueClass::NamedSecret => check_named_secret(literal).err(),
            _ => None,
        })
    }

    /// `false` if [`judged`](Self::judged) cannot accept the value for any of `classes`. A cheap
    /// check that does not read the text.
    pub fn may_be(self, classes: &[ValueClass]) -> bool {
        let may_be = |class: &ValueClass| match class {
            ValueClass::HfToken => self.text.len() >= MIN_HF_TOKEN,
            ValueClass::Literal => self.kind == ValueKind::Literal,
            ValueClass::SecretLike | ValueClass::NamedSecret => {
                self.kind == ValueKind::Literal && (self.text.len() >= MIN_SECRET || self.explains)
            }
            ValueClass::Template => self.kind == ValueKind::Template,
            ValueClass::Lookup => self.kind == ValueKind::Lookup,
            ValueClass::True => self.kind == ValueKind::Constant,
            ValueClass::Missing => self.kind == ValueKind::Missing,
            ValueClass::Present | ValueClass::Any => true,
        };
        classes.is_empty() || classes.iter().any(may_be)
    }

    fn is(&self, class: ValueClass) -> bool {
        match class {
            ValueClass::HfToken => HF_TOKEN.is_match(self.text.as_bytes()),
            ValueClass::Literal => self.kind == ValueKind::Literal && !is_placeholder(self.text),
            ValueClass::SecretLike => {
                self.kind == ValueKind::Literal && check_secret_like(self.text).is_ok()
            }
            ValueClass::NamedSecret => {
                self.kind == ValueKind::Literal && check_named_secret(self.text).is_ok()
            }
            ValueClass::Template => self.kind == ValueKind::Template,
            ValueClass::Lookup => self.kind == ValueKind::Lookup,
            ValueClass::True => {
                self.kind == ValueKind::Constant
                    && ["true", "yes", "on"].iter().any(|yes| self.text.eq_ignore_ascii_case(yes))
            }
            ValueClass::Missing => self.kind == ValueKind::Missing,
            ValueClass::Present => !matches!(self.kind, ValueKind::Missing | ValueKind::Constant),
            ValueClass::Any => true,
        }
    }

    fn part(&self, part: Span, is_token: bool) -> Judged {
        let text = self.text.as_bytes();
        Judged {
            span: locate(self.source, self.span, part.slice(text)),
            text: text.to_vec(),
            part,
            is_token,
            passed_over: None,
        }
    }
}

impl Judged {
    /// The secret's bytes.
    pub fn secret(&self) -> &[u8] {
        self.part.slice(&self.text)
    }

    /// Runs the rule's checks on the secret, or on a Hugging Face token the checks that apply under
    /// every rule.
    ///
    /// # Errors
    /// Returns the reason if a check fails.
    pub fn check(&self, rule: &Rule, now: i64) -> Result<Check, Dismissal> {
        let subject = Subject { text: &self.text, span: self.part, binary: false, now };
        if self.is_token {
            judgement::check_token(subject)
        } else {
            judgement::check(&rule.judge, subject)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_judged_to_be_of_a_class_may_be_of_it() {
        let kinds = [
            ValueKind::Literal,
            ValueKind::Template,
            ValueKind::Lookup,
            ValueKind::Number,
            ValueKind::Constant,
            ValueKind::Missing,
        ];
        let classes = [
            ValueClass::HfToken,
            ValueClass::Literal,
            ValueClass::SecretLike,
            ValueClass::NamedSecret,
            ValueClass::Template,
            ValueClass::Lookup,
            ValueClass::True,
            ValueClass::Missing,
            ValueClass::Present,
            ValueClass::Any,
        ];
        let random = "s9Dk2mVq81ZxLw07TbYc";
        let token = format!("hf_{}", "abcdefghijklmnopqrstuvwxyzABCDEFGH");
        let texts = ["", "true", "x y", random, &random[..16], &random[..15], &token, &token[..36]];
        let mut taken = [0; 10];
        for (text, kind) in texts.iter().flat_map(|text| kinds.map(|kind| (text, kind))) {
            let span = Span::default();
            let subject = Subjected { source: b"", kind, text, span, explains: false };
            for (class, taken) in classes.iter().zip(&mut taken) {
                if subject.judged(&[*class], None, None).is_some() {
                    *taken += 1;
                    assert!(subject.may_be(&[*class]), "{text} {kind:?} {class:?}");
                }
            }
        }
        assert!(taken.iter().all(|taken| *taken > 0), "{taken:?}");
    }
}
