//! Whether a secret could be found by trying likely ones, and what may be said of it then.
//!
//! A hash that tells secrets apart also confirms a guess. For a token of 34 random letters
//! that helps nobody: no list has it. For a password that a person thought of it does, and
//! reports are uploaded to platforms, kept as artefacts of CI and shown to others than
//! those who may read the repository.

use super::{
    entropy::shannon_entropy,
    randomness::{MAX_STRICT_SCORE, written_score},
};
use crate::model::{Excerpt, Secret};

/// A secret with fewer characters after its prefix is taken for one that can be guessed.
const MIN_STRONG: usize = 24;
/// And one with less entropy in its characters, in bits each: 24 random letters have
/// more than 4 nearly always.
const MIN_STRONG_ENTROPY: f64 = 3.5;

/// Whether somebody could try all secrets that are as likely: it is short, or does not look
/// drawn at random by all that its letters tell.
pub fn is_guessable(secret: &Secret) -> bool {
    let bytes = secret.expose();
    let prefix = bytes.iter().rposition(|byte| *byte == b'_').map_or(0, |at| at + 1);
    let body = &bytes[prefix.min(12)..];
    body.len() < MIN_STRONG
        || shannon_entropy(body) < MIN_STRONG_ENTROPY
        || written_score(body).is_none_or(|score| score >= MAX_STRICT_SCORE)
}

/// What a finding's fingerprint is made from: the secret, or where there is none or it
/// could be guessed, what reports show of its line, in which secrets are masked: of a secret
/// all of the line, of a construct the part that is pointed at.
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

    /// Letters that nobody would think of.
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
