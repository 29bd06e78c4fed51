//! The input and the output of detectors: a text, and candidates in it.

use crate::{
    judge::place::{is_for_show, is_named_as_invented},
    model::{Confidence, Dismissal, Secret, Severity, SourcePath, Span, SpanMap},
    rule::Rule,
};

/// A text to run the rules over.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The name of the file that the text comes from.
    pub path: &'a SourcePath,
    /// The containers that the file is in, outermost first; empty for a plain file.
    pub containers: &'a [&'a str],
    /// The bytes of the text.
    pub bytes: &'a [u8],
    /// The part of the file that the text is, as rules name it: `output` of a notebook.
    pub part: Option<&'a str>,
    /// `true` if these are all the bytes of the file; languages are read from the start.
    pub is_whole: bool,
    /// Maps offsets in the text to those of the document, if they differ.
    pub map: Option<&'a SpanMap>,
}

impl Text<'_> {
    /// `true` if the rule applies to a text of this name and part.
    pub(super) fn is_for(&self, rule: &Rule) -> bool {
        rule.applies_to(self.path, self.containers, self.part)
    }
}

/// A match of a rule, with a verdict.
#[derive(Debug, Clone)]
pub struct Candidate<'r> {
    /// The rule that matched.
    pub rule: &'r Rule,
    /// The span of the secret or the construct.
    pub span: Span,
    /// The verdict on the match.
    pub verdict: Verdict,
}

impl Candidate<'_> {
    /// The candidate as it is reported for `text`: with a span in the document, and with the
    /// maximum severity of its rule for tests, examples and documentation, and for values with a
    /// name such as `FAKE_KEY`.
    pub(super) fn adjusted_to(mut self, text: &Text<'_>) -> Self {
        if let (Verdict::Real(real), Some(most)) = (&mut self.verdict, self.rule.severity_in_tests)
            && real.severity > most
        {
            let note = match is_for_show(text.path) {
                true => Some("it is in a test, an example or documentation"),
                false => is_named_as_invented(text.bytes, self.span.start)
                    .then_some("its name says that it is invented"),
            };
            if let Some(note) = note {
                real.severity = most;
                real.notes.push(note.into());
            }
        }
        if let Some(map) = text.map {
            self.span = map.to_source(self.span);
        }
        self
    }
}

/// The verdict on a match.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// The match is a finding.
    Real(Real),
    /// The match is dismissed, with the reason.
    Dismissed(Dismissal),
}

/// A match that is a finding.
#[derive(Debug, Clone)]
pub struct Real {
    /// The severity at this location.
    pub severity: Severity,
    /// The confidence at this location.
    pub confidence: Confidence,
    /// Reasons why either differs from the rule's, one sentence each.
    pub notes: Vec<String>,
    /// The credential, decoded, if the rule finds credentials.
    pub secret: Option<Secret>,
    /// A message that is more specific than the rule's.
    pub message: Option<String>,
    /// A hint that is more specific than the rule's.
    pub help: Option<String>,
    /// Number of further occurrences in the same file that are not reported one by one.
    pub repeats: u64,
}

impl Real {
    /// The severity and confidence of the rule, unmodified.
    pub fn of(rule: &Rule, secret: &[u8]) -> Self {
        Self {
            severity: rule.severity,
            confidence: rule.confidence,
            notes: rule.notes(),
            secret: rule.credential.then(|| Secret::new(secret)),
            message: None,
            help: None,
            repeats: 0,
        }
    }
}
