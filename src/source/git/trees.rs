//! All trees of a repository: the names of objects, and the subtrees of each tree.

use super::store::{Kind, MadeFrom, NONE, Object, Seen, Store, Table, Visitor};
use crate::model::{ObjectId, SourcePath};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::atomic::{AtomicBool, Ordering},
};

/// Maximum number of folders of a path; the outermost ones of a longer path are omitted.
const MAX_DEPTH: usize = 128;

/// The name of an object in a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    child: u32,
    name: u32,
    parent: u32,
}

/// All trees of a repository.
#[derive(Debug, Default)]
pub struct Trees {
    names: Vec<Box<[u8]>>,
    /// Sorted. Of trees that give an object the same name, only one is kept.
    edges: Vec<Edge>,
    /// For each object, the start of its edges.
    edge_starts: Vec<u32>,
    /// The subtrees of each tree, one tree after the other.
    folders: Vec<u32>,
    /// For each object, the start of its folders.
    folder_starts: Vec<u32>,
    /// The trees that refer to objects not in the store.
    pub incomplete: Vec<u32>,
}

impl Trees {
    /// Reads all trees.
    pub fn read(store: &Store, threads: usize, stopped: &AtomicBool) -> Self {
        let readers = store.traverse(&[Kind::Tree], threads, || Reader::new(store, stopped));
        let (mut merged, mut folders) = (Self::default(), Vec::new());
        let mut all: Vec<&[u8]> =
            readers.iter().flat_map(|one| one.names.keys().map(|name| &**name)).collect();
        all.sort_unstable();
        all.dedup();
        merged.names = all.into_iter().map(Box::from).collect();
        for mut reader in readers {
            let mut numbers = vec![0; reader.names.len()];
            for (name, number) in &reader.names {
                let found = merged.names.binary_search(name).unwrap_or(0);
                numbers[*number as usize] = u32::try_from(found).unwrap_or(0);
            }
            reader.edges.iter_mut().for_each(|edge| edge.name = numbers[edge.name as usize]);
            merged.edges.append(&mut reader.edges);
            folders.append(&mut reader.folders);
            merged.incomplete.append(&mut reader.incomplete);
        }
        merged.edges.sort_unstable();
        merged.edges.dedup_by_key(|edge| (edge.child, edge.name));
        merged.edge_starts = starts(store, merged.edges.iter().map(|edge| edge.child));
        folders.sort_unstable();
        merged.folder_starts = starts(store, folders.iter().map(|(tree, _)| *tree));
        merged.folders = folders.into_iter().map(|(_, folder)| folder).collect();
        merged
    }

    /// The paths of an object, one for each name that it has in a tree.
    pub fn paths(&self, object: u32) -> impl Iterator<Item = SourcePath> + '_ {
        self.edges_of(object).iter().map(|edge| self.path(*edge))
    }

    /// The trees in a tree.
    pub fn folders(&self, tree: u32) -> &[u32] {
        part(&self.folders, &self.folder_starts, tree)
    }

    fn edges_of(&self, object: u32) -> &[Edge] {
        part(&self.edges, &self.edge_starts, object)
    }

    fn path(&self, edge: Edge) -> SourcePath {
        let mut parts = vec![&*self.names[edge.name as usize]];
        let mut at = edge.parent;
        while let Some(edge) = self.edges_of(at).first().filter(|_| parts.len() < MAX_DEPTH) {
            parts.push(&self.names[edge.name as usize]);
            at = edge.parent;
        }
        parts.reverse();
        SourcePath::from_bytes(parts.join(&b'/'))
    }
}

/// For each object of the store, and one more, the number of entries in the sorted list `objects`
/// before it.
fn starts(store: &Store, objects: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; store.table.len() + 1];
    for object in objects {
        if let Some(slot) = starts.get_mut(object as usize + 1) {
            *slot += 1;
        }
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    starts
}

/// The part of `all` that belongs to an object.
fn part<'a, T>(all: &'a [T], starts: &[u32], object: u32) -> &'a [T] {
    let at = object as usize;
    let range = starts.get(at).zip(starts.get(at.saturating_add(1)));
    range.map_or(&[], |(start, end)| &all[*start as usize..*end as usize])
}

/// One entry of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeEntry<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// Its object.
    pub id: &'a [u8],
    /// `true` if it is a tree.
    pub is_tree: bool,
    /// `true` if it is a commit of another repository.
    pub is_submodule: bool,
}

