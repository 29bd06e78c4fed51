//! What a scan says besides its findings: what it left out, what it let go, and how much it read.

use super::{
    finding::Finding, location::Location, path::SourcePath, span::LineColumn,
    suppressor::Suppressor,
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// A file, or a part of one, that was not scanned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The file.
    pub path: SourcePath,
    /// The way into it, when only a part was left out.
    pub inside: Vec<String>,
    /// Why.
    pub reason: SkipReason,
    /// What the system or the reader said; empty when the reason says it all.
    pub detail: String,
}

impl Skipped {
    /// A whole file that was not scanned.
    pub fn of(path: SourcePath, reason: SkipReason, detail: impl Into<String>) -> Self {
        Self { path, inside: Vec::new(), reason, detail: detail.into() }
    }
}

/// Why something was not scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// It could not be opened or read.
    Unreadable,
    /// It was gone when its turn came.
    Vanished,
    /// It is larger than the user's own limit.
    TooLarge,
    /// It is a FIFO, a socket or a device.
    Special,
    /// A symbolic link, which is not followed.
    Symlink,
    /// It lies outside of what was to be scanned, and something inside points to it.
    Outside,
    /// Scanning it failed: a defect of hfscan.
    Crashed,
    /// It could not be decoded.
    Malformed,
    /// Unpacking it would take more than the limits allow.
    OverLimit,
    /// It is packed in a way that is not read, or encrypted.
    Unsupported,
    /// The scan was interrupted before its turn came.
    Interrupted,
    /// It was named, and the user's own globs leave it out.
    Excluded,
}

impl SkipReason {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            SkipReason::Unreadable => "unreadable",
            SkipReason::Vanished => "vanished",
            SkipReason::TooLarge => "too-large",
            SkipReason::Special => "special-file",
            SkipReason::Symlink => "symlink",
            SkipReason::Outside => "outside",
            SkipReason::Crashed => "crashed",
            SkipReason::Malformed => "malformed",
            SkipReason::OverLimit => "over-limit",
            SkipReason::Unsupported => "unsupported",
            SkipReason::Interrupted => "interrupted",
            SkipReason::Excluded => "excluded",
        }
    }

    /// Whether the answer cannot be trusted because of it: something that was asked
    /// for was not scanned, and the user did not say to leave it out.
    pub fn is_failure(self) -> bool {
        match self {
            SkipReason::Unreadable | SkipReason::Crashed | SkipReason::Interrupted => true,
            SkipReason::Vanished
            | SkipReason::TooLarge
            | SkipReason::Special
            | SkipReason::Symlink
            | SkipReason::Outside
            | SkipReason::Malformed
            | SkipReason::OverLimit
            | SkipReason::Unsupported
            | SkipReason::Excluded => false,
        }
    }
}

/// A match that judgement let go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dismissed {
    /// Where it stands.
    pub location: Location,
    /// The rule that matched.
    pub rule: Arc<str>,
    /// Why it is no finding.
    pub reason: Dismissal,
}

/// Why a match is no finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dismissal {
    /// A stand-in for a secret: `hf_xxxx…`, `<your token>`.
    Placeholder,
    /// Too regular to be random: an identifier, words run together, a sequence.
    TooRegular,
    /// A part of a longer word.
    PartOfWord,
    /// A part of a hash, an encoded image or other run of data.
    InsideBlob,
    /// Read from elsewhere when the program runs: `${HF_TOKEN}`.
    Lookup,
    /// The format's own check does not hold: a checksum, a structure.
    BadStructure,
    /// The kind of value that is named like a secret but is none: a commit, a digest, an id.
    NotASecret,
    /// Nothing near it says that it belongs to Hugging Face.
    NoContext,
}

impl Dismissal {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Dismissal::Placeholder => "placeholder",
            Dismissal::TooRegular => "too-regular",
            Dismissal::PartOfWord => "part-of-word",
            Dismissal::InsideBlob => "inside-blob",
            Dismissal::Lookup => "look-up",
            Dismissal::BadStructure => "bad-structure",
            Dismissal::NotASecret => "not-a-secret",
            Dismissal::NoContext => "no-context",
        }
    }
}

/// Something that does not do what it seems to: a comment that ignores nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// The file.
    pub path: SourcePath,
    /// Where it stands in the file; the whole file is meant without.
    pub place: Option<LineColumn>,
    /// One sentence that says what is wrong. Holds no secret.
    pub message: String,
}

/// How much was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Files scanned.
    pub files: u64,
    /// Bytes scanned.
    pub bytes: u64,
}

/// The results of a scan.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Outcome {
    /// The findings that count, sorted by path, place and rule.
    pub findings: Vec<Finding>,
    /// The findings that do not count, each with its suppressor, sorted like the findings;
    /// empty unless the policy keeps them.
    pub suppressed: Vec<Finding>,
    /// The number of findings that do not count, by [`Suppressor::kind`].
    pub suppressed_counts: BTreeMap<&'static str, u64>,
    /// Files and parts of files that were not scanned, sorted by path.
    pub skipped: Vec<Skipped>,
    /// Matches that judgement dismissed, sorted like the findings.
    pub dismissed: Vec<Dismissed>,
    /// Mistakes in the user's own comments and files, sorted by place.
    pub warnings: Vec<Warning>,
    /// The number of files and bytes read.
    pub totals: Totals,
    /// The duration of the scan.
    pub elapsed: Duration,
    /// `true` if the user stopped the scan.
    pub interrupted: bool,
}

impl Outcome {
    /// `true` if everything that was asked for was scanned, so that no findings mean clean.
    pub fn is_complete(&self) -> bool {
        !self.interrupted && !self.skipped.iter().any(|skipped| skipped.reason.is_failure())
    }

    /// Adds the results of another part of the scan.
    pub fn absorb(&mut self, other: Outcome) {
        self.findings.extend(other.findings);
        self.suppressed.extend(other.suppressed);
        self.skipped.extend(other.skipped);
        self.dismissed.extend(other.dismissed);
        self.warnings.extend(other.warnings);
        for (by, count) in other.suppressed_counts {
            *self.suppressed_counts.entry(by).or_default() += count;
        }
    }

    /// Counts a suppressed finding, and keeps it if `keep` is `true`.
    pub fn suppress(&mut self, finding: Finding, keep: bool) {
        if let Some(by) = finding.suppressed.as_ref().map(Suppressor::kind) {
            *self.suppressed_counts.entry(by).or_default() += 1;
        }
        if keep {
            self.suppressed.push(finding);
        }
    }

    /// Sorts all lists, so that the same input gives the same output with any number of
    /// threads.
    pub fn sort(&mut self) {
        for findings in [&mut self.findings, &mut self.suppressed] {
            findings.sort_by(|a, b| {
                let object = |one: &Finding| one.history.as_ref().map(|history| history.origin);
                (&a.location, &a.rule)
                    .cmp(&(&b.location, &b.rule))
                    .then_with(|| object(a).cmp(&object(b)))
            });
        }
        self.dismissed.sort_unstable();
        self.skipped.sort_unstable();
        self.warnings.sort_unstable();
    }
}
