//! Expands examples with secrets in them when they are needed.
//!
//! No file of this project may contain text that looks like a live token, since platforms refuse
//! such files. A template describes the shape of the token, and is expanded here, always to the
//! same text.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use sha2::{Digest, Sha256};

/// The alphabets of placeholders.
const ALPHABETS: [(&str, &str); 10] = [
    ("alpha", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    ("alnum", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
    ("base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    ("base64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
    ("base64url", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
    ("digit", "0123456789"),
    ("hex", "0123456789abcdef"),
    ("lower", "abcdefghijklmnopqrstuvwxyz"),
    ("lower_alnum", "abcdefghijklmnopqrstuvwxyz0123456789"),
    ("upper_alnum", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
];

/// `template` with its placeholders expanded, always to the same text.
///
/// - `{{alpha:34}}`: 34 characters of an alphabet (`ALPHABETS`). The same name and length always
///   give the same text.
/// - `{{alpha:34:b}}`: another text of this shape, one for each label.
/// - `{{b64 …}}`: the text inside, itself expanded, in base64; `{{b64url …}}` in the URL-safe
///   alphabet without padding. White space before the closing braces is ignored, so that the text
///   can end with a brace.
/// - `{{text …}}`: the text inside unchanged, to split a text that tools would take for a secret.
///
/// Anything else between double braces stays as it is, so that templates of other tools can be
/// shown.
pub fn expand(template: &str) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find("{{") {
        text.push_str(&rest[..open]);
        let after = &rest[open + 2..];
        match closing(after).and_then(|close| Some((close, fill(&after[..close])?))) {
            Some((close, filled)) => {
                text.push_str(&filled);
                rest = &after[close + 2..];
            }
            None => {
                text.push_str("{{");
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// `template` with its placeholders as people write them: `hf_…`.
pub fn abridge(template: &str) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find("{{") {
        text.push_str(&rest[..open]);
        let after = &rest[open + 2..];
        match closing(after).filter(|close| fill(&after[..*close]).is_some()) {
            Some(close) => {
                text.push_str(
                    after
                        .strip_prefix("text ")
                        .map_or("…", |plain| &plain[..close - "text ".len()]),
                );
                rest = &after[close + 2..];
            }
            None => {
                text.push_str("{{");
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// The offset at which the braces that were opened before `text` close.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    let mut at = 0;
    while let Some(next) = text[at..].find(['{', '}']) {
        at += next;
        if text[at..].starts_with("{{") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("}}") {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    None
}

fn fill(inside: &str) -> Option<String> {
    if let Some(plain) = inside.strip_prefix("b64 ") {
        return Some(STANDARD.encode(expand(plain.trim_end())));
    }
    if let Some(plain) = inside.strip_prefix("b64url ") {
        return Some(URL_SAFE_NO_PAD.encode(expand(plain.trim_end())));
    }
    if let Some(plain) = inside.strip_prefix("text ") {
        return Some(plain.to_string());
    }
    let (name, shape) = inside.split_once(':')?;
    let alphabet = ALPHABETS.iter().find(|(known, _)| *known == name)?.1;
    let (length, label) = shape.split_once(':').unwrap_or((shape, ""));
    Some(random_text(alphabet, length.parse().ok()?, &format!("{name}:{label}")))
}

/// `length` characters of `alphabet`, drawn uniformly from SHA-256 in counter mode.
fn random_text(alphabet: &str, length: usize, label: &str) -> String {
    let alphabet = alphabet.as_bytes();
    // Bytes at or above the largest multiple would favour the first characters.
    let even = 256 - 256 % alphabet.len();
    (0u64..)
        .flat_map(|block| {
            Sha256::new().chain_update(label).chain_update(block.to_le_bytes()).finalize()
        })
        .map(usize::from)
        .filter(|byte| *byte < even)
        .map(|byte| char::from(alphabet[byte % alphabet.len()]))
        .take(length)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_gives_the_same_text_each_time_and_another_for_each_label() {
        let once = expand("hf_{{alpha:34}}");
        assert_eq!(once, expand("hf_{{alpha:34}}"));
        assert_eq!(once.len(), 37);
        assert_ne!(once, expand("hf_{{alpha:34:b}}"));
    }

    #[test]
    fn braces_of_other_tools_stay() {
        let text = "${{ secrets.HF_TOKEN }} {{ .Values.token }} {{";
        assert_eq!(expand(text), text);
    }

    #[test]
    fn an_abridged_template_shows_no_placeholder_of_ours() {
        let text = r#"login("hf_{{alpha:34}}") ${{ secrets.X }} {{text AKIA}}"#;
        assert_eq!(abridge(text), r#"login("hf_…") ${{ secrets.X }} AKIA"#);
    }

    #[test]
    fn placeholders_nest() {
        let plain = expand("user:hf_{{alpha:34}}");
        assert_eq!(expand("{{b64 user:hf_{{alpha:34}}}}"), STANDARD.encode(plain));
        assert_eq!(expand("{{b64 ab}}.{{b64url ab}}"), "YWI=.YWI");
    }
}
