//! Puts the questions that a rule asks to `judge`, and draws the verdict.

use super::candidate::{Real, Verdict};
use crate::{
    judge::{
        boundary::{self, Edges},
        known, placeholder,
        randomness::{self, TokenBody},
        structure,
    },
    model::{Confidence, Dismissal, Severity, Span},
    rule::{Boundary, Randomness, Rule, Structure},
};

/// A match, with what stands around it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The text that the pattern matched in.
    pub text: &'a [u8],
    /// The secret in it.
    pub span: Span,
    /// Whether the text is not meant to be read: it holds NUL bytes.
    pub binary: bool,
    /// The time, in seconds since 1970, by which a token has ended or not.
    pub now: i64,
}

impl Subject<'_> {
    fn secret(&self) -> &[u8] {
        self.span.slice(self.text)
    }
}

/// Whether a match is what its rule says.
pub fn judge(rule: &Rule, subject: Subject<'_>) -> Verdict {
    match verdict(rule, subject) {
        Ok(real) => Verdict::Real(real),
        Err(dismissal) => Verdict::Dismissed(dismissal),
    }
}

fn verdict(rule: &Rule, subject: Subject<'_>) -> Result<Real, Dismissal> {
    let judge = &rule.judge;
    let mut real = Real::of(rule, subject.secret());
    let strict = match judge.boundary {
        Boundary::None => false,
        Boundary::Token => !has_edges(subject)?,
    };
    if judge.not.as_ref().is_some_and(|not| not.is_match(subject.secret())) {
        return Err(Dismissal::NotASecret);
    }
    if let Some(context) = &judge.context
        && !context.is_match(near(subject, judge.context_lines))
    {
        return Err(Dismissal::NoContext);
    }
    check_body(rule, subject, strict, &mut real)?;
    check_structure(rule, subject, &mut real)?;
    if let Some(origin) = real.secret.as_ref().and_then(known::public_test_token) {
        real.severity = Severity::Info;
        real.notes.push(format!("a known public test token: {origin}"));
    }
    Ok(real)
}

/// Whether clean edges say where the token ends; without, its body has to say more.
///
/// Text gives no second chance. In binary content, strings are glued to what stands
/// beside them: a length before it says where it ends as well as an edge does.
fn has_edges(subject: Subject<'_>) -> Result<bool, Dismissal> {
    let Subject { text, span, binary, .. } = subject;
    match boundary::edges(text, span) {
        Edges::Clean => Ok(true),
        _ if binary && boundary::has_length_prefix(text, span.start, span.len()) => Ok(true),
        Edges::Glued if binary => Ok(false),
        Edges::Glued => Err(Dismissal::PartOfWord),
        Edges::InsideBlob => Err(Dismissal::InsideBlob),
    }
}

fn check_body(
    rule: &Rule,
    subject: Subject<'_>,
    strict: bool,
    real: &mut Real,
) -> Result<(), Dismissal> {
    let judge = &rule.judge;
    let secret = subject.secret();
    let prefix = judge.prefix.iter().find(|prefix| secret.starts_with(prefix.as_bytes()));
    let body = &secret[prefix.map_or(0, String::len)..];
    if judge.randomness == Randomness::None && judge.min_entropy <= 0.0 {
        return Ok(());
    }
    if placeholder::is_stand_in(body) {
        return Err(Dismissal::Placeholder);
    }
    if randomness::shannon_entropy(body) < judge.min_entropy {
        return Err(Dismissal::TooRegular);
    }
    match judge.randomness {
        Randomness::None => {}
        Randomness::Letters => match randomness::token_body(body, strict) {
            TokenBody::Letters if strict => real.confidence = real.confidence.lowered(),
            TokenBody::Letters => {}
            TokenBody::WithDigits => {
                real.confidence = real.confidence.min(Confidence::Medium);
                real.notes.push("it holds digits, which no live token seen so far does".into());
            }
            TokenBody::Regular => return Err(Dismissal::TooRegular),
        },
        Randomness::Mixed | Randomness::Generic => {
            let written = randomness::written_score(body).unwrap_or(-1.0);
            if written > randomness::MAX_RANDOM_SCORE.max(0.5) {
                return Err(Dismissal::TooRegular);
            }
        }
    }
    if placeholder::has_hint_word(body) {
        real.confidence = real.confidence.lowered();
        real.notes.push("a word in it suggests a placeholder".into());
    }
    Ok(())
}

fn check_structure(rule: &Rule, subject: Subject<'_>, real: &mut Real) -> Result<(), Dismissal> {
    let secret = subject.secret();
    match rule.judge.structure {
        Structure::None => Ok(()),
        Structure::Jws => {
            let start = memchr::memmem::find(secret, b"eyJ").ok_or(Dismissal::BadStructure)?;
            let jws = structure::jws(&secret[start..]).ok_or(Dismissal::BadStructure)?;
            if jws.expires.is_some_and(|expires| expires < subject.now) {
                real.severity = real.severity.min(Severity::Low);
                real.notes.push("it has expired".into());
            }
            if !jws.scopes.is_empty() {
                let shown: Vec<_> = jws.scopes.iter().map(|scope| scope_text(scope)).collect();
                real.notes.push(format!("its scopes: {}", shown.join(", ")));
            }
            Ok(())
        }
        Structure::GithubChecksum => {
            if structure::has_github_checksum(secret) {
                Ok(())
            } else {
                Err(Dismissal::BadStructure)
            }
        }
        Structure::Pem => {
            if structure::is_pem_with_body(secret) {
                Ok(())
            } else {
                Err(Dismissal::BadStructure)
            }
        }
    }
}

/// A scope as a token names it, cut and escaped: it comes from the scanned file.
fn scope_text(scope: &str) -> String {
    let short: String = scope.chars().take(40).collect();
    crate::model::escaped(short.as_bytes())
}

/// The lines around a match, at most 8 KiB on either side.
fn near(subject: Subject<'_>, lines: usize) -> &[u8] {
    const REACH: usize = 8 << 10;
    let Subject { text, span, .. } = subject;
    let before = &text[span.start.saturating_sub(REACH)..span.start];
    let after = &text[span.end..text.len().min(span.end + REACH)];
    let start = memchr::memrchr_iter(b'\n', before).nth(lines).map_or(0, |at| at + 1);
    let end = memchr::memchr_iter(b'\n', after).nth(lines).unwrap_or(after.len());
    &text[span.start - (before.len() - start)..span.end + end]
}
