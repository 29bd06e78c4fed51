//! What git knows of a finding: when it came, whether it is gone, who may have it.

use super::{
    path::SourcePath,
    secret::{Secret, hex},
};
use std::fmt;

/// The name of an object of git, its SHA-1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub [u8; 20]);

impl ObjectId {
    /// The object named by these bytes, if they are as many as a name has.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The object named by 40 hexadecimal digits.
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

    /// The first ten digits: enough for a person and for git.
    pub fn short(&self) -> String {
        hex(&self.0[..5])
    }

    /// Whether all digits are 0, which stands for no object.
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

/// Where a document's bytes were read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Origin {
    /// A file, or standard input.
    #[default]
    File,
    /// A file on another machine. The source that hands it over knows which.
    Remote,
    /// A file as git stored it.
    Blob(ObjectId),
    /// The fields and the message of a commit.
    Commit(ObjectId),
    /// The fields and the message of an annotated tag.
    Tag(ObjectId),
}

impl Origin {
    /// The object of git it is, if it is one.
    pub fn object(&self) -> Option<ObjectId> {
        match self {
            Origin::File | Origin::Remote => None,
            Origin::Blob(id) | Origin::Commit(id) | Origin::Tag(id) => Some(*id),
        }
    }
}

/// What git knows of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The object it stands in.
    pub origin: Origin,
    /// The secret, or the construct's own text: findings that share it and their rule are
    /// one story.
    pub subject: Secret,
    /// The commit that first brought it. None when it is only staged, or when no
    /// reference leads to it.
    pub introduced: Option<Commit>,
    /// The last commit that took it out, unless it is still in `HEAD`.
    pub removed: Option<Commit>,
    /// How far it has come.
    pub reach: Reach,
    /// `true` if the object is the version of the file in `HEAD`, so that the location's
    /// lines are those of the file as it is now.
    pub is_at_head: bool,
    /// References from which it can be reached, in order of their names; the first few.
    pub refs: Vec<String>,
    /// How many references there are.
    pub ref_count: usize,
    /// Remotes that have it.
    pub pushed: Vec<Remote>,
    /// In how many objects it stands: versions of files, messages.
    pub occurrences: usize,
    /// What to do, in this order.
    pub advice: Vec<String>,
}

impl History {
    /// Of `subject` in `origin`, before anything else is known.
    pub fn of(origin: Origin, subject: &[u8]) -> Self {
        Self {
            origin,
            subject: Secret::new(subject),
            introduced: None,
            removed: None,
            reach: Reach::Reachable,
            is_at_head: false,
            refs: Vec::new(),
            ref_count: 0,
            pushed: Vec::new(),
            occurrences: 1,
            advice: Vec::new(),
        }
    }
}

/// How far a secret has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// In the index, not yet in a commit.
    Staged,
    /// In the files of `HEAD`, or a message in its past.
    Head,
    /// In the past of a reference.
    Reachable,
    /// Only in the object store.
    Unreachable,
}

impl Reach {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Reach::Staged => "staged",
            Reach::Head => "head",
            Reach::Reachable => "history",
            Reach::Unreachable => "unreachable",
        }
    }
}

/// A commit, as far as a report tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its name.
    pub id: ObjectId,
    /// When it was committed.
    pub time: CommitTime,
    /// Who wrote it, as git has it: not always valid UTF-8 once, so replaced here.
    pub author: String,
    /// Their e-mail address, likewise; only if it was asked for.
    pub author_email: Option<String>,
    /// The path of the file in it, or in the commit before if this one took it out.
    pub path: SourcePath,
}

/// A moment, and the clock on the wall of who committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitTime {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Minutes that the clock was ahead of UTC.
    pub offset: i32,
}

impl fmt::Display for CommitTime {
    /// As RFC 3339 has it: `2024-05-01T12:00:00+02:00`.
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

/// Year, month and day of a day counted from 1970-01-01.
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

/// A repository elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remote {
    /// Its name: `origin`.
    pub name: String,
    /// Its address, without a password.
    pub url: String,
    /// Who runs it.
    pub host: Host,
}

/// Who runs a remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// The Hugging Face Hub.
    Hub,
    /// GitHub.
    GitHub,
    /// Anyone else.
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
