//! Names of cryptographic algorithms and cipher suites: `aes-256-gcm-with-pbkdf2-sha512`. Their
//! digits and capitals look random, and they are assigned to names of secrets.

use std::sync::LazyLock;

/// The parts of such names, in lower case.
const PARTS: [&str; 7] = [
    // Ciphers.
    "aes aria arcfour blowfish camellia cast chacha des desede gost grasshopper idea \
     kuznyechik magma rc rijndael salsa seed serpent sm tripledes twofish xchacha xsalsa",
    // Modes, padding and providers.
    "aead bc cbc ccm cfb ctr cts eax ecb etm gcm iso mgf nopadding oaep ocb ofb pad padding \
     pkcs pss siv ssa wrap xts",
    // Digests and authentication codes.
    "blake cmac digest gmac hash hmac keccak kmac mac md murmur poly ripemd rmd secretbox sha \
     shake siphash streebog umac whirlpool",
    // Key derivation.
    "argon bcrypt hkdf kdf pbe pbes pbkdf scram scrypt yescrypt",
    // Public keys and key exchange.
    "anon brainpool curve dh dhe diffie dilithium dsa dss ec ecc ecdh ecdhe ecdsa eddsa ed \
     exchange export falcon gex group hellman kem krb kw kyber ml nist ntru prime psk rsa \
     secp sect sntrup sphincs srp",
    // Protocols, and connecting words.
    "algorithm and bit bits block cert cipher encrypt encryption es format generic hs id in \
     inv jwe jws key mode none null plus ps rs sk ssh ssl stream tls with",
    // `A256GCM`, `P-256`, `X25519`, `secp256k1`, `sect571r1`, `brainpoolP256t1`, `blake2b`.
    "a b d i k p r s t v w x",
];

/// The same parts by their first letter.
static PARTS_BY_LETTER: LazyLock<[Vec<&str>; 26]> = LazyLock::new(|| {
    let mut by_letter = [const { Vec::new() }; 26];
    for part in PARTS.iter().flat_map(|parts| parts.split(' ')) {
        by_letter[usize::from(part.as_bytes()[0] - b'a')].push(part);
    }
    by_letter
});

/// Minimum number of parts of three letters or more in a name.
const LEAST_PARTS: usize = 2;

/// `true` if all letters of a value form parts of such names, with any digits and signs between
/// them.
pub fn is_algorithm(value: &str) -> bool {
    let letters: Vec<u8> = value.to_ascii_lowercase().into_bytes();
    let is_sign = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_punctuation();
    // For each offset, the maximum number of long parts before it; `None` if the text before it
    // does not consist of parts and signs.
    let mut reached: Vec<Option<usize>> = vec![None; letters.len() + 1];
    reached[0] = Some(0);
    for at in 0..letters.len() {
        let Some(count) = reached[at] else { continue };
        let rest = &letters[at..];
        if is_sign(&rest[0]) {
            reached[at + 1] = reached[at + 1].max(Some(count));
        }
        let first = usize::from(rest[0].wrapping_sub(b'a'));
        let parts = PARTS_BY_LETTER.get(first).into_iter().flatten();
        for part in parts.filter(|part| rest.starts_with(part.as_bytes())) {
            let next = &mut reached[at + part.len()];
            *next = (*next).max(Some(count + usize::from(part.len() >= 3)));
        }
    }
    reached[letters.len()].is_some_and(|count| count >= LEAST_PARTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_algorithms_are_known_in_every_spelling() {
        for value in [
            "aes-256-gcm-with-pbkdf2-sha512",
            "AES_256_GCM_HKDF_SHA512",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "ECDHE-ECDSA-CHACHA20-POLY1305",
            "PBEWithHmacSHA512AndAES_256",
            "PBEWITHSHA256AND256BITAES-CBC-BC",
            "RSA/ECB/OAEPWithSHA-256AndMGF1Padding",
            "diffie-hellman-group-exchange-sha256",
            "ecdsa-sha2-nistp256-cert-v01",
            "aes256-cts-hmac-sha1-96",
            "brainpoolP256r1tls13",
            "xchacha20poly1305-argon2id",
            "id-aes256-wrap-pad",
            "RSASSA-PKCS1-v1_5-SHA-256",
        ] {
            assert!(is_algorithm(value), "{value}");
        }
    }

    #[test]
    fn a_draw_and_a_password_with_such_a_part_are_none() {
        for value in ["9f86d081884c7d65", "aesK3j9x0qpl2mzn8vb7w1r", "sha256", ""] {
            assert!(!is_algorithm(value), "{value}");
        }
        let mut random = fastrand::Rng::with_seed(16);
        for _ in 0..20_000 {
            let value: String = (0..16)
                .map(|_| char::from(*random.choice(b"0123456789abcdef").expect("some")))
                .collect();
            assert!(!is_algorithm(&value), "{value}");
        }
    }
}
