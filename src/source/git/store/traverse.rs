//! Builds all objects of a kind, each from a base in memory.

use super::{
    delta,
    inflate::Inflater,
    loose::{Content, Loose},
    object::{Kind, MAX_IN_MEMORY},
    object_store::Store,
    pack::Pack,
    table::NONE,
};
use crate::{
    model::Shared,
    source::each::{Numbers, each},
};
use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::{Mutex, PoisonError},
};

/// Size in bytes above which an entry, and the entries built from it, are processed by one thread
/// at a time.
const LARGE: u64 = 8 << 20;
/// Size in bytes above which an object without deltas is written directly to a file.
const SPOOLED: u64 = 8 << 20;

/// The content of an object.
pub enum Object<'a> {
    /// In memory.
    Whole(&'a [u8]),
    /// In an unnamed temporary file, with its size in bytes.
    Spooled(File, u64),
}

/// The base that an object is built from.
#[derive(Debug)]
pub struct Base<P> {
    bytes: Vec<u8>,
    /// The visitor's result for it.
    pub kept: P,
}

impl<P> Base<P> {
    /// Its content.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The relation of an object to its delta base.
#[derive(Debug)]
pub struct MadeFrom<'a, P> {
    /// The base.
    pub base: &'a Base<P>,
    /// The stretches that both share.
    pub shared: &'a Shared,
}

/// An object passed to a visitor.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Its index in the table.
    pub object: u32,
    /// `true` on the one visit of the object that counts.
    pub is_new: bool,
    /// `true` if other objects are built from it.
    pub is_base: bool,
}

/// Visits objects, on one thread.
pub trait Visitor {
    /// The result kept for an object, passed on to objects built from it.
    type Kept;

    /// Visits an object, with its base if it is a delta. An object that is not new was also visited
    /// in another pack.
    fn visit(
        &mut self,
        object: Seen,
        content: Object<'_>,
        from: Option<MadeFrom<'_, Self::Kept>>,
    ) -> Self::Kept;

    /// `true` to stop.
    fn is_stopped(&self) -> bool;

    /// `true` if an object of `size` bytes is to be skipped.
    fn is_too_large(&mut self, _object: u32, _size: u64) -> bool {
        false
    }
}

impl Store {
    /// Passes all objects of `kinds` to visitors, one on each of at most `threads` threads, and
    /// returns the visitors.
    pub fn traverse<V: Visitor + Send>(
        &self,
        kinds: &[Kind],
        threads: usize,
        visitor: impl Fn() -> V + Sync,
    ) -> Vec<V> {
        let mut roots: Vec<(u32, u32, &Pack)> = Vec::new();
        for pack in &self.packs {
            let own = pack.roots.iter().filter(|(kind, _)| kinds.contains(kind));
            roots.extend(own.map(|(_, root)| (pack.weights[*root as usize], *root, pack)));
        }
        roots.retain(|(weight, ..)| *weight > 0);
        // The heaviest first, so that no thread starts it when the others are done.
        roots.sort_by_key(|(weight, ..)| std::cmp::Reverse(*weight));
        let large = Mutex::new(());
        let run = |numbers: Numbers<'_>| {
            let mut thread = Thread {
                store: self,
                visitor: visitor(),
                inflater: Inflater::default(),
                packed: Vec::new(),
                delta: Vec::new(),
                shared: Shared::default(),
                spare: Vec::new(),
                large: &large,
            };
            for number in numbers {
                if thread.visitor.is_stopped() {
                    break;
                }
                match roots.get(number) {
                    Some((_, root, pack)) => thread.root(pack, *root),
                    None => thread.loose(&self.loose[number - roots.len()], kinds),
                }
            }
            thread.visitor
        };
        // A panic loses the results of one thread, but not the scan.
        let visitors = each(threads, roots.len() + self.loose.len(), |numbers| {
            let visitor = catch_unwind(AssertUnwindSafe(|| run(numbers)));
            if visitor.is_err() {
                self.lose(NONE, "a thread failed: please report this as a bug");
            }
            visitor.ok()
        });
        visitors.into_iter().flatten().collect()
    }
}

struct Thread<'s, V: Visitor> {
    store: &'s Store,
    visitor: V,
    inflater: Inflater,
    packed: Vec<u8>,
    delta: Vec<u8>,
    shared: Shared,
    /// Unused buffers, with their old content.
    spare: Vec<Vec<u8>>,
    large: &'s Mutex<()>,
}

/// An entry to be built, and its base.
struct Pending<P> {
    entry: u32,
    base: Rc<Base<P>>,
}

