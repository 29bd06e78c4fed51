//! The source of all objects of a repository.

use super::{
    attribution::Attribution,
    commits::{commit_path, tag_path, text_of},
    current::mark_current,
    graph::{Graph, Node, tag_target},
    names,
    object_index::ObjectIndex,
    repository::RepositoryRef,
    skips::unreadable,
    store::{Kind, MadeFrom, Object, Seen, Store, Visitor},
    tips::Tips,
    trees::Trees,
};
use crate::{
    model::{ObjectId, Origin, Outcome, SkipReason, Skipped, SourcePath},
    source::{
        Content, Document, LargeContent, Lineage, MAX_WHOLE, Memory, Sink, Source, SourceError,
        Worker, pointer::Pointer, reader::FileReader,
    },
};
use git2::Repository;
use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    io::Write,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// The part of history to scan.
#[derive(Debug, Clone, Default)]
pub struct HistoryOptions {
    /// Revisions to start from; empty means all references.
    pub revisions: Vec<String>,
    /// `true` if objects that no reference reaches are included.
    pub unreachable: bool,
    /// `true` if each occurrence of a secret is reported, instead of one history for all.
    pub every_occurrence: bool,
    /// `true` if habits that are no longer in `HEAD` are reported.
    pub past_habits: bool,
}

/// Every blob, commit message and tag of a repository, each scanned once.
#[derive(Debug)]
pub struct History {
    place: RepositoryRef,
    options: HistoryOptions,
    remembered: Mutex<Option<ObjectIndex>>,
}

impl History {
    /// The history of the repository at `place`.
    pub fn new(place: RepositoryRef, options: HistoryOptions) -> Self {
        Self { place, options, remembered: Mutex::new(None) }
    }

    fn threads(&self) -> usize {
        self.place.options.threads.max(1)
    }
}

impl Source for History {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let repository = self.place.open()?;
        let tips = Tips::find(&self.place, &repository, &self.options.revisions)?;
        let store = Store::open(&self.place.object_folders(&repository), self.threads());
        let stopped = AtomicBool::new(false);
        let git_dirs =
            [self.place.git_dir.clone(), self.place.common_dir(&repository).to_path_buf()];
        let run = Run {
            place: &self.place,
            store: &store,
            sink,
            stopped: &stopped,
            git_dirs: &git_dirs,
            pointers: Mutex::default(),
        };
        let (graph, tags) = run.messages(self.threads());
        let trees = Trees::read(&store, self.threads(), &stopped);
        run.blobs(&trees, self.threads());
        let mut worker = sink.worker();
        let names: Vec<&str> = tips.all.iter().map(|tip| &*tip.name).collect();
        let (path, names) = (SourcePath::from_bytes(".git/refs"), names.join("\n"));
        let content = Content::Whole(names.as_bytes());
        worker.document(Document::new(path, content, Origin::File));
        super::media::hand_over(&self.place, &repository, &run.pointers(), &mut *worker);
        for (name, detail) in &tips.broken {
            worker.skipped(unreadable(format!(".git/{name}"), detail.clone()));
        }
        drop(worker);
        let remembered = ObjectIndex { store, graph, tags, trees, tips };
        *self.remembered.lock().unwrap_or_else(PoisonError::into_inner) = Some(remembered);
        Ok(())
    }

    /// The submodules, each a repository with its own history. Revisions name only commits of this
    /// repository.
    fn others(&self) -> Vec<Box<dyn Source>> {
        if !self.options.revisions.is_empty() {
            return Vec::new();
        }
        let history = |place| {
            let history = History::new(place, self.options.clone());
            Box::new(history) as Box<dyn Source>
        };
        let found = super::submodules::find(&self.place, &history).into_iter();
        found.map(|one| Box::new(one) as Box<dyn Source>).collect()
    }

    fn attribute(&self, outcome: &mut Outcome) -> Result<(), SourceError> {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(remembered) = remembered.as_mut() else { return Ok(()) };
        let repository: Repository = self.place.open()?;
        let unreachable = self.options.unreachable;
        super::losses::tell(remembered, &repository, outcome, self.threads(), unreachable);
        if outcome.findings.is_empty() {
            return Ok(());
        }
        Attribution {
            place: &self.place,
            repository: &repository,
            remembered,
            every_occurrence: self.options.every_occurrence,
            past_habits: self.options.past_habits,
            unreachable: self.options.unreachable,
        }
        .attribute(outcome);
        mark_current(&self.place.objects(&repository), &mut outcome.findings);
        Ok(())
    }
}

