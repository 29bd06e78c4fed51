//! The files that an upload to the Hub sends.

use super::path::SourcePath;

/// An upload, as the client performs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Upload {
    /// The destination, as the user named it; `None` if they did not.
    pub destination: Option<String>,
    /// `true` for a bucket, for which neither the built-in patterns nor `.gitignore` apply.
    pub is_bucket: bool,
    /// The use of the folder's `.gitignore`.
    pub gitignore: GitignoreUse,
    /// The files that are sent, sorted by name.
    pub included: Vec<UploadFile>,
    /// The files that are not sent, sorted by name, each with the reason.
    pub excluded: Vec<LeftOut>,
    /// The files that make the whole upload fail, with the reason.
    pub failures: Vec<(SourcePath, Refusal)>,
    /// Further notes, one sentence each.
    pub notes: Vec<String>,
    /// The `--exclude` patterns that exclude every file with a finding. Empty if nothing was found,
    /// or if patterns have no effect.
    pub excludes: Vec<String>,
}

impl Upload {
    /// The total size in bytes of the files that are sent.
    pub fn bytes(&self) -> u64 {
        self.included.iter().fold(0, |sum, file| sum.saturating_add(file.size))
    }

    /// All paths in the upload.
    pub fn paths_mut(&mut self) -> impl Iterator<Item = &mut SourcePath> {
        let included = self.included.iter_mut().flat_map(|file| [&mut file.path, &mut file.name]);
        let excluded = self.excluded.iter_mut().map(|one| &mut one.path);
        included.chain(excluded).chain(self.failures.iter_mut().map(|(path, _)| path))
    }

    /// All texts in the upload that come from a user or a file.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let patterns = self.excluded.iter_mut().filter_map(|one| match &mut one.by {
            LeftOutBy::Excluded(pattern) => Some(pattern),
            _ => None,
        });
        self.destination.iter_mut().chain(&mut self.notes).chain(patterns)
    }
}

/// A file that is sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UploadFile {
    /// Its path in findings.
    pub path: SourcePath,
    /// Its path in the repository or bucket.
    pub name: SourcePath,
    /// Its size in bytes.
    pub size: u64,
}

/// A file that is not sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Its path in findings.
    pub path: SourcePath,
    /// The reason.
    pub by: LeftOutBy,
}

/// The reason why a file is not sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOutBy {
    /// No `--include` pattern matches it.
    NotIncluded,
    /// An `--exclude` pattern, or a `-` line of a filter file, matches it.
    Excluded(String),
    /// A built-in pattern of the client matches it.
    BuiltIn(&'static str),
    /// The root `.gitignore` matches it. The Hub applies that file after it has received the first
    /// bytes of the file.
    Gitignore,
    /// It is a link to a folder or to nothing, a FIFO, a socket or a device.
    NotAFile,
    /// It is a folder that cannot be listed, or a loop of links.
    Unreadable,
}

impl LeftOutBy {
    /// Its name in reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            LeftOutBy::NotIncluded => "not-included",
            LeftOutBy::Excluded(_) => "exclude",
            LeftOutBy::BuiltIn(_) => "built-in",
            LeftOutBy::Gitignore => "gitignore",
            LeftOutBy::NotAFile => "not-a-file",
            LeftOutBy::Unreadable => "unreadable",
        }
    }

    /// The pattern that matches it, if the reason is a pattern.
    pub fn pattern(&self) -> Option<&str> {
        match self {
            LeftOutBy::Excluded(pattern) => Some(pattern),
            LeftOutBy::BuiltIn(pattern) => Some(pattern),
            _ => None,
        }
    }
}

/// The use of the `.gitignore` at the root of the uploaded folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GitignoreUse {
    /// There is none, or the upload does not use it.
    #[default]
    None,
    /// It is sent to the root of the repository, so the Hub applies it.
    Sent,
    /// The Hub applies its own copy, which the user passed.
    Hosted,
    /// The Hub does not apply it, because it is not sent to the root of the repository.
    NotHeeded,
}

impl GitignoreUse {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            GitignoreUse::None => "none",
            GitignoreUse::Sent => "sent",
            GitignoreUse::Hosted => "hosted",
            GitignoreUse::NotHeeded => "not-heeded",
        }
    }
}

/// The reason why one file makes a whole upload fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// A part of its path is `.git`, which the client refuses.
    GitPart,
    /// A part of its path is `.cache`, which the client refuses.
    CachePart,
    /// A part of its path is `..`, or the path is not valid.
    Outside,
    /// Its name is not UTF-8, so no request can hold it.
    NameNotUtf8,
    /// The client cannot read it.
    Unreadable,
    /// It is a FIFO, a socket or a device, on which the client would wait.
    Special,
    /// It is a `README.md` or `.gitignore` that is not UTF-8; the client decodes these files.
    TextNotUtf8,
}

impl Refusal {
    /// The reason, as a part of a sentence.
    pub fn reason(self) -> &'static str {
        match self {
            Refusal::GitPart => "the client refuses paths with a part `.git`",
            Refusal::CachePart => "the client refuses paths with a part `.cache`",
            Refusal::Outside => "the client refuses paths with a part `..`, and `.` as a file",
            Refusal::NameNotUtf8 => "its name is not UTF-8",
            Refusal::Unreadable => "it cannot be read",
            Refusal::Special => "it is not a regular file, and the client would block on it",
            Refusal::TextNotUtf8 => "the client reads it as UTF-8, but it is not valid UTF-8",
        }
    }
}
