//! Every object of a repository, read at once.
//!
//! Objects of a pack are mostly differences to others. Reading each by its name resolves
//! the same chains of differences again and again; here each chain is walked once, from
//! its base outwards, so that every object is made once from one that is at hand.

mod delta;
mod inflate;
mod loose;
mod pack;
mod pack_index;
mod table;
mod traverse;

pub use loose::LooseReader;
pub use table::{NONE, Table};
pub use traverse::{MadeFrom, Object, Seen, Visitor};

use crate::source::{regular, tracked::path_of};
use loose::Loose;
use pack::Pack;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// What sort of object it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A commit.
    Commit,
    /// A folder.
    Tree,
    /// A file.
    Blob,
    /// An annotated tag.
    Tag,
}

impl Kind {
    /// Its name, as git writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Commit => "commit",
            Kind::Tree => "tree",
            Kind::Blob => "blob",
            Kind::Tag => "tag",
        }
    }
}

/// An object of more bytes is not held in memory: it goes to a file if it stands for
/// itself, and is not read if it is made from another, which git does with no object of
/// such a size unless it is told to (`core.bigFileThreshold`).
const MAX_IN_MEMORY: u64 = 160 << 20;

/// An object or a file of objects that cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// Its name: a file's, or an object's.
    pub name: String,
    /// What is wrong.
    pub detail: String,
}

/// Every object of a repository and of the repositories it borrows from.
#[derive(Debug)]
pub struct Store {
    /// The names of all objects.
    pub table: Table,
    packs: Vec<Pack>,
    loose: Vec<Loose>,
    losses: Mutex<Vec<Loss>>,
    is_promised: bool,
}

impl Store {
    /// Whether a pack came from a remote that keeps what was not fetched.
    pub fn is_promised(&self) -> bool {
        self.is_promised
    }

    /// The objects in `folders` and in those that they borrow from.
    pub fn open(folders: &[PathBuf], threads: usize) -> Self {
        let mut losses = Vec::new();
        let mut is_promised = false;
        let mut packs = Vec::new();
        let mut loose = Vec::new();
        let mut names = Vec::new();
        for folder in with_alternates(folders) {
            for path in index_files(&folder.join("pack")) {
                is_promised |= path.with_extension("promisor").exists();
                match Pack::open(&path) {
                    Ok((pack, ids)) => {
                        names.extend(ids.iter().map(|(id, _)| *id));
                        packs.push((pack, ids));
                    }
                    Err(detail) => {
                        losses.push(Loss { name: path.to_string_lossy().into_owned(), detail });
                    }
                }
            }
            loose.extend(loose::list(&folder));
        }
        names.extend(loose.iter().map(|one| one.id));
        let table = Table::new(names);
        let mut owned = vec![false; table.len()];
        let packs = packs
            .into_iter()
            .map(|(pack, ids)| pack.with_entries(ids, &table, &mut owned, threads, &mut losses))
            .collect();
        for one in &mut loose {
            one.object = table.find(&one.id).unwrap_or(NONE);
            if let Some(slot) = owned.get_mut(one.object as usize) {
                one.is_owned = !std::mem::replace(slot, true);
            }
        }
        loose.retain(|one| one.is_owned);
        Self { table, packs, loose, losses: Mutex::new(losses), is_promised }
    }

    /// Notes an object that cannot be read.
    pub fn lose(&self, object: u32, detail: impl Into<String>) {
        let name = self.table.id(object).to_string();
        let loss = Loss { name, detail: detail.into() };
        self.losses.lock().unwrap_or_else(PoisonError::into_inner).push(loss);
    }

    /// Everything that could not be read so far, in order and each once.
    pub fn take_losses(&self) -> BTreeSet<Loss> {
        let mut losses = self.losses.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *losses).into_iter().collect()
    }
}

/// A longer list of other repositories is not read.
const MAX_ALTERNATES: u64 = 1 << 20;

/// The path in a line, which git writes in quotes with the escapes of C if it is unusual.
fn unquoted(line: &[u8]) -> Vec<u8> {
    let Some(quoted) = line.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) else {
        return line.to_vec();
    };
    let mut path = Vec::with_capacity(quoted.len());
    let mut bytes = quoted.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            path.push(byte);
            continue;
        }
        path.push(match bytes.next() {
            Some(b'a') => 7,
            Some(b'b') => 8,
            Some(b't') => b'\t',
            Some(b'n') => b'\n',
            Some(b'v') => 11,
            Some(b'f') => 12,
            Some(b'r') => b'\r',
            Some(digit @ b'0'..=b'3') => {
                let mut value = digit - b'0';
                for _ in 0..2 {
                    let digit = bytes.next().unwrap_or(b'0');
                    value = value.wrapping_mul(8).wrapping_add(digit.wrapping_sub(b'0') & 7);
                }
                value
            }
            Some(other) => other,
            None => break,
        });
    }
    path
}

/// The folders, and those that their `info/alternates` name, each once.
fn with_alternates(folders: &[PathBuf]) -> Vec<PathBuf> {
    // Git itself follows five.
    const MAX_DEPTH: usize = 5;
    let mut all: Vec<PathBuf> = Vec::new();
    let mut next: Vec<(PathBuf, usize)> = folders.iter().map(|one| (one.clone(), 0)).collect();
    next.reverse();
    while let Some((folder, depth)) = next.pop() {
        let folder = std::fs::canonicalize(&folder).unwrap_or(folder);
        if all.contains(&folder) || depth > MAX_DEPTH {
            continue;
        }
        let text =
            regular::read(&folder.join("info/alternates"), MAX_ALTERNATES).unwrap_or_default();
        let lines = text.split(|byte| *byte == b'\n');
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with(b"#")) {
            next.push((folder.join(path_of(&unquoted(line))), depth + 1));
        }
        all.push(folder);
    }
    all
}

/// The indexes of packs in a folder, in order.
fn index_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "idx"))
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_quotes_is_read_with_its_escapes() {
        assert_eq!(unquoted(b"../plain \\ \"path"), b"../plain \\ \"path");
        assert_eq!(unquoted(br#""/a\tb\303\244\"\\c""#), b"/a\tb\xc3\xa4\"\\c");
    }
}
