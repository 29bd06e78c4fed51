//! Where in a version the expressions of rules may match.

use super::Version;
use crate::rule::{Pattern, Reach};
use regex::bytes::Captures;
use std::ops::Range;

/// Of an expression that matched more often nothing is remembered.
const MOST: usize = 1 << 10;

/// How many bytes the windows of a text may have together, before all of it is read: they may
/// lie on one long line, which is not to be walked along for each of them.
pub fn most_bytes(text: &[u8]) -> usize {
    4 * text.len() + (64 << 10)
}

/// Where an expression of a rule matched.
#[derive(Debug)]
pub struct Matches {
    /// The rule's number and the expression's place in it.
    number: (usize, usize),
    /// Where, in order.
    ranges: Vec<Range<usize>>,
}

impl Version {
    /// The parts of `text` that every match of an expression lies in, in order and apart;
    /// `None` if it may match anywhere. `number` is the rule's and its place in it.
    ///
    /// A match that covers nothing new and nothing that an earlier match covered would have
    /// been one in the earlier text.
    pub fn windows(
        &mut self,
        number: (usize, usize),
        pattern: &Pattern,
        text: &[u8],
    ) -> Option<Vec<Range<usize>>> {
        let (earlier, _) = self.earlier.as_ref()?;
        earlier.matches.iter().find(|known| known.number == number)?;
        let reach = Some(pattern.reach()).filter(|reach| *reach != Reach::Text)?;
        // Many expressions have the same reach.
        let place = self.around.iter().position(|(known, _)| *known == reach);
        let place = place.unwrap_or_else(|| {
            let windows = around(reach, text, self.gaps.iter().cloned());
            self.around.push((reach, windows));
            self.around.len() - 1
        });
        let new = self.around[place].1.as_ref()?;
        let matched = self.matched(number);
        if matched.is_empty() {
            return Some(new.clone());
        }
        around(reach, text, self.gaps.iter().cloned().chain(matched))
    }

    /// Where an expression matched in the earlier text, as far as that is here.
    fn matched(&self, number: (usize, usize)) -> Vec<Range<usize>> {
        let Some((earlier, shared)) = &self.earlier else { return Vec::new() };
        let known = earlier.matches.iter().find(|known| known.number == number);
        let matches = known.map_or(&[][..], |known| &known.ranges);
        if matches.is_empty() {
            return Vec::new();
        }
        let matched = shared.stretches().flat_map(|one| {
            let source = one.source();
            let first = matches.partition_point(|found| found.end < source.start);
            let near = matches[first..].iter().take_while(move |found| found.start <= source.end);
            let moved = move |at: usize| at.clamp(one.from, one.from + one.len) - one.from + one.at;
            near.map(move |found| moved(found.start)..moved(found.end))
        });
        matched.collect()
    }

    /// Notes where an expression matched.
    pub fn remember_matches(&mut self, number: (usize, usize), ranges: Vec<Range<usize>>) {
        if ranges.len() <= MOST {
            self.remembered.matches.push(Matches { number, ranges });
        }
    }
}

/// What is around some parts of a text, in order and apart; `None` if that is too much.
fn around(
    reach: Reach,
    text: &[u8],
    parts: impl Iterator<Item = Range<usize>>,
) -> Option<Vec<Range<usize>>> {
    let mut left = most_bytes(text);
    let mut window = |part: Range<usize>| {
        let window = reach.around(text, &part);
        left = left.checked_sub(window.len())?;
        Some(window)
    };
    let mut windows: Vec<_> = parts.map(&mut window).collect::<Option<_>>()?;
    windows.sort_unstable_by_key(|window| window.start);
    windows.dedup_by(|next, last| {
        let touches = next.start <= last.end;
        if touches {
            last.end = last.end.max(next.end);
        }
        touches
    });
    Some(windows)
}

