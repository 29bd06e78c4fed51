//! The pipeline: from a source to everything a scan has to say.

mod excerpt;
mod findings;
mod locate;
pub mod progress;
mod text;
mod windows;

pub use progress::Progress;

use crate::{
    decode::encoding,
    detect::{Engine, Scratch, Verdict},
    model::{Dismissed, Finding, Origin, Outcome, SkipReason, Skipped, SourcePath, Totals},
    source::{Content, Document, LargeFile, Sink, Source, SourceError, Worker},
    suppress::overlap,
};
use excerpt::Excerpter;
use findings::Matched;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
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
    /// Where to tell how far it is, and to be told to stop.
    pub progress: &'a Progress,
}

/// Scans all that `source` hands over.
///
/// # Errors
/// What keeps the source from handing over anything.
pub fn scan(scan: Scan<'_>, source: &dyn Source) -> Result<Outcome, SourceError> {
    let started = Instant::now();
    let pipeline = Pipeline { scan, all: Mutex::default(), waiting: Mutex::default() };
    source.run(&pipeline)?;
    pipeline.scan_waiting();
    let mut outcome =
        pipeline.all.into_inner().unwrap_or_else(PoisonError::into_inner).into_outcome();
    outcome.totals = Totals { files: scan.progress.files(), bytes: scan.progress.bytes() };
    outcome.interrupted = scan.progress.is_stopped();
    source.settle(&mut outcome)?;
    outcome.sort();
    outcome.elapsed = started.elapsed();
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

/// What was found so far.
#[derive(Debug, Default)]
struct Collected {
    findings: Vec<Finding>,
    dismissed: Vec<Dismissed>,
    skipped: Vec<Skipped>,
    overlapping: u64,
}

impl Collected {
    fn absorb(&mut self, other: Collected) {
        self.findings.extend(other.findings);
        self.dismissed.extend(other.dismissed);
        self.skipped.extend(other.skipped);
        self.overlapping += other.overlapping;
    }

    fn into_outcome(self) -> Outcome {
        let mut outcome = Outcome {
            findings: self.findings,
            skipped: self.skipped,
            dismissed: self.dismissed,
            ..Outcome::default()
        };
        if self.overlapping > 0 {
            outcome.suppressed.insert("overlap", self.overlapping);
        }
        outcome
    }
}

impl Sink for Pipeline<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Thread {
            pipeline: self,
            scratch: Scratch::default(),
            collected: Collected::default(),
        })
    }
}

impl Pipeline<'_> {
    /// Scans the large files with all threads, one after the other.
    fn scan_waiting(&self) {
        let waiting =
            std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        let mut thread =
            Thread { pipeline: self, scratch: Scratch::default(), collected: Collected::default() };
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

/// One thread of a scan.
struct Thread<'p> {
    pipeline: &'p Pipeline<'p>,
    scratch: Scratch,
    collected: Collected,
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
        scan: impl FnOnce(&mut Self, &SourcePath) -> std::io::Result<()>,
    ) {
        match catch_unwind(AssertUnwindSafe(|| scan(self, &path))) {
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

    fn whole(&mut self, path: &SourcePath, bytes: &[u8], origin: Origin) -> std::io::Result<()> {
        let scan = self.pipeline.scan;
        let (encoding, _) = encoding::detect(bytes);
        let mut found: Vec<Found<'p>> = Vec::new();
        Part { path, bytes, encoding }
            .run(scan.engine, &mut self.scratch, &mut |one| found.push(one));
        scan.progress.add_bytes(bytes.len() as u64);
        self.report(&Matched { path, content: &bytes, encoding, origin }, found)
    }

    fn large(
        &mut self,
        path: &SourcePath,
        file: &LargeFile,
        origin: Origin,
        threads: usize,
    ) -> std::io::Result<()> {
        let scan = self.pipeline.scan;
        let large = windows::Large { path, content: file, len: file.len };
        let (found, encoding) = windows::scan(scan.engine, large, threads, scan.progress)?;
        self.report(&Matched { path, content: file, encoding, origin }, found)
    }

    fn report(&mut self, matched: &Matched<'_>, found: Vec<Found<'p>>) -> std::io::Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let (found, overlapping) = overlap::resolve(found);
        let real = found.iter().filter(|one| matches!(one.verdict, Verdict::Real(_))).count();
        let mut excerpter =
            Excerpter { secrets: self.pipeline.scan.secrets, scratch: Scratch::default() };
        let (findings, dismissed) = matched.report(found, &mut excerpter)?;
        self.collected.absorb(Collected { findings, dismissed, skipped: Vec::new(), overlapping });
        self.pipeline.scan.progress.add_findings(real as u64);
        Ok(())
    }
}
