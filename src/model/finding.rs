//! What a report is made of.

use super::{
    fix::EditSpans,
    history::History,
    location::{Excerpt, Location},
    path::SourcePath,
    precedence::Precedence,
    secret::{Secret, hex},
    severity::{Confidence, Severity},
};
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc};

/// Something a rule found, judged to be real, with its place.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Finding {
    /// The rule's id.
    pub rule: Arc<str>,
    /// How bad it is here, after the rule's modifiers.
    pub severity: Severity,
    /// How sure it is here.
    pub confidence: Confidence,
    /// One sentence that says what was found. Holds no secret.
    pub message: String,
    /// What to write instead, for the language and place it stands in.
    pub help: String,
    /// What made the severity or the confidence differ from the rule's, a sentence each.
    pub notes: Vec<String>,
    /// Where it stands.
    pub location: Location,
    /// Its source line.
    pub excerpt: Excerpt,
    /// The credential, when the finding is one.
    pub secret: Option<Secret>,
    /// Tells this finding from every other, across edits.
    pub fingerprint: Fingerprint,
    /// What code scanning platforms know the line by, where it was asked for; see
    /// `scan/line_hash.rs`.
    pub line_hash: Option<String>,
    /// How many more times the same stands in the same file or member.
    pub repeats: u64,
    /// Which of the findings at one place is reported: the one of the highest.
    pub precedence: Precedence,
    /// The spans that a fix can replace.
    pub edit_spans: EditSpans,
    /// What git knows of it, when it stands in an object of git.
    pub history: Option<Box<History>>,
}

impl Finding {
    /// Whether it shows a credential that is not known to be harmless, and so should
    /// be revoked.
    pub fn is_revocable(&self) -> bool {
        self.secret.is_some() && self.severity > Severity::Info
    }
}

/// Names a finding so that it is known again after the file was edited.
///
/// The first 128 bits of SHA-256 over a version label, the rule, the path and what
/// was found; never a line or a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

/// Changes when the way fingerprints are made changes.
const FINGERPRINT_LABEL: &[u8] = b"hfscan fingerprint 1";

impl Fingerprint {
    /// The fingerprint of what `rule` found in `path`: the secret, or where there is
    /// none the text of the construct.
    pub fn new(rule: &str, path: &SourcePath, subject: &[u8]) -> Self {
        let mut digest = Sha256::new();
        for part in [FINGERPRINT_LABEL, rule.as_bytes(), path.as_bytes(), subject] {
            // The length first, so that no two lists of parts run together to one text.
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        Self(hex(&digest.finalize()[..16]))
    }

    /// 32 lower-case hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
