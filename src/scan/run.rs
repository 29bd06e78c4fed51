//! Runs a scan.

use super::{
    barren::BarrenMembers,
    claims::{check_tree, sift_all},
    excerpt::Excerpter,
    job::Scan,
    names,
    thread::{Pipeline, Thread},
};
use crate::{
    model::{Finding, Outcome, Totals, Warning},
    rule::Matcher,
    source::{Source, SourceError},
    suppress::Sifted,
};
use std::{
    cmp::Reverse,
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// Scans all documents of `source`, and of the sources that it refers to.
///
/// # Errors
/// Returns an error if the source cannot be read at all.
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
    let found = std::mem::take(&mut outcome.findings);
    outcome.warnings.extend(stale_entries(scan, &outcome, &found));
    let Sifted { findings, suppressed } = sift_all(scan, found);
    outcome.findings = findings;
    check_tree(scan, source, &suppressed, &mut outcome);
    suppressed.into_iter().for_each(|one| outcome.suppress(one, scan.policy.keep_suppressed));
    outcome.sort();
    Excerpter::new(scan.secrets, 0).mask_paths(&mut outcome);
    outcome.elapsed = started.elapsed();
    Ok(outcome)
}

/// A warning about baseline entries that match nothing, if everything was scanned with every rule.
/// `found` are the findings in documents.
fn stale_entries(scan: Scan<'_>, outcome: &Outcome, found: &[Finding]) -> Option<Warning> {
    let is_whole = outcome.skipped.is_empty() && !outcome.interrupted;
    let baseline = scan.policy.baseline.filter(|_| is_whole)?;
    let is_of_documents = |rule: &str| {
        let rule = scan.engine.rules().get(rule).filter(|_| scan.policy.comments.all_rules_run);
        rule.is_some_and(|rule| !matches!(rule.matcher, Matcher::Nothing))
    };
    baseline.stale(found, &is_of_documents)
}

/// The results of one source, unordered.
fn scan_source(scan: Scan<'_>, source: &dyn Source) -> Result<Outcome, SourceError> {
    let pipeline = Pipeline {
        scan,
        all: Mutex::default(),
        waiting: Mutex::default(),
        barren: BarrenMembers::default(),
    };
    source.run(&pipeline)?;
    pipeline.scan_waiting();
    let mut outcome = pipeline.all.into_inner().unwrap_or_else(PoisonError::into_inner);
    names::fold(&mut outcome.findings);
    source.attribute(&mut outcome)?;
    Excerpter::new(scan.secrets, 0).mask_history(&mut outcome.findings);
    Ok(outcome)
}

impl Pipeline<'_> {
    /// Scans the large files, the largest first. Files that would leave threads idle at the end are
    /// scanned with all threads, the others with one thread each.
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
                // If no thread can be started, the current thread scans them alone.
                let other = std::thread::Builder::new();
                let _ = other.spawn_scoped(scope, || scan_rest(Thread::of(self)));
            }
            scan_rest(thread);
        });
    }
}
