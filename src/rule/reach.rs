//! Upper bounds on how far from a changed byte a match that depends on it can begin or end.

use regex_syntax::{
    ParserBuilder,
    hir::{Class, Hir, HirKind},
};
use std::ops::Range;

/// Up to this maximum match length in bytes, the reach is in bytes.
const FEW_BYTES: usize = 256;
/// Above this maximum match length in bytes, the reach is the whole text.
const MOST_BYTES: usize = 4096;
/// Above this number of line ends in a match, the reach is not in lines.
const MOST_LINES: usize = 8;

/// The maximum extent of one match of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// At most this number of bytes.
    Bytes(usize),
    /// Parts of lines, separated by at most this number of runs of blanks and line ends.
    Lines(usize),
    /// At most this number of bytes, not counting blanks and line ends.
    NonBlank(usize),
    /// Unlimited.
    Text,
}

impl Reach {
    /// The reach of the expression `source`, as [`Pattern`](super::Pattern) compiles it.
    pub fn of(source: &str) -> Self {
        let parsed = ParserBuilder::new().unicode(false).utf8(false).build().parse(source);
        let Ok(hir) = parsed else { return Self::Text };
        let bytes = hir.properties().maximum_len();
        match (bytes, line_ends(&hir)) {
            (Some(bytes), _) if bytes <= FEW_BYTES => Self::Bytes(bytes),
            (_, Some(lines)) if lines <= MOST_LINES => Self::Lines(lines),
            (Some(bytes), _) if bytes <= MOST_BYTES => Self::Bytes(bytes),
            _ => match bytes_but_blanks(&hir) {
                Some(bytes) if bytes <= MOST_BYTES => Self::NonBlank(bytes),
                _ => Self::Text,
            },
        }
    }

    /// The part of `text` that contains every match that covers or touches `gap`, and the
    /// characters next to such a match.
    pub fn around(self, text: &[u8], gap: &Range<usize>) -> Range<usize> {
        match self {
            Self::Bytes(bytes) => {
                gap.start.saturating_sub(bytes + 1)..text.len().min(gap.end + bytes + 1)
            }
            Self::Lines(lines) => {
                let (mut start, mut end) = (gap.start, gap.end);
                start = memchr::memrchr(b'\n', &text[..start]).map_or(0, |at| at + 1);
                end += memchr::memchr(b'\n', &text[end..]).unwrap_or(text.len() - end);
                for _ in 0..lines {
                    start -= text[..start].iter().rev().take_while(|one| is_blank(one)).count();
                    start = memchr::memrchr(b'\n', &text[..start]).map_or(0, |at| at + 1);
                    end += text[end..].iter().take_while(|one| is_blank(one)).count();
                    end += memchr::memchr(b'\n', &text[end..]).unwrap_or(text.len() - end);
                }
                start..end
            }
            Self::NonBlank(bytes) => {
                let before = length_of(bytes + 1, text[..gap.start].iter().rev());
                let behind = length_of(bytes + 1, text[gap.end..].iter());
                gap.start - before..gap.end + behind
            }
            Self::Text => 0..text.len(),
        }
    }
}

/// The number of bytes up to and including `most` bytes that are not blank, and the blanks after
/// them.
fn length_of<'a>(most: usize, bytes: impl Iterator<Item = &'a u8>) -> usize {
    let mut left = most;
    let goes_on = |byte: &&u8| {
        let is_blank = is_blank(byte);
        let is_one = is_blank || left > 0;
        left = left.saturating_sub(usize::from(!is_blank));
        is_one
    };
    bytes.take_while(goes_on).count()
}

/// An expression of limited reach that matches wherever `source` does, and perhaps elsewhere: for
/// each alternative, the part after its last `.*` that crosses lines.
pub fn narrowed(source: &str) -> Option<String> {
    let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(source).ok()?;
    let narrow = match hir.into_kind() {
        HirKind::Alternation(parts) => Hir::alternation(parts.into_iter().map(last_part).collect()),
        HirKind::Concat(parts) => last_part(Hir::concat(parts)),
        _ => return None,
    };
    let narrow = narrow.to_string();
    (Reach::of(&narrow) != Reach::Text).then_some(narrow)
}

/// The part after the last unlimited repetition that crosses lines.
fn last_part(hir: Hir) -> Hir {
    let HirKind::Concat(parts) = hir.kind() else { return hir };
    let is_any = |part: &Hir| match part.kind() {
        HirKind::Repetition(repetition) => repetition.min == 0 && line_ends(part).is_none(),
        _ => false,
    };
    let last = parts.iter().rposition(is_any).map_or(0, |at| at + 1);
    Hir::concat(parts[last..].to_vec())
}

/// `\s` in an expression over bytes.
fn is_blank(byte: &u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

/// Maximum number of runs of blanks with a line end in one match; `None` if it is unlimited.
fn line_ends(hir: &Hir) -> Option<usize> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(literal) => Some(memchr::memchr_iter(b'\n', &literal.0).count()),
        HirKind::Class(class) => Some(usize::from(has_line_end(class))),
        HirKind::Repetition(repetition) => match (line_ends(&repetition.sub)?, repetition.max) {
            (0, _) => Some(0),
            _ if is_blanks(&repetition.sub) => Some(1),
            (lines, Some(most)) => lines.checked_mul(usize::try_from(most).ok()?),
            (_, None) => None,
        },
        HirKind::Capture(capture) => line_ends(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(line_ends).sum(),
        HirKind::Alternation(parts) => {
            parts.iter().map(line_ends).try_fold(0, |most, one| Some(most.max(one?)))
        }
    }
}