/// The entries of a tree, up to the first malformed one.
pub fn entries(mut bytes: &[u8]) -> impl Iterator<Item = TreeEntry<'_>> {
    std::iter::from_fn(move || {
        let space = memchr::memchr(b' ', bytes.get(..bytes.len().min(12))?)?;
        let (mode, rest) = bytes.split_at(space);
        let end = memchr::memchr(0, rest)?;
        let name = rest.get(1..end)?;
        let id = rest.get(end + 1..end + 21)?;
        bytes = &rest[end + 21..];
        let kind = mode.get(..mode.len().checked_sub(4)?)?;
        Some(TreeEntry {
            name,
            id,
            is_tree: matches!(kind, b"4" | b"04"),
            is_submodule: kind == b"16",
        })
    })
}

/// Reads trees on one thread.
struct Reader<'s> {
    store: &'s Store,
    stopped: &'s AtomicBool,
    names: HashMap<Box<[u8]>, u32>,
    edges: Vec<Edge>,
    /// A tree, and one of its subtrees.
    folders: Vec<(u32, u32)>,
    incomplete: Vec<u32>,
}

impl<'s> Reader<'s> {
    fn new(store: &'s Store, stopped: &'s AtomicBool) -> Self {
        Self {
            store,
            stopped,
            names: HashMap::new(),
            edges: Vec::new(),
            folders: Vec::new(),
            incomplete: Vec::new(),
        }
    }

    fn name(&mut self, name: &[u8]) -> u32 {
        if let Some(number) = self.names.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(NONE);
        self.names.insert(name.into(), number);
        number
    }
}

impl Visitor for Reader<'_> {
    /// The indices of the objects of all entries.
    type Kept = Vec<u32>;

    fn visit(
        &mut self,
        tree: Seen,
        content: Object<'_>,
        from: Option<MadeFrom<'_, Vec<u32>>>,
    ) -> Vec<u32> {
        let Object::Whole(bytes) = content else {
            self.store.lose(tree.object, "a tree of this size cannot be read");
            return Vec::new();
        };
        // A tree mostly equals its base, so only differing entries are looked up.
        let mut known = from
            .into_iter()
            .flat_map(|MadeFrom { base, .. }| entries(base.bytes()).zip(base.kept.iter().copied()));
        let mut next = known.next();
        let (mut kept, mut is_complete) = (Vec::new(), true);
        let mut read = 0;
        for entry in entries(bytes) {
            read = entry.id.as_ptr() as usize + 20 - bytes.as_ptr() as usize;
            while next.is_some_and(|(other, _)| other.name < entry.name) {
                next = known.next();
            }
            let object = match next {
                Some((other, object)) if other == entry => object,
                _ => self.new_entry(tree.object, &entry),
            };
            kept.push(object);
            is_complete &= object != NONE || entry.is_submodule;
            if entry.is_tree && object != NONE && tree.is_new {
                self.folders.push((tree.object, object));
            }
        }
        if read != bytes.len() && tree.is_new {
            self.store.lose(tree.object, "the tree is malformed");
        }
        if !is_complete && tree.is_new {
            self.incomplete.push(tree.object);
        }
        kept
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

impl Reader<'_> {
    fn new_entry(&mut self, tree: u32, entry: &TreeEntry<'_>) -> u32 {
        if entry.is_submodule {
            return NONE;
        }
        let Some(id) = ObjectId::from_bytes(entry.id) else { return NONE };
        let Some(child) = self.store.table.find(&id) else { return NONE };
        let name = self.name(entry.name);
        self.edges.push(Edge { child, name, parent: tree });
        child
    }
}

/// The trees that directly contain one of `targets`, with those targets.
pub fn holders(
    store: &Store,
    threads: usize,
    targets: &HashSet<u32>,
) -> HashMap<u32, BTreeSet<u32>> {
    let ids: HashMap<ObjectId, u32> =
        targets.iter().map(|target| (store.table.id(*target), *target)).collect();
    let mut beginnings = vec![false; 1 << 16];
    ids.keys().for_each(|id| beginnings[beginning(&id.0)] = true);
    let finder = || Finder { ids: &ids, beginnings: &beginnings, found: Vec::new() };
    let finders = store.traverse(&[Kind::Tree], threads, finder);
    finders.into_iter().flat_map(|finder| finder.found).collect()
}

