//! Parts of texts that hold nothing for the rules that asked.

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
    ) -> Reading<'q> {
        let mut key = self.hasher.build_hasher();
        language.hash(&mut key);
        for rule in rules {
            rule.id.hash(&mut key);
        }
        Reading { key: key.finish(), quiet: self, text, read: Vec::new() }
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
    read: Vec<Range<usize>>,
}

impl Reading<'_> {
    /// Remembers the parts that hold none of the facts that begin at `wanted`.
    pub fn remember(self, mut wanted: Vec<usize>) {
        wanted.sort_unstable();
        let Self { quiet, key, text, read } = self;
        if quiet.parts.len() + read.len() > MOST {
            quiet.parts.clear();
        }
        for part in read.into_iter().take(MOST) {
            let first = wanted.partition_point(|at| *at < part.start);
            if wanted.get(first).is_none_or(|at| *at >= part.end) {
                let hash = quiet.hash(key, &text[part]);
                quiet.parts.insert(hash);
            }
        }
    }
}

impl Known for Reading<'_> {
    fn is_known(&self, part: &[u8]) -> bool {
        self.quiet.parts.contains(&self.quiet.hash(self.key, part))
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
        let mut reading = quiet.reading(&one, "python", b"quiet loud");
        reading.was_read(0..5);
        reading.was_read(5..10);
        reading.remember(vec![6]);
        let reading = quiet.reading(&one, "python", b"");
        assert!(reading.is_known(b"quiet") && !reading.is_known(b" loud"));
        assert!(!quiet.reading(&other, "python", b"").is_known(b"quiet"));
        assert!(!quiet.reading(&one, "ruby", b"").is_known(b"quiet"));
    }
}
