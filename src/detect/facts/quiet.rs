//! Parts of texts of which is known what the rules that asked want of them.

use super::super::{
    keywords::first_unsure,
    versions::{Part, wanted_in},
};
use crate::{language::Known, model::Facts, rule::Rule};
use std::{
    collections::HashSet,
    hash::{BuildHasher, Hash, Hasher, RandomState},
    ops::Range,
    sync::Arc,
};

/// So many parts are remembered, in 8 bytes each and what the set takes besides.
const MOST: usize = 1 << 18;
/// So many facts are remembered of one text.
const MOST_FACTS: usize = 1 << 10;

/// Remembers parts of texts in which no rule found anything, so that the thousand versions
/// of a file that differ in a few lines are not read in full a thousand times.
///
/// A part is known by a hash of 64 bits whose key is new in each run: no one can make
/// another part pass for it.
#[derive(Debug, Default)]
pub struct Quiet {
    hasher: RandomState,
    parts: HashSet<u64>,
}

impl Quiet {
    /// A reading of `text` for some rules.
    pub fn reading<'q>(
        &'q mut self,
        rules: &[&Rule],
        language: &str,
        text: &'q [u8],
        places: &'q [usize],
    ) -> Reading<'q> {
        let mut key = self.hasher.build_hasher();
        language.hash(&mut key);
        for rule in rules {
            rule.id.hash(&mut key);
        }
        Reading {
            key: key.finish(),
            quiet: self,
            text,
            places,
            read: Vec::new(),
            passed: Vec::new(),
            known: Vec::new(),
            end: None,
        }
    }

    fn hash(&self, key: u64, part: &[u8]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        key.hash(&mut hasher);
        part.hash(&mut hasher);
        hasher.finish()
    }
}

/// One text that is read for some rules.
pub struct Reading<'q> {
    quiet: &'q mut Quiet,
    key: u64,
    text: &'q [u8],
    /// Where keywords count, in order.
    places: &'q [usize],
    read: Vec<Range<usize>>,
    /// Parts that were not read, as they were known.
    passed: Vec<Part>,
    /// Parts that are known from an earlier version, in order.
    pub known: Vec<Part>,
    /// The part that was read last, up to the end of the text.
    end: Option<Range<usize>>,
}

impl Reading<'_> {
    /// Adds the facts of the parts that were not read, as they are known.
    pub fn add_known(&self, facts: &mut Facts) {
        let mut are_new = false;
        for part in &self.passed {
            let Some(wanted) = &part.wanted else { continue };
            let mut wanted = Facts::clone(wanted);
            wanted.for_each_span(|span| *span = span.shifted(part.range.start));
            facts.append(wanted);
            are_new = true;
        }
        if are_new {
            facts.bindings.sort_by_key(|binding| binding.span.start);
            facts.commands.sort_by_key(|command| command.span.start);
        }
    }

    /// Remembers the parts that hold none of the `facts` that begin at `wanted`, and gives
    /// them, those that do, and those that were known, in order.
    pub fn remember(self, mut wanted: Vec<usize>, facts: &Facts) -> Vec<Part> {
        wanted.sort_unstable();
        let Self { quiet, key, text, read, passed: mut parts, end, .. } = self;
        if quiet.parts.len() + read.len() > MOST {
            quiet.parts.clear();
        }
        let count = |facts: &Facts| facts.bindings.len() + facts.commands.len();
        let known = parts.iter().filter_map(|part| Some(count(part.wanted.as_ref()?)));
        let mut left = MOST_FACTS.saturating_sub(known.sum());
        let mut note = |range: Range<usize>| {
            let first = wanted.partition_point(|at| *at < range.start);
            if wanted.get(first).is_none_or(|at| *at >= range.end) {
                parts.push(Part::new(range, None));
                return true;
            }
            let own = wanted_in(facts, &range, &wanted).filter(|own| count(own) <= left);
            if let Some(own) = own {
                left -= count(&own);
                parts.push(Part::new(range, Some(Arc::new(own))));
            }
            false
        };
        if let Some(end) = end {
            note(end);
        }
        for part in read.into_iter().take(MOST) {
            if note(part.clone()) {
                let hash = quiet.hash(key, &text[part]);
                quiet.parts.insert(hash);
            }
        }
        parts.sort_unstable_by_key(|part| part.range.start);
        parts
    }
}

impl Reading<'_> {
    /// What is known from an earlier version of the part that starts at `start`.
    fn known_at(&self, start: usize) -> Option<&Part> {
        let place = self.known.binary_search_by_key(&start, |part| part.range.start).ok()?;
        self.known.get(place)
    }

    /// Whether no keyword at the end of a part counts: it may do so only since something
    /// else stands behind the part.
    fn is_sure(&self, part: Range<usize>) -> bool {
        let first = self.places.partition_point(|place| *place < part.start);
        let last = self.places[first..].iter().take_while(|place| **place < part.end).last();
        last.is_none_or(|place| *place < first_unsure(self.text, part.start, part.end))
    }
}

impl Known for Reading<'_> {
    fn is_known(&self, part: Range<usize>) -> bool {
        let hash = self.quiet.hash(self.key, &self.text[part.clone()]);
        self.quiet.parts.contains(&hash) && self.is_sure(part)
    }

    fn known_end(&self, start: usize) -> Option<usize> {
        let Part { range, is_settled, .. } = self.known_at(start)?;
        (*is_settled || self.is_sure(range.clone())).then_some(range.end)
    }

    fn was_read_to_end(&mut self, start: usize) {
        self.end = Some(start..self.text.len());
    }

    fn was_passed(&mut self, range: Range<usize>) {
        let known = self.known_at(range.start).filter(|known| known.range == range).cloned();
        self.passed.push(known.unwrap_or_else(|| Part::new(range, None)));
    }

    fn was_read(&mut self, part: Range<usize>) {
        self.read.push(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_known_once_it_held_nothing_for_the_same_rules() {
        let rules = crate::rule::built_in(None).expect("the built-in rules are valid");
        let (one, other): (Vec<&Rule>, Vec<&Rule>) = (vec![&rules[0]], vec![&rules[1]]);
        let mut quiet = Quiet::default();
        let mut reading = quiet.reading(&one, "python", b"quiet loud", &[]);
        reading.was_read(0..5);
        reading.was_read(5..10);
        let _ = reading.remember(vec![6], &Facts::default());
        let text = b"quiet loud";
        let reading = quiet.reading(&one, "python", text, &[]);
        assert!(reading.is_known(0..5) && !reading.is_known(5..10));
        assert!(!quiet.reading(&other, "python", text, &[]).is_known(0..5));
        assert!(!quiet.reading(&one, "ruby", text, &[]).is_known(0..5));
        // What stands behind the part may be what makes the keyword count.
        assert!(!quiet.reading(&one, "python", text, &[2]).is_known(0..5));
        assert!(quiet.reading(&one, "python", text, &[7]).is_known(0..5));
    }
}