/// The first two bytes of a name, as a number.
fn beginning(id: &[u8]) -> usize {
    id.first_chunk().map_or(0, |bytes| usize::from(u16::from_be_bytes(*bytes)))
}

/// The objects not in the store to which some of `trees`, which are sorted, refer, each with the
/// first of these trees.
pub fn missing(store: &Store, threads: usize, trees: &[u32]) -> BTreeMap<ObjectId, u32> {
    let finder = || MissingFinder { table: &store.table, trees, found: BTreeMap::new() };
    let mut all: BTreeMap<ObjectId, u32> = BTreeMap::new();
    for (id, tree) in
        store.traverse(&[Kind::Tree], threads, finder).into_iter().flat_map(|one| one.found)
    {
        all.entry(id).and_modify(|first| *first = tree.min(*first)).or_insert(tree);
    }
    all
}

/// Searches some trees for objects that are not in the store, on one thread.
struct MissingFinder<'a> {
    table: &'a Table,
    trees: &'a [u32],
    found: BTreeMap<ObjectId, u32>,
}

impl Visitor for MissingFinder<'_> {
    type Kept = ();

    fn visit(&mut self, tree: Seen, content: Object<'_>, _from: Option<MadeFrom<'_, ()>>) {
        let Object::Whole(bytes) = content else { return };
        if self.trees.binary_search(&tree.object).is_err() {
            return;
        }
        let entries = entries(bytes).filter(|entry| !entry.is_submodule);
        for id in entries.filter_map(|entry| ObjectId::from_bytes(entry.id)) {
            if self.table.find(&id).is_none() {
                let first = self.found.entry(id).or_insert(tree.object);
                *first = tree.object.min(*first);
            }
        }
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

/// Searches for objects in trees, on one thread.
struct Finder<'a> {
    ids: &'a HashMap<ObjectId, u32>,
    /// For each value of two bytes, `true` if a target begins with it. Most entries need no further
    /// test.
    beginnings: &'a [bool],
    found: Vec<(u32, BTreeSet<u32>)>,
}

impl Visitor for Finder<'_> {
    type Kept = ();

    fn visit(&mut self, tree: Seen, content: Object<'_>, _from: Option<MadeFrom<'_, ()>>) {
        let Object::Whole(bytes) = content else { return };
        let found: BTreeSet<u32> = entries(bytes)
            .filter(|entry| self.beginnings[beginning(entry.id)])
            .filter_map(|entry| self.ids.get(&ObjectId::from_bytes(entry.id)?).copied())
            .collect();
        if !found.is_empty() && tree.is_new {
            self.found.push((tree.object, found));
        }
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

/// The first object in a tree for which `is_wanted` is `true`, with its path. `may_hold` selects
/// the trees to search.
pub fn find_in(
    repository: &git2::Repository,
    table: &Table,
    tree: u32,
    may_hold: &dyn Fn(u32) -> bool,
    is_wanted: &dyn Fn(u32) -> bool,
) -> Option<(Vec<u8>, u32)> {
    let odb = repository.odb().ok()?;
    let mut path: Vec<u8> = Vec::new();
    let mut tree = tree;
    // Each round descends one folder; paths in git are never longer.
    'deeper: for _ in 0..4096 {
        let object = odb.read(super::oid::oid(table.id(tree))).ok()?;
        for entry in entries(object.data()) {
            let Some(child) = ObjectId::from_bytes(entry.id).and_then(|id| table.find(&id)) else {
                continue;
            };
            if entry.is_tree && may_hold(child) {
                path.extend_from_slice(entry.name);
                path.push(b'/');
                tree = child;
                continue 'deeper;
            }
            if !entry.is_tree && is_wanted(child) {
                path.extend_from_slice(entry.name);
                return Some((path, child));
            }
        }
        return None;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_up_to_what_is_malformed() {
        let mut bytes = b"100644 a\0".to_vec();
        bytes.extend([1; 20]);
        bytes.extend(b"40000 b c\0");
        bytes.extend([2; 20]);
        bytes.extend(b"160000 sub\0");
        bytes.extend([3; 20]);
        bytes.extend(b"100644 cut\0\x01");
        let read: Vec<_> = entries(&bytes).collect();
        assert_eq!(
            read.iter().map(|one| (one.name, one.is_tree, one.is_submodule)).collect::<Vec<_>>(),
            [
                (b"a".as_slice(), false, false),
                (b"b c".as_slice(), true, false),
                (b"sub".as_slice(), false, true)
            ]
        );
    }
}
