//! The pipeline: from a source to everything a scan has to say.

mod collected;
mod excerpt;
mod findings;
mod ignores;
mod line_hash;
mod locate;
mod members;
mod notebook;
pub mod progress;
mod rows;
mod stretch;
mod text;
mod windows;

pub use notebook::PARTS;
pub use progress::Progress;

use crate::{
    decode::{
        container::{Container, Limits},
        encoding,
    },
    detect::{Engine, Remembered, Scratch, repository},
    model::{Finding, Origin, Outcome, ReadAt, Secret, SkipReason, Skipped, SourcePath, Totals},
    source::{Content, Document, LargeFile, Lineage, Memory, Sink, Source, SourceError, Worker},
    suppress::{Allowlist, IgnorePolicy, overlap},
};
use collected::Collected;
use excerpt::Excerpter;
use findings::{Matched, Place};
use notebook::Notebook;
use rows::Rows;
use std::{
    collections::HashSet,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};
use text::{Found, Part};

/// Large files that wait for all threads; each is an open file.
const MAX_WAITING: usize = 64;

/// How to scan.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// The rules to run.
    pub engine: &'a Engine,
    /// Every rule for credentials, to keep secrets out of what is shown.
    pub secrets: &'a Engine,
    /// Threads for large files.
    pub threads: usize,
    /// What does not count.
    pub allowlist: &'a Allowlist,
    /// What ignore comments may do.
    pub ignores: IgnorePolicy<'a>,
    /// Whether findings are to bear the hash of their line: only for files that a
    /// platform can compare it with.
    pub line_hashes: bool,
    /// How much of what is packed may be unpacked.
    pub limits: Limits,
    /// Where to tell how far it is, and to be told to stop.
    pub progress: &'a Progress,
}

/// Scans all that `source` hands over.
///
/// # Errors
/// What keeps the source from handing over anything.
pub fn scan(scan: Scan<'_>, source: &dyn Source) -> Result<Outcome, SourceError> {
    let started = Instant::now();
    let mut outcome = scan_source(scan, source)?;
    for other in source.others() {
        if !scan.progress.is_stopped() {
            outcome.absorb(scan_source(scan, &*other)?);
        }
    }
    outcome.totals = Totals { files: scan.progress.files(), bytes: scan.progress.bytes() };
    outcome.interrupted = scan.progress.is_stopped();
    outcome.sort();
    check_tree(scan, source, &mut outcome);
    outcome.elapsed = started.elapsed();
    Ok(outcome)
}

/// What there is to say of one source, in no order.
fn scan_source(scan: Scan<'_>, source: &dyn Source) -> Result<Outcome, SourceError> {
    let pipeline = Pipeline { scan, all: Mutex::default(), waiting: Mutex::default() };
    source.run(&pipeline)?;
    pipeline.scan_waiting();
    let mut outcome =
        pipeline.all.into_inner().unwrap_or_else(PoisonError::into_inner).into_outcome();
    source.settle(&mut outcome)?;
    Excerpter::new(scan.secrets, 0).mask_history(&mut outcome.findings);
    Ok(outcome)
}

/// What the threads share.
struct Pipeline<'a> {
    scan: Scan<'a>,
    all: Mutex<Collected>,
    waiting: Mutex<Vec<Waiting>>,
}

/// A large document that waits for all threads.
struct Waiting {
    path: SourcePath,
    file: LargeFile,
    origin: Origin,
}

impl Sink for Pipeline<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(self.thread())
    }
}

impl Pipeline<'_> {
    fn thread(&self) -> Thread<'_> {
        let (scratch, collected) = (Scratch::default(), Collected::default());
        Thread { pipeline: self, scratch, collected, member: Vec::new() }
    }

    /// Scans the large files with all threads, one after the other.
    fn scan_waiting(&self) {
        let waiting =
            std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        let mut thread = self.thread();
        for Waiting { path, file, origin } in waiting {
            if self.scan.progress.is_stopped() {
                thread.skip(path, SkipReason::Interrupted, String::new());
            } else {
                thread.guarded(path, |thread, path| {
                    thread.large(path, &file, origin, self.scan.threads)
                });
            }
        }
    }
}

/// Runs the checks that need more than one file, over what is left of single ones.
fn check_tree(scan: Scan<'_>, source: &dyn Source, outcome: &mut Outcome) {
    let files = source.files_of_note();
    let read = |path: &SourcePath| source.read_small(path);
    let tree = repository::Tree { files: &files, findings: &outcome.findings, read: &read };
    let claims = repository::run(scan.engine.rules(), &tree);
    let mut found: Vec<Finding> = Vec::new();
    for (rule, claim) in claims {
        let path = claim.path.clone();
        let mut one = vec![findings::of_claim(rule, claim)];
        let by_path = scan.allowlist.drop_rules(&path, &mut one);
        let allowed = scan.allowlist.drop_allowed(&path, &mut one);
        for (by, count) in [("per-path", by_path), ("allowlist", allowed)] {
            if count > 0 {
                *outcome.suppressed.entry(by).or_default() += count;
            }
        }
        found.extend(one);
    }
    if !found.is_empty() {
        outcome.findings.extend(found);
        outcome.sort();
    }
}

