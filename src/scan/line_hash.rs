//! The hash by which code scanning platforms identify a line: `primaryLocationLineHash`.
//!
//! The method is that of GitHub's `upload-sarif`, which compares the value in a report with its own
//! (<https://github.com/github/codeql-action/blob/main/src/fingerprints.ts>): a polynomial over 100
//! UTF-16 units from the start of the line, without white space, and the number of lines with the
//! same value up to and including it.

use crate::source::ReadAt;
use std::{collections::BTreeMap, io};

/// Maximum size of a file in bytes; for larger files, the platform computes the hashes.
const MAX_FILE: usize = 16 << 20;
/// Number of units that a hash covers.
const BLOCK: usize = 100;
/// Maximum number of following lines that a hash can cover, since each has at least its line end.
pub const REACH: usize = BLOCK;
/// The base of the polynomial.
const BASE: u64 = 37;
/// The unit at the end of the file.
const END_OF_FILE: u16 = 65535;

/// The hashes of `lines`, counted from 1, of `content`. A line that does not exist has no hash, nor
/// has any line of a file of more than 16 MiB.
///
/// # Errors
/// Returns an error if the content cannot be read.
pub fn line_hashes(
    content: &dyn ReadAt,
    lines: impl IntoIterator<Item = usize>,
) -> io::Result<BTreeMap<usize, String>> {
    let mut wanted: BTreeMap<usize, String> =
        lines.into_iter().map(|line| (line, String::new())).collect();
    let mut bytes = vec![0; MAX_FILE + 1];
    let count = content.fill_at(0, &mut bytes)?;
    bytes.truncate(count);
    if count > MAX_FILE {
        return Ok(BTreeMap::new());
    }
    // Two passes, so that only the hashes of the requested lines are kept.
    let mut values = BTreeMap::new();
    for_each_line(&bytes, |line, value| {
        if wanted.contains_key(&line) {
            values.insert(value, 0u64);
        }
    });
    for_each_line(&bytes, |line, value| {
        let Some(seen) = values.get_mut(&value) else { return };
        *seen += 1;
        if let Some(hash) = wanted.get_mut(&line) {
            *hash = format!("{value:x}:{seen}");
        }
    });
    wanted.retain(|_, hash| !hash.is_empty());
    Ok(wanted)
}

/// Calls `each` with the number of every line and the value of its polynomial, in order.
fn for_each_line(bytes: &[u8], mut each: impl FnMut(usize, u64)) {
    let mut window = Window::new();
    let mut line = 0;
    let (mut at_line_start, mut after_return) = (true, false);
    let replaced = bytes.utf8_chunks().flat_map(|chunk| {
        let invalid = (!chunk.invalid().is_empty()).then_some(char::REPLACEMENT_CHARACTER);
        chunk.valid().chars().chain(invalid)
    });
    let mut units = [0; 2];
    for character in replaced {
        let is_rest_of_line_end = after_return && character == '\n';
        after_return = character == '\r';
        if matches!(character, ' ' | '\t') || is_rest_of_line_end {
            continue;
        }
        let character = if character == '\r' { '\n' } else { character };
        for unit in character.encode_utf16(&mut units) {
            window.begin(&mut line, &mut at_line_start, &mut each);
            window.push(*unit);
        }
        at_line_start = character == '\n';
    }
    window.begin(&mut line, &mut at_line_start, &mut each);
    window.push(END_OF_FILE);
    for _ in 0..BLOCK {
        window.report(&mut each);
        window.push(0);
    }
}

/// The last [`BLOCK`] units, with the lines that begin at them.
struct Window {
    units: [u16; BLOCK],
    /// The line that begins at each unit; 0 if none does.
    lines: [usize; BLOCK],
    value: u64,
    /// `BASE` to the power of [`BLOCK`].
    leaving: u64,
    next: usize,
}

impl Window {
    fn new() -> Self {
        let leaving = (0..BLOCK).fold(1u64, |power, _| power.wrapping_mul(BASE));
        Self { units: [0; BLOCK], lines: [0; BLOCK], value: 0, leaving, next: 0 }
    }

    /// Makes room for a unit, and records the line that begins with it.
    fn begin(
        &mut self,
        line: &mut usize,
        at_line_start: &mut bool,
        each: &mut impl FnMut(usize, u64),
    ) {
        self.report(each);
        if std::mem::take(at_line_start) {
            *line += 1;
            self.lines[self.next] = *line;
        }
    }

    /// Reports the line whose first unit is about to leave the window.
    fn report(&mut self, each: &mut impl FnMut(usize, u64)) {
        match std::mem::take(&mut self.lines[self.next]) {
            0 => {}
            line => each(line, self.value),
        }
    }

    fn push(&mut self, unit: u16) {
        let old = std::mem::replace(&mut self.units[self.next], unit);
        self.value = self
            .value
            .wrapping_mul(BASE)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(self.leaving.wrapping_mul(u64::from(old)));
        self.next = (self.next + 1) % BLOCK;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str, lines: usize) -> Vec<String> {
        let hashes = line_hashes(&text.as_bytes(), 1..=lines).expect("memory can be read");
        hashes.into_values().collect()
    }

    // The vectors are from the platform's own tests.
    #[test]
    fn an_empty_file_has_one_line() {
        assert_eq!(hashes("", 3), ["c129715d7a2bc9a3:1"]);
    }

    #[test]
    fn lines_alike_are_counted() {
        let expected = [
            "a7f2ff13bc495cf2:1",
            "a7f2ff13bc495cf2:2",
            "a7f2ff13bc495cf2:3",
            "a7f2ff13bc495cf2:4",
            "a7f2ff13bc495cf2:5",
            "a7f2ff13bc495cf2:6",
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1",
        ];
        assert_eq!(hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10), 20), expected);
        assert_eq!(hashes(&"Lorem ipsum\tdolor sit amet.\r\n".repeat(10), 20), expected);
    }
}
