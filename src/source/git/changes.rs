//! The differences between an index and its base commit.

use super::{
    error::GitError,
    objects::{Names, Objects, Unread},
    store::Kind,
};
use crate::{
    model::ObjectId,
    source::index_file::{Entry, IndexFile},
};

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its path.
    pub path: Vec<u8>,
    /// Its blob before the change; `None` if the file is new.
    pub old: Option<ObjectId>,
    /// Its blob after the change; `None` if the file is deleted.
    pub new: Option<ObjectId>,
}

/// The changes from the tree `base` to `index`; without `base`, all files are new.
///
/// Folders that the index records as equal to the tree in `base` are skipped.
///
/// # Errors
/// Returns an error if a tree cannot be read.
pub fn changes(
    objects: &Objects<'_>,
    index: &IndexFile,
    base: Option<ObjectId>,
) -> Result<Vec<Change>, GitError> {
    let mut comparison = Comparison { objects, index, changes: Vec::new() };
    // A work list instead of recursion, because the index determines the depth of folders.
    let mut folders = vec![Folder { length: 0, entries: 0..index.entries.len(), tree: base }];
    while let Some(folder) = folders.pop() {
        comparison.folder(&folder, &mut folders)?;
    }
    comparison.changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(comparison.changes)
}

struct Comparison<'a> {
    objects: &'a Objects<'a>,
    index: &'a IndexFile,
    changes: Vec<Change>,
}

/// A folder to compare: its entries in the index, and its tree in `base`.
struct Folder {
    /// The length in bytes of its path, with the trailing `/`, which is a prefix of all its
    /// entries.
    length: usize,
    entries: std::ops::Range<usize>,
    tree: Option<ObjectId>,
}

impl Comparison<'_> {
    fn folder(&mut self, folder: &Folder, folders: &mut Vec<Folder>) -> Result<(), GitError> {
        let entries = &self.index.entries[folder.entries.clone()];
        let prefix: Vec<u8> =
            entries.first().map_or_else(Vec::new, |entry| entry.path[..folder.length].to_vec());
        if let (Some((count, known)), Some(tree)) = (self.index.trees.get(&prefix), folder.tree)
            && *count == entries.len()
            && *known == tree
        {
            return Ok(());
        }
        let mut before = self.tree(folder.tree)?;
        let mut at = 0;
        while let Some(entry) = entries.get(at) {
            let rest = &entry.path[folder.length..];
            let slash = memchr::memchr(b'/', rest);
            let name = &rest[..slash.unwrap_or(rest.len())];
            let end = match slash {
                Some(slash) => {
                    let inner = &entry.path[..folder.length + slash + 1];
                    at + entries[at..].partition_point(|other| other.path.starts_with(inner))
                }
                None => at + 1,
            };
            match slash {
                Some(_) if entry.is_folder() => self.sparse(entry, before.remove(name))?,
                Some(slash) => {
                    let tree = before.get(name).copied().filter(|(kind, _)| *kind == Kind::Tree);
                    if tree.is_some() {
                        before.remove(name);
                    }
                    folders.push(Folder {
                        length: folder.length + slash + 1,
                        entries: folder.entries.start + at..folder.entries.start + end.max(at + 1),
                        tree: tree.map(|(_, id)| id),
                    });
                }
                None => self.file(entry, &mut before, name),
            }
            at = end.max(at + 1);
        }
        for (name, (kind, id)) in before {
            let path = [&prefix, name.as_slice()].concat();
            match kind {
                Kind::Tree => self.whole_tree(path, id, false)?,
                _ => self.changes.push(Change { path, old: Some(id), new: None }),
            }
        }
        Ok(())
    }

    fn file(&mut self, entry: &Entry, before: &mut Names, name: &[u8]) {
        // In an unresolved merge, the base version is not new.
        if entry.stage == 1 || entry.is_submodule() {
            before.remove(name);
            return;
        }
        let old = before.get(name).copied();
        let old = old.filter(|(kind, _)| *kind == Kind::Blob).map(|(_, id)| id);
        if entry.stage != 2 {
            before.remove(name);
        }
        if old != Some(entry.id) && !entry.is_intent {
            self.changes.push(Change { path: entry.path.clone(), old, new: Some(entry.id) });
        }
    }

    /// Compares a folder that a sparse index records as one entry.
    fn sparse(&mut self, entry: &Entry, old: Option<(Kind, ObjectId)>) -> Result<(), GitError> {
        if old == Some((Kind::Tree, entry.id)) {
            return Ok(());
        }
        let path = entry.path.strip_suffix(b"/").unwrap_or(&entry.path).to_vec();
        self.whole_tree(path, entry.id, true)
    }

    /// Adds every file of a tree as new or as deleted.
    fn whole_tree(&mut self, path: Vec<u8>, id: ObjectId, is_new: bool) -> Result<(), GitError> {
        let (old, new) = if is_new { (None, Some(id)) } else { (Some(id), None) };
        let files = self.objects.differences(old, new).map_err(|error| unread(id, error))?;
        for (name, old, new) in files {
            let path = [path.as_slice(), b"/", &name].concat();
            self.changes.push(Change { path, old, new });
        }
        Ok(())
    }

    fn tree(&self, id: Option<ObjectId>) -> Result<Names, GitError> {
        let Some(id) = id else { return Ok(Names::new()) };
        self.objects.tree(Some(id)).map_err(|error| unread(id, error))
    }
}

fn unread(tree: ObjectId, (_, message): Unread) -> GitError {
    GitError::Git { what: format!("cannot read the tree {tree}"), message }
}
