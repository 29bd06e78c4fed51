//! The results of a scan: findings, skipped files, dismissed matches and counts.

use super::{
    finding::Finding,
    join::join,
    location::Location,
    path::SourcePath,
    skipped::{Completeness, SkipReason, Skipped},
    span::LineColumn,
    suppressor::Suppressor,
    upload::Upload,
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// A match that judgement dismissed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dismissed {
    /// Its location.
    pub location: Location,
    /// The rule that matched.
    pub rule: Arc<str>,
    /// The reason.
    pub reason: Dismissal,
}

/// The reason why a match is not a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dismissal {
    /// A placeholder: `hf_xxxx…`, `<your token>`.
    Placeholder,
    /// Not random enough: an identifier, words joined together, a sequence.
    TooRegular,
    /// A part of a longer word.
    PartOfWord,
    /// A part of a hash, an encoded image or another block of data.
    InsideBlob,
    /// A value read at run time: `${HF_TOKEN}`.
    Lookup,
    /// It fails a check of its own format: a checksum, a structure.
    BadStructure,
    /// A value that is named like a secret but is not one: a commit, a digest, an id.
    NotASecret,
    /// Nothing nearby shows that it belongs to Hugging Face.
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

/// A comment or setting that does not do what its author intended, such as an ignore comment that
/// matches nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// The file.
    pub path: SourcePath,
    /// The position in the file; `None` for the whole file.
    pub place: Option<LineColumn>,
    /// One sentence that describes the problem. Holds no secret.
    pub message: String,
}

/// The number of files and bytes read.
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
    /// The findings that are not suppressed, sorted by path, position and rule.
    pub findings: Vec<Finding>,
    /// The suppressed findings, each with its suppressor, sorted like `findings`; empty unless the
    /// policy keeps them.
    pub suppressed: Vec<Finding>,
    /// The number of suppressed findings, by [`Suppressor::kind`].
    pub suppressed_counts: BTreeMap<&'static str, u64>,
    /// Files and parts of files that were not scanned, sorted by path.
    pub skipped: Vec<Skipped>,
    /// Matches that judgement dismissed, sorted like the findings.
    pub dismissed: Vec<Dismissed>,
    /// Mistakes in the user's own comments and files, sorted by position.
    pub warnings: Vec<Warning>,
    /// Decides which skips fail the scan.
    pub completeness: Completeness,
    /// The number of files, and of folders not walked, that the user's globs exclude.
    pub excluded: u64,
    /// The number of files and bytes read.
    pub totals: Totals,
    /// The duration of the scan.
    pub elapsed: Duration,
    /// `true` if the user stopped the scan.
    pub interrupted: bool,
    /// The inspected upload, if any.
    pub upload: Option<Box<Upload>>,
}

impl Outcome {
    /// `true` if everything requested was scanned.
    pub fn is_complete(&self) -> bool {
        let mut reasons = self.skipped.iter().map(|one| one.reason);
        !self.interrupted && reasons.all(|reason| self.completeness.is_complete(reason))
    }

    /// `true` if the exit status is 2 unless there are findings, because something was not
    /// scanned.
    pub fn is_failed(&self) -> bool {
        self.interrupted || self.failures().next().is_some()
    }

    /// The skips that make the exit status 2, in the order of `skipped`.
    pub fn failures(&self) -> impl Iterator<Item = &Skipped> {
        self.skipped.iter().filter(|one| self.is_failure(one.reason))
    }

    /// `true` if a skip for this reason makes the exit status 2.
    pub fn is_failure(&self, reason: SkipReason) -> bool {
        self.completeness.is_failure(reason)
    }

    /// The number of skips that make the scan incomplete, by the name of the reason.
    pub fn incomplete(&self) -> BTreeMap<&'static str, u64> {
        let mut counts = BTreeMap::new();
        let reasons = self.skipped.iter().map(|one| one.reason);
        for reason in reasons.filter(|reason| !self.completeness.is_complete(*reason)) {
            *counts.entry(reason.as_str()).or_default() += 1;
        }
        counts
    }

    /// Adds the results of another part of the scan.
    pub fn absorb(&mut self, other: Outcome) {
        join(&mut self.findings, other.findings);
        self.suppressed.extend(other.suppressed);
        self.skipped.extend(other.skipped);
        self.dismissed.extend(other.dismissed);
        self.warnings.extend(other.warnings);
        self.excluded += other.excluded;
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
