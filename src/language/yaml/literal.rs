//! Block scalars: `|` and `>`.

use super::block::{Block, is_conflict_mark, is_foreign};
use crate::{
    language::tree::{Chomp, Form, NodeId, Text, line_end},
    model::{Span, ValueKind},
};

impl Block<'_> {
    /// Reads a block scalar, `|` or `>`. Returns `false` if its header is not valid.
    pub(super) fn block_scalar(
        &mut self,
        node: NodeId,
        at: usize,
        end: usize,
        indent: Option<usize>,
        kind: Option<ValueKind>,
    ) -> bool {
        let Some(header) = header(&self.source[at + 1..end]) else { return false };
        if let Some(comment) = memchr::memchr(b'#', &self.source[at..end]) {
            self.tree.comments.push(Span::new(at + comment, end));
        }
        let base = indent.unwrap_or(0);
        let first = self.next_filled_line(self.at);
        let own = match (header.indent, &first) {
            (Some(more), _) => base + more,
            (None, Some((content, line, _))) => content - line.start,
            (None, None) => 0,
        };
        let start = self.at;
        // At the top level a text may start at column 0.
        if own > base || header.indent.is_some() || indent.is_none() {
            self.skip_block(own);
        }
        let form = Form::YamlBlock {
            folded: self.source[at] == b'>',
            indent: own as u32,
            chomp: header.chomp,
        };
        let span = Span::new(start, self.at);
        self.tree.set_scalar(node, Text { span, form }, span, kind);
        true
    }

    /// Moves past the lines that are blank or indented by `indent`.
    fn skip_block(&mut self, indent: usize) {
        let mut kept = self.at;
        while self.at < self.source.len() {
            let (end, next) = line_end(self.source, self.at, self.source.len());
            let line = &self.source[self.at..end];
            let spaces = line.iter().take_while(|byte| **byte == b' ').count();
            let is_blank = spaces == line.len();
            let is_marker = indent == 0 && (line.starts_with(b"---") || line.starts_with(b"..."));
            // Templates are filled in before YAML is parsed, so their indentation does not count.
            let is_template = is_foreign(&line[spaces..]) && !is_conflict_mark(line);
            if (!is_blank && spaces < indent && !is_template) || is_marker {
                break;
            }
            self.at = next;
            if !is_template || spaces >= indent {
                kept = next;
            }
        }
        self.at = kept;
    }
}

struct Header {
    indent: Option<usize>,
    chomp: Chomp,
}

/// The header after `|` or `>`.
fn header(rest: &[u8]) -> Option<Header> {
    let mut header = Header { indent: None, chomp: Chomp::Clip };
    let mut rest = rest;
    for _ in 0..2 {
        match rest.first() {
            Some(b'-') => header.chomp = Chomp::Strip,
            Some(b'+') => header.chomp = Chomp::Keep,
            Some(digit @ b'1'..=b'9') => header.indent = Some(usize::from(digit - b'0')),
            _ => break,
        }
        rest = &rest[1..];
    }
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match rest.get(blanks) {
        None => Some(header),
        Some(b'#') if blanks > 0 => Some(header),
        Some(_) => None,
    }
}
