//! One thread of a scan, and the state that the threads share.

use super::{
    barren::BarrenMembers,
    collector::Collector,
    job::{Project, Scan},
    matched::Matched,
    members,
    name::DocumentName,
    names,
    notebook::Notebook,
    progress::Progress,
    text::{Found, Part},
    windows,
};
use crate::{
    decode::{
        container::{Container, identify_content},
        encoding,
    },
    detect::{Parts, Remembered, Scratch, Version},
    model::{Origin, Outcome, ReadAt, Scope, SkipReason, Skipped, SourcePath},
    source::{Content, Document, LargeContent, LazyScope, Lineage, Memory, Sink, Worker},
};
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

/// Maximum number of large files postponed until the others are scanned; each is an open file.
const MAX_WAITING: usize = 64;

/// State shared by the threads.
pub struct Pipeline<'a> {
    /// The parameters of the scan.
    pub scan: Scan<'a>,
    /// The results of finished threads.
    pub all: Mutex<Outcome>,
    /// Large documents that are scanned after the others.
    pub waiting: Mutex<Vec<Waiting>>,
    /// Archive members that are known to have no findings.
    pub barren: BarrenMembers,
}

impl Sink for Pipeline<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Thread::of(self))
    }
}

/// A large document that is scanned after the others.
pub struct Waiting {
    /// Its path.
    pub path: SourcePath,
    /// Its content.
    pub file: LargeContent,
    /// The origin of its content.
    pub origin: Origin,
    /// The part of it in which findings are reported.
    pub scope: Scope,
}

/// The name, the origin and the scope of a document.
#[derive(Clone, Copy)]
pub struct Header<'a> {
    /// Its name.
    pub path: &'a SourcePath,
    /// The origin of its content.
    pub origin: Origin,
    /// The part of it in which findings are reported.
    pub scope: LazyScope<'a>,
}

/// One thread of a scan.
pub struct Thread<'p> {
    pipeline: &'p Pipeline<'p>,
    collector: Collector<'p>,
    /// The folder of the last document, and its project.
    last_folder: Option<(SourcePath, Option<&'p dyn Project>)>,
}

impl Drop for Thread<'_> {
    fn drop(&mut self) {
        let outcome = std::mem::take(&mut self.collector.outcome);
        self.pipeline.all.lock().unwrap_or_else(PoisonError::into_inner).absorb(outcome);
    }
}

impl Worker for Thread<'_> {
    fn document(&mut self, document: Document<'_>) {
        self.scan(document, None);
    }

    fn version(&mut self, document: Document<'_>, lineage: Lineage<'_>) -> Option<Memory> {
        // The remembered results are those of the run's rules.
        if self.project_of(&document.path).is_some() {
            self.scan(document, None);
            return None;
        }
        let earlier = lineage.earlier.and_then(|(memory, shared)| {
            Some((Arc::clone(memory).downcast::<Remembered>().ok()?, shared.clone()))
        });
        let mut version = Version::new(earlier, lineage.is_base);
        self.scan(document, Some(&mut version));
        version.into_remembered().map(|remembered| Arc::new(remembered) as Memory)
    }

    fn skipped(&mut self, skipped: Skipped) {
        if self.is_excluded(&skipped.path) {
            self.collector.skip(skipped.path, SkipReason::Excluded, String::new());
        } else {
            self.collector.outcome.skipped.push(skipped);
        }
    }

    fn is_stopped(&self) -> bool {
        self.pipeline.scan.progress.is_stopped()
    }
}

impl windows::Watch for Progress {
    fn scanned(&self, bytes: u64) {
        self.add_bytes(bytes);
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped()
    }
}

impl<'p> Thread<'p> {
    /// A thread that adds its results to those of the pipeline.
    pub fn of(pipeline: &'p Pipeline<'p>) -> Self {
        Self { pipeline, collector: Collector::new(pipeline.scan), last_folder: None }
    }

