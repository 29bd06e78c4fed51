//! The stretches that two versions of a text share.

use std::ops::Range;

/// Minimum length of a stretch in bytes; a shorter one is treated like the new text around it.
const SHORTEST: usize = 64;

/// A stretch that two texts share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Its start in the later text.
    pub at: usize,
    /// Its start in the earlier text.
    pub from: usize,
    /// Its length in bytes.
    pub len: usize,
}

impl Stretch {
    /// Its end in the later text.
    pub fn end(&self) -> usize {
        self.at + self.len
    }

    /// Its range in the earlier text.
    pub fn source(&self) -> Range<usize> {
        self.from..self.from + self.len
    }
}

/// The stretches that a text shares with an earlier text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shared {
    /// The stretches, in the order of the later text.
    stretches: Vec<Stretch>,
    /// Length of the later text in bytes.
    len: usize,
    /// Length of the earlier text in bytes.
    earlier_len: usize,
}

impl Shared {
    /// Removes all stretches and sets the lengths of both texts in bytes.
    pub fn clear(&mut self, len: usize, earlier_len: usize) {
        self.stretches.clear();
        (self.len, self.earlier_len) = (len, earlier_len);
    }

    /// Adds a stretch: the `len` bytes at `at` are those at `from` in the earlier text. Stretches
    /// are added in the order of the later text.
    pub fn push(&mut self, at: usize, from: usize, len: usize) {
        match self.stretches.last_mut() {
            Some(last) if last.end() == at && last.from + last.len == from => last.len += len,
            Some(last) if last.len < SHORTEST => *last = Stretch { at, from, len },
            _ => self.stretches.push(Stretch { at, from, len }),
        }
    }

    /// The stretches of at least 64 bytes, in the order of the later text.
    pub fn stretches(&self) -> impl Iterator<Item = Stretch> + '_ {
        self.stretches.iter().copied().filter(|one| one.len >= SHORTEST)
    }

    /// Length of the earlier text in bytes.
    pub fn earlier_len(&self) -> usize {
        self.earlier_len
    }

    /// The gaps between the stretches in the later text. A gap is empty where two stretches meet
    /// that did not meet in the earlier text. The start and the end of the text are gaps too,
    /// unless both texts start or end with the same stretch.
    pub fn gaps(&self) -> Vec<Range<usize>> {
        let mut gaps = Vec::new();
        let mut before: Option<Stretch> = None;
        for one in self.stretches() {
            if before.is_some() || one.at > 0 || one.from > 0 {
                gaps.push(before.map_or(0, |before| before.end())..one.at);
            }
            before = Some(one);
        }
        let is_same_end = before
            .is_some_and(|last| last.end() == self.len && last.source().end == self.earlier_len);
        if !is_same_end {
            gaps.push(before.map_or(0, |last| last.end())..self.len);
        }
        gaps
    }

    /// The range of `part` of the earlier text in the later text, if a stretch holds it together
    /// with the byte before and the byte after it.
    pub fn place_of(&self, part: &Range<usize>) -> Option<Range<usize>> {
        let one = self.stretches().find(|one| {
            let source = one.source();
            let starts = source.start < part.start || (part.start == 0 && one.at == 0);
            let ends =
                part.end < source.end || (part.end == self.earlier_len && one.end() == self.len);
            source.start <= part.start && part.end <= source.end && starts && ends
        })?;
        let start = part.start - one.from + one.at;
        Some(start..start + part.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(len: usize, earlier_len: usize, stretches: &[(usize, usize, usize)]) -> Shared {
        let mut shared = Shared::default();
        shared.clear(len, earlier_len);
        for (at, from, len) in stretches {
            shared.push(*at, *from, *len);
        }
        shared
    }

    fn gaps(shared: &Shared) -> Vec<(usize, usize)> {
        shared.gaps().iter().map(|gap| (gap.start, gap.end)).collect()
    }

    #[test]
    fn gaps_are_what_is_new_and_where_the_old_was_cut() {
        assert_eq!(shared(500, 500, &[(0, 0, 200), (200, 200, 300)]).gaps().len(), 0);
        assert_eq!(gaps(&shared(500, 700, &[(0, 0, 200), (200, 400, 300)])), [(200, 200)]);
        assert_eq!(gaps(&shared(300, 500, &[(0, 0, 300)])), [(300, 300)]);
        assert_eq!(gaps(&shared(300, 500, &[(0, 200, 300)])), [(0, 0)]);
        assert_eq!(gaps(&shared(510, 500, &[(0, 0, 200), (210, 200, 300)])), [(200, 210)]);
        assert_eq!(gaps(&shared(7, 500, &[])), [(0, 7)]);
    }

    #[test]
    fn short_stretches_count_as_new() {
        let shared = shared(500, 500, &[(0, 0, 10), (10, 12, 100), (110, 0, 5), (115, 115, 385)]);
        assert_eq!(gaps(&shared), [(0, 10), (110, 115)]);
    }

    #[test]
    fn a_part_has_a_place_if_its_neighbours_came_with_it() {
        let shared = shared(510, 500, &[(0, 0, 200), (210, 200, 300)]);
        assert_eq!(shared.place_of(&(10..20)), Some(10..20));
        assert_eq!(shared.place_of(&(0..20)), Some(0..20));
        assert_eq!(shared.place_of(&(210..500)), Some(220..510));
        assert_eq!(shared.place_of(&(190..200)), None);
        assert_eq!(shared.place_of(&(200..210)), None);
        assert_eq!(shared.place_of(&(190..210)), None);
    }
}
