//! Replacements for credentials.

use crate::{
    model::Secret,
    scan::{Credential, Setting, json_unescaped},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{fmt, sync::Arc};

/// Number of hexadecimal digits of a secret's digest in its replacement.
const DIGITS: usize = 8;
/// Minimum length of a key in bytes: 128 bits resist a brute-force search.
const MIN_KEY: usize = 16;

/// The replacement for a credential.
///
/// A template may contain `{rule}`, `{severity}` and, with a key, `{digest}`: the first 8
/// hexadecimal digits of HMAC-SHA256 of the secret. There is no unkeyed hash, since secrets could
/// be looked up in a list by it.
#[derive(Clone)]
pub struct Replacement(Kind);

#[derive(Clone)]
enum Kind {
    Template { template: String, key: Option<Arc<[u8]>> },
    SameLength,
    Custom(Arc<Custom>),
}

type Custom = dyn Fn(&Credential<'_>) -> String + Send + Sync;

/// An invalid replacement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplacementError {
    /// The template is empty, or contains an unknown placeholder.
    #[error("replacement `{template}`: unknown part `{{{part}}}`")]
    UnknownPart {
        /// The template.
        template: String,
        /// The name of the placeholder.
        part: String,
    },
    /// The template contains a digest, but there is no key.
    #[error("replacement `{0}`: `{{digest}}` needs a key")]
    NoKey(String),
    /// The key is too short.
    #[error("the key has {0} bytes; at least {MIN_KEY} are needed, from a random source")]
    ShortKey(usize),
}

impl Default for Replacement {
    fn default() -> Self {
        Self(Kind::Template { template: "<{rule}>".into(), key: None })
    }
}

impl Replacement {
    /// A template, such as `<{rule}>`.
    ///
    /// # Errors
    /// Returns an error for an unknown placeholder.
    pub fn template(template: &str) -> Result<Self, ReplacementError> {
        check(template, false)?;
        Ok(Self(Kind::Template { template: template.into(), key: None }))
    }

    /// A template with a key for `{digest}`. The default template is `<secret:{digest}>`, so that
    /// equal secrets have equal replacements wherever they are and whichever rule finds them.
    ///
    /// # Errors
    /// Returns an error for a key of fewer than 16 bytes, and for an unknown placeholder.
    pub fn keyed(template: Option<&str>, key: &[u8]) -> Result<Self, ReplacementError> {
        if key.len() < MIN_KEY {
            return Err(ReplacementError::ShortKey(key.len()));
        }
        let template = template.unwrap_or("<secret:{digest}>");
        check(template, true)?;
        Ok(Self(Kind::Template { template: template.into(), key: Some(key.into()) }))
    }

    /// A mask of asterisks, one per character. A non-ASCII character is replaced by one of the same
    /// length in UTF-8, so that offsets in bytes, code points and UTF-16 units do not change.
    pub fn same_length() -> Self {
        Self(Kind::SameLength)
    }

    /// A replacement computed by a function of the credential.
    pub fn custom(function: impl Fn(&Credential<'_>) -> String + Send + Sync + 'static) -> Self {
        Self(Kind::Custom(Arc::new(function)))
    }

    /// The bytes that replace a credential; `source` is the replaced bytes.
    pub(super) fn of(&self, credential: &Credential<'_>, source: &[u8]) -> Vec<u8> {
        let Setting { layers, is_bare } = credential.setting;
        let text = match &self.0 {
            Kind::Template { template, key } => filled(template, key.as_deref(), credential),
            Kind::SameLength if layers == 0 && !is_bare => return mask(source),
            Kind::SameLength => {
                let inner = (0..layers).fold(source.to_vec(), |text, _| json_unescaped(&text));
                String::from_utf8_lossy(&mask(&inner)).into_owned()
            }
            Kind::Custom(function) => function(credential),
        };
        let text = if is_bare { format!("\"{}\"", escaped(&text)) } else { text };
        (0..layers).fold(text, |text, _| escaped(&text)).into_bytes()
    }
}

impl fmt::Debug for Replacement {
    /// Omits the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Template { template, key } => {
                write!(f, "Replacement({template:?}, keyed: {})", key.is_some())
            }
            Kind::SameLength => f.write_str("Replacement(same length)"),
            Kind::Custom(_) => f.write_str("Replacement(custom)"),
        }
    }
}

