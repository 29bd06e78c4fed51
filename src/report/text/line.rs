//! A source line cut to the width.

use crate::model::Excerpt;
use unicode_width::UnicodeWidthStr;

/// A source line cut to the width.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// The text.
    pub text: String,
    /// The number of columns before the highlight.
    pub indent: usize,
    /// The number of columns of the highlight.
    pub length: usize,
}

impl Line {
    /// The part of an excerpt around its highlight that fits in `room` columns, with `…` at each
    /// cut.
    pub fn fit(excerpt: &Excerpt, room: usize) -> Self {
        let Excerpt { text, highlight, .. } = excerpt;
        let (before, rest) = text.split_at(highlight.start);
        let (own, after) = rest.split_at(highlight.len());
        let own = head(own, room.saturating_sub(2)).0;
        let spare = room.saturating_sub(own.width() + 2);
        // The highlight ends at two thirds, unless the text after it is shorter.
        let right_room = spare - before.width().min(spare - after.width().min(spare / 3));
        let (after, cut_right) = head(after, right_room);
        let (before, cut_left) = tail(before, spare - after.width());
        let left = if cut_left || excerpt.cut_left { "…" } else { "" };
        let right = if cut_right || excerpt.cut_right { "…" } else { "" };
        Self {
            text: format!("{left}{before}{own}{after}{right}"),
            indent: left.width() + before.width(),
            length: own.width(),
        }
    }
}

/// The longest prefix that fits in `room` columns, and `true` if it was cut.
fn head(text: &str, room: usize) -> (&str, bool) {
    if text.width() <= room {
        return (text, false);
    }
    let mut end = 0;
    for (at, character) in text.char_indices() {
        let next = at + character.len_utf8();
        if text[..next].width() > room {
            break;
        }
        end = next;
    }
    (&text[..end], true)
}

/// The longest suffix that fits in `room` columns, and `true` if it was cut.
fn tail(text: &str, room: usize) -> (&str, bool) {
    if text.width() <= room {
        return (text, false);
    }
    let start = text
        .char_indices()
        .rev()
        .map(|(at, _)| at)
        .take_while(|at| text[*at..].width() <= room)
        .last();
    (&text[start.unwrap_or(text.len())..], true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    fn excerpt(before: usize, after: usize) -> Excerpt {
        let text = format!("{}hf_ab…yz{}", "b".repeat(before), "a".repeat(after));
        Excerpt {
            highlight: Span::new(before, before + 10),
            text,
            cut_left: false,
            cut_right: false,
        }
    }

    #[test]
    fn a_line_that_fits_is_shown_whole() {
        let line = Line::fit(&excerpt(10, 10), 80);
        assert_eq!((line.text.width(), line.indent, line.length), (28, 10, 8));
    }

    #[test]
    fn a_long_line_is_cut_around_its_highlight() {
        for (before, after) in [(500, 500), (500, 0), (0, 500), (500, 3), (70, 70)] {
            for room in [40, 77, 200] {
                let line = Line::fit(&excerpt(before, after), room);
                assert!(line.text.width() <= room, "{line:?}");
                let shown: String = line.text.chars().skip(line.indent).take(line.length).collect();
                assert_eq!(shown, "hf_ab…yz", "{before} {after} {room}");
            }
        }
    }
}
