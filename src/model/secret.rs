//! The bytes of a credential, guarded against accidental output.

use sha2::{Digest, Sha256};
use std::fmt;

/// Prefix of the digest behind [`Secret::id`], so that the id is not a plain hash of the secret.
const ID_LABEL: &[u8] = b"hfscan secret id 1\0";

/// The bytes of a credential.
///
/// It has no `Display` and no `Serialize`, and its `Debug` shows only the length: a report shows
/// [`masked`](Secret::masked) and [`id`](Secret::id).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(Box<[u8]>, Option<Box<Shown>>);

/// The printable data of a secret that was read from a report, which has no bytes of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Shown {
    masked: String,
    id: Option<String>,
    len: usize,
}

impl Secret {
    /// Takes ownership of the bytes.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into(), None)
    }

    /// A secret read from a report. Its bytes are those of the id, or of the mask without one, so
    /// that secrets with the same id are equal.
    pub fn of_report(masked: String, id: Option<String>, len: usize) -> Self {
        let bytes = id.as_ref().unwrap_or(&masked).as_bytes().into();
        Self(bytes, Some(Box::new(Shown { masked, id, len })))
    }

    /// The id in the report for a secret that was read from one; `None` for any other secret,
    /// `Some(None)` if the report gives no id.
    pub fn id_of_report(&self) -> Option<Option<&str>> {
        self.1.as_ref().map(|shown| shown.id.as_deref())
    }

    /// The bytes themselves: only for judgement, fingerprints and verification.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.1.as_ref().map_or(self.0.len(), |shown| shown.len)
    }

    /// `true` if it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A form that is safe to print: the public prefix (`hf_` and the like), and two characters at
    /// each end of the secret part.
    ///
    /// If the secret part has fewer than 20 characters, none of them is shown.
    pub fn masked(&self) -> String {
        if let Some(shown) = &self.1 {
            return shown.masked.clone();
        }
        let mut text = String::new();
        push_masked(&mut text, &self.0);
        text
    }

    /// Eight hexadecimal digits: the first 32 of the 256 bits of a labelled SHA-256. The same
    /// secret has the same id everywhere.
    ///
    /// An id distinguishes the secrets of one report. It would also confirm a guess of a weak
    /// secret, so reports give it only for secrets that nobody can guess.
    pub fn id(&self) -> String {
        let digest = Sha256::new().chain_update(ID_LABEL).chain_update(&self.0).finalize();
        hex(&digest[..4])
    }

    /// The plain SHA-256 in lower-case hexadecimal, as used by lists of public test tokens.
    pub fn sha256(&self) -> String {
        hex(&Sha256::digest(&self.0))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.len())
    }
}

/// Adds [the form that is safe to print](Secret::masked) of a secret with these bytes to `text`.
pub fn push_masked(text: &mut String, secret: &[u8]) {
    const PREFIXES: [&str; 4] = ["hf_oauth_", "hf_jwt_", "api_org_", "hf_"];
    let prefix = PREFIXES.into_iter().find(|one| secret.starts_with(one.as_bytes())).unwrap_or("");
    let body = &secret[prefix.len()..];
    let is_shown = body.len() >= 20 && body.iter().all(u8::is_ascii_graphic);
    let (head, tail) = match body {
        [a, b, .., y, z] if is_shown => (&[*a, *b][..], &[*y, *z][..]),
        _ => (&[][..], &[][..]),
    };
    text.push_str(prefix);
    text.extend(head.iter().map(|byte| char::from(*byte)));
    text.push('…');
    text.extend(tail.iter().map(|byte| char::from(*byte)));
}

/// The bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_a_length_and_nothing_else() {
        let secret = Secret::new(*b"hunter2");
        assert_eq!(format!("{secret:?}"), "Secret(7 bytes)");
    }

    #[test]
    fn a_mask_keeps_the_public_prefix_and_two_letters_at_each_end() {
        let token = format!("hf_ab{}yz", "Q".repeat(30));
        assert_eq!(Secret::new(token.into_bytes()).masked(), "hf_ab…yz");
    }

    #[test]
    fn a_short_secret_is_masked_whole() {
        assert_eq!(Secret::new(*b"hunter2").masked(), "…");
        assert_eq!(Secret::new(*b"hf_short").masked(), "hf_…");
    }

    #[test]
    fn a_mask_never_shows_control_characters() {
        let secret = Secret::new([b"\x1b[31m".as_slice(), &[b'a'; 30]].concat());
        assert_eq!(secret.masked(), "…");
    }
}
