//! Single objects, read by name.

use super::{
    references::References,
    store::{Kind, ObjectReader},
    trees::entries,
};
use crate::model::{ObjectId, SkipReason};
use git2::Repository;
use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    path::PathBuf,
};

/// Maximum number of trees that one comparison reads. A tree may contain the same tree many times
/// at every level, so that a few small objects describe more files than fit on any disk.
const MAX_TREES: usize = 1 << 20;
/// Maximum number of trees that one comparison reads again, in another folder.
const MAX_REPEATED: usize = 1 << 16;
/// Maximum length in bytes of a path; git cannot check out a longer one.
const MAX_PATH: usize = 4096;

/// The reason and the detail for an object that cannot be read.
pub type Unread = (SkipReason, String);

/// The entries of a tree by name: their kind, tree or blob, and object. Submodules are left out.
pub type Names = HashMap<Vec<u8>, (Kind, ObjectId)>;

/// Reads objects by name, on one thread.
pub struct Objects<'r> {
    /// The repository.
    pub repository: &'r Repository,
    /// The references of the repository.
    pub references: References,
    reader: RefCell<ObjectReader>,
    is_partial: bool,
}

impl<'r> Objects<'r> {
    /// The objects of `repository`, which stores them in `folders`.
    pub fn new(repository: &'r Repository, references: References, folders: &[PathBuf]) -> Self {
        let reader = RefCell::new(ObjectReader::new(folders));
        Self { repository, references, reader, is_partial: is_partial(repository) }
    }

    /// The kind and the content of an object of at most `limit` bytes.
    ///
    /// # Errors
    /// Returns an error if the object cannot be read or is larger than `limit`.
    pub fn read(&self, id: ObjectId, limit: Option<u64>) -> Result<(Kind, Vec<u8>), Unread> {
        match self.reader.borrow_mut().read(id, limit) {
            Ok(Some(Ok(found))) => Ok(found),
            Ok(Some(Err(size))) => {
                let detail = format!("{size} bytes, the limit is {}", limit.unwrap_or(0));
                Err((SkipReason::TooLarge, detail))
            }
            Ok(None) if self.is_partial => {
                let detail = format!(
                    "object {id} was never fetched: this is a partial clone, fetch the rest"
                );
                Err((SkipReason::NotFetched, detail))
            }
            Ok(None) => Err((SkipReason::Unreadable, format!("object {id} is missing"))),
            Err(detail) => Err((SkipReason::Unreadable, format!("object {id}: {detail}"))),
        }
    }

    /// The content of an object of this kind.
    ///
    /// # Errors
    /// Returns an error if the object cannot be read or is of another kind.
    pub fn content(&self, id: ObjectId, kind: Kind) -> Result<Vec<u8>, Unread> {
        match self.read(id, None)? {
            (found, bytes) if found == kind => Ok(bytes),
            (found, _) => Err((
                SkipReason::Unreadable,
                format!("object {id}: expected a {}, found a {}", kind.as_str(), found.as_str()),
            )),
        }
    }

    /// The content of a blob.
    ///
    /// # Errors
    /// Returns an error if the blob cannot be read.
    pub fn blob(&self, id: ObjectId) -> Result<Vec<u8>, Unread> {
        self.content(id, Kind::Blob)
    }

    /// The entries of a tree; empty for `None`.
    ///
    /// # Errors
    /// Returns an error if the tree cannot be read.
    pub fn tree(&self, id: Option<ObjectId>) -> Result<Names, Unread> {
        let Some(id) = id else { return Ok(Names::new()) };
        let bytes = self.content(id, Kind::Tree)?;
        let entry = |one: super::trees::TreeEntry<'_>| {
            let kind = if one.is_tree { Kind::Tree } else { Kind::Blob };
            let id = ObjectId::from_bytes(one.id)?;
            (!one.is_submodule).then(|| (one.name.to_vec(), (kind, id)))
        };
        Ok(entries(&bytes).filter_map(entry).collect())
    }

    /// The tree of a commit.
    ///
    /// # Errors
    /// Returns an error if the commit cannot be read or has no tree.
    pub fn tree_of(&self, commit: ObjectId) -> Result<ObjectId, Unread> {
        let text = self.content(commit, Kind::Commit)?;
        let id = text.strip_prefix(b"tree ").and_then(|rest| ObjectId::from_hex(rest.get(..40)?));
        id.ok_or_else(|| (SkipReason::Unreadable, format!("object {commit}: names no tree")))
    }

    /// The blob at a path in a tree; `None` if there is no file.
    ///
    /// # Errors
    /// Returns an error if a tree on the way cannot be read.
    pub fn file_at(&self, tree: ObjectId, path: &[u8]) -> Result<Option<ObjectId>, Unread> {
        let mut tree = tree;
        let mut names = path.split(|byte| *byte == b'/').peekable();
        while let Some(name) = names.next() {
            match self.tree(Some(tree))?.get(name) {
                Some((Kind::Tree, below)) if names.peek().is_some() => tree = *below,
                Some((Kind::Blob, id)) if names.peek().is_none() => return Ok(Some(*id)),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The files that differ between two trees: their paths, and their blobs before and after.
    /// Without an old tree, all files are new.
    ///
    /// # Errors
    /// Returns an error if a tree cannot be read, or if there are too many trees.
    pub fn differences(
        &self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
    ) -> Result<Vec<Difference>, Unread> {
        let mut all = Vec::new();
        let mut folders = vec![(Vec::new(), old, new)];
        let (mut trees, mut known) = (0, HashSet::new());
        while let Some((folder, old, new)) = folders.pop() {
            trees += 1;
            known.insert((old, new));
            let is_too_many = trees > MAX_TREES || trees - known.len() > MAX_REPEATED;
            if is_too_many || folder.len() > MAX_PATH {
                return Err((SkipReason::Unreadable, "its trees hold too many files".into()));
            }
            let (mut before, after) = (self.tree(old)?, self.tree(new)?);
            let path = |name: &[u8]| [folder.as_slice(), name].concat();
            let below = |name: &[u8]| [folder.as_slice(), name, b"/"].concat();
            for (name, (kind, id)) in after {
                let earlier = before.remove(&name);
                if earlier == Some((kind, id)) {
                    continue;
                }
                let same = |wanted: Kind| earlier.filter(|(kind, _)| *kind == wanted);
                let of = |one: Option<(Kind, ObjectId)>| one.map(|(_, id)| id);
                let (file, tree) = (of(same(Kind::Blob)), of(same(Kind::Tree)));
                if kind == Kind::Tree {
                    folders.push((below(&name), tree, Some(id)));
                    all.extend(file.map(|old| (path(&name), Some(old), None)));
                } else {
                    all.push((path(&name), file, Some(id)));
                    folders.extend(tree.map(|tree| (below(&name), Some(tree), None)));
                }
            }
            for (name, (kind, id)) in before {
                if kind == Kind::Tree {
                    folders.push((below(&name), Some(id), None));
                } else {
                    all.push((path(&name), Some(id), None));
                }
            }
        }
        Ok(all)
    }
}

/// A path, and its blobs before and after.
pub type Difference = (Vec<u8>, Option<ObjectId>, Option<ObjectId>);

/// `true` if a remote promises missing objects: a partial clone.
pub fn is_partial(repository: &Repository) -> bool {
    let Ok(config) = repository.config() else { return false };
    if config.get_string("extensions.partialclone").is_ok() {
        return true;
    }
    config
        .entries(Some("remote\\..*\\.promisor"))
        .is_ok_and(|mut entries| entries.next().is_some_and(|entry| entry.is_ok()))
}
