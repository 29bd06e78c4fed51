//! Turns the matches of each document into findings, and collects them.

use super::{
    barren::BarrenMembers,
    comments::DocumentComments,
    excerpt::Excerpter,
    fold::{MAX_ALIKE, first_of_each, note_repeats},
    job::Scan,
    matched::Matched,
    rows::Rows,
    text::Found,
};
use crate::{
    detect::Scratch,
    model::{Finding, Outcome, SkipReason, Skipped, SourcePath, Suppressor, join},
    suppress::{Sifted, stage},
};
use std::{collections::HashSet, io, sync::Arc};

/// Maximum number of suppressed findings of one document that are kept for a report.
const MAX_KEPT: usize = 1_000;

/// State of a thread that is kept between documents.
pub struct Collector<'p> {
    /// The parameters of the scan.
    pub scan: Scan<'p>,
    /// The buffers of the engine.
    pub scratch: Scratch,
    /// The results so far, unordered.
    pub outcome: Outcome,
    /// Buffer for the bytes of a container's member.
    pub member: Vec<u8>,
    /// Names in which a secret was reported, with the rule. All files of a folder share its name,
    /// so it is reported once.
    pub named: HashSet<(SourcePath, Arc<str>)>,
    /// Archive members that need no scan; `None` if the document is not one of many versions.
    pub barren: Option<&'p BarrenMembers>,
}

impl<'p> Collector<'p> {
    /// A collector without results.
    pub fn new(scan: Scan<'p>) -> Self {
        let (scratch, outcome) = (Scratch::default(), Outcome::default());
        Self { scan, scratch, outcome, member: Vec::new(), named: HashSet::new(), barren: None }
    }

    /// Records a document that was not scanned.
    pub fn skip(&mut self, path: SourcePath, reason: SkipReason, detail: String) {
        self.outcome.skipped.push(Skipped::of(path, reason, detail));
    }

    /// Records that a document has more encoded texts than were decoded.
    pub fn skip_encoded(&mut self, path: &SourcePath) {
        let detail = "it has more encoded texts than a file of its size is allowed";
        self.skip(path.clone(), SkipReason::OverLimit, detail.into());
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
        let policy = self.scan.policy;
        let name = matched.name;
        let rows = Rows::of(&name.path).filter(|_| matched.is_from_start() && !name.is_its_name());
        let is_file = name.containers.is_empty();
        let (found, outside) = matched.in_scope(found)?;
        let max_alike = if rows.is_some() || !is_file { 1 } else { MAX_ALIKE };
        let found = first_of_each(found, max_alike);
        let (mut findings, mut dismissed) = matched.report(found)?;
        excerpter.mask_names(&mut findings, &mut dismissed);
        // Ignore comments inside a container do not apply to the container.
        let mut comments = match is_file && policy.comments.obey {
            true => Some(DocumentComments::read(matched, whole, &findings)?),
            false => None,
        };
        let document = stage::Document {
            path: &name.path,
            comments: comments.as_mut().map(DocumentComments::for_stage),
        };
        let Sifted { mut findings, suppressed } = policy.sift(document, findings, &mut dismissed);
        let (mut kept, counted) = self.divided(suppressed);
        if let Some(mut comments) = comments {
            comments.use_outside(&outside, policy.comments);
            let warnings = comments.warnings(matched, policy.comments, &mut excerpter)?;
            self.outcome.warnings.extend(warnings);
        }
        matched.show(&mut findings, &mut excerpter)?;
        matched.show(&mut kept, &mut excerpter)?;
        if let Some(rows) = rows {
            rows.tell(matched.content, &mut findings, &mut excerpter)?;
        }
        let found = findings.iter_mut().chain(&mut kept);
        found.for_each(|finding| matched.map_to_container(&mut finding.location));
        dismissed.iter_mut().for_each(|one| matched.map_to_container(&mut one.location));
        if is_file {
            note_repeats(&mut findings);
        }
        self.scan.progress.add_findings(findings.len() as u64);
        join(&mut self.outcome.findings, findings);
        self.outcome.dismissed.extend(dismissed);
        kept.iter_mut().for_each(|finding| excerpter.mask_suppressor(finding));
        kept.into_iter().for_each(|finding| self.outcome.suppress(finding, true));
        counted.into_iter().for_each(|finding| self.outcome.suppress(finding, false));
        Ok(())
    }

    /// The suppressed findings that are kept for a report, and those that are only counted.
    fn divided(&self, suppressed: Vec<Finding>) -> (Vec<Finding>, Vec<Finding>) {
        let is_version = self.barren.is_some();
        let mut left = if self.scan.policy.keep_suppressed { MAX_KEPT } else { 0 };
        suppressed.into_iter().partition(|finding| {
            // In each of many versions of a file another rule reports the same location.
            let is_overlap = matches!(finding.suppressed, Some(Suppressor::Overlap { .. }));
            let is_kept = left > 0 && !(is_version && is_overlap);
            left -= usize::from(is_kept);
            is_kept
        })
    }

    /// Warns of ignore comments in a file without findings.
    ///
    /// # Errors
    /// Returns an error if the document cannot be read.
    pub fn warn_of_comments(&mut self, matched: &Matched<'_>, whole: &[u8]) -> io::Result<()> {
        let comments = DocumentComments::read(matched, Some(whole), &[])?;
        let mut excerpter = Excerpter::new(self.scan.secrets, 0);
        let warnings = comments.warnings(matched, self.scan.policy.comments, &mut excerpter)?;
        self.outcome.warnings.extend(warnings);
        Ok(())
    }
}
