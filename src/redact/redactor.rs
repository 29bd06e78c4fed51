//! Replaces the credentials in one text after the other.

use super::replacement::{Replacement, mask};
use crate::{
    judge::guessable::is_guessable,
    model::{Confidence, Severity, Span},
    scan::{Credential, Scanner, Texts},
};
use serde::de::IgnoredAny;
use std::sync::Arc;

/// Rounds in which the replacement that was asked for is used: with a credential gone, another
/// may be seen. After those only masks are used.
const ROUNDS: usize = 4;
/// Rounds at most. Each round with masks leaves less that is not masked.
const MAX_ROUNDS: usize = 64;

/// Replaces credentials in texts, and keeps its buffers between them; one for each thread.
///
/// What it gives holds no credential that its scanner finds, so redacting it again changes
/// nothing. A text that is valid JSON stays so.
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
    /// What was replaced, in the order of places, with what came to light later at the end.
    pub replaced: Vec<Replaced>,
    /// The bytes of the text as it was, and what stands in their place, in order.
    pub edits: Vec<(Span, Vec<u8>)>,
}

/// A credential that was replaced. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replaced {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The severity of the rule.
    pub severity: Severity,
    /// The confidence of the finding.
    pub confidence: Confidence,
    /// The bytes of the text as it was.
    pub span: Span,
    /// The secret, masked.
    pub masked: String,
    /// Digits that are the same for the same secret everywhere; none for one that can be
    /// guessed.
    pub secret_id: Option<String>,
}

impl<'s> Redactor<'s> {
    /// Replaces what `scanner` finds in texts that are read as the content of files of this
    /// name.
    pub fn new(scanner: &'s Scanner, name: impl AsRef<[u8]>, replacement: Replacement) -> Self {
        Self { texts: scanner.texts(name), replacement }
    }

    /// The texts that it scans.
    pub fn texts(&self) -> &Texts<'s> {
        &self.texts
    }

    /// The text with every credential replaced; `None` if there is none.
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

/// A place in JSON with letters and digits masked, and everything that gives it its form kept:
/// for a credential that is spread over several strings.
fn mask_strings(source: &[u8]) -> Vec<u8> {
    let mut masked = source.to_vec();
    let mut at = 0;
    while at < masked.len() {
        match masked[at] {
            // The characters of an escape stay with their backslash.
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

/// What is to stand in a text in the place of some of its bytes.
#[derive(Debug, Default)]
struct Draft {
    /// The bytes of the text as it was, and what stands in their place, in order.
    edits: Vec<(Span, Vec<u8>)>,
    /// Where each edit begins in the text as it is now.
    starts: Vec<usize>,
}

impl Draft {
    /// Adds an edit behind the others.
    fn push(&mut self, span: Span, bytes: Vec<u8>) {
        let start = match (self.edits.last(), self.starts.last()) {
            (Some((last, bytes)), Some(start)) => start + bytes.len() + (span.start - last.end),
            _ => span.start,
        };
        self.starts.push(start);
        self.edits.push((span, bytes));
    }

    /// The text as it is now.
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

    /// The edits as they stand in the text as it is now.
    fn spans(&self) -> impl Iterator<Item = Span> {
        self.starts.iter().zip(&self.edits).map(|(at, (_, new))| Span::new(*at, at + new.len()))
    }

    /// The bytes of the text as it was that `span` of the text as it is now stands for.
    fn to_source(&self, span: Span) -> Span {
        let from = self.starts.partition_point(|start| *start < span.start);
        let to = self.starts.partition_point(|start| *start <= span.end);
        Span::new(self.place(from, span.start).0.start, self.end(to, span.end))
    }

    fn end(&self, edits: usize, at: usize) -> usize {
        let (span, inside) = self.place(edits, at);
        if inside == 0 { span.start } else { span.end }
    }

    /// Where a byte of the text as it is now stood, behind so many edits: an empty span of a
    /// byte that is still there, or the span of the edit that it is in, and how far in the
    /// edit it stands.
    fn place(&self, edits: usize, at: usize) -> (Span, usize) {
        let Some(last) = edits.checked_sub(1) else { return (Span::new(at, at), 0) };
        let ((span, bytes), start) = (&self.edits[last], self.starts[last]);
        if at < start + bytes.len() {
            return (*span, at - start);
        }
        let old = span.end + (at - start - bytes.len());
        (Span::new(old, old), 0)
    }

    /// The draft with further places replaced, which are those of `current`, the text as it is
    /// now, in order. Edits that a place touches become one with it.
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

/// `true` if `behind`, which begins no earlier, shares a byte with `span`, or if one of them is
/// empty and stands at the end of the other: bytes that were replaced by nothing.
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
