//! Texts with lines that YAML folds, or with indentation to drop.

use super::{
    escape,
    form::{Chomp, Decoded},
};
use crate::model::Span;

/// The end of the content of the line at `at`, and the start of the next line. A `\r` before the
/// line end is not content.
pub fn line_end(source: &[u8], at: usize, end: usize) -> (usize, usize) {
    let newline = source.get(at..end).and_then(|rest| memchr::memchr(b'\n', rest));
    let (mut content, next) = newline.map_or((end, end), |offset| (at + offset, at + offset + 1));
    if newline.is_some() && content > at && source[content - 1] == b'\r' {
        content -= 1;
    }
    (content, next)
}

/// The line ends of one text. Caches the last one, so that the end of a long line is searched for
/// only once.
#[derive(Debug, Default)]
pub struct LineEnds {
    from: usize,
    end: usize,
    next: usize,
}

impl LineEnds {
    /// [`line_end`] of the line that contains `at`.
    pub fn of(&mut self, source: &[u8], at: usize) -> (usize, usize) {
        let is_known = self.next > 0 && self.from <= at && at <= self.end;
        if !is_known {
            let at = at.min(source.len());
            let (end, next) = line_end(source, at, source.len());
            *self = Self { from: at, end, next };
        }
        (self.end, self.next)
    }
}

/// A plain scalar of YAML: white space at line ends is dropped, a single line end becomes a space,
/// further ones are kept.
pub fn plain(out: &mut Decoded, source: &[u8], span: Span) {
    fold(out, source, span, |out, line| {
        out.copy(source, line);
        false
    });
}

/// Like [`plain`], with `''` for a quote.
pub fn single_quoted(out: &mut Decoded, source: &[u8], span: Span) {
    fold(out, source, span, |out, line| {
        let mut from = line.start;
        for quote in memchr::memchr_iter(b'\'', line.slice(source)) {
            let quote = line.start + quote;
            let is_pair = quote >= from && source.get(quote + 1) == Some(&b'\'');
            if is_pair && quote + 2 <= line.end {
                out.copy(source, Span::new(from, quote));
                out.put('\'', Span::new(quote, quote + 2));
                from = quote + 2;
            }
        }
        out.copy(source, Span::new(from, line.end));
        false
    });
}

/// Like [`plain`], with escapes; a backslash at the end of a line continues it.
pub fn double_quoted(out: &mut Decoded, source: &[u8], span: Span) {
    fold(out, source, span, |out, line| {
        let bytes = line.slice(source);
        let backslashes = bytes.iter().rev().take_while(|byte| **byte == b'\\').count();
        let swallows = backslashes % 2 == 1 && line.end < span.end;
        let end = line.end - usize::from(swallows);
        escape::unescape_yaml(out, source, Span::new(line.start, end));
        swallows
    });
}

/// Calls `write` with each line without the white space around it, and folds the line ends between
/// them. `write` returns `true` if the line continues without a line end.
fn fold(
    out: &mut Decoded,
    source: &[u8],
    span: Span,
    mut write: impl FnMut(&mut Decoded, Span) -> bool,
) {
    let mut at = span.start;
    let mut breaks = 0;
    let mut swallowed = false;
    let mut gap = at;
    loop {
        let (content, next) = line_end(source, at, span.end);
        let is_last = content == span.end;
        let start = if at == span.start { at } else { skip_blanks(source, at, content) };
        let end = if is_last { content } else { trim_blanks(source, start, content) };
        if start < end || is_last {
            let between = Span::new(gap, start);
            match breaks {
                0 => {}
                1 if swallowed => {}
                1 => out.put(' ', between),
                _ => out.put_breaks(breaks - 1, between),
            }
            swallowed = write(out, Span::new(start, end));
            breaks = 0;
            gap = end;
        }
        if is_last || next >= span.end && next == at {
            return;
        }
        breaks += 1;
        at = next;
    }
}

/// A block scalar, `|` or `>`. `span` covers whole lines, with the indentation of the first.
pub fn block(
    out: &mut Decoded,
    source: &[u8],
    span: Span,
    folded: bool,
    indent: usize,
    chomp: Chomp,
) {
    let mut at = span.start;
    let mut breaks = 0;
    let mut first = true;
    let mut was_indented = true;
    let mut gap = at;
    while at < span.end {
        let (content, next) = line_end(source, at, span.end);
        let blanks = source[at..content].iter().take(indent).take_while(|b| **b == b' ').count();
        let start = at + blanks;
        if start == content {
            breaks += 1;
        } else {
            let is_indented = matches!(source[start], b' ' | b'\t');
            let between = Span::new(gap, start);
            if folded && !first && !was_indented && !is_indented {
                if breaks == 1 {
                    out.put(' ', between);
                } else {
                    out.put_breaks(breaks - 1, between);
                }
            } else {
                out.put_breaks(breaks, between);
            }
            out.copy(source, Span::new(start, content));
            first = false;
            was_indented = is_indented;
            breaks = usize::from(next > content);
            gap = content;
        }
        at = next;
    }
    let kept = match chomp {
        Chomp::Strip => 0,
        Chomp::Clip => breaks.min(usize::from(!first)),
        Chomp::Keep => breaks,
    };
    out.put_breaks(kept, Span::new(gap, span.end));
}

/// Lines without their indentation.
pub fn dedented(out: &mut Decoded, source: &[u8], span: Span) {
    let mut at = span.start;
    let mut gap = None;
    while at < span.end {
        let (content, next) = line_end(source, at, span.end);
        let start = if at == span.start { at } else { skip_blanks(source, at, content) };
        let end = trim_blanks(source, start, content);
        if let Some(gap) = gap {
            out.put('\n', Span::new(gap, start));
        }
        out.copy(source, Span::new(start, end));
        gap = Some(end);
        at = next;
    }
}

/// The offset after the spaces and tabs at `at`.
pub fn skip_blanks(source: &[u8], at: usize, end: usize) -> usize {
    let blanks = source.get(at..end).unwrap_or_default();
    at + blanks.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// The end of the text before `end`, without trailing spaces and tabs.
pub fn trim_blanks(source: &[u8], start: usize, end: usize) -> usize {
    let blanks = source.get(start..end).unwrap_or_default();
    end - blanks.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}
