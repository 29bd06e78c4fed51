//! Code chunks of R Markdown and Quarto.

use crate::{
    language::tree::{line_end, skip_blanks},
    model::Span,
};

/// A chunk of code in a text: ```` ```{python} ````.
pub struct Chunk {
    /// The language, in lower case.
    pub language: String,
    /// The code between the fences.
    pub span: Span,
}

/// The executable chunks of a text: those with a language in braces.
pub fn chunks(source: &[u8]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut open: Option<(usize, Chunk)> = None;
    let mut at = 0;
    while at < source.len() {
        let (end, next) = line_end(source, at, source.len());
        let start = skip_blanks(source, at, end);
        let line = &source[start..end];
        let ticks = line.iter().take_while(|byte| **byte == b'`').count();
        if let Some((fence, _)) = &open {
            if ticks >= *fence && line[ticks..].trim_ascii().is_empty() {
                chunks.extend(open.take().map(|(_, chunk)| close(chunk, at)));
            }
        } else if ticks >= 3 {
            open = language(&line[ticks..])
                .map(|language| (ticks, Chunk { language, span: Span::new(next, next) }));
        }
        at = next;
    }
    chunks.extend(open.map(|(_, chunk)| close(chunk, source.len())));
    chunks
}

fn close(chunk: Chunk, end: usize) -> Chunk {
    Chunk { span: Span::new(chunk.span.start, end), ..chunk }
}

/// The language of `{python, echo=FALSE}` or `{.python}`.
fn language(info: &[u8]) -> Option<String> {
    let inside = info.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
    let inside = inside.strip_prefix(b".").unwrap_or(inside);
    let length = inside.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let name = std::str::from_utf8(&inside[..length]).ok()?;
    (!name.is_empty()).then(|| name.to_lowercase())
}