impl<V: Visitor> Thread<'_, V> {
    fn loose(&mut self, one: &Loose, kinds: &[Kind]) {
        let visitor = &mut self.visitor;
        let wanted = |kind, size| kinds.contains(&kind) && !visitor.is_too_large(one.object, size);
        match one.read(&mut self.inflater, wanted) {
            Ok(Some((_, Content::Whole(bytes)))) => {
                self.visitor.visit(
                    Seen { object: one.object, is_new: true, is_base: false },
                    Object::Whole(&bytes),
                    None,
                );
            }
            Ok(Some((_, Content::Spooled(file, size)))) => {
                self.visitor.visit(
                    Seen { object: one.object, is_new: true, is_base: false },
                    Object::Spooled(file, size),
                    None,
                );
            }
            Ok(None) => {}
            Err(detail) => self.store.lose(one.object, detail),
        }
    }

    /// Builds a whole entry, and all entries built from it.
    fn root(&mut self, pack: &Pack, root: u32) {
        let entry = pack.entries[root as usize];
        let large = self.large;
        let _one_at_a_time =
            (entry.size > LARGE).then(|| large.lock().unwrap_or_else(PoisonError::into_inner));
        let is_alone = pack.weights[root as usize] == u32::from(entry.is_owned);
        if is_alone && self.visitor.is_too_large(entry.object, entry.size) {
            return;
        }
        if entry.size > MAX_IN_MEMORY || is_alone && entry.size > SPOOLED {
            self.spool(pack, root);
            for made in pack.made_from(root) {
                self.lose_all(pack, made, "its base is too large");
            }
            return;
        }
        let mut bytes = self.spare.pop().unwrap_or_default();
        if let Err(detail) = self.unpack(pack, root, &mut bytes) {
            return self.lose_all(pack, root, &detail);
        }
        let mut stack = Vec::new();
        self.made(pack, root, bytes, None, &mut stack);
        while let Some(Pending { entry, base }) = stack.pop() {
            if self.visitor.is_stopped() {
                return;
            }
            self.make(pack, entry, base, &mut stack);
        }
    }

    fn make(
        &mut self,
        pack: &Pack,
        entry: u32,
        base: Rc<Base<V::Kept>>,
        stack: &mut Vec<Pending<V::Kept>>,
    ) {
        let mut difference = std::mem::take(&mut self.delta);
        let mut bytes = self.spare.pop().unwrap_or_default();
        let mut made = self.unpack(pack, entry, &mut difference);
        if made.is_ok() {
            made = match delta::result_size(&difference) {
                Some(size) if size > MAX_IN_MEMORY => Err("it is too large".to_string()),
                _ => delta::apply(&base.bytes, &difference, &mut bytes, &mut self.shared)
                    .ok_or_else(|| "its content is corrupt".to_string()),
            };
        }
        self.delta = difference;
        match made {
            Ok(()) => self.made(pack, entry, bytes, Some(&base), stack),
            Err(detail) => self.lose_all(pack, entry, &detail),
        }
        if let Ok(base) = Rc::try_unwrap(base) {
            self.keep_buffer(base.bytes);
        }
    }

    /// Passes an object to the visitor, and schedules the entries built from it.
    fn made(
        &mut self,
        pack: &Pack,
        entry: u32,
        bytes: Vec<u8>,
        base: Option<&Base<V::Kept>>,
        stack: &mut Vec<Pending<V::Kept>>,
    ) {
        let mut next: Vec<u32> =
            pack.made_from(entry).filter(|made| pack.weights[*made as usize] > 0).collect();
        let one = &pack.entries[entry as usize];
        let seen = Seen { object: one.object, is_new: one.is_owned, is_base: !next.is_empty() };
        let from = base.map(|base| MadeFrom { base, shared: &self.shared });
        let kept = self.visitor.visit(seen, Object::Whole(&bytes), from);
        if next.is_empty() {
            return self.keep_buffer(bytes);
        }
        // The heaviest entry is built last, when this object is no longer needed. So the number of
        // waiting objects is at most the binary logarithm of the number of objects.
        next.sort_by_key(|made| std::cmp::Reverse(pack.weights[*made as usize]));
        let base = Rc::new(Base { bytes, kept });
        stack.extend(next.into_iter().map(|entry| Pending { entry, base: Rc::clone(&base) }));
    }

    fn unpack(&mut self, pack: &Pack, entry: u32, into: &mut Vec<u8>) -> Result<(), String> {
        let size = pack.entries[entry as usize].size;
        if size > MAX_IN_MEMORY {
            return Err("it is too large".into());
        }
        let (start, length) = pack.extent(entry);
        // Packed bytes can exceed the unpacked ones, but only slightly.
        let most = size + size / 1000 + 64;
        let length = usize::try_from(length.min(most)).map_err(|_| "it is too large")?;
        let packed = pack.read(start, length, &mut self.packed);
        self.inflater.inflate(packed.map_err(|error| error.to_string())?, size, into)
    }

    /// Passes a large whole object to the visitor.
    fn spool(&mut self, pack: &Pack, root: u32) {
        let entry = pack.entries[root as usize];
        if !entry.is_owned {
            return;
        }
        let (start, length) = pack.extent(root);
        let end = start + length;
        let mut at = start;
        let next = |piece: &mut Vec<u8>| {
            let length = usize::try_from((end - at).min(1 << 20)).unwrap_or(0);
            let count = pack.read(at, length, piece)?.len();
            piece.truncate(count);
            at += count as u64;
            Ok(())
        };
        match self.inflater.spool(next, 0, entry.size) {
            Ok(file) => {
                let seen = Seen { object: entry.object, is_new: true, is_base: false };
                self.visitor.visit(seen, Object::Spooled(file, entry.size), None);
            }
            Err(detail) => self.store.lose(entry.object, detail),
        }
    }

    /// Records an entry that cannot be built, and all entries built from it.
    fn lose_all(&mut self, pack: &Pack, entry: u32, detail: &str) {
        let mut all = vec![entry];
        while let Some(entry) = all.pop() {
            let one = &pack.entries[entry as usize];
            if one.is_owned && one.object != NONE {
                self.store.lose(one.object, detail);
            }
            all.extend(pack.made_from(entry));
        }
    }

    fn keep_buffer(&mut self, bytes: Vec<u8>) {
        // A large buffer is not kept.
        if self.spare.len() < 16 && bytes.capacity() <= 1 << 20 {
            self.spare.push(bytes);
        }
    }
}