/// Calls `each` with every match of an expression, all of which lie in `windows`, if there
/// are such, and gives where they are.
pub fn for_each_match(
    pattern: &Pattern,
    text: &[u8],
    windows: Option<Vec<Range<usize>>>,
    mut each: impl FnMut(&Captures<'_>),
) -> Vec<Range<usize>> {
    let mut matches = Vec::new();
    let mut saw = |captures: &Captures<'_>| {
        each(captures);
        let found = captures.get(0).map_or(0..0, |found| found.range());
        matches.push(found.clone());
        found
    };
    let regex = pattern.regex();
    let Some(windows) = windows else {
        for captures in regex.captures_iter(text) {
            saw(&captures);
        }
        return matches;
    };
    let mut at = 0;
    for window in windows {
        at = at.max(window.start);
        // A window that is cut off tells whether there is a match, the text which one.
        let find = |at: usize| {
            let is_match = at <= window.end && regex.is_match_at(&text[..window.end], at);
            is_match.then(|| regex.captures_at(text, at)).flatten()
        };
        while let Some(captures) = find(at) {
            let found = saw(&captures);
            at = found.end.max(found.start + 1);
        }
    }
    matches
}

#[cfg(test)]
mod tests {
    use super::{super::Remembered, *};
    use crate::model::Shared;
    use std::sync::Arc;

    /// The version of a text in which `piece` is put in place of `cut`.
    fn edited(
        text: &[u8],
        cut: Range<usize>,
        piece: &[u8],
        earlier: &Arc<Remembered>,
    ) -> (Vec<u8>, Version) {
        let new = [&text[..cut.start], piece, &text[cut.end..]].concat();
        let mut shared = Shared::default();
        shared.clear(new.len(), text.len());
        shared.push(0, 0, cut.start);
        shared.push(cut.start + piece.len(), cut.end, text.len() - cut.end);
        let gaps = shared.gaps();
        (new, Version { earlier: Some((Arc::clone(earlier), shared)), gaps, ..Version::default() })
    }

    fn find(pattern: &Pattern, text: &[u8], windows: Option<Vec<Range<usize>>>) -> Vec<String> {
        let mut found = Vec::new();
        for_each_match(pattern, text, windows, |captures| found.push(format!("{captures:?}")));
        found
    }

    #[test]
    fn in_a_version_the_same_matches_as_in_a_text_by_itself() {
        let sources = [
            "a=(b+)",
            r"\ba\s*=\s*b",
            "a=.*b",
            r"b{1,3}=a",
            "(?m)^b.{0,9}a$",
            r"a[^()]{0,300}\s*=b",
            "ba=ab|ab=.b",
        ];
        let line = "x a=b ba=ab=ab=bb\n b =\n a = b, (a) bbb=a\nb is a\n";
        let text = format!("{line}{}{line}{line}", "- ".repeat(300)).into_bytes();
        for source in sources {
            let pattern = Pattern::new(source);
            let mut first = Version::default();
            assert!(first.windows((1, 0), &pattern, &text).is_none(), "nothing is known of it");
            let matches = for_each_match(&pattern, &text, None, |_| {});
            first.remember_matches((1, 0), matches);
            let earlier = Arc::new(first.remembered);
            for at in 0..text.len() - 9 {
                for (length, piece) in [(0, "a=b"), (0, "a"), (3, ""), (1, "=b"), (9, "\n")] {
                    let (new, mut version) =
                        edited(&text, at..at + length, piece.as_bytes(), &earlier);
                    let windows = version.windows((1, 0), &pattern, &new);
                    assert!(windows.is_some());
                    let found = find(&pattern, &new, windows);
                    assert_eq!(found, find(&pattern, &new, None), "{source} {at} {piece:?}");
                    assert!(version.windows((2, 0), &pattern, &new).is_none());
                }
            }
        }
    }

    #[test]
    fn where_nothing_is_new_and_nothing_matched_nothing_is_looked_for() {
        let pattern = Pattern::new("hf_[a-z]{4}");
        let text = "a line that is the same in both, ".repeat(90).into_bytes();
        let mut first = Version::default();
        first.remember_matches((1, 0), Vec::new());
        let (new, mut version) = edited(&text, 999..999, b"hf_abcd", &Arc::new(first.remembered));
        let windows = version.windows((1, 0), &pattern, &new).expect("it is known");
        assert_eq!(windows, vec![Range { start: 991, end: 1014 }]);
    }
}