/// One pass over all objects.
struct Run<'a> {
    place: &'a RepositoryRef,
    store: &'a Store,
    sink: &'a dyn Sink,
    stopped: &'a AtomicBool,
    /// The folders in which Git LFS stores objects.
    git_dirs: &'a [PathBuf],
    /// The pointers already followed.
    pointers: Mutex<BTreeSet<Pointer>>,
}

impl Run<'_> {
    fn pointers(&self) -> BTreeSet<Pointer> {
        std::mem::take(&mut *self.pointers.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Delivers commits and tags. Returns the graph of commits and the targets of tags.
    fn messages(&self, threads: usize) -> (Graph, HashMap<u32, ObjectId>) {
        let visitors = self.store.traverse(&[Kind::Commit, Kind::Tag], threads, || Messages {
            deliverer: self.deliverer(),
            nodes: Vec::new(),
            tags: Vec::new(),
        });
        let (mut nodes, mut tags) = (Vec::new(), HashMap::new());
        for mut visitor in visitors {
            nodes.append(&mut visitor.nodes);
            tags.extend(visitor.tags);
        }
        // The results must not depend on which thread read a commit.
        nodes.sort_unstable_by_key(|node| node.object);
        (Graph::new(nodes, self.store.table.len()), tags)
    }

    fn blobs(&self, trees: &Trees, threads: usize) {
        self.store.traverse(&[Kind::Blob], threads, || Blobs {
            deliverer: self.deliverer(),
            trees,
            run: self,
        });
    }

    fn deliverer(&self) -> Deliverer<'_> {
        Deliverer {
            place: self.place,
            store: self.store,
            worker: self.sink.worker(),
            stopped: self.stopped,
        }
    }
}

/// Delivers objects on one thread.
struct Deliverer<'a> {
    place: &'a RepositoryRef,
    store: &'a Store,
    worker: Box<dyn Worker + 'a>,
    stopped: &'a AtomicBool,
}

impl Deliverer<'_> {
    fn is_stopped(&self) -> bool {
        let stopped = self.worker.is_stopped();
        if stopped {
            self.stopped.store(true, Ordering::Relaxed);
        }
        stopped
    }

    /// `true` if an object of `size` bytes exceeds the user's limit; it is then recorded as
    /// skipped.
    fn is_too_large(&mut self, path: impl FnOnce() -> SourcePath, size: u64) -> bool {
        let Some(limit) = self.place.options.max_file_bytes.filter(|limit| size > *limit) else {
            return false;
        };
        self.worker.skipped(Skipped {
            path: path(),
            inside: Vec::new(),
            reason: SkipReason::TooLarge,
            detail: format!("{size} bytes, the limit is {limit}"),
        });
        true
    }

    fn whole(&mut self, path: SourcePath, origin: Origin, bytes: &[u8]) {
        if bytes.len() <= MAX_WHOLE {
            return self.worker.document(Document::new(path, Content::Whole(bytes), origin));
        }
        let file = tempfile::tempfile().and_then(|mut file| file.write_all(bytes).map(|()| file));
        match file {
            Ok(file) => self.large(path, origin, file, bytes.len() as u64),
            Err(error) => self.worker.skipped(unreadable(path.to_text(), error.to_string())),
        }
    }

    fn large(&mut self, path: SourcePath, origin: Origin, file: std::fs::File, len: u64) {
        let content = Content::Large(LargeContent::new(file, len));
        self.worker.document(Document::new(path, content, origin));
    }
}

/// Delivers commits and tags.
struct Messages<'a> {
    deliverer: Deliverer<'a>,
    nodes: Vec<Node>,
    tags: Vec<(u32, ObjectId)>,
}

impl Visitor for Messages<'_> {
    type Kept = ();

    fn visit(&mut self, seen: Seen, content: Object<'_>, _from: Option<MadeFrom<'_, ()>>) {
        if !seen.is_new {
            return;
        }
        let Object::Whole(bytes) = content else {
            return self.deliverer.store.lose(seen.object, "a message of this size cannot be read");
        };
        let id = self.deliverer.store.table.id(seen.object);
        let (path, origin) = if let Some(target) = tag_target(bytes) {
            self.tags.push((seen.object, target));
            (tag_path(id), Origin::Tag(id))
        } else {
            self.nodes.push(Node::parse(seen.object, bytes, &self.deliverer.store.table));
            (commit_path(id), Origin::Commit(id))
        };
        let text = match memchr::memmem::find(bytes, b"\ngpgsig") {
            Some(_) => Cow::Owned(text_of(bytes)),
            None => Cow::Borrowed(bytes),
        };
        self.deliverer.whole(path, origin, &text);
    }

    fn is_stopped(&self) -> bool {
        self.deliverer.is_stopped()
    }
}

