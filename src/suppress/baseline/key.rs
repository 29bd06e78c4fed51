//! Keys by which a baseline identifies a finding, without information that helps to guess a secret.
//!
//! A baseline is committed, and may outlive its secrets: they are removed and the history is
//! rewritten, but an old copy of the baseline remains. So a baseline alone must be useless to an
//! attacker. There are three kinds of findings, each with a kind of key:
//!
//! - `s`: a long random secret, such as a token (34 letters are more than 190 bits). A search is
//!   infeasible, so 64 bits of a salted hash reveal nothing.
//! - `w`: any other secret, such as a password chosen by a person, which can be guessed from a
//!   list. A hash that distinguishes passwords would confirm the right one, so the key has only 12
//!   bits: of a million candidates about 250 match. Each try also costs `ROUNDS` rounds of hashing.
//!   The price: one in 4,096 other secrets of the same rule in the same file has the same key.
//! - `t`: a finding without a secret. The key is made from the reported text, which is in the
//!   repository anyway.
//!
//! Every key contains its salt, so that each line is independent and two baselines can be merged
//! line by line.

use crate::{
    judge::guessable::is_guessable,
    model::{Finding, Secret, secret::hex},
};
use sha2::{Digest, Sha256};
use std::hash::{BuildHasher, Hasher};

/// Rounds of PBKDF2 for guessable secrets: a few milliseconds per secret.
const ROUNDS: u32 = 10_000;
/// Prefix that separates these hashes from all other hashes of a secret.
const LABEL: &[u8] = b"hfscan baseline 1\0";
/// The part of a finding that identifies it, in addition to rule and path.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// The secret.
    Secret(&'a Secret),
    /// The reported text, with secrets masked.
    Text(&'a str),
}

impl<'a> Subject<'a> {
    /// The subject of this finding.
    pub fn of(finding: &'a Finding) -> Self {
        let excerpt = &finding.excerpt;
        let pointed_at = excerpt.text.get(excerpt.highlight.start..excerpt.highlight.end);
        match &finding.secret {
            Some(secret) => Subject::Secret(secret),
            None => Subject::Text(pointed_at.unwrap_or_default()),
        }
    }

    /// The key with this salt: `s.SALT.HASH`.
    pub fn key(self, salt: &str) -> String {
        match self {
            Subject::Text(text) => format!("t.{salt}.{}", short(salt, text.as_bytes())),
            Subject::Secret(secret) if !is_guessable(secret) => {
                format!("s.{salt}.{}", short(salt, secret.expose()))
            }
            Subject::Secret(secret) => {
                let hash = hex(&stretched(secret.expose(), salt.as_bytes(), ROUNDS));
                format!("w.{salt}.{}", &hash[..3])
            }
        }
    }
}

/// A new salt of 16 hexadecimal digits. It must be unique, but not secret.
pub fn new_salt() -> String {
    // The standard library seeds each `RandomState` from the system's random source.
    let number = std::hash::RandomState::new().build_hasher().finish();
    format!("{number:016x}")
}

/// The salt of a key.
pub fn salt_of(key: &str) -> Option<&str> {
    let mut parts = key.split('.');
    let (kind, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let fits = match kind {
        "s" | "t" => is_hex(hash, 16),
        "w" => is_hex(hash, 3),
        _ => false,
    };
    (fits && is_hex(salt, 16) && parts.next().is_none()).then_some(salt)
}

fn short(salt: &str, subject: &[u8]) -> String {
    hex(&hmac(salt.as_bytes(), &[LABEL, subject])[..8])
}

/// HMAC with SHA-256 (RFC 2104).
fn hmac(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    let (inner, outer) = pads(key);
    finish(inner, outer, message)
}

/// The hash states after the two pads of a key, shared by all its HMACs.
fn pads(key: &[u8]) -> (Sha256, Sha256) {
    let mut block = [0; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let pad = |with: u8| Sha256::new().chain_update(block.map(|byte| byte ^ with));
    (pad(0x36), pad(0x5c))
}

fn finish(mut inner: Sha256, outer: Sha256, message: &[&[u8]]) -> [u8; 32] {
    message.iter().for_each(|part| inner.update(part));
    outer.chain_update(inner.finalize()).finalize().into()
}

/// The first block of PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2).
fn stretched(secret: &[u8], salt: &[u8], rounds: u32) -> [u8; 32] {
    let (inner, outer) = pads(secret);
    let mut last = finish(inner.clone(), outer.clone(), &[salt, &1u32.to_be_bytes()]);
    let mut sum = last;
    for _ in 1..rounds {
        last = finish(inner.clone(), outer.clone(), &[&last]);
        sum.iter_mut().zip(last).for_each(|(sum, byte)| *sum ^= byte);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::example::expand;

    #[test]
    fn hashing_is_that_of_the_standards() {
        // RFC 4231, section 4.3, and RFC 7914, section 11.
        assert!(
            hex(&hmac(b"Jefe", &[b"what do ya want ", b"for nothing?"]))
                .starts_with("5bdcc146bf60754e6a042426089575c7")
        );
        assert!(
            hex(&stretched(b"passwd", b"salt", 1)).starts_with("55ac046e56e3089fec1691c22544b605")
        );
        assert!(
            hex(&stretched(b"Password", b"NaCl", 80_000))
                .starts_with("4ddcd8f60b98be21830cee5ef22701f9")
        );
    }

    #[test]
    fn a_secret_that_can_be_guessed_has_a_key_that_fits_many() {
        let salt = new_salt();
        for guessable in
            ["hunter2", "correct-horse-battery-staple-2024", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
        {
            let secret = Secret::new(guessable.as_bytes());
            let key = Subject::Secret(&secret).key(&salt);
            assert!(key.starts_with("w.") && key.len() == 2 + 16 + 1 + 3, "{guessable}: {key}");
        }
        let token = Secret::new(expand("hf_{{alpha:34}}").into_bytes());
        assert!(Subject::Secret(&token).key(&salt).starts_with("s."));
    }

    #[test]
    fn a_key_bears_its_salt_and_depends_on_it() {
        let (one, other) = ("0123456789abcdef", "fedcba9876543210");
        let key = Subject::Text("x = 1").key(one);
        assert_eq!(salt_of(&key), Some(one));
        assert_ne!(key[19..], Subject::Text("x = 1").key(other)[19..]);
        assert_eq!(salt_of("s.short.0123456789abcdef"), None);
        assert_eq!(salt_of("x.0123456789abcdef.0123456789abcdef"), None);
    }
}
