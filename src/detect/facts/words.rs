//! The messages of a finding, and the span of its secret.

use crate::model::Span;

/// A message or hint of a rule with the names of a match filled in. The names come from the scanned
/// file: they are truncated, escaped, and replaced if they contain text that looks like a token.
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

/// A hint that mentions `secrets.HF_TOKEN`, with the secret's name in `construct` instead.
pub fn with_secret_name(hint: String, construct: &[u8]) -> String {
    const ANY: &str = "secrets.HF_TOKEN";
    const LONGEST: usize = 60;
    let name = || {
        let at = memchr::memmem::find(construct, b"secrets.")?;
        let rest = construct.get(at..)?;
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_.".contains(byte);
        let length = rest.iter().take_while(is_part).count();
        std::str::from_utf8(&rest[..length]).ok().filter(|name| name.len() <= LONGEST)
    };
    match hint.contains(ANY).then(name).flatten() {
        Some(name) if !name.contains("hf_") => hint.replace(ANY, name),
        _ => hint,
    }
}

/// The span of `part` in the bytes of `within`; all of `within` if the bytes there are written
/// differently.
pub fn locate(text: &[u8], within: Span, part: &[u8]) -> Span {
    match memchr::memmem::find(within.slice(text), part) {
        Some(at) if !part.is_empty() => {
            Span::new(within.start + at, within.start + at + part.len())
        }
        _ => within,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_names_the_secret_that_the_file_names() {
        let hint = || "write `HF_TOKEN: ${{ secrets.HF_TOKEN }}`".to_string();
        for (construct, name) in [
            ("--token ${{ secrets.HF_TOKEN_CI }}", "secrets.HF_TOKEN_CI"),
            ("--token ${{ secrets.HF_TOKEN }}", "secrets.HF_TOKEN"),
            ("--token $HF_TOKEN", "secrets.HF_TOKEN"),
            ("${{ secrets.hf_abc }}", "secrets.HF_TOKEN"),
        ] {
            let expected = hint().replace("secrets.HF_TOKEN", name);
            assert_eq!(with_secret_name(hint(), construct.as_bytes()), expected, "{construct}");
        }
    }
}