/// Delivers blobs.
struct Blobs<'a> {
    deliverer: Deliverer<'a>,
    trees: &'a Trees,
    run: &'a Run<'a>,
}

impl Blobs<'_> {
    /// Delivers the content of a Git LFS pointer.
    fn pointed(&mut self, pointer: Pointer, paths: Vec<SourcePath>, origin: Origin) {
        let Deliverer { place, worker, .. } = &mut self.deliverer;
        let mut reader = FileReader::new(place.options.max_file_bytes);
        for path in paths {
            pointer.hand_over(self.run.git_dirs, path, origin, &mut reader, &mut **worker);
        }
        self.run.pointers.lock().unwrap_or_else(PoisonError::into_inner).insert(pointer);
    }

    /// The names under which a blob is scanned: one for each file name that it has in any tree,
    /// because the name decides how a file is read.
    fn paths(&self, object: u32) -> Vec<SourcePath> {
        let paths: Vec<SourcePath> = self.trees.paths(object).collect();
        if paths.is_empty() {
            let id = self.deliverer.store.table.id(object);
            return vec![SourcePath::from_bytes(format!(".git/blobs/{id}"))];
        }
        paths
    }

    /// The names under which a blob is scanned of those that the user wants.
    fn wanted_paths(&mut self, object: u32, content: &[u8], size: u64) -> Vec<SourcePath> {
        let mut paths = self.paths(object);
        paths.retain(|path| self.deliverer.place.wants(path));
        let (paths, left_out) = names::distinct(paths, content, size);
        if left_out > 0 {
            self.deliverer.worker.skipped(Skipped {
                path: paths[0].clone(),
                inside: Vec::new(),
                reason: SkipReason::OverLimit,
                detail: format!("{left_out} more names of the same content are left out"),
            });
        }
        paths
    }
}

impl Visitor for Blobs<'_> {
    type Kept = Option<Memory>;

    fn visit(
        &mut self,
        seen: Seen,
        content: Object<'_>,
        from: Option<MadeFrom<'_, Option<Memory>>>,
    ) -> Option<Memory> {
        if !seen.is_new {
            return None;
        }
        let origin = Origin::Blob(self.deliverer.store.table.id(seen.object));
        let size = match &content {
            Object::Whole(bytes) => bytes.len() as u64,
            Object::Spooled(_, size) => *size,
        };
        if self.is_too_large(seen.object, size) {
            return None;
        }
        let bytes = match &content {
            Object::Whole(bytes) => bytes,
            Object::Spooled(..) => &[][..],
        };
        let mut paths = self.wanted_paths(seen.object, bytes, size);
        match content {
            Object::Whole(bytes) => {
                if let Some(pointer) = Pointer::read(bytes) {
                    self.pointed(pointer, paths, origin);
                    return None;
                }
                if bytes.len() <= MAX_WHOLE && paths.len() == 1 {
                    let content = Content::Whole(bytes);
                    let document = Document::new(paths.swap_remove(0), content, origin);
                    let earlier = from
                        .as_ref()
                        .and_then(|from| Some((from.base.kept.as_ref()?, from.shared)));
                    let lineage = Lineage { earlier, is_base: seen.is_base };
                    return self.deliverer.worker.version(document, lineage);
                }
                for path in paths {
                    self.deliverer.whole(path, origin, bytes);
                }
            }
            Object::Spooled(file, size) => {
                for path in paths {
                    match file.try_clone() {
                        Ok(file) => self.deliverer.large(path, origin, file, size),
                        Err(error) => self.deliverer.store.lose(seen.object, error.to_string()),
                    }
                }
            }
        }
        None
    }

    fn is_stopped(&self) -> bool {
        self.deliverer.is_stopped()
    }

    fn is_too_large(&mut self, object: u32, size: u64) -> bool {
        if self.deliverer.place.options.max_file_bytes.is_none_or(|limit| size <= limit) {
            return false;
        }
        let path = self.paths(object).swap_remove(0);
        self.deliverer.is_too_large(|| path, size)
    }
}
