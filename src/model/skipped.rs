//! Files, and parts of files, that were not scanned, and the effect on the exit status.

use super::path::SourcePath;
use std::str::FromStr;

/// A file, or a part of one, that was not scanned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The file.
    pub path: SourcePath,
    /// The members that lead to the part that was not scanned; empty for the whole file.
    pub inside: Vec<String>,
    /// The reason.
    pub reason: SkipReason,
    /// The error of the system or the reader; empty if the reason is sufficient.
    pub detail: String,
}

impl Skipped {
    /// A whole file that was not scanned.
    pub fn of(path: SourcePath, reason: SkipReason, detail: impl Into<String>) -> Self {
        Self { path, inside: Vec::new(), reason, detail: detail.into() }
    }
}

/// The reason why something was not scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// It could not be opened or read.
    Unreadable,
    /// It was deleted before it was read.
    Vanished,
    /// It is larger than `max-file-size`.
    TooLarge,
    /// It is a FIFO, a socket or a device.
    Special,
    /// It is a symbolic link. Links are not followed.
    Symlink,
    /// Something in the scanned tree points to it, but it is outside the tree.
    Outside,
    /// Scanning it failed because of a defect of hfscan.
    Crashed,
    /// It could not be decoded.
    Malformed,
    /// It exceeds a limit that is built in or that the scanned project sets.
    OverLimit,
    /// It exceeds a limit that the user set for this run.
    UserLimit,
    /// It is encrypted.
    Encrypted,
    /// It uses a format or compression method that is not supported.
    Unsupported,
    /// It is a pointer of Git LFS or Xet, and its content is not on this machine.
    LfsPointer,
    /// Git never fetched the object: the clone is shallow or partial.
    NotFetched,
    /// The scan was interrupted before it was read.
    Interrupted,
    /// It was named as an argument, and the user's own globs exclude it.
    Excluded,
}

/// The effect of a skip on the exit status and on `complete`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// None: hfscan does not scan it by design, or the user excluded it.
    Complete,
    /// The report says that the scan is incomplete; the exit status changes with `--strict`.
    Incomplete,
    /// The exit status is 2 unless there are findings.
    Failure,
}

impl SkipReason {
    /// All reasons.
    pub const ALL: [SkipReason; 16] = [
        SkipReason::Unreadable,
        SkipReason::Vanished,
        SkipReason::TooLarge,
        SkipReason::Special,
        SkipReason::Symlink,
        SkipReason::Outside,
        SkipReason::Crashed,
        SkipReason::Malformed,
        SkipReason::OverLimit,
        SkipReason::UserLimit,
        SkipReason::Encrypted,
        SkipReason::Unsupported,
        SkipReason::LfsPointer,
        SkipReason::NotFetched,
        SkipReason::Interrupted,
        SkipReason::Excluded,
    ];

    /// The name in reports and in `--allow-incomplete`.
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
            SkipReason::UserLimit => "user-limit",
            SkipReason::Encrypted => "encrypted",
            SkipReason::Unsupported => "unsupported",
            SkipReason::LfsPointer => "lfs-pointer",
            SkipReason::NotFetched => "not-fetched",
            SkipReason::Interrupted => "interrupted",
            SkipReason::Excluded => "excluded",
        }
    }

    /// The effect, unless `--strict` or `--allow-incomplete` changes it.
    pub fn effect(self) -> Effect {
        match self {
            SkipReason::Unreadable
            | SkipReason::Vanished
            | SkipReason::Crashed
            | SkipReason::TooLarge
            | SkipReason::OverLimit
            | SkipReason::NotFetched
            | SkipReason::Interrupted => Effect::Failure,
            SkipReason::Malformed | SkipReason::Encrypted | SkipReason::Unsupported => {
                Effect::Incomplete
            }
            SkipReason::Special
            | SkipReason::Symlink
            | SkipReason::Outside
            | SkipReason::UserLimit
            | SkipReason::LfsPointer
            | SkipReason::Excluded => Effect::Complete,
        }
    }

    /// `true` if `--allow-incomplete` can name it: a user can accept that something was not
    /// read, but neither a defect of hfscan nor an interrupted scan.
    pub fn can_be_allowed(self) -> bool {
        self.effect() != Effect::Complete
            && !matches!(self, SkipReason::Crashed | SkipReason::Interrupted)
    }

    /// The names that `--allow-incomplete` takes.
    pub fn allowable() -> Vec<&'static str> {
        let all = Self::ALL.into_iter();
        all.filter(|reason| reason.can_be_allowed()).map(Self::as_str).collect()
    }
}

impl FromStr for SkipReason {
    type Err = String;

    /// Parses a name that `--allow-incomplete` takes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|reason| reason.can_be_allowed() && reason.as_str() == text)
            .ok_or_else(|| format!("expected one of {}", Self::allowable().join(", ")))
    }
}

/// The user's policy on which skips fail a scan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completeness {
    /// `true` if everything that could not be read fails the scan (`--strict`).
    pub strict: bool,
    /// Reasons that do not fail the scan (`--allow-incomplete`).
    pub allowed: Vec<SkipReason>,
    /// `true` if the user set `max-file-size` for this run, so that larger files are skipped
    /// on request.
    pub is_file_size_requested: bool,
}

impl Completeness {
    /// `true` if a skip for this reason makes the exit status 2.
    pub fn is_failure(&self, reason: SkipReason) -> bool {
        let least = if self.strict { Effect::Incomplete } else { Effect::Failure };
        self.effect(reason) >= least && !self.allowed.contains(&reason)
    }

    /// `true` if the scan is complete although something was skipped for this reason.
    pub fn is_complete(&self, reason: SkipReason) -> bool {
        self.effect(reason) == Effect::Complete
    }

    fn effect(&self, reason: SkipReason) -> Effect {
        match reason {
            SkipReason::TooLarge if self.is_file_size_requested => Effect::Complete,
            reason => reason.effect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> =
            SkipReason::ALL.into_iter().map(SkipReason::as_str).collect();
        assert_eq!(names.len(), SkipReason::ALL.len());
    }

    #[test]
    fn a_reason_that_is_allowed_does_not_fail_and_is_still_incomplete() {
        let allowed = vec![SkipReason::OverLimit, SkipReason::Encrypted];
        let lenient = Completeness { allowed, ..Completeness::default() };
        assert!(!lenient.is_failure(SkipReason::OverLimit));
        assert!(!lenient.is_complete(SkipReason::OverLimit));
        assert!(lenient.is_failure(SkipReason::Unreadable));
        let strict = Completeness { strict: true, ..lenient };
        assert!(strict.is_failure(SkipReason::Malformed));
        assert!(!strict.is_failure(SkipReason::Encrypted));
        assert!(!strict.is_failure(SkipReason::Symlink));
    }

    #[test]
    fn a_crash_cannot_be_allowed() {
        assert!("crashed".parse::<SkipReason>().is_err());
        assert!("symlink".parse::<SkipReason>().is_err());
        assert_eq!("vanished".parse(), Ok(SkipReason::Vanished));
    }

    #[test]
    fn a_file_size_that_the_user_asked_for_is_complete() {
        let own = Completeness { is_file_size_requested: true, ..Completeness::default() };
        assert!(own.is_complete(SkipReason::TooLarge) && !own.is_failure(SkipReason::TooLarge));
        assert!(Completeness::default().is_failure(SkipReason::TooLarge));
    }
}
