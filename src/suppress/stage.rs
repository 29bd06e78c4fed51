//! The stage that decides which findings count.
//!
//! The order is: the document's scope (which the pipeline applies before findings are made),
//! `per-path` and `ignore`, overlap, allowlist, ignore comments; then, after all documents are
//! scanned, baseline, least severity and least confidence. The first suppressor that applies is
//! kept with the finding.

use super::{inline::Ignores, overlap, policy::Policy};
use crate::model::{Dismissed, Finding, Outcome, SourcePath, Span, SpanMap, Suppressor};

/// A document as this stage sees it.
pub struct Document<'d> {
    /// The path that globs are matched with.
    pub path: &'d SourcePath,
    /// The path that fingerprints are made from.
    pub identity: &'d SourcePath,
    /// Its ignore comments, if they are obeyed.
    pub comments: Option<Comments<'d>>,
}

/// The ignore comments of a document.
pub struct Comments<'d> {
    /// The comments.
    pub ignores: &'d mut Ignores,
    /// Maps the bytes of the document to those of the text that the comments were read from, if
    /// they differ.
    pub map: Option<&'d SpanMap>,
}

/// The findings of one document, divided by whether they count.
#[derive(Debug, Default)]
pub struct Sifted {
    /// The findings that count so far.
    pub findings: Vec<Finding>,
    /// The others, each with its suppressor.
    pub suppressed: Vec<Finding>,
}

impl Policy<'_> {
    /// Applies everything that needs no other document. Dismissed matches are dropped where a
    /// finding reports the same place.
    pub fn sift(
        &self,
        mut document: Document<'_>,
        mut findings: Vec<Finding>,
        dismissed: &mut Vec<Dismissed>,
    ) -> Sifted {
        self.allowlist.mark_rules(document.path, &mut findings);
        let overlap::Resolved { winners, losers } =
            overlap::resolve(findings, dismissed, document.identity);
        let mut sifted = Sifted { findings: Vec::new(), suppressed: losers };
        sifted.findings.reserve_exact(winners.len());
        let allowed_path = self.allowlist.allowed_path(document.path);
        for mut finding in winners {
            finding.suppressed = finding
                .suppressed
                .take()
                .or_else(|| allowed_path.clone())
                .or_else(|| self.allowlist.allowed_secret(finding.secret.as_ref()))
                .or_else(|| self.ignored(&finding, document.comments.as_mut()?));
            match &finding.suppressed {
                None => sifted.findings.push(finding),
                // A rule that the user ignores reports nothing of its own.
                Some(Suppressor::IgnoredRule { rule }) if *rule == finding.rule => {}
                Some(_) => sifted.suppressed.push(finding),
            }
        }
        sifted
    }

    /// The ignore comment that silences a finding.
    fn ignored(&self, finding: &Finding, comments: &mut Comments<'_>) -> Option<Suppressor> {
        if !finding.location.inside.is_empty() {
            return None;
        }
        let to_text = |span: Span| comments.map.map_or(span, |map| map.to_view(span));
        let span = to_text(finding.location.span);
        let rules = finding.names().chain(finding.also.iter().map(|id| &**id));
        comments.ignores.silence(rules, span, self.comments)
    }

    /// Applies everything that needs all documents. Returns the findings that count, and adds the
    /// others to the suppressed ones of `outcome`. `of` gives the policy for the findings in a
    /// file.
    pub fn sift_all<'a>(
        &self,
        mut findings: Vec<Finding>,
        outcome: &mut Outcome,
        of: &dyn Fn(&SourcePath) -> Policy<'a>,
    ) -> Vec<Finding> {
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
        suppressed.for_each(|finding| outcome.suppress(finding, self.keep_suppressed));
        findings
    }

    fn too_little(&self, finding: &Finding) -> Option<Suppressor> {
        match () {
            () if finding.severity < self.min_severity => Some(Suppressor::MinSeverity),
            () if finding.confidence < self.min_confidence => Some(Suppressor::MinConfidence),
            () => None,
        }
    }
}
