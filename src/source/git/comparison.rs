//! The lines of a version of a file that an earlier version does not have.

use crate::{
    decode::{
        container::identify,
        encoding::{Encoding, detect, utf16_to_utf8},
    },
    model::{Scope, Span},
    source::pointer::Pointer,
};
use git2::{DiffOptions, Patch};
use std::{borrow::Cow, ops::Range};

/// Maximum size in bytes of versions that are compared line by line. All of a larger new version
/// counts as added.
const MAX_COMPARED: usize = 64 << 20;

/// The part of `new` that `old` does not have.
pub fn added(old: &[u8], new: &[u8]) -> Scope {
    // The lines and bytes of a packed file or a pointer are not those of its content.
    let is_other = Pointer::read(new).is_some() || identify(new).is_some();
    if is_other || old.len().max(new.len()) > MAX_COMPARED {
        return Scope::All;
    }
    let (old_text, new_text) = (decoded(old), decoded(new));
    // In text with NUL bytes between the characters, line ends cannot be found.
    if memchr::memchr(0, &new_text).is_some() {
        return Scope::unlike(old.to_vec());
    }
    match added_lines(&old_text, &new_text) {
        Some(lines) => Scope::spans(spans_of(&lines, new)),
        None => Scope::All,
    }
}

/// The text without its byte order mark, with UTF-16 converted to UTF-8, which has the same lines.
fn decoded(bytes: &[u8]) -> Cow<'_, [u8]> {
    let (encoding, mark) = detect(bytes);
    match encoding {
        Encoding::Ascii => Cow::Borrowed(&bytes[mark..]),
        encoding => Cow::Owned(utf16_to_utf8(&bytes[mark..], encoding).0),
    }
}

/// The lines of `new`, counted from 0, that `old` does not have. `None` if they cannot be compared.
fn added_lines(old: &[u8], new: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut options = DiffOptions::new();
    options.context_lines(0).force_text(true).ignore_submodules(true);
    let patch = Patch::from_buffers(old, None, new, None, Some(&mut options)).ok()?;
    let mut lines = Vec::new();
    for number in 0..patch.num_hunks() {
        let (hunk, _) = patch.hunk(number).ok()?;
        let (first, count) = (hunk.new_start() as usize, hunk.new_lines() as usize);
        if count > 0 {
            lines.push(first - 1..first - 1 + count);
        }
    }
    Some(lines)
}

/// The bytes of these lines, which must be sorted, in a text in its own encoding.
fn spans_of(lines: &[Range<usize>], text: &[u8]) -> Vec<Span> {
    let mut ends = line_ends(text);
    let (mut line, mut at) = (0, 0);
    let mut start_of = |wanted: usize| {
        while line < wanted {
            let Some(end) = ends.next() else { return text.len() };
            (line, at) = (line + 1, end);
        }
        at
    };
    lines.iter().map(|lines| Span::new(start_of(lines.start), start_of(lines.end))).collect()
}

/// The byte after each line break.
fn line_ends(text: &[u8]) -> Box<dyn Iterator<Item = usize> + '_> {
    let line_feed = match detect(text).0 {
        Encoding::Ascii => return Box::new(memchr::memchr_iter(b'\n', text).map(|at| at + 1)),
        Encoding::Utf16Le => [b'\n', 0],
        Encoding::Utf16Be => [0, b'\n'],
    };
    let units = text.chunks_exact(2).enumerate();
    Box::new(units.filter(move |(_, unit)| *unit == line_feed).map(|(number, _)| number * 2 + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For each of `words`, `true` if it is in an added part of `new`.
    fn added_words(old: &[u8], new: &[u8], words: &[&[u8]]) -> Vec<bool> {
        let place = |word: &&[u8]| {
            let start = memchr::memmem::find(new, word).expect("it is there");
            Span::new(start, start + word.len())
        };
        let places: Vec<Span> = words.iter().map(place).collect();
        added(old, new).covers(&places, &new).expect("memory")
    }

    fn utf16(text: &str) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn only_lines_that_the_change_brings_are_added() {
        let (old, new) = (b"one\ntwo\nthree\n", b"one\nnew\ntwo\nthree\nlast");
        let words: [&[u8]; 5] = [b"one", b"new", b"two", b"three", b"last"];
        assert_eq!(added_words(old, new, &words), [false, true, false, false, true]);
    }

    #[test]
    fn a_line_that_lost_its_neighbour_is_not_added() {
        let words: [&[u8]; 2] = [b"one", b"three"];
        assert_eq!(added_words(b"one\ntwo\nthree\n", b"one\nthree\n", &words), [false, false]);
    }

    #[test]
    fn lines_of_utf_16_are_lines() {
        let (old, new) = (utf16("one\r\nsame Ċ\n"), utf16("one\r\nnew\nsame Ċ\n"));
        let words = ["one", "new", "same"].map(|word| utf16(word)[2..].to_vec());
        let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
        assert_eq!(added_words(&old, &new, &words), [false, true, false]);
        // The same text in another encoding is unchanged.
        assert_eq!(added_words(b"one\r\nsame \xc4\x8a\n", &new, &words), [false, true, false]);
    }

    #[test]
    fn in_binary_files_what_was_there_before_is_not_added() {
        let words: [&[u8]; 2] = [b"secret", b"more"];
        assert_eq!(added_words(b"\0\0secret", b"\0secret\0more", &words), [false, true]);
    }
}
