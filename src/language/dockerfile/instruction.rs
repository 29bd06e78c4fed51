//! Instructions: a Dockerfile's lines without comments and continuations.

use crate::{
    language::extract::Extract,
    model::{Span, text_start},
};

/// An instruction, as one line.
#[derive(Debug, Clone, Default)]
pub(super) struct Instruction {
    /// The line, from the keyword on.
    pub line: Extract,
    /// The bodies of its here-documents with their closing lines, unchanged.
    pub documents: Vec<Document>,
}

/// The body of a here-document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document {
    pub body: Span,
    /// The body with its closing line.
    pub whole: Span,
}

/// Splits a Dockerfile into instructions.
pub(super) struct Instructions<'a> {
    text: &'a [u8],
    at: usize,
    /// The byte that continues a line and escapes the next byte: `\`, or a backtick if a directive
    /// selects it.
    pub escape: u8,
    /// The comments.
    pub comments: Vec<Span>,
}

impl<'a> Instructions<'a> {
    /// The instructions of `text`.
    pub fn new(text: &'a [u8]) -> Self {
        let mut instructions =
            Self { text, at: text_start(text), escape: b'\\', comments: Vec::new() };
        instructions.directives();
        instructions
    }

    /// Reads the `# escape=` directive of the first lines, which are comments as well.
    fn directives(&mut self) {
        let rest = &self.text[self.at..];
        for line in rest.split(|byte| *byte == b'\n') {
            let Some(comment) = line.trim_ascii().strip_prefix(b"#") else { break };
            let Some(equals) = memchr::memchr(b'=', comment) else { break };
            if comment[..equals].trim_ascii().eq_ignore_ascii_case(b"escape")
                && comment[equals + 1..].trim_ascii() == b"`"
            {
                self.escape = b'`';
            }
        }
    }

    /// The next line without its line end; `None` at the end.
    fn line(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let start = self.at;
        self.at += (length + 1).min(rest.len());
        let has_return = length > 0 && rest[length - 1] == b'\r';
        Some(Span::new(start, start + length - usize::from(has_return)))
    }

    /// The delimiters of the here-documents that `line` opens, each with `true` if tabs may precede
    /// its closing line.
    fn delimiters(line: &[u8]) -> Vec<(Vec<u8>, bool)> {
        let keyword = line.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        let mut found = Vec::new();
        if ![&b"RUN"[..], b"COPY", b"ADD"].iter().any(|known| keyword.eq_ignore_ascii_case(known)) {
            return found;
        }
        let mut quote = None;
        let mut at = 0;
        while let Some(byte) = line.get(at) {
            at += 1;
            match byte {
                b'\'' | b'"' if quote == Some(*byte) => quote = None,
                b'\'' | b'"' if quote.is_none() => quote = Some(*byte),
                b'<' if quote.is_none() && line[at..].starts_with(b"<") => {
                    let length = line[at - 1..].iter().take_while(|next| **next == b'<').count();
                    at += length - 1;
                    if length == 2 {
                        let (delimiter, used) = delimiter(&line[at..]);
                        found.extend(delimiter);
                        at += used;
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// The body that starts here and ends with the line `delimiter`.
    fn document(&mut self, delimiter: &[u8], strips_tabs: bool) -> Document {
        let start = self.at;
        let mut end = start;
        while let Some(line) = self.line() {
            let text = line.slice(self.text);
            let tabs = text.iter().take_while(|byte| strips_tabs && **byte == b'\t').count();
            if &text[tabs..] == delimiter {
                break;
            }
            end = self.at;
        }
        Document { body: Span::new(start, end), whole: Span::new(start, self.at) }
    }
}

impl Iterator for Instructions<'_> {
    type Item = Instruction;

    fn next(&mut self) -> Option<Instruction> {
        let mut instruction = Instruction::default();
        while let Some(line) = self.line() {
            let text = line.slice(self.text);
            let blanks = text.len() - text.trim_ascii_start().len();
            if text[blanks..].starts_with(b"#") {
                self.comments.push(Span::new(line.start + blanks, line.end));
                continue;
            }
            let is_start = instruction.line.text.is_empty();
            if blanks == text.len() {
                // A blank line inside an instruction does not end it.
                continue;
            }
            let written = text.trim_ascii_end();
            let is_continued = written.last() == Some(&self.escape);
            let start = line.start + if is_start { blanks } else { 0 };
            let end = line.start + written.len() - usize::from(is_continued);
            instruction.line.copy(self.text, Span::new(start, end.max(start)));
            if !is_continued && !instruction.line.text.is_empty() {
                break;
            }
        }
        if instruction.line.text.is_empty() {
            return None;
        }
        for (delimiter, strips_tabs) in Self::delimiters(&instruction.line.text) {
            let document = self.document(&delimiter, strips_tabs);
            instruction.documents.push(document);
        }
        Some(instruction)
    }
}

/// The delimiter after `<<`, with `true` if tabs are stripped, and its length.
fn delimiter(rest: &[u8]) -> (Option<(Vec<u8>, bool)>, usize) {
    let strips_tabs = rest.starts_with(b"-");
    let start = usize::from(strips_tabs);
    let quote = rest.get(start).copied().filter(|byte| matches!(byte, b'\'' | b'"'));
    let start = start + usize::from(quote.is_some());
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let length = rest.get(start..).map_or(0, |name| name.iter().take_while(is_part).count());
    if length == 0 || rest[start].is_ascii_digit() {
        return (None, start);
    }
    let used = start + length + usize::from(quote.is_some());
    (Some((rest[start..start + length].to_vec(), strips_tabs)), used.min(rest.len()))
}
