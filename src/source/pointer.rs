//! Pointers: small files in place of large ones that are stored elsewhere.

use super::{
    document::{Content, Document, Worker},
    reader::FileReader,
    tracked::WorkTree,
};
use crate::model::{Origin, SkipReason, Skipped, SourcePath};
use std::path::{Path, PathBuf};

/// Maximum size of a pointer in bytes, from the specification of Git LFS.
const MAX_POINTER: usize = 1024;

/// A pointer in place of a file's content.
///
/// Git LFS: <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>. Xet in git uses Git LFS
/// pointers; only older repositories have Xet's own pointers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pointer {
    /// The SHA-256 under which Git LFS stores the content, in hexadecimal.
    Lfs(String),
    /// Content that Xet stores in chunks, which are not files on this machine.
    Xet,
}

impl Pointer {
    /// The pointer in `bytes`. `None` if they contain anything else, because any other text must be
    /// scanned.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        const LFS: &str = "version https://git-lfs.github.com/spec/v1\n";
        if bytes.len() >= MAX_POINTER || !matches!(bytes.first(), Some(b'v' | b'#')) {
            return None;
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_digest = |text: &str| text.len() == 64 && text.bytes().all(is_lower_hex);
        if let Some(rest) = text.strip_prefix(LFS) {
            let (digest, size) = rest.strip_prefix("oid sha256:")?.split_once("\nsize ")?;
            let is_pointer = is_digest(digest) && is_number(size.trim_end());
            return is_pointer.then(|| Self::Lfs(digest.to_string()));
        }
        let (version, rest) = text.strip_prefix("# xet version ")?.split_once("\nfilesize = ")?;
        let (size, digest) = rest.split_once("\nhash = '")?;
        let is_pointer = is_number(version)
            && is_number(size)
            && digest.trim_end().strip_suffix('\'').is_some_and(is_digest);
        is_pointer.then_some(Self::Xet)
    }

    /// The pointer in a file.
    pub fn of(content: &Content<'_>) -> Option<Self> {
        match content {
            Content::Whole(bytes) => Self::read(bytes),
            Content::Large(_) => None,
        }
    }

    /// Delivers the content of the pointer, from one of `git_dirs`, under the pointer's own name.
    pub fn hand_over(
        &self,
        git_dirs: &[PathBuf],
        path: SourcePath,
        origin: Origin,
        reader: &mut FileReader,
        worker: &mut dyn Worker,
    ) {
        match self.follow(git_dirs, reader) {
            Ok(content) => worker.document(Document::new(path, content, origin)),
            Err((reason, detail)) => {
                worker.skipped(Skipped { path, inside: Vec::new(), reason, detail });
            }
        }
    }

    fn follow<'r>(
        &self,
        git_dirs: &[PathBuf],
        reader: &'r mut FileReader,
    ) -> Result<Content<'r>, (SkipReason, String)> {
        let missing = |what: &str| Err((SkipReason::LfsPointer, what.to_string()));
        let Self::Lfs(digest) = self else {
            return missing("a Xet pointer: its content is not on this machine");
        };
        let below = Path::new("lfs/objects").join(&digest[..2]).join(&digest[2..4]).join(digest);
        let objects = git_dirs.iter().map(|dir| dir.join(&below));
        let is_file = |path: &PathBuf| std::fs::symlink_metadata(path).is_ok_and(|it| it.is_file());
        match objects.into_iter().find(is_file) {
            Some(path) => reader.read_elsewhere(&path),
            None => missing("a Git LFS pointer: `git lfs pull` fetches its content"),
        }
    }
}

/// Delivers a file of a work tree, or the content that it points to.
pub fn hand_over_file(
    file: &Path,
    path: SourcePath,
    reader: &mut FileReader,
    worker: &mut dyn Worker,
) {
    let pointer = match reader.read(file) {
        Ok(content) => match Pointer::of(&content) {
            Some(pointer) => pointer,
            None => return worker.document(Document::new(path, content, Origin::File)),
        },
        Err((reason, detail)) => {
            return worker.skipped(Skipped { path, inside: Vec::new(), reason, detail });
        }
    };
    pointer.hand_over(&git_dirs(file), path, Origin::File, reader, worker);
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// The folders in which the repository around a file may store the content of pointers: its own,
/// and for a linked work tree the shared one.
pub fn git_dirs(file: &Path) -> Vec<PathBuf> {
    let Some(tree) = file.parent().and_then(WorkTree::around) else { return Vec::new() };
    let shared = tree.shared_dir();
    let shared = (shared != tree.git_dir).then_some(shared);
    std::iter::once(tree.git_dir).chain(shared).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lfs(digest: &str, more: &str) -> String {
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 12\n{more}")
    }

    #[test]
    fn pointers_are_told_by_every_line() {
        let digest = "0a".repeat(32);
        let read = |text: &str| Pointer::read(text.as_bytes());
        assert_eq!(read(&lfs(&digest, "")), Some(Pointer::Lfs(digest.clone())));
        assert_eq!(read(&lfs(&digest, "token = x\n")), None);
        assert_eq!(read(&lfs(&"../".repeat(22)[..64], "")), None);
        assert_eq!(read(&lfs(&"0A".repeat(32), "")), None);
        let xet = format!("# xet version 0\nfilesize = 5\nhash = '{digest}'\n");
        assert_eq!(read(&xet), Some(Pointer::Xet));
        assert_eq!(read(&xet.replace('\n', "\nx = 1\n")), None);
        assert_eq!(read(""), None);
    }
}
