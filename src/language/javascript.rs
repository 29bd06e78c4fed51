//! JavaScript and TypeScript, with JSX, and the scripts of pages and components.

use super::{
    lexical::{C_COMMENTS, CurlyEquals, Dialect, Fill, Kind, LineEnds, Quote, Trait},
    reader::{FileHead, Reader},
};
use crate::model::Facts;
use std::ops::Range;

/// Files whose code stands between `<script>` and `</script>`.
const PAGES: &[&str] = &["vue", "svelte", "html", "htm", "xhtml"];

/// Reads JavaScript and TypeScript.
pub struct JavaScript;

impl Reader for JavaScript {
    fn name(&self) -> &'static str {
        DIALECT.name
    }

    fn claims(&self, file: FileHead<'_>) -> bool {
        DIALECT.claims(file)
    }

    fn read(&self, text: &[u8], file: FileHead<'_>) -> Facts {
        if file.ends_in(PAGES) {
            DIALECT.read_parts(text, scripts(text))
        } else {
            DIALECT.read(text)
        }
    }
}

static DIALECT: Dialect = Dialect {
    name: "javascript",
    endings: &[
        "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte", "html", "htm",
        "xhtml",
    ],
    interpreters: &["node", "deno", "bun", "tsx", "ts-node"],
    comments: C_COMMENTS,
    quotes: &[
        Quote::new("\""),
        Quote::new("'"),
        Quote::new("`").with_lines().filled(Fill::DollarBraces),
    ],
    line_ends: LineEnds::OutsideRound,
    concatenation: &[Kind::Plus],
    definition_words: &["function", "constructor"],
    parameters_before_body: true,
    curly_equals: CurlyEquals::Default,
    traits: &[Trait::Patterns, Trait::Markup],
    ..Dialect::PLAIN
};

/// The insides of the scripts of a page.
fn scripts(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let open = at + memchr::memmem::find(&text[at..], b"<script")?;
        let start = open + memchr::memchr(b'>', &text[open..])? + 1;
        let length = memchr::memmem::find(&text[start..], b"</script");
        let end = length.map_or(text.len(), |length| start + length);
        at = end;
        Some(start..end)
    })
}