/// One thread of a scan.
struct Thread<'p> {
    pipeline: &'p Pipeline<'p>,
    scratch: Scratch,
    collected: Collected,
    /// Where the bytes of one member after the other are put.
    member: Vec<u8>,
}

impl Drop for Thread<'_> {
    fn drop(&mut self) {
        let collected = std::mem::take(&mut self.collected);
        self.pipeline.all.lock().unwrap_or_else(PoisonError::into_inner).absorb(collected);
    }
}

impl Worker for Thread<'_> {
    fn document(&mut self, document: Document<'_>) {
        let Document { path, content, origin } = document;
        match content {
            Content::Whole(bytes) => {
                self.guarded(path, |thread, path| thread.whole(path, bytes, origin));
            }
            Content::Large(file) if self.is_container(&file) => {
                self.guarded(path, |thread, path| thread.large(path, &file, origin, 1));
            }
            Content::Large(file) => {
                let mut waiting =
                    self.pipeline.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                if waiting.len() < MAX_WAITING {
                    waiting.push(Waiting { path, file, origin });
                } else {
                    drop(waiting);
                    self.guarded(path, |thread, path| thread.large(path, &file, origin, 1));
                }
            }
        }
    }

    fn version(&mut self, document: Document<'_>, lineage: Lineage<'_>) -> Option<Memory> {
        let earlier = lineage.earlier.and_then(|(memory, shared)| {
            Some((Arc::clone(memory).downcast::<Remembered>().ok()?, shared.clone()))
        });
        self.scratch.versions.expect(earlier, lineage.is_base);
        self.document(document);
        self.scratch.versions.take().map(|remembered| Arc::new(remembered) as Memory)
    }

    fn skipped(&mut self, skipped: Skipped) {
        self.collected.skipped.push(skipped);
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
    /// Scans one document; a panic or an error costs that document and nothing else.
    fn guarded(
        &mut self,
        path: SourcePath,
        scan: impl FnOnce(&mut Self, &SourcePath) -> io::Result<()>,
    ) {
        match catch_unwind(AssertUnwindSafe(|| {
            panic_for_the_tests(&path);
            scan(self, &path)
        })) {
            Ok(Ok(())) => self.pipeline.scan.progress.add_file(),
            Ok(Err(error)) => self.skip(path, SkipReason::Unreadable, error.to_string()),
            Err(_) => {
                // What the panic left half-done stays out of the next document.
                self.scratch = Scratch::default();
                self.skip(path, SkipReason::Crashed, "please report this as a bug".into());
            }
        }
    }

    fn skip(&mut self, path: SourcePath, reason: SkipReason, detail: String) {
        self.skipped(Skipped { path, inside: Vec::new(), reason, detail });
    }

    /// Whether a large file is a container, whose members are scanned by one thread.
    fn is_container(&self, file: &LargeFile) -> bool {
        self.identify(file).is_ok_and(|container| container.is_some())
    }

    fn identify(&self, content: &dyn ReadAt) -> io::Result<Option<&'static dyn Container>> {
        if self.pipeline.scan.limits.max_depth == 0 {
            return Ok(None);
        }
        members::container_of(content)
    }

    /// Scans a document by its members if it is a container, and by its bytes if it is
    /// none or cannot be read as one.
    fn members_or_bytes(
        &mut self,
        path: &SourcePath,
        origin: Origin,
        content: &dyn ReadAt,
        len: u64,
        bytes: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let first = self.collected.findings.len();
        if let Some(container) = self.identify(content)?
            && self.container(Place::of(path, origin), content, len, container)
        {
            return Ok(());
        }
        let members = self.collected.findings.len();
        bytes(self)?;
        // What a member showed already is not told again.
        let raw = self.collected.findings.split_off(members);
        let known = self.collected.findings[first..].iter();
        let known: HashSet<Secret> = known.filter_map(|finding| finding.secret.clone()).collect();
        let is_new = |finding: &Finding| {
            finding.secret.as_ref().is_none_or(|secret| !known.contains(secret))
        };
        let new: Vec<_> = raw.into_iter().filter(is_new).collect();
        self.collected.findings.extend(new);
        Ok(())
    }

    fn whole(&mut self, path: &SourcePath, bytes: &[u8], origin: Origin) -> io::Result<()> {
        self.members_or_bytes(path, origin, &bytes, bytes.len() as u64, |thread| {
            thread.whole_bytes(path, bytes, origin)
        })
    }

    fn whole_bytes(&mut self, path: &SourcePath, bytes: &[u8], origin: Origin) -> io::Result<()> {
        let scan = self.pipeline.scan;
        let (encoding, _) = encoding::detect(bytes);
        self.scratch.is_version = matches!(origin, Origin::Blob(_));
        if encoding == encoding::Encoding::Ascii {
            self.scratch.versions.begin();
        }
        let mut found: Vec<Found<'p>> = Vec::new();
        let part = Part { path, containers: &[], bytes, encoding, is_whole: true };
        let is_awake = part.run(scan.engine, &mut self.scratch, &mut |one| found.push(one));
        let may_be_ignored = self.scratch.has_mark && scan.ignores.obey;
        let notebook = is_awake.then(|| Notebook::read(path, bytes)).flatten();
        if let Some(notebook) = &notebook {
            notebook.run(scan.engine, path, &mut self.scratch, &mut found);
        }
        scan.progress.add_bytes(bytes.len() as u64);
        if found.is_empty() && !may_be_ignored {
            return Ok(());
        }
        let place = Place::of(path, origin);
        let matched = Matched {
            notebook: notebook.as_ref(),
            line_hashes: scan.line_hashes,
            ..Matched::of(&place, &bytes, encoding)
        };
        if found.is_empty() {
            let ignored = ignores::apply(&matched, Some(bytes), scan.ignores, &mut Vec::new())?;
            self.collected.warnings.extend(ignored.warnings);
            return Ok(());
        }
        self.report(&matched, Some(bytes), found)
    }

    fn large(
        &mut self,
        path: &SourcePath,
        file: &LargeFile,
        origin: Origin,
        threads: usize,
    ) -> io::Result<()> {
        self.members_or_bytes(path, origin, file, file.len, |thread| {
            let scan = thread.pipeline.scan;
            let large = windows::Large { path, containers: &[], content: file, len: file.len };
            let (found, encoding) = windows::scan(scan.engine, large, threads, scan.progress)?;
            let place = Place::of(path, origin);
            let matched =
                Matched { line_hashes: scan.line_hashes, ..Matched::of(&place, file, encoding) };
            thread.report(&matched, None, found)
        })
    }

    /// Notes what `found` comes to. `whole` is the document's bytes if they are at hand.
    fn report(
        &mut self,
        matched: &Matched<'_>,
        whole: Option<&[u8]>,
        found: Vec<Found<'p>>,
    ) -> io::Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let mut excerpter = Excerpter::new(self.pipeline.scan.secrets, found.len());
        let allowlist = self.pipeline.scan.allowlist;
        let path = &matched.place.path;
        let rows = Rows::of(path).filter(|_| matched.is_from_start());
        let is_file = matched.place.containers.is_empty();
        let found = if rows.is_some() || !is_file { findings::first_of_each(found) } else { found };
        let (mut findings, mut dismissed) = matched.report(found, &mut excerpter)?;
        excerpter.mask_names(&mut findings, &mut dismissed);
        let by_path = allowlist.drop_rules(path, &mut findings);
        let (mut findings, overlapping) = overlap::resolve(findings, &mut dismissed);
        let allowed = allowlist.drop_allowed(path, &mut findings);
        // A comment in a packed file is nobody's word on the file that holds it.
        let ignored = if is_file {
            ignores::apply(matched, whole, self.pipeline.scan.ignores, &mut findings)?
        } else {
            ignores::Ignored::default()
        };
        if let Some(rows) = rows {
            rows.tell(matched.content, &mut findings, &mut excerpter)?;
        }
        findings.iter_mut().for_each(|finding| matched.settle(&mut finding.location));
        dismissed.iter_mut().for_each(|one| matched.settle(&mut one.location));
        if is_file {
            findings::tell_repeats(&mut findings);
        }
        self.pipeline.scan.progress.add_findings(findings.len() as u64);
        self.collected.findings.extend(findings);
        self.collected.dismissed.extend(dismissed);
        self.collected.warnings.extend(ignored.warnings);
        self.collected.count_suppressed("per-path", by_path);
        self.collected.count_suppressed("allowlist", allowed);
        self.collected.count_suppressed("overlap", overlapping);
        for (by, count) in ignored.counts {
            self.collected.count_suppressed(by.as_str(), count);
        }
        Ok(())
    }
}

/// Panics over a file of a certain name, so that the tests can see what a panic costs.
/// Nothing in a released build.
fn panic_for_the_tests(path: &SourcePath) {
    if cfg!(debug_assertions) && path.file_name().starts_with(b"panic-for-the-tests") {
        panic!("{path}");
    }
}
