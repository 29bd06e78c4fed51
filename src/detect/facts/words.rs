//! The messages of a finding, and the span of its secret.

use crate::model::Span;

/// A message or hint of a rule with the names of a match filled in. The names come from the scanned
/// file: they are cut, escaped, and replaced if they contain text that looks like a token.
pub fn fill(words: &str, names: &[(&'static str, &str)]) -> String {
    const LONGEST: usize = 60;
    let mut text = words.to_string();
    for (place, name) in names {
        if !text.contains(place) {
            continue;
        }
        let short: String = name.chars().take(LONGEST).collect();
        let safe = if memchr::memmem::find(short.as_bytes(), b"hf_").is_some() && short.len() > 24 {
            "…".to_string()
        } else {
            crate::model::escaped(short.as_bytes())
        };
        text = text.replace(place, &safe);
    }
    text
}

/// The span of `part` in the bytes of `within`; all of `within` if it is written differently
/// there.
pub fn locate(text: &[u8], within: Span, part: &[u8]) -> Span {
    match memchr::memmem::find(within.slice(text), part) {
        Some(at) if !part.is_empty() => {
            Span::new(within.start + at, within.start + at + part.len())
        }
        _ => within,
    }
}
