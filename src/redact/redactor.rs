//! Replaces the credentials in texts.

use super::replacement::{Replacement, mask};
use crate::{
    judge::guessable::is_guessable,
    model::{Confidence, Severity, Span},
    scan::{Credential, Scanner, Texts},
};
use serde::de::IgnoredAny;
use std::sync::Arc;

/// Maximum number of rounds with the requested replacement: replacing a credential may reveal
/// another. Later rounds use masks only.
const ROUNDS: usize = 4;
/// Maximum number of rounds in total. Each round with masks leaves fewer unmasked bytes.
const MAX_ROUNDS: usize = 64;

/// Replaces credentials in texts, and reuses its buffers; use one per thread.
///
/// The result contains no credential that the scanner finds, so redacting it again changes nothing.
/// Valid JSON remains valid.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use hfscan::{Redactor, Replacement, Scanner, Settings};
///
/// let scanner = Scanner::new(Settings::default())?;
/// let mut redactor = Redactor::new(&scanner, "row.txt", Replacement::default());
/// # let token = hfscan::internal::rule::example::expand("hf_{{alpha:34}}");
/// let text = format!("my token is {token}, keep it");
/// let redacted = redactor.redact(text.as_bytes()).expect("there is a token");
/// assert_eq!(redacted.text, b"my token is <hf-user-access-token>, keep it");
/// assert!(redactor.redact(&redacted.text).is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Redactor<'s> {
    texts: Texts<'s>,
    replacement: Replacement,
}

/// A text whose credentials were replaced.
#[derive(Debug, Clone)]
pub struct Redaction {
    /// The text.
    pub text: Vec<u8>,
    /// Replaced credentials in order of position; those found in later rounds are at the end.
    pub replaced: Vec<Replaced>,
    /// The edits: spans of the original text and their replacements, in order.
    pub edits: Vec<(Span, Vec<u8>)>,
}

/// A replaced credential. Does not contain the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replaced {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The severity of the rule.
    pub severity: Severity,
    /// The confidence of the finding.
    pub confidence: Confidence,
    /// The span in the original text.
    pub span: Span,
    /// The secret, masked.
    pub masked: String,
    /// A stable id, equal for equal secrets; `None` for a guessable secret.
    pub secret_id: Option<String>,
}

impl<'s> Redactor<'s> {
    /// Replaces the findings of `scanner` in texts that are scanned like the content of a file
    /// named `name`.
    pub fn new(scanner: &'s Scanner, name: impl AsRef<[u8]>, replacement: Replacement) -> Self {
        Self { texts: scanner.texts(name), replacement }
    }

    /// The scanner of texts.
    pub fn texts(&self) -> &Texts<'s> {
        &self.texts
    }

    /// Replaces every credential in the text; `None` if there is none.
    pub fn redact(&mut self, text: &[u8]) -> Option<Redaction> {
        let mut credentials = self.texts.credentials(text);
        if credentials.is_empty() {
            return None;
        }
        let was_json = is_json(text);
        let same_length = Replacement::same_length();
        let (mut redaction, mut draft) = (Vec::new(), Draft::default());
        let mut current = text.to_vec();
        for round in 0..MAX_ROUNDS {
            let replacement = if round < ROUNDS { &self.replacement } else { &same_length };
            let new = draft.with(&credentials, &current, |one, source| replacement.of(one, source));
            let new = match was_json && !is_json(&new.written(text)) {
                true => draft.with(&credentials, &current, |_, source| mask_strings(source)),
                false => new,
            };
            let places = credentials.iter();
            redaction.extend(places.map(|one| replaced(one, draft.to_source(one.span))));
            draft = new;
            current = draft.written(text);
            credentials = self.texts.credentials(&current);
            credentials.retain(|one| mask(one.span.slice(&current)) != one.span.slice(&current));
            if credentials.is_empty() {
                break;
            }
        }
        Some(Redaction { text: current, replaced: redaction, edits: draft.edits })
    }
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// Masks letters and digits in a span of JSON, and keeps its syntax: for a credential that spans
/// several strings.
fn mask_strings(source: &[u8]) -> Vec<u8> {
    let mut masked = source.to_vec();
    let mut at = 0;
    while at < masked.len() {
        match masked[at] {
            // Escape sequences are kept.
            b'\\' => at += if masked.get(at + 1) == Some(&b'u') { 5 } else { 1 },
            byte if byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte) => masked[at] = b'*',
            _ => {}
        }
        at += 1;
    }
    masked
}

fn replaced(credential: &Credential<'_>, span: Span) -> Replaced {
    let secret = &credential.secret;
    Replaced {
        rule: credential.rule.id.clone(),
        severity: credential.rule.severity,
        confidence: credential.confidence,
        span,
        masked: secret.masked(),
        secret_id: (!is_guessable(secret)).then(|| secret.id()),
    }
}

