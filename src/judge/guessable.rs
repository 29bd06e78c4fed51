//! Secrets that could be found by guessing, and the safe identifiers of them in reports.
//!
//! A hash that distinguishes secrets also confirms a guess. For a token of 34 random letters this
//! is harmless, since no list contains it. For a password that a person chose it is not, and
//! reports are uploaded to platforms, kept as CI artefacts and shown to people who may not read the
//! repository.

use super::{
    entropy::shannon_entropy,
    randomness::{MAX_STRICT_SCORE, written_score},
};
use crate::model::{Excerpt, Secret};

/// Minimum number of characters after the prefix of a secret that cannot be guessed.
const MIN_STRONG: usize = 24;
/// Minimum entropy of such a secret, in bits per character: nearly all texts of 24 random letters
/// have more than 4.
const MIN_STRONG_ENTROPY: f64 = 3.5;

/// `true` if an attacker could try all equally likely secrets: it is short, or does not look
/// random.
pub fn is_guessable(secret: &Secret) -> bool {
    let bytes = secret.expose();
    let prefix = bytes.iter().rposition(|byte| *byte == b'_').map_or(0, |at| at + 1);
    let body = &bytes[prefix.min(12)..];
    body.len() < MIN_STRONG
        || shannon_entropy(body) < MIN_STRONG_ENTROPY
        || written_score(body).is_none_or(|score| score >= MAX_STRICT_SCORE)
}

/// The text from which a finding's fingerprint is computed: the secret, or if it could be guessed,
/// the excerpt, in which secrets are masked. Without a secret it is the highlighted part of the
/// excerpt.
pub fn known_by<'a>(secret: Option<&'a Secret>, excerpt: &'a Excerpt) -> &'a [u8] {
    match secret {
        Some(secret) if !is_guessable(secret) => secret.expose(),
        Some(_) => excerpt.text.as_bytes(),
        None => {
            let marked = excerpt.text.get(excerpt.highlight.start..excerpt.highlight.end);
            marked.unwrap_or(&excerpt.text).as_bytes()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    /// Letters that cannot be guessed.
    fn token() -> Secret {
        Secret::new(*b"QzKpWvTjXbRmNcHgLfYdSkPqVwZxJtGrMh")
    }

    #[test]
    fn what_a_person_thought_of_can_be_guessed_and_a_token_cannot() {
        for text in ["hunter2", "correct-horse-battery-staple-2024", &"a".repeat(30)] {
            assert!(is_guessable(&Secret::new(text.as_bytes())), "{text}");
        }
        assert!(!is_guessable(&token()));
    }

    #[test]
    fn a_secret_that_can_be_guessed_is_known_by_its_masked_line() {
        let excerpt = Excerpt {
            text: "password = \"…\"".into(),
            highlight: Span::new(12, 15),
            ..Excerpt::default()
        };
        let weak = Secret::new(*b"hunter2");
        assert_eq!(known_by(Some(&weak), &excerpt), excerpt.text.as_bytes());
        assert_eq!(known_by(Some(&token()), &excerpt), token().expose());
        assert_eq!(known_by(None, &excerpt), "…".as_bytes());
    }
}
