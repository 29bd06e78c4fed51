//! The git history of a finding: its commits, its references and its remotes.

use super::{
    path::SourcePath,
    secret::{Secret, hex},
};
use std::fmt;

/// The name of a git object: its SHA-1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub [u8; 20]);

impl ObjectId {
    /// The object of this name; `None` unless `bytes` are 20.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The object of this name; `None` unless `digits` are 40 hexadecimal digits.
    pub fn from_hex(digits: &[u8]) -> Option<Self> {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|one| u8::try_from(one).ok());
        let mut id = [0; 20];
        if digits.len() != 40 {
            return None;
        }
        for (byte, pair) in id.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(id))
    }

    /// The first ten digits, which identify it to people and to git.
    pub fn short(&self) -> String {
        hex(&self.0[..5])
    }

    /// `true` if all digits are 0, which means no object.
    pub fn is_zero(&self) -> bool {
        self.0 == [0; 20]
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectId({self})")
    }
}

/// The origin of a document's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Origin {
    /// A file, or standard input.
    #[default]
    File,
    /// A file on another machine, which only its source can read.
    Remote,
    /// A file in git's object store.
    Blob(ObjectId),
    /// The fields and the message of a commit.
    Commit(ObjectId),
    /// The fields and the message of an annotated tag.
    Tag(ObjectId),
}

impl Origin {
    /// The git object; `None` if it is not in one.
    pub fn object(&self) -> Option<ObjectId> {
        match self {
            Origin::File | Origin::Remote => None,
            Origin::Blob(id) | Origin::Commit(id) | Origin::Tag(id) => Some(*id),
        }
    }
}

/// The git history of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The object that holds it.
    pub origin: Origin,
    /// The secret, or the text of the construct. Findings with the same rule and subject share one
    /// history.
    pub subject: Secret,
    /// The commit that first added it. `None` if it is only staged, or if no reference reaches it.
    pub introduced: Option<Commit>,
    /// The last commit that removed it; `None` while it is in `HEAD`.
    pub removed: Option<Commit>,
    /// How far it has spread.
    pub exposure: Exposure,
    /// `true` if the object is the version of the file in `HEAD`, so that the location's lines are
    /// those of the current file.
    pub is_at_head: bool,
    /// The first few references that reach it, sorted by name.
    pub refs: Vec<String>,
    /// The number of references that reach it.
    pub ref_count: usize,
    /// The remotes that have it.
    pub pushed: Vec<Remote>,
    /// The number of objects that hold it: versions of files, messages.
    pub occurrences: usize,
    /// The steps to take, in this order.
    pub advice: Vec<String>,
}

impl History {
    /// The history of `subject` in `origin`, before git is queried.
    pub fn of(origin: Origin, subject: &[u8]) -> Self {
        Self {
            origin,
            subject: Secret::new(subject),
            introduced: None,
            removed: None,
            exposure: Exposure::Reachable,
            is_at_head: false,
            refs: Vec::new(),
            ref_count: 0,
            pushed: Vec::new(),
            occurrences: 1,
            advice: Vec::new(),
        }
    }
}

/// How far a secret has spread in a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exposure {
    /// In the index, in no commit yet.
    Staged,
    /// In the files of `HEAD`, or in a message in its history.
    Head,
    /// In the history of a reference.
    Reachable,
    /// Only in the object store.
    Unreachable,
}

impl Exposure {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Exposure::Staged => "staged",
            Exposure::Head => "head",
            Exposure::Reachable => "history",
            Exposure::Unreachable => "unreachable",
        }
    }
}

/// A commit, as reports show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its object name.
    pub id: ObjectId,
    /// The time of the commit.
    pub time: CommitTime,
    /// The author, with U+FFFD for bytes that are not UTF-8.
    pub author: String,
    /// The author's e-mail address, decoded likewise; `None` unless requested.
    pub author_email: Option<String>,
    /// The path of the file in the commit, or in its parent if the commit removed the file.
    pub path: SourcePath,
}

/// A time with the time zone of the committer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitTime {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// The time zone's offset from UTC, in minutes.
    pub offset: i32,
}

impl fmt::Display for CommitTime {
    /// In the format of RFC 3339: `2024-05-01T12:00:00+02:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.seconds.saturating_add(i64::from(self.offset) * 60);
        let (year, month, day) = civil(local.div_euclid(86_400));
        let second = local.rem_euclid(86_400);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}",
            second / 3600,
            second / 60 % 60,
            second % 60
        )?;
        let sign = if self.offset < 0 { '-' } else { '+' };
        let offset = self.offset.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", offset / 60, offset % 60)
    }
}

/// The year, month and day of a day; day 0 is 1970-01-01.
///
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let first = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, first)
}

/// A remote repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remote {
    /// Its name: `origin`.
    pub name: String,
    /// Its address, without a password.
    pub url: String,
    /// The host that serves it.
    pub host: Host,
}

/// The host of a remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// The Hugging Face Hub.
    Hub,
    /// GitHub.
    GitHub,
    /// Any other host.
    Other,
}

impl Host {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Host::Hub => "hugging-face",
            Host::GitHub => "github",
            Host::Other => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_by_the_clock_of_who_committed() {
        let time = |seconds, offset| CommitTime { seconds, offset }.to_string();
        assert_eq!(time(0, 0), "1970-01-01T00:00:00+00:00");
        assert_eq!(time(1_709_208_000, -330), "2024-02-29T06:30:00-05:30");
        assert_eq!(time(-1, 60), "1970-01-01T00:59:59+01:00");
    }

    #[test]
    fn the_name_of_an_object_is_read_as_it_is_written() {
        let digits = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(
            ObjectId::from_hex(digits.as_bytes()).map(|id| id.to_string()).as_deref(),
            Some(digits)
        );
        assert_eq!(ObjectId::from_hex(b"012345"), None);
        assert_eq!(ObjectId::from_hex(&[b'g'; 40]), None);
    }
}
