//! The keywords that count in a version.

use crate::{
    detect::{
        keyring::{Hit, Keyring, Visitor},
        keywords::{Group, first_unsure},
    },
    model::Shared,
};
use std::ops::{ControlFlow, Range};

/// Maximum number of hits of a version. A text with more hits is read on its own, and nothing is
/// remembered.
const MAX_HITS: usize = 1 << 20;

/// The hits in `text`, in order; `None` if there are too many. Hits in the ranges that it shares
/// with an `earlier` text are taken from there.
pub fn find(
    keyring: &Keyring,
    text: &[u8],
    earlier: Option<(&[Hit], &Shared)>,
) -> Option<Vec<Hit>> {
    let mut hits = Vec::new();
    let Some((known, shared)) = earlier else {
        find_in(keyring, text, 0..text.len(), &mut hits)?;
        return Some(hits);
    };
    let gaps = shared.gaps();
    let mut gaps = gaps.iter();
    let starts_alike = shared.stretches().next().is_some_and(|one| one.at == 0 && one.from == 0);
    if let Some(gap) = (!starts_alike).then(|| gaps.next()).flatten() {
        find_in(keyring, text, gap.clone(), &mut hits)?;
    }
    for one in shared.stretches() {
        let gap = gaps.next();
        let end = gap.map_or(one.end(), |gap| first_unsure(text, one.at, gap.start));
        let first = known.partition_point(|hit| hit.at < one.from);
        let until = end - one.at + one.from;
        let same = known[first..].iter().take_while(|hit| hit.at < until);
        hits.extend(same.map(|hit| Hit { at: hit.at - one.from + one.at, ..*hit }));
        if let Some(gap) = gap {
            find_in(keyring, text, end..gap.end, &mut hits)?;
        }
    }
    Some(hits)
}

/// Appends the hits in `range`, sorted; `None` if there are too many.
fn find_in(keyring: &Keyring, text: &[u8], range: Range<usize>, hits: &mut Vec<Hit>) -> Option<()> {
    let first = hits.len();
    let result = keyring.for_each_hit(text, range, &mut All(hits));
    hits[first..].sort_unstable();
    result.is_continue().then_some(())
}

/// Collects all hits.
struct All<'h>(&'h mut Vec<Hit>);

impl Visitor for All<'_> {
    fn wants(&self, _group: &Group) -> bool {
        true
    }

    fn visit(&mut self, hit: Hit, _keyring: &Keyring) -> ControlFlow<()> {
        self.0.push(hit);
        if self.0.len() < MAX_HITS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}