    /// The project that contains a file; `None` if the settings of the run apply.
    fn project_of(&mut self, path: &SourcePath) -> Option<&'p dyn Project> {
        self.pipeline.scan.projects?;
        let folder = path.folder();
        if let Some((last, project)) = &self.last_folder
            && *last.as_bytes() == *folder
        {
            return *project;
        }
        let project = self.pipeline.scan.project_of(path);
        self.last_folder = Some((SourcePath::from_bytes(folder), project));
        project
    }

    /// `true` if the file's project excludes it.
    fn is_excluded(&mut self, path: &SourcePath) -> bool {
        self.project_of(path).is_some_and(|project| project.excludes(path))
    }

    /// Uses the parameters that apply to the file at `path`.
    fn enter(&mut self, path: &SourcePath) {
        let scan = self.pipeline.scan.within(self.project_of(path));
        if !std::ptr::eq(scan.engine, self.collector.scan.engine) {
            // The buffers have rule indices of another engine.
            self.collector.scratch = Scratch::default();
        }
        self.collector.scan = scan;
    }

    /// Scans one document, which may be a version of a file.
    fn scan(&mut self, document: Document<'_>, version: Option<&mut Version>) {
        let Document { path, content, origin, scope } = document;
        if self.is_excluded(&path) {
            return self.collector.skip(path, SkipReason::Excluded, String::new());
        }
        self.enter(&path);
        self.collector.barren = version.is_some().then_some(&self.pipeline.barren);
        if let Err(error) = names::of_document(&mut self.collector, &path, scope) {
            self.collector.skip(path.clone(), SkipReason::Unreadable, error.to_string());
        }
        match content {
            Content::Whole(bytes) => self.guarded(path, |thread, path| {
                thread.whole(Header { path, origin, scope }, bytes, version)
            }),
            Content::Large(file) if self.is_container(&file) => {
                self.guarded(path, |thread, path| {
                    thread.large(Header { path, origin, scope }, &file, 1)
                });
            }
            Content::Large(file) => self.wait(Waiting { path, file, origin, scope: scope.get() }),
        }
    }

    /// Scans one document; a panic or an error affects only that document.
    pub fn guarded(
        &mut self,
        path: SourcePath,
        scan: impl FnOnce(&mut Self, &SourcePath) -> io::Result<()>,
    ) {
        match catch_unwind(AssertUnwindSafe(|| {
            panic_for_the_tests(&path);
            scan(self, &path)
        })) {
            // Git's own configuration is not counted as a file of the project.
            Ok(Ok(())) if path.as_bytes().starts_with(b".git/") => {}
            Ok(Ok(())) => self.pipeline.scan.progress.add_file(),
            Ok(Err(error)) => self.collector.skip(path, SkipReason::Unreadable, error.to_string()),
            Err(_) => {
                // The next document must not use state from before the panic.
                self.collector.scratch = Scratch::default();
                self.collector.skip(
                    path,
                    SkipReason::Crashed,
                    "please report this as a bug".into(),
                );
            }
        }
    }

    /// Postpones a large document, or scans it now if too many are waiting.
    fn wait(&mut self, document: Waiting) {
        let mut waiting = self.pipeline.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MAX_WAITING {
            waiting.push(document);
        } else {
            drop(waiting);
            self.scan_waiting(document, 1);
        }
    }

    /// `true` if a large file is a container, whose members are scanned by one thread.
    fn is_container(&self, file: &LargeContent) -> bool {
        self.identify(file, file.len).is_ok_and(|container| container.is_some())
    }

    /// The container format of the content, if it is a container and containers are opened.
    ///
    /// # Errors
    /// Returns an error if the content cannot be read.
    fn identify(
        &self,
        content: &dyn ReadAt,
        len: u64,
    ) -> io::Result<Option<&'static dyn Container>> {
        let limits = self.collector.scan.limits;
        if limits.max_depth == 0 && limits.requested.depth {
            return Ok(None);
        }
        identify_content(content, Some(len))
    }

    /// Scans the members of a container, or the bytes of a document that is not one or cannot be
    /// read as one.
    fn members_or_bytes(
        &mut self,
        header: Header<'_>,
        content: &dyn ReadAt,
        len: u64,
        bytes: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let first = self.collector.outcome.findings.len();
        if let Some(container) = self.identify(content, len)?
            && members::scan_members(
                &mut self.collector,
                &DocumentName::of(header.path, header.origin),
                content,
                len,
                container,
            )
        {
            return Ok(());
        }
        let members = self.collector.outcome.findings.len();
        bytes(self)?;
        members::drop_known_secrets(&mut self.collector.outcome.findings, first, members);
        Ok(())
    }

    fn whole(
        &mut self,
        header: Header<'_>,
        bytes: &[u8],
        version: Option<&mut Version>,
    ) -> io::Result<()> {
        self.members_or_bytes(header, &bytes, bytes.len() as u64, |thread| {
            thread.whole_bytes(header, bytes, version)
        })
    }

    fn whole_bytes(
        &mut self,
        header: Header<'_>,
        bytes: &[u8],
        version: Option<&mut Version>,
    ) -> io::Result<()> {
        let Header { path, origin, scope } = header;
        let scan = self.collector.scan;
        let (encoding, _) = encoding::detect(bytes);
        let mut found: Vec<Found<'p>> = Vec::new();
        let part = Part { path, containers: &[], bytes, encoding, is_whole: true };
        let scratch = &mut self.collector.scratch;
        let parts = part.run(scan.engine, version, scratch, &mut |one| found.push(one));
        let may_be_ignored = scratch.has_mark() && scan.policy.comments.obey;
        if scratch.is_cut {
            self.collector.skip_encoded(path);
        }
        let has_more = parts == Parts::MayHoldMore || !found.is_empty();
        let notebook = has_more.then(|| Notebook::read(path, bytes)).flatten();
        if let Some(notebook) = &notebook {
            notebook.run(scan.engine, path, &mut self.collector.scratch, &mut found);
        }
        scan.progress.add_bytes(bytes.len() as u64);
        if found.is_empty() && !may_be_ignored {
            return Ok(());
        }
        let name = DocumentName::of(path, origin);
        let matched = Matched {
            notebook: notebook.as_ref(),
            line_hashes: scan.line_hashes,
            scope,
            ..Matched::of(&name, &bytes, encoding)
        };
        if found.is_empty() {
            return self.collector.warn_of_comments(&matched, bytes);
        }
        self.collector.report(&matched, Some(bytes), found)
    }

    /// Scans a postponed document, its windows on `threads` threads.
    pub fn scan_waiting(&mut self, waiting: Waiting, threads: usize) {
        let Waiting { path, file, origin, scope } = waiting;
        let scope = LazyScope::Known(&scope);
        self.enter(&path);
        if self.pipeline.scan.progress.is_stopped() {
            self.collector.skip(path, SkipReason::Interrupted, String::new());
        } else {
            self.guarded(path, |thread, path| {
                thread.large(Header { path, origin, scope }, &file, threads)
            });
        }
    }

    /// Scans a document that is read piece by piece, its windows on `threads` threads.
    ///
    /// # Errors
    /// Returns an error if the document cannot be read.
    pub fn large(
        &mut self,
        header: Header<'_>,
        file: &LargeContent,
        threads: usize,
    ) -> io::Result<()> {
        let Header { path, origin, scope } = header;
        self.members_or_bytes(header, file, file.len, |thread| {
            let scan = thread.collector.scan;
            let is_folded = matches!(scope.get(), Scope::All);
            let (containers, len): (&[_], _) = (&[], file.len);
            let large = windows::Large { path, containers, content: file, len, is_folded };
            let scanned = windows::scan(scan.engine, large, threads, scan.progress)?;
            let windows::Scanned { found, encoding, is_cut } = scanned;
            if is_cut {
                thread.collector.skip_encoded(path);
            }
            let name = DocumentName::of(path, origin);
            let line_hashes = scan.line_hashes;
            let matched = Matched { line_hashes, scope, ..Matched::of(&name, file, encoding) };
            thread.collector.report(&matched, None, found)
        })
    }
}

/// Panics for files with a certain name, for the tests. Does nothing in a release build.
fn panic_for_the_tests(path: &SourcePath) {
    if cfg!(debug_assertions) && path.file_name().starts_with(b"panic-for-the-tests") {
        panic!("{path}");
    }
}
