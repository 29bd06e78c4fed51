//! The objects of a repository and its alternates.

use super::{
    folders::{index_files, with_alternates},
    loose::{self, Loose},
    object::Loss,
    pack::Pack,
    table::{NONE, Table},
};
use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

/// All objects of a repository and its alternates.
#[derive(Debug)]
pub struct Store {
    /// The names of all objects.
    pub table: Table,
    pub(super) packs: Vec<Pack>,
    pub(super) loose: Vec<Loose>,
    losses: Mutex<Vec<Loss>>,
    is_promised: bool,
}

impl Store {
    /// `true` if a pack came from a promisor remote, which still has the objects not fetched.
    pub fn is_promised(&self) -> bool {
        self.is_promised
    }

    /// The objects in `folders` and their alternates.
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

    /// Records an object that cannot be read.
    pub fn lose(&self, object: u32, detail: impl Into<String>) {
        let name = self.table.id(object).to_string();
        let loss = Loss { name, detail: detail.into() };
        self.losses.lock().unwrap_or_else(PoisonError::into_inner).push(loss);
    }

    /// All unreadable objects recorded so far, sorted and without duplicates.
    pub fn take_losses(&self) -> BTreeSet<Loss> {
        let mut losses = self.losses.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *losses).into_iter().collect()
    }
}
