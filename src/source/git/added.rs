//! Which lines a change adds.

use crate::{decode::container::identify, model::Location, source::pointer::Pointer};
use git2::{DiffOptions, Patch};
use std::ops::RangeInclusive;

/// Larger versions are not compared line by line: all of the new one counts as added.
const MAX_COMPARED: usize = 64 << 20;

/// What one version of a file has that the one before had not.
#[derive(Debug)]
pub enum Added {
    /// All of it: a new file, or one too large to compare.
    All,
    /// These lines, counted from 1.
    Lines(Vec<RangeInclusive<usize>>),
    /// It has no lines to compare: whatever bytes the old version, kept here, has not.
    Binary(Vec<u8>),
}

impl Added {
    /// What `new` has that `old` has not.
    pub fn between(old: &[u8], new: &[u8]) -> Self {
        // Lines and bytes of what is packed, or stands for another file, are not its own.
        let is_other = Pointer::read(new).is_some() || identify(new).is_some();
        if is_other || old.len().max(new.len()) > MAX_COMPARED {
            return Added::All;
        }
        // Where NUL stands between the characters, a line is no line.
        if memchr::memchr(0, new).is_some() {
            return Added::Binary(old.to_vec());
        }
        let mut options = DiffOptions::new();
        options.context_lines(0).force_text(true).ignore_submodules(true);
        let Ok(patch) = Patch::from_buffers(old, None, new, None, Some(&mut options)) else {
            return Added::All;
        };
        let mut lines = Vec::new();
        for number in 0..patch.num_hunks() {
            let Ok((hunk, _)) = patch.hunk(number) else { return Added::All };
            let (first, count) = (hunk.new_start() as usize, hunk.new_lines() as usize);
            if count > 0 {
                lines.push(first..=first + count - 1);
            }
        }
        Added::Lines(lines)
    }

    /// Whether what stands at `location` of `new` is added, or a part of it.
    pub fn touches(&self, location: &Location, new: &[u8]) -> bool {
        match self {
            Added::All => true,
            Added::Lines(lines) => lines.iter().any(|lines| {
                *lines.start() <= location.end.line && location.start.line <= *lines.end()
            }),
            // Inside a container the span says nothing of the container's bytes.
            Added::Binary(_) if !location.inside.is_empty() => true,
            Added::Binary(old) => memchr::memmem::find(old, location.span.slice(new)).is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LineColumn, SourcePath, Span};

    fn at(line: usize, span: Span) -> Location {
        let place = LineColumn { line, ..LineColumn::START };
        Location {
            path: SourcePath::from_bytes("a"),
            inside: Vec::new(),
            span,
            start: place,
            end: place,
            note: None,
        }
    }

    #[test]
    fn only_lines_that_the_change_brings_are_added() {
        let new = b"one\nnew\ntwo\nthree\n";
        let added = Added::between(b"one\ntwo\nthree\n", new);
        assert!(added.touches(&at(2, Span::new(4, 7)), new));
        assert!(!added.touches(&at(1, Span::new(0, 3)), new));
        assert!(!added.touches(&at(3, Span::new(8, 11)), new));
    }

    #[test]
    fn a_line_that_lost_its_neighbour_is_not_added() {
        let new = b"one\nthree\n";
        let added = Added::between(b"one\ntwo\nthree\n", new);
        assert!(!added.touches(&at(1, Span::new(0, 3)), new));
        assert!(!added.touches(&at(2, Span::new(4, 9)), new));
    }

    #[test]
    fn in_binary_files_what_was_there_before_is_not_added() {
        let new = b"\0secret\0more";
        let added = Added::between(b"\0\0secret", new);
        assert!(!added.touches(&at(1, Span::new(1, 7)), new));
        assert!(added.touches(&at(1, Span::new(8, 12)), new));
    }
}
