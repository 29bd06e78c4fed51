//! JavaScript and TypeScript: server code reads the environment; browser code cannot keep a secret.

use super::{
    draft::Draft,
    environment, prose, row,
    site::{Site, Text},
    url,
};
use crate::{
    model::{Applicability, Edit, Span},
    rule::expression,
};

/// Substrings of browser code.
const BROWSER: &[&str] = &[
    "\"use client\"",
    "'use client'",
    "document.",
    "window.",
    "from \"react\"",
    "from 'react'",
    "from \"vue\"",
    "from 'vue'",
    "import.meta.env",
    "<script",
    "localStorage",
];
/// Substrings of Deno code.
const DENO: &[&str] = &["Deno.", "https://deno.land", "from \"jsr:", "from \"npm:"];
/// Extensions of type-checked files.
const TYPED: &[&str] = &["ts", "mts", "cts"];

/// The fix of a secret in JavaScript or TypeScript.
pub fn draft(text: &Text<'_>, site: Site<'_>) -> Draft {
    if text.is_comment(site.span) {
        return prose::comment(site);
    }
    let Some(literal) = text.literal(site.span.start) else { return Draft::shown(row::OTHER) };
    if let Some(draft) = url::draft(text, site, literal.content) {
        return draft;
    }
    if !literal.content.contains(site.span) || literal.is_key {
        return Draft::shown(row::OTHER);
    }
    let ending = text.path.extension().unwrap_or_default().to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.has(word));
    let is_page = [&b"jsx"[..], b"tsx", b"vue", b"svelte", b"html", b"astro"].contains(&&*ending);
    if is_page || has(BROWSER) {
        return Draft::shown(row::BROWSER);
    }
    if let Some(draft) = environment::draft(text, site) {
        return draft;
    }
    let is_typed = TYPED.iter().any(|one| one.as_bytes() == &*ending);
    let read = match has(DENO) {
        true => format!("Deno.env.get(\"{}\")", site.variable),
        false => expression("javascript", site.variable).unwrap_or_default(),
    };
    let row = if is_typed { row::TYPESCRIPT } else { row::JAVASCRIPT };
    let quote = text.byte(literal.outer.start);
    if literal.content == site.span {
        let sure = if is_typed { "!" } else { "" };
        return Draft::replace(row, literal.outer, format!("{read}{sure}"));
    }
    let filled = format!("${{{read}}}");
    let content = text.slice(literal.content);
    // A template literal converts every value to a string.
    let draft = match quote {
        b'`' => Draft::replace(row::JAVASCRIPT, site.span, filled),
        b'"' | b'\'' if !content.contains(['`', '\\']) && !content.contains("${") => {
            let (outer, inner) = (literal.outer, literal.content);
            Draft::new(
                row::JAVASCRIPT,
                vec![
                    Edit::replace(Span::new(outer.start, inner.start), "`"),
                    Edit::replace(site.span, filled),
                    Edit::replace(Span::new(inner.end, outer.end), "`"),
                ],
            )
        }
        _ => return Draft::shown(row::OTHER),
    };
    if is_inside_fill(content, site.span.start - literal.content.start) {
        return Draft::shown(row::OTHER);
    }
    let after = text.bytes[literal.outer.end..].trim_ascii_start();
    if after.starts_with(b"as const") {
        return draft.doubted(Applicability::DisplayOnly, "a constant type needs a literal");
    }
    draft
}

/// `true` if a byte of a template literal is in a `${…}` expression.
fn is_inside_fill(content: &str, at: usize) -> bool {
    let before = &content[..at.min(content.len())];
    before.rfind("${").is_some_and(|open| !before[open..].contains('}'))
}
