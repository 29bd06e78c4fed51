//! Texts from a container, with their keys.

use crate::model::{Span, escape};

/// Maximum length of a text in bytes; a longer one is a member of its own.
pub const MAX_STRING: usize = 64 << 10;
/// Maximum length of a key in bytes; a longer one is cut.
const MAX_KEY: usize = 120;

/// Texts from a container, each with its key, as lines `key = text`, so that rules that check the
/// context of a secret find its key.
#[derive(Debug, Default)]
pub struct Strings {
    text: Vec<u8>,
    entries: Vec<Entry>,
}

/// One of the texts.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// The offset of its line.
    line: usize,
    /// The length of its key.
    key: usize,
    /// The offset of the text itself.
    start: usize,
    /// Its offset in the container.
    source: u64,
}

impl Strings {
    /// Adds a text from offset `source` of the container.
    pub fn push(&mut self, key: &str, text: &[u8], source: u64) {
        let line = self.text.len();
        let key = cut(key);
        if !key.is_empty() {
            self.text.extend_from_slice(escape::escaped(key.as_bytes()).as_bytes());
        }
        let key_len = self.text.len() - line;
        if key_len > 0 {
            self.text.extend_from_slice(b" = ");
        }
        self.entries.push(Entry { line, key: key_len, start: self.text.len(), source });
        self.text.extend_from_slice(text);
        self.text.push(b'\n');
    }

    /// All texts, one per line.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The key of the text at `at`; empty if it has none.
    pub fn key_at(&self, at: usize) -> &str {
        let Some(entry) = self.entry_at(at) else { return "" };
        let key = Span::new(entry.line, entry.line + entry.key);
        std::str::from_utf8(key.slice(&self.text)).unwrap_or_default()
    }

    /// The offset in the container of the byte at `at`. A byte of a key gives the offset of the
    /// key's text.
    pub fn source_at(&self, at: usize) -> u64 {
        self.entry_at(at)
            .map_or(0, |entry| entry.source.saturating_add(at.saturating_sub(entry.start) as u64))
    }

    /// `true` if there is no text.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn entry_at(&self, at: usize) -> Option<&Entry> {
        let after = self.entries.partition_point(|entry| entry.line <= at);
        after.checked_sub(1).map(|index| &self.entries[index])
    }
}

/// The start of a key, as long as keys may be.
pub fn cut(key: &str) -> &str {
    key.char_indices().nth(MAX_KEY).map_or(key, |(end, _)| &key[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_text_leads_to_its_key_and_its_source() {
        let mut strings = Strings::default();
        strings.push("a\n", b"first", 10);
        strings.push("", b"second", 20);
        assert_eq!(strings.text(), b"a\\n = first\nsecond\n");
        assert_eq!((strings.key_at(7), strings.source_at(8)), ("a\\n", 12));
        assert_eq!((strings.key_at(12), strings.source_at(13)), ("", 21));
        assert_eq!(Strings::default().key_at(3), "");
    }
}