/// Maximum number of bytes of one match, not counting blanks that may be repeated; `None` if it is
/// unlimited.
fn bytes_but_blanks(hir: &Hir) -> Option<usize> {
    match hir.kind() {
        HirKind::Repetition(repetition) if is_blanks(&repetition.sub) => Some(0),
        HirKind::Repetition(repetition) => {
            let most = usize::try_from(repetition.max?).ok()?;
            bytes_but_blanks(&repetition.sub)?.checked_mul(most)
        }
        HirKind::Capture(capture) => bytes_but_blanks(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(bytes_but_blanks).sum(),
        HirKind::Alternation(parts) => {
            parts.iter().map(bytes_but_blanks).try_fold(0, |most, one| Some(most.max(one?)))
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) | HirKind::Class(_) => {
            hir.properties().maximum_len()
        }
    }
}

fn has_line_end(class: &Class) -> bool {
    match class {
        Class::Bytes(bytes) => {
            bytes.ranges().iter().any(|one| (one.start()..=one.end()).contains(&b'\n'))
        }
        Class::Unicode(all) => {
            all.ranges().iter().any(|one| (one.start()..=one.end()).contains(&'\n'))
        }
    }
}

/// `true` if it matches exactly one blank byte.
fn is_blanks(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Class(Class::Bytes(bytes)) => {
            bytes.ranges().iter().all(|one| (one.start()..=one.end()).all(|byte| is_blank(&byte)))
        }
        HirKind::Class(Class::Unicode(all)) => all.ranges().iter().all(|one| {
            one.end().is_ascii()
                && (one.start() as u8..=one.end() as u8).all(|byte| is_blank(&byte))
        }),
        HirKind::Literal(literal) => literal.0.len() == 1 && is_blank(&literal.0[0]),
        HirKind::Capture(capture) => is_blanks(&capture.sub),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_reaches_as_far_as_its_longest_match() {
        assert_eq!(Reach::of("login"), Reach::Bytes(5));
        assert_eq!(Reach::of(r"\bhf_[a-z]{2,34}\b"), Reach::Bytes(37));
        assert_eq!(Reach::of("a[^\n]*b"), Reach::Lines(0));
        assert_eq!(Reach::of("a.*b"), Reach::Lines(0));
        assert_eq!(Reach::of(r"a\s*=\s*b|c\s+d"), Reach::Lines(2));
        assert_eq!(Reach::of("(?s)a.*b"), Reach::Text);
        assert_eq!(Reach::of(r"(?:a\s*)+b"), Reach::Text);
        assert_eq!(Reach::of("a[^b]*b"), Reach::Text);
        assert_eq!(Reach::of("(?s)a.{0,900}b"), Reach::Bytes(902));
        assert_eq!(Reach::of(r"a\([^()]{0,400}\s*=\s*b"), Reach::NonBlank(404));
        assert_eq!(Reach::of("["), Reach::Text);
    }

    #[test]
    fn what_an_expression_ends_with_has_to_match_first() {
        let narrow = narrowed(r#"HF_X|(?s:hub.*end\s*=\s*"http)"#).expect("it has such an end");
        let pattern = super::super::Pattern::new(narrow);
        assert_eq!(pattern.reach(), Reach::Lines(2));
        for (text, is_match) in [("HF_X", true), ("end = \"http", true), ("hub end", false)] {
            assert_eq!(pattern.is_match(text.as_bytes()), is_match, "{text}");
        }
        assert_eq!(narrowed("(?s)a(?:.*b)+"), None);
        assert_eq!(narrowed("(?s:.*)|(?s:.)*"), None);
    }

    #[test]
    fn what_is_around_a_gap_is_all_that_a_match_can_cover() {
        let text = b"one\n\n two\n three four\n\n\n five\nsix";
        let gap = 16..17;
        let part = |reach: Reach| text[reach.around(text, &gap)].to_vec();
        assert_eq!(part(Reach::Lines(0)), b" three four");
        assert_eq!(part(Reach::Lines(1)), b" two\n three four\n\n\n five");
        assert_eq!(part(Reach::Lines(9)), text);
        assert_eq!(part(Reach::Bytes(2)), b"ree fou".map(|one| one));
        assert_eq!(part(Reach::NonBlank(4)), b"\n three four\n\n\n f");
        assert_eq!(part(Reach::Text), text);
    }

    #[test]
    fn a_match_near_a_gap_is_in_the_part_around_it() {
        let pieces: [&[u8]; 6] = [b"a", b" ", b"\n", b"=", b"b", b"x"];
        let sources = [r"a\s*=\s*b", "a.*b", r"\ba\b", r"a\n=", r"(?m)^a$", "ab=ba", r"a\s*$"];
        let mut patterns = Vec::from(
            sources.map(|source| (super::super::Pattern::new(source), Reach::of(source))),
        );
        let blanks = [(r"a\s*=\s*b", 3), (r"a\s*$", 1), ("ab=ba", 5)];
        patterns.extend(
            blanks.map(|(source, bytes)| {
                (super::super::Pattern::new(source), Reach::NonBlank(bytes))
            }),
        );
        // All texts of seven pieces, by counting in base six.
        for number in 0..6_usize.pow(7) / 5 {
            let text: Vec<u8> = (0..7)
                .flat_map(|digit| pieces[number * 5 / 6_usize.pow(digit) % 6])
                .copied()
                .collect();
            for (pattern, reach) in &patterns {
                for found in pattern.regex().find_iter(&text) {
                    for at in found.start()..=found.end() {
                        let part = reach.around(&text, &(at..at));
                        assert!(part.start <= found.start() && found.end() <= part.end);
                        assert!(pattern.regex().is_match_at(&text[..part.end], part.start));
                    }
                }
            }
        }
    }
}
