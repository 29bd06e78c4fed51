//! Findings and their fingerprints.

use super::{
    fix::Fix,
    history::History,
    location::{Excerpt, Location},
    path::SourcePath,
    precedence::Precedence,
    secret::{Secret, hex},
    severity::{Confidence, Severity},
    suppressor::Suppressor,
    verification::Verification,
};
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc};

/// A rule match that passed judgement, with its location.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Finding {
    /// The rule's id.
    pub rule: Arc<str>,
    /// Further names by which suppressions can select the rule: its earlier ids, and `tag:NAME`.
    pub rule_names: Arc<[String]>,
    /// Ids of other rules that matched at the same place, the strongest first.
    pub also: Vec<Arc<str>>,
    /// The severity, after the rule's modifiers.
    pub severity: Severity,
    /// The confidence, after the rule's modifiers.
    pub confidence: Confidence,
    /// One sentence that names the problem. Holds no secret.
    pub message: Arc<str>,
    /// The replacement for the language and context of the finding.
    pub help: Arc<str>,
    /// Reasons why severity or confidence differ from the rule's, one sentence each.
    pub notes: Vec<String>,
    /// Its location.
    pub location: Location,
    /// Its source line.
    pub excerpt: Excerpt,
    /// The credential, if the finding shows one.
    pub secret: Option<Secret>,
    /// `true` if the secret comes from another rule that matched at the same place.
    pub has_adopted: bool,
    /// Identifies the finding across edits.
    pub fingerprint: Fingerprint,
    /// The hash by which code scanning platforms identify the line; `None` unless requested. See
    /// `scan/line_hash.rs`.
    pub line_hash: Option<String>,
    /// The number of further occurrences in the same file or member.
    pub repeats: u64,
    /// The precedence of its rule among rules that match the same location.
    pub(crate) precedence: Precedence,
    /// Ways to remove it, the best first; empty unless requested.
    pub fixes: Vec<Fix>,
    /// The git history of the finding, if it is in a git object.
    pub history: Option<Box<History>>,
    /// The Hub's answer about the credential; `None` if the Hub was not queried.
    pub verification: Option<Box<Verification>>,
    /// The reason why the finding is suppressed; `None` if it is reported.
    pub suppressed: Option<Suppressor>,
}

impl Finding {
    /// All names by which suppressions can select the rule, its id first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.rule).chain(self.rule_names.iter().map(String::as_str))
    }

    /// `true` if it shows a credential that should be revoked: one that is not known to be
    /// harmless.
    pub fn is_revocable(&self) -> bool {
        self.secret.is_some() && self.severity > Severity::Info
    }
}

/// Identifies a finding across edits of its file.
///
/// The first 128 bits of SHA-256 over a version label, the rule, the path and the subject;
/// never a line or a column. Empty by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

/// Bump whenever the computation of fingerprints changes.
const FINGERPRINT_LABEL: &[u8] = b"hfscan fingerprint 1";

impl Fingerprint {
    /// The fingerprint of a finding of `rule` in `path`. The subject is the secret, or the
    /// text of the construct if there is no secret.
    pub fn new(rule: &str, path: &SourcePath, subject: &[u8]) -> Self {
        let mut digest = Sha256::new();
        for part in [FINGERPRINT_LABEL, rule.as_bytes(), path.as_bytes(), subject] {
            // The length comes first, so that different lists of parts never hash the same bytes.
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        Self(hex(&digest.finalize()[..16]))
    }

    /// A fingerprint read from a report.
    pub fn of_report(digits: String) -> Self {
        Self(digits)
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