/// Checks the placeholders of a template.
fn check(template: &str, has_key: bool) -> Result<(), ReplacementError> {
    for rest in template.split('{').skip(1) {
        let part = rest.split('}').next().unwrap_or_default();
        match part {
            "rule" | "severity" => {}
            "digest" if has_key => {}
            "digest" => return Err(ReplacementError::NoKey(template.into())),
            _ => {
                let (template, part) = (template.into(), part.into());
                return Err(ReplacementError::UnknownPart { template, part });
            }
        }
    }
    Ok(())
}

fn filled(template: &str, key: Option<&[u8]>, credential: &Credential<'_>) -> String {
    let rule = credential.rule;
    let text = template.replace("{rule}", &rule.id).replace("{severity}", rule.severity.as_str());
    match key {
        Some(key) if text.contains("{digest}") => {
            text.replace("{digest}", &digest(key, &credential.secret))
        }
        _ => text,
    }
}

/// The first hexadecimal digits of HMAC-SHA256 (RFC 2104, FIPS 198-1) of a secret.
fn digest(key: &[u8], secret: &Secret) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(secret.expose());
    let mut digits = crate::model::secret::hex(&mac.finalize().into_bytes());
    digits.truncate(DIGITS);
    digits
}

/// Mask characters for a text, each of the same length in UTF-8 as the original.
pub(super) fn mask(text: &[u8]) -> Vec<u8> {
    let mut masked = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            masked.extend_from_slice(match character.len_utf8() {
                1 => b"*",
                2 => "\u{d7}".as_bytes(),
                3 => "\u{2022}".as_bytes(),
                _ => "\u{1f784}".as_bytes(),
            });
        }
        masked.extend(chunk.invalid().iter().map(|_| b'*'));
    }
    masked
}

/// The text escaped for a JSON string.
fn escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).expect("a string is JSON");
    quoted[1..quoted.len() - 1].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_as_long_as_the_text_in_every_unit() {
        let text = "a\u{e9}\u{20ac}\u{1f600}z";
        let masked = String::from_utf8(mask(text.as_bytes())).expect("text");
        assert_eq!(masked.len(), text.len());
        assert_eq!(masked.chars().count(), text.chars().count());
        assert_eq!(masked.encode_utf16().count(), text.encode_utf16().count());
        assert_eq!(mask(b"\xff\xfea"), b"***");
    }

    #[test]
    fn a_template_that_cannot_be_filled_is_refused() {
        let wrong = Replacement::template("<{secret}>").expect_err("it is refused");
        assert_eq!(wrong.to_string(), "replacement `<{secret}>`: unknown part `{secret}`");
        assert!(matches!(Replacement::template("{digest}"), Err(ReplacementError::NoKey(_))));
        assert_eq!(
            Replacement::keyed(None, b"short").expect_err("it is refused"),
            ReplacementError::ShortKey(5)
        );
    }

    #[test]
    fn debug_shows_no_key() {
        let keyed = Replacement::keyed(None, b"sixteen or more bytes").expect("a key");
        assert_eq!(format!("{keyed:?}"), "Replacement(\"<secret:{digest}>\", keyed: true)");
    }

    #[test]
    fn a_digest_is_that_of_the_standard() {
        // RFC 4231, test case 2.
        let digits = digest(b"Jefe", &Secret::new(*b"what do ya want for nothing?"));
        assert_eq!(digits, "5bdcc146");
    }
}