/// The pending edits of a text.
#[derive(Debug, Default)]
struct Draft {
    /// The edits: spans of the original text and their replacements, in order.
    edits: Vec<(Span, Vec<u8>)>,
    /// Start offset of each edit in the edited text.
    starts: Vec<usize>,
}

impl Draft {
    /// Appends an edit after the others.
    fn push(&mut self, span: Span, bytes: Vec<u8>) {
        let start = match (self.edits.last(), self.starts.last()) {
            (Some((last, bytes)), Some(start)) => start + bytes.len() + (span.start - last.end),
            _ => span.start,
        };
        self.starts.push(start);
        self.edits.push((span, bytes));
    }

    /// The edited text.
    fn written(&self, text: &[u8]) -> Vec<u8> {
        let (mut new, mut at) = (Vec::with_capacity(text.len()), 0);
        for (span, bytes) in &self.edits {
            new.extend_from_slice(&text[at..span.start]);
            new.extend_from_slice(bytes);
            at = span.end;
        }
        new.extend_from_slice(&text[at..]);
        new
    }

    /// The spans of the edits in the edited text.
    fn spans(&self) -> impl Iterator<Item = Span> {
        self.starts.iter().zip(&self.edits).map(|(at, (_, new))| Span::new(*at, at + new.len()))
    }

    /// The span of the original text that corresponds to `span` of the edited text.
    fn to_source(&self, span: Span) -> Span {
        let from = self.starts.partition_point(|start| *start < span.start);
        let to = self.starts.partition_point(|start| *start <= span.end);
        Span::new(self.place(from, span.start).0.start, self.end(to, span.end))
    }

    fn end(&self, edits: usize, at: usize) -> usize {
        let (span, inside) = self.place(edits, at);
        if inside == 0 { span.start } else { span.end }
    }

    /// The original position of a byte of the edited text, with `edits` edits starting before it:
    /// an empty span for an unchanged byte, or the span of the edit that contains it, and the
    /// offset in that edit.
    fn place(&self, edits: usize, at: usize) -> (Span, usize) {
        let Some(last) = edits.checked_sub(1) else { return (Span::new(at, at), 0) };
        let ((span, bytes), start) = (&self.edits[last], self.starts[last]);
        if at < start + bytes.len() {
            return (*span, at - start);
        }
        let old = span.end + (at - start - bytes.len());
        (Span::new(old, old), 0)
    }

    /// The draft with more replacements, given in order by their places in `current`, the edited
    /// text. Edits that overlap or touch a place are merged with it.
    fn with(
        &self,
        places: &[Credential<'_>],
        current: &[u8],
        replacement: impl Fn(&Credential<'_>, &[u8]) -> Vec<u8>,
    ) -> Self {
        let mut all: Vec<(Span, Option<&Credential<'_>>)> =
            self.spans().map(|span| (span, None)).collect();
        all.extend(places.iter().map(|place| (place.span, Some(place))));
        all.sort_by_key(|(span, _)| *span);
        let (mut draft, mut all) = (Self::default(), all.into_iter().peekable());
        while let Some((mut joined, first)) = all.next() {
            let (mut bytes, mut at, mut next) = (Vec::new(), joined.start, first);
            loop {
                if let Some(place) = next {
                    bytes.extend_from_slice(&current[at..place.span.start]);
                    bytes.extend(replacement(place, place.span.slice(current)));
                    at = place.span.end;
                }
                let Some((span, more)) = all.next_if(|(span, _)| touch(joined, *span)) else {
                    break;
                };
                (joined, next) = (joined.joined(span), more);
            }
            bytes.extend_from_slice(&current[at..joined.end]);
            draft.push(self.to_source(joined), bytes);
        }
        draft
    }
}

/// `true` if `behind`, which begins no earlier, overlaps `span`, or if one of them is empty and at
/// the end of the other: bytes that were deleted.
fn touch(span: Span, behind: Span) -> bool {
    let is_empty = span.is_empty() || behind.is_empty();
    behind.start < span.end || (is_empty && behind.start == span.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_tells_where_bytes_stood() {
        let mut draft = Draft::default();
        draft.push(Span::new(2, 5), b"X".to_vec());
        draft.push(Span::new(7, 8), b"long".to_vec());
        assert_eq!(draft.written(b"0123456789"), b"01X56long89");
        assert_eq!(draft.to_source(Span::new(0, 2)), Span::new(0, 2));
        assert_eq!(draft.to_source(Span::new(3, 5)), Span::new(5, 7));
        assert_eq!(draft.to_source(Span::new(6, 8)), Span::new(7, 8));
        assert_eq!(draft.to_source(Span::new(9, 11)), Span::new(8, 10));
        assert_eq!(draft.to_source(Span::new(1, 11)), Span::new(1, 10));
    }
}
