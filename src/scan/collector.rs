//! Turns the matches in one document after the other into findings, and collects them.

use super::{
    comments,
    excerpt::Excerpter,
    fold::{first_of_each, tell_repeats},
    job::Scan,
    matched::Matched,
    rows::Rows,
    text::Found,
};
use crate::{
    detect::Scratch,
    model::{Outcome, SkipReason, Skipped, SourcePath},
    suppress::overlap,
};
use std::io;

/// The state that one thread keeps from one document to the next.
pub struct Collector<'p> {
    /// The parameters of the scan.
    pub scan: Scan<'p>,
    /// Memory of the engine.
    pub scratch: Scratch,
    /// The results so far, in no order.
    pub outcome: Outcome,
    /// Buffer for the bytes of a container's member.
    pub member: Vec<u8>,
}

impl<'p> Collector<'p> {
    /// A collector that has no results yet.
    pub fn new(scan: Scan<'p>) -> Self {
        let (scratch, outcome) = (Scratch::default(), Outcome::default());
        Self { scan, scratch, outcome, member: Vec::new() }
    }

    /// Records a document that was not scanned.
    pub fn skip(&mut self, path: SourcePath, reason: SkipReason, detail: String) {
        self.outcome.skipped.push(Skipped::of(path, reason, detail));
    }

    /// Turns matches into findings and records them. `whole` is the document's bytes, if
    /// they are in memory.
    ///
    /// # Errors
    /// Returns an error if the document cannot be read.
    pub fn report(
        &mut self,
        matched: &Matched<'_>,
        whole: Option<&[u8]>,
        found: Vec<Found<'p>>,
    ) -> io::Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let mut excerpter = Excerpter::new(self.scan.secrets, found.len());
        let allowlist = self.scan.allowlist;
        let path = &matched.name.path;
        let rows = Rows::of(path).filter(|_| matched.is_from_start());
        let is_file = matched.name.containers.is_empty();
        let (found, outside) = matched.in_scope(found)?;
        let found = if rows.is_some() || !is_file { first_of_each(found) } else { found };
        let (mut findings, mut dismissed) = matched.report(found, &mut excerpter)?;
        excerpter.mask_names(&mut findings, &mut dismissed);
        let by_path = allowlist.drop_rules(path, &mut findings);
        let (mut findings, overlapping) = overlap::resolve(findings, &mut dismissed);
        let allowed = allowlist.drop_allowed(path, &mut findings);
        // Ignore comments inside a container do not apply to the container.
        let ignored = if is_file {
            comments::apply(matched, whole, self.scan.ignores, &mut findings, &outside)?
        } else {
            comments::Ignored::default()
        };
        if let Some(rows) = rows {
            rows.tell(matched.content, &mut findings, &mut excerpter)?;
        }
        findings.iter_mut().for_each(|finding| matched.map_to_container(&mut finding.location));
        dismissed.iter_mut().for_each(|one| matched.map_to_container(&mut one.location));
        if is_file {
            tell_repeats(&mut findings);
        }
        self.scan.progress.add_findings(findings.len() as u64);
        self.outcome.findings.extend(findings);
        self.outcome.dismissed.extend(dismissed);
        self.outcome.warnings.extend(ignored.warnings);
        self.outcome.count_suppressed("per-path", by_path);
        self.outcome.count_suppressed("allowlist", allowed);
        self.outcome.count_suppressed("overlap", overlapping);
        for (by, count) in ignored.counts {
            self.outcome.count_suppressed(by.as_str(), count);
        }
        Ok(())
    }
}
