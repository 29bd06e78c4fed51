//! The versions of work tree files in the index and the last commit.

use super::{
    objects::Objects,
    repository::{GitOptions, RepositoryRef},
};
use crate::{
    model::{ObjectId, SourcePath},
    source::{ignore_files::is_ignored_by_git, index_file::IndexFile},
};
use std::path::{Path, PathBuf};

/// Maximum size in bytes of a version of a file that is searched.
const MAX_BLOB: u64 = 64 << 20;

/// The versions of work tree files recorded in git when this is constructed.
pub struct Recorded {
    place: RepositoryRef,
    repository: git2::Repository,
    work_dir: PathBuf,
    index: IndexFile,
    /// The tree of the last commit.
    tree: Option<ObjectId>,
}

impl Recorded {
    /// The recorded files of the repository around a folder; `None` if there is no repository with
    /// a work tree.
    pub fn around(dir: &Path) -> Option<Self> {
        let place = RepositoryRef::find(dir, &[dir.to_path_buf()], GitOptions::default()).ok()?;
        let work_dir = place.work_dir.clone()?;
        let work_dir = std::fs::canonicalize(&work_dir).unwrap_or(work_dir);
        let repository = place.open().ok()?;
        // Of an unreadable index, no file counts as recorded.
        let index = IndexFile::read(&place.index).unwrap_or_default();
        let tree = || {
            let objects = place.objects(&repository);
            objects.tree_of(objects.references.head().ok()??).ok()
        };
        let tree = tree();
        Some(Self { place, repository, work_dir, index, tree })
    }

    /// `true` if the file is in the index.
    pub fn is_tracked(&self, file: &Path) -> bool {
        self.name(file).is_some_and(|name| self.versions(&name).next().is_some())
    }

    /// `true` if git ignores the file, the file is one of git's own, or it is outside the work
    /// tree.
    pub fn is_ignored(&self, file: &Path) -> bool {
        let Some(below) = self.below(file) else { return true };
        is_ignored_by_git(&self.work_dir, &below)
    }

    /// `true` if the version of the file in the index or the last commit contains these bytes.
    pub fn has(&self, file: &Path, bytes: &[u8]) -> bool {
        let Some(name) = self.name(file) else { return false };
        let objects = self.place.objects(&self.repository);
        let committed = self.tree.and_then(|tree| objects.file_at(tree, &name).ok()?);
        self.versions(&name).chain(committed).any(|id| holds(&objects, id, bytes))
    }

    /// The versions of a file in the index: several during an unresolved merge.
    fn versions(&self, name: &[u8]) -> impl Iterator<Item = ObjectId> {
        let entries = &self.index.entries;
        let first = entries.partition_point(|entry| entry.path.as_slice() < name);
        entries[first..].iter().take_while(move |entry| entry.path == name).map(|entry| entry.id)
    }

    /// The path of a file in the repository.
    fn name(&self, file: &Path) -> Option<Vec<u8>> {
        Some(SourcePath::from_path(&self.below(file)?).as_bytes().to_vec())
    }

    fn below(&self, file: &Path) -> Option<PathBuf> {
        let folder = std::fs::canonicalize(file.parent()?).ok()?;
        Some(folder.join(file.file_name()?).strip_prefix(&self.work_dir).ok()?.to_path_buf())
    }
}

fn holds(objects: &Objects<'_>, id: ObjectId, bytes: &[u8]) -> bool {
    let blob = objects.read(id, Some(MAX_BLOB));
    blob.is_ok_and(|(_, blob)| memchr::memmem::find(&blob, bytes).is_some())
}
