//! The stage that suppresses findings.
//!
//! The order is: the document's scope (which the pipeline applies before findings are created),
//! `per-path` and `ignore`, overlap, allowlist, ignore comments; then, after all documents are
//! scanned, baseline, minimum severity and minimum confidence. The first suppressor that applies is
//! stored with the finding.

use super::{inline::Ignores, overlap, policy::Policy};
use crate::model::{Dismissed, Finding, SourcePath, Span, SpanMap, Suppressor};

/// The input of this stage for one document.
pub struct Document<'d> {
    /// The path for globs.
    pub path: &'d SourcePath,
    /// Its ignore comments, if they have an effect.
    pub comments: Option<Comments<'d>>,
}

/// The ignore comments of a document.
pub struct Comments<'d> {
    /// The comments.
    pub ignores: &'d mut Ignores,
    /// Maps offsets in the document to offsets in the text with the comments, if they differ.
    pub map: Option<&'d SpanMap>,
}

/// The findings of one document, reported and suppressed.
#[derive(Debug, Default)]
pub struct Sifted {
    /// The findings that are not suppressed so far.
    pub findings: Vec<Finding>,
    /// The suppressed findings, each with its suppressor.
    pub suppressed: Vec<Finding>,
}

impl Policy<'_> {
    /// Applies everything that needs no other document. Dismissed matches at the location of a
    /// finding are dropped.
    pub fn sift(
        &self,
        mut document: Document<'_>,
        mut findings: Vec<Finding>,
        dismissed: &mut Vec<Dismissed>,
    ) -> Sifted {
        self.allowlist.mark_rules(document.path, &mut findings);
        let overlap::Resolved { winners: mut findings, losers: mut suppressed } =
            overlap::resolve(findings, dismissed);
        let allowed_path = self.allowlist.allowed_path(document.path);
        let others = findings.extract_if(.., |finding| {
            finding.suppressed = finding
                .suppressed
                .take()
                .or_else(|| allowed_path.clone())
                .or_else(|| self.allowlist.allowed_secret(finding.secret.as_ref()))
                .or_else(|| self.ignored(finding, document.comments.as_mut()?));
            finding.suppressed.is_some()
        });
        // An ignored rule does not add a finding of its own.
        suppressed.extend(others.filter(|one| {
            !matches!(&one.suppressed, Some(Suppressor::IgnoredRule { rule }) if *rule == one.rule)
        }));
        Sifted { findings, suppressed }
    }

    /// The ignore comment that suppresses a finding.
    fn ignored(&self, finding: &Finding, comments: &mut Comments<'_>) -> Option<Suppressor> {
        if !finding.location.inside.is_empty() {
            return None;
        }
        let to_text = |span: Span| comments.map.map_or(span, |map| map.to_view(span));
        let span = to_text(finding.location.span);
        let rules = finding.names().chain(finding.also.iter().map(|id| &**id));
        comments.ignores.silence(rules, span, self.comments)
    }

    /// Applies everything that needs all documents. `of` returns the policy for a file.
    pub fn sift_all<'a>(
        &self,
        mut findings: Vec<Finding>,
        of: &dyn Fn(&SourcePath) -> Policy<'a>,
    ) -> Sifted {
        let mut known = match self.baseline {
            Some(baseline) => baseline.known(&findings),
            None => Vec::new(),
        }
        .into_iter();
        let suppressed = findings.extract_if(.., |finding| {
            let known = known.next().flatten();
            finding.suppressed = finding
                .suppressed
                .take()
                .or(known)
                .or_else(|| of(&finding.location.path).too_little(finding));
            finding.suppressed.is_some()
        });
        let suppressed = suppressed.collect();
        Sifted { findings, suppressed }
    }

    fn too_little(&self, finding: &Finding) -> Option<Suppressor> {
        match () {
            () if finding.severity < self.min_severity => Some(Suppressor::MinSeverity),
            () if finding.confidence < self.min_confidence => Some(Suppressor::MinConfidence),
            () => None,
        }
    }
}
