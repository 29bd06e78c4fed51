//! Where several rules claim one place, the one that says most speaks.

use crate::model::{Dismissed, Finding, Precedence, Severity, Span};
use std::{cmp::Reverse, collections::BTreeMap};

/// Places are looked up by the blocks of this many bytes that they touch.
const BLOCK: usize = 4096;

/// Keeps, of the findings of one document that share a place, the one that says most,
/// and tells how many others it speaks for. What was dismissed where a finding stands
/// goes as well.
///
/// Which says most: the rule of the highest precedence, then of the highest severity,
/// then the longest span, then the first id. The same finding twice, from two readings
/// of one place, is one and not counted.
pub fn resolve(findings: Vec<Finding>, dismissed: &mut Vec<Dismissed>) -> (Vec<Finding>, u64) {
    let mut order: Vec<Finding> = findings;
    order.sort_by(|a, b| rank(b).cmp(&rank(a)).then_with(|| a.rule.cmp(&b.rule)));
    let mut kept: Vec<Finding> = Vec::with_capacity(order.len());
    let mut taken = Places::default();
    let mut suppressed = 0;
    for finding in order {
        match taken.rival(finding.location.span) {
            Some(number) => suppressed += u64::from(kept[number].rule != finding.rule),
            None => {
                taken.take(finding.location.span, kept.len());
                kept.push(finding);
            }
        }
    }
    dismissed.retain(|one| taken.rival(one.location.span).is_none());
    dismissed.sort_unstable();
    dismissed.dedup();
    kept.sort_by(|a, b| (a.location.span, &a.rule).cmp(&(b.location.span, &b.rule)));
    (kept, suppressed)
}

/// What the choice is made by, the higher the stronger.
fn rank(finding: &Finding) -> (Precedence, Severity, usize, Reverse<usize>) {
    let span = finding.location.span;
    (finding.precedence, finding.severity, span.len(), Reverse(span.start))
}

/// The places that are taken, and by which number.
#[derive(Debug, Default)]
struct Places {
    blocks: BTreeMap<usize, Vec<(Span, usize)>>,
}

impl Places {
    fn blocks_of(span: Span) -> std::ops::RangeInclusive<usize> {
        span.start / BLOCK..=span.end.saturating_sub(1).max(span.start) / BLOCK
    }

    fn take(&mut self, span: Span, number: usize) {
        for block in Self::blocks_of(span) {
            self.blocks.entry(block).or_default().push((span, number));
        }
    }

    fn rival(&self, span: Span) -> Option<usize> {
        let near = self.blocks.range(Self::blocks_of(span)).flat_map(|(_, places)| places);
        near.filter(|(other, _)| other.overlaps(span) || *other == span)
            .map(|(_, number)| *number)
            .next()
    }
}
