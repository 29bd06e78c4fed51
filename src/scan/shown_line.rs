//! One source line as it is shown: printable, short, and with secrets masked.

use crate::model::{Excerpt, Span, escape::write_escaped, push_masked};

/// Maximum number of characters of the line shown before the finding, and after its start.
const SHOWN: usize = 240;

/// The part of a text that a finding highlights.
#[derive(Debug, Clone, Copy)]
pub struct Own {
    /// Its span.
    pub span: Span,
    /// `true` if all of it is a secret, which is masked.
    pub is_secret: bool,
}

/// The line of a text in which `own` begins, with `secrets` masked.
pub fn line(text: &[u8], mut secrets: Vec<Span>, own: Own, cut: bool) -> Excerpt {
    let start = own.span.start;
    let line_start = memchr::memrchr(b'\n', &text[..start]).map_or(0, |at| at + 1);
    let line_end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |at| start + at);
    secrets.extend(own.is_secret.then_some(own.span));
    let mut secrets = joined(secrets);
    secrets.retain(|secret| secret.end > line_start && secret.start < line_end);
    let first = first_shown(text, &secrets, own.span);
    // The rest of the line stays unchanged.
    let mut pieces = Pieces::default();
    let mut at = if first == 0 { line_start } else { secrets[first].start };
    for secret in &secrets[first..] {
        if pieces.is_full() {
            return pieces.window(first > 0 || cut && line_start == 0);
        }
        pieces.push_plain(text, Span::new(at, secret.start), own.span);
        let masks = |shown: &mut String| push_masked(shown, secret.slice(text));
        pieces.push(masks, own.span.overlaps(*secret));
        at = secret.end.max(at);
    }
    pieces.push_plain(text, Span::new(at, line_end), own.span);
    pieces.window(first > 0 || cut && line_start == 0)
}

/// The index of the first of `secrets`, which are sorted, that can be visible in a line about
/// `own`: a line may contain thousands.
fn first_shown(text: &[u8], secrets: &[Span], own: Span) -> usize {
    let mut first = secrets.partition_point(|secret| secret.end <= own.start);
    let (mut shown, mut after) = (0, own.start);
    let mut masked = String::new();
    while first > 0 && shown <= SHOWN {
        let secret = secrets[first - 1];
        masked.clear();
        push_masked(&mut masked, secret.slice(text));
        // Between secrets, a character has at most four bytes.
        shown += masked.chars().count() + after.saturating_sub(secret.end) / 4;
        (after, first) = (secret.start, first - 1);
    }
    first
}

/// The spans, sorted, with overlapping spans joined.
pub fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let overlap = next.overlaps(*kept);
        if overlap {
            *kept = kept.joined(*next);
        }
        overlap
    });
    spans
}

/// A line while it is assembled: printable characters, and the highlight.
#[derive(Debug, Default)]
struct Pieces {
    text: String,
    highlight: Option<Span>,
    /// Number of characters from the start of the highlight.
    after: usize,
}

impl Pieces {
    /// `true` if further text is not shown.
    fn is_full(&self) -> bool {
        self.after > SHOWN
    }

    /// Adds the text that `write` adds, highlighted if `is_own`.
    fn push(&mut self, write: impl FnOnce(&mut String), is_own: bool) {
        let start = self.text.len();
        write(&mut self.text);
        if is_own {
            let added = Span::new(start, self.text.len());
            self.highlight = Some(self.highlight.map_or(added, |known| known.joined(added)));
        }
        if self.highlight.is_some() {
            self.after += self.text[start..].chars().count();
        }
    }

    /// Adds a piece of the line and highlights the part of it that is in `own`.
    fn push_plain(&mut self, text: &[u8], span: Span, own: Span) {
        let inside =
            Span::new(own.start.clamp(span.start, span.end), own.end.clamp(span.start, span.end));
        for (part, is_own) in [
            (Span::new(span.start, inside.start), false),
            (inside, !inside.is_empty()),
            (Span::new(inside.end, span.end), false),
        ] {
            if !part.is_empty() {
                self.push(|shown| push_printable(shown, part.slice(text)), is_own);
            }
        }
    }

    /// The window of the line around the highlight.
    fn window(self, cut: bool) -> Excerpt {
        let Self { text, highlight, .. } = self;
        let highlight = highlight.unwrap_or_default();
        let start =
            text[..highlight.start].char_indices().rev().nth(SHOWN - 1).map_or(0, |(at, _)| at);
        let end = text[highlight.start..]
            .char_indices()
            .nth(SHOWN)
            .map_or(text.len(), |(at, _)| highlight.start + at);
        let trimmed = if start == 0 { text.len() - text.trim_start().len() } else { start };
        let start = trimmed.min(highlight.start);
        let shown = text[start..end].trim_end();
        let shown_end = start + shown.len();
        Excerpt {
            highlight: Span::new(
                highlight.start - start,
                highlight.end.min(shown_end).max(highlight.start) - start,
            ),
            cut_left: cut || (start > 0 && !text[..start].trim().is_empty()),
            cut_right: end < text.len(),
            text: shown.to_string(),
        }
    }
}

/// Adds a printable piece of a line to `text`. A tab becomes a space, since it is one column.
fn push_printable(text: &mut String, bytes: &[u8]) {
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    for (number, part) in bytes.split(|byte| *byte == b'\t').enumerate() {
        text.extend((number > 0).then_some(' '));
        // Writing to a `String` cannot fail.
        let _ = write_escaped(text, part);
    }
}
