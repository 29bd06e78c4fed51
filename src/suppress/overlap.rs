//! Where several rules claim one place, the one that says most speaks.

use crate::{
    detect::{Candidate, Real, Verdict},
    model::{Severity, Span},
};

/// Keeps, of candidates that share a place, the one that says most, and tells how many
/// others it speaks for. Dismissed ones stay unless a real one holds their place.
///
/// Which says most: the rule of the highest precedence, then of the highest severity,
/// then the longest span, then the first id. The same match twice, from two readings
/// of one place, is one match and not counted.
pub fn resolve<'e>(mut candidates: Vec<Candidate<'e>>) -> (Vec<Candidate<'e>>, u64) {
    candidates.sort_by(|a, b| rank(b).cmp(&rank(a)).then_with(|| a.rule.id.cmp(&b.rule.id)));
    let mut kept: Vec<Candidate<'e>> = Vec::with_capacity(candidates.len());
    // Spans of what is kept, in order, so that a place is looked up and not searched for.
    let mut taken: std::collections::BTreeMap<usize, Vec<usize>> =
        std::collections::BTreeMap::new();
    let mut suppressed = 0;
    for candidate in candidates {
        let rival = claims(&taken, candidate.span)
            .map(|place| &kept[place])
            .find(|other| other.span.overlaps(candidate.span) || other.span == candidate.span);
        match rival {
            Some(other) => {
                let same = std::ptr::eq(other.rule, candidate.rule);
                let real = matches!(candidate.verdict, Verdict::Real(_));
                suppressed += u64::from(real && !same);
            }
            None => {
                for bucket in buckets(candidate.span) {
                    taken.entry(bucket).or_default().push(kept.len());
                }
                kept.push(candidate);
            }
        }
    }
    kept.sort_by(|a, b| (a.span, &a.rule.id).cmp(&(b.span, &b.rule.id)));
    (kept, suppressed)
}

/// Places are looked up by the blocks of this many bytes that they touch.
const BUCKET: usize = 4096;

fn buckets(span: Span) -> std::ops::RangeInclusive<usize> {
    span.start / BUCKET..=span.end.saturating_sub(1).max(span.start) / BUCKET
}

fn claims(
    taken: &std::collections::BTreeMap<usize, Vec<usize>>,
    span: Span,
) -> impl Iterator<Item = usize> + '_ {
    taken.range(buckets(span)).flat_map(|(_, places)| places.iter().copied())
}

/// What the choice is made by, the higher the stronger.
fn rank(candidate: &Candidate<'_>) -> (bool, u8, Severity, usize, std::cmp::Reverse<usize>) {
    let severity = match &candidate.verdict {
        Verdict::Real(Real { severity, .. }) => Some(*severity),
        Verdict::Dismissed(_) => None,
    };
    (
        severity.is_some(),
        candidate.rule.precedence,
        severity.unwrap_or(Severity::Info),
        candidate.span.len(),
        std::cmp::Reverse(candidate.span.start),
    )
}
