//! What an upload to the Hub would take along.

use super::path::SourcePath;

/// An upload, as the client would do it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Upload {
    /// Where it goes, as the user named it; `None` if they did not.
    pub destination: Option<String>,
    /// `true` for a bucket, which knows no built-in patterns and no `.gitignore`.
    pub is_bucket: bool,
    /// What becomes of the folder's `.gitignore`.
    pub gitignore: GitignoreUse,
    /// The files that go up, sorted by name.
    pub included: Vec<UploadFile>,
    /// The files that do not, sorted by name, each with the rule that keeps it out.
    pub excluded: Vec<LeftOut>,
    /// What makes the whole upload fail.
    pub failures: Vec<(SourcePath, Refusal)>,
    /// Further things to know, one sentence each.
    pub notes: Vec<String>,
    /// The `--exclude` patterns without which something that was found would go up. Empty if
    /// nothing was found, or if patterns do not count.
    pub excludes: Vec<String>,
}

impl Upload {
    /// Bytes of the files that go up.
    pub fn bytes(&self) -> u64 {
        self.included.iter().fold(0, |sum, file| sum.saturating_add(file.size))
    }

    /// Every name of a file in it.
    pub fn paths_mut(&mut self) -> impl Iterator<Item = &mut SourcePath> {
        let included = self.included.iter_mut().flat_map(|file| [&mut file.path, &mut file.name]);
        let excluded = self.excluded.iter_mut().map(|one| &mut one.path);
        included.chain(excluded).chain(self.failures.iter_mut().map(|(path, _)| path))
    }

    /// Every text in it that a user or a file gave.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let patterns = self.excluded.iter_mut().filter_map(|one| match &mut one.by {
            LeftOutBy::Excluded(pattern) => Some(pattern),
            _ => None,
        });
        self.destination.iter_mut().chain(&mut self.notes).chain(patterns)
    }
}

/// A file that goes up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UploadFile {
    /// Its name as a finding gives it.
    pub path: SourcePath,
    /// Its name in the repository or bucket.
    pub name: SourcePath,
    /// Its size in bytes.
    pub size: u64,
}

/// A file that does not go up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Its name as a finding gives it.
    pub path: SourcePath,
    /// What keeps it out.
    pub by: LeftOutBy,
}

/// What keeps a file out of an upload.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOutBy {
    /// No `--include` pattern matches it.
    NotIncluded,
    /// This `--exclude` pattern, or `-` line of a filter file.
    Excluded(String),
    /// This pattern of the client's own.
    BuiltIn(&'static str),
    /// The root `.gitignore`, which the Hub applies after it has received the first bytes of
    /// the file.
    Gitignore,
    /// It is a link to a folder or to nothing, a FIFO, a socket or a device.
    NotAFile,
    /// A folder that cannot be listed, or a loop of links.
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

    /// The pattern, if it is one.
    pub fn pattern(&self) -> Option<&str> {
        match self {
            LeftOutBy::Excluded(pattern) => Some(pattern),
            LeftOutBy::BuiltIn(pattern) => Some(pattern),
            _ => None,
        }
    }
}

/// What becomes of the `.gitignore` at the root of the uploaded folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GitignoreUse {
    /// There is none, or the upload knows of no such file.
    #[default]
    None,
    /// It goes up to the root of the repository, and so the Hub applies it.
    Sent,
    /// The Hub applies the one it has, as the user gave it.
    Hosted,
    /// There is one, and the Hub does not apply it: it is not sent to the root of the
    /// repository.
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

/// Why an upload fails as a whole because of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// A part of its path is `.git`, which the client refuses.
    GitPart,
    /// A part of its path is `.cache`, which the client refuses.
    CachePart,
    /// A part of its path is `..`, or the path is no path.
    Outside,
    /// Its name is not UTF-8, so that no request can hold it.
    NameNotUtf8,
    /// The client cannot read it.
    Unreadable,
    /// It is a FIFO, a socket or a device, which the client would wait for.
    Special,
    /// It is a `README.md` or `.gitignore` that is not UTF-8, which the client decodes.
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
            Refusal::Special => "it is no regular file, and the client would wait for it",
            Refusal::TextNotUtf8 => "the client reads it as UTF-8, and it is not",
        }
    }
}
