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
mod thread;
mod windows;

pub use notebook::PARTS;
pub use progress::Progress;

use crate::{
    decode::container::Limits,
    detect::{Engine, repository},
    model::{Finding, Outcome, SourcePath, Totals},
    source::{Sink, Source, SourceError, Worker},
    suppress::{Allowlist, IgnorePolicy},
};
use excerpt::Excerpter;
use std::{
    cmp::Reverse,
    sync::{Mutex, PoisonError},
    time::Instant,
};
use thread::{Pipeline, Thread};

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

impl Sink for Pipeline<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Thread::of(self))
    }
}

impl Pipeline<'_> {
    /// Scans the large files, the largest first: with all threads those that would keep threads
    /// waiting at the end, and with one thread each of the rest.
    fn scan_waiting(&self) {
        let mut waiting =
            std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        waiting.sort_by_key(|one| Reverse(one.file.len));
        let threads = self.scan.threads.max(1);
        let mut left = waiting.iter().fold(0_u64, |left, one| left.saturating_add(one.file.len));
        let mut waiting = waiting.into_iter();
        let mut thread = Thread::of(self);
        while let Some(largest) = waiting.as_slice().first().map(|one| one.file.len) {
            if largest <= left / threads as u64 && waiting.len().is_multiple_of(threads) {
                break;
            }
            left = left.saturating_sub(largest);
            let Some(one) = waiting.next() else { break };
            thread.scan_waiting(one, threads);
        }
        let others = if waiting.len() == 0 { 0 } else { threads - 1 };
        let waiting = Mutex::new(waiting);
        let scan_rest = |mut thread: Thread<'_>| {
            let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some(one) = next() {
                thread.scan_waiting(one, 1);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..others {
                // Where there is no other to be had, this thread goes on alone.
                let other = std::thread::Builder::new();
                let _ = other.spawn_scoped(scope, || scan_rest(Thread::of(self)));
            }
            scan_rest(thread);
        });
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
