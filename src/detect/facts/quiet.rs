//! Parts of texts that hold nothing for the rules that asked.

use super::super::keywords::first_unsure;
use crate::{language::Known, rule::Rule};
use std::{
    collections::HashSet,
    hash::{BuildHasher, Hash, Hasher, RandomState},
    ops::Range,
};

/// So many parts are remembered, in 8 bytes each and what the set takes besides.
const MOST: usize = 1 << 18;

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
    passed: Vec<Range<usize>>,
    /// Parts that are known to be quiet from an earlier version, in order.
    pub known: Vec<Range<usize>>,
    /// The part that was read last, up to the end of the text.
    end: Option<Range<usize>>,
}

impl Reading<'_> {
    /// Remembers the parts that hold none of the facts that begin at `wanted`, and gives
    /// them, with those that were known to be such, in order.
    pub fn remember(self, mut wanted: Vec<usize>) -> Vec<Range<usize>> {
        wanted.sort_unstable();
        let Self { quiet, key, text, read, passed: mut parts, end, .. } = self;
        if quiet.parts.len() + read.len() > MOST {
            quiet.parts.clear();
        }
        let is_quiet = |part: &Range<usize>| {
            let first = wanted.partition_point(|at| *at < part.start);
            wanted.get(first).is_none_or(|at| *at >= part.end)
        };
        parts.extend(end.filter(is_quiet));
        for part in read.into_iter().take(MOST) {
            if is_quiet(&part) {
                let hash = quiet.hash(key, &text[part.clone()]);
                quiet.parts.insert(hash);
                parts.push(part);
            }
        }
        parts.sort_unstable_by_key(|part| part.start);
        parts
    }
}

impl Reading<'_> {
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
        let place = self.known.binary_search_by_key(&start, |part| part.start).ok()?;
        let part = &self.known[place];
        self.is_sure(part.clone()).then_some(part.end)
    }

    fn was_read_to_end(&mut self, start: usize) {
        self.end = Some(start..self.text.len());
    }

    fn was_passed(&mut self, part: Range<usize>) {
        self.passed.push(part);
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
        reading.remember(vec![6]);
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
