//! Formats that can be checked without asking anybody.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// What the payload of a JSON Web Signature says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jws {
    /// When it ends, in seconds since 1970, if it says so.
    pub expires: Option<i64>,
    /// What it may do, if it says so.
    pub scopes: Vec<String>,
}

/// The claims of a compact JSON Web Signature (RFC 7515, section 7.1).
///
/// `None` if it has not three parts, or if header or payload are not base64url of a
/// JSON object. The signature is not checked: nobody needs a valid one to leak it.
pub fn jws(token: &[u8]) -> Option<Jws> {
    let parts: Vec<&[u8]> = token.split(|byte| *byte == b'.').collect();
    let [header, payload, signature] = parts[..] else { return None };
    let header = json_object(header)?;
    header.get("alg")?;
    let payload = json_object(payload)?;
    if signature.is_empty() {
        return None;
    }
    let scopes = match payload.get("scope") {
        Some(Value::Array(list)) => {
            list.iter().filter_map(Value::as_str).map(str::to_string).collect()
        }
        Some(Value::String(text)) => text.split_whitespace().map(str::to_string).collect(),
        _ => Vec::new(),
    };
    Some(Jws { expires: payload.get("exp").and_then(Value::as_i64), scopes })
}

fn json_object(part: &[u8]) -> Option<serde_json::Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(map)) => Some(map),
        _ => None,
    }
}

/// Whether the last six characters of a GitHub token are the CRC-32 of its random part
/// in base62, padded with zeros.
///
/// Source: "Behind GitHub's new authentication token formats", GitHub blog, April 2021.
pub fn has_github_checksum(token: &[u8]) -> bool {
    let Some(underscore) = memchr::memrchr(b'_', token) else { return false };
    let body = &token[underscore + 1..];
    let Some(split) = body.len().checked_sub(6) else { return false };
    let (random, checksum) = body.split_at(split);
    let mut value = crc32(random);
    let mut expected = [b'0'; 6];
    for digit in expected.iter_mut().rev() {
        *digit = BASE62[(value % 62) as usize];
        value /= 62;
    }
    checksum == expected
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// CRC-32 as in IEEE 802.3 and zip, bit by bit: it sees 30 bytes a token.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

/// Whether a PEM block holds at least `64` bytes of base64 between its lines.
pub fn is_pem_with_body(block: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(block) else { return false };
    let Some(body) = text.split("-----").nth(2) else { return false };
    // In source code the line ends of a key are escapes.
    let body = body.replace("\\n", "").replace("\\r", "");
    let kept = body.bytes().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'));
    kept.count() >= 64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, payload: &str) -> Vec<u8> {
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload))
            .into_bytes()
    }

    #[test]
    fn a_jws_tells_its_end_and_scopes() {
        let jws = jws(&token(
            r#"{"alg":"EdDSA"}"#,
            r#"{"scope":["openid","read-repos"],"exp":1700000000}"#,
        ))
        .expect("well formed");
        assert_eq!(jws.expires, Some(1_700_000_000));
        assert_eq!(jws.scopes, ["openid", "read-repos"]);
    }

    #[test]
    fn what_only_looks_like_a_jws_is_none() {
        assert_eq!(jws(b"eyJhbGciOiJIUzI1NiJ9.notjson.sig"), None);
        assert_eq!(jws(b"a.b"), None);
        assert_eq!(jws(&token(r#"{"typ":"JWT"}"#, "{}")), None);
        assert_eq!(jws(&token(r#"{"alg":"none"}"#, "[]")), None);
    }

    #[test]
    fn crc_32_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_github_checksum_is_checked() {
        let random = b"a".repeat(30);
        let mut value = crc32(&random);
        let mut digits = Vec::new();
        for _ in 0..6 {
            digits.insert(0, BASE62[(value % 62) as usize]);
            value /= 62;
        }
        let good = [b"ghp_".as_slice(), &random, &digits].concat();
        assert!(has_github_checksum(&good));
        assert!(!has_github_checksum(&[b"ghp_".as_slice(), &random, b"000000"].concat()));
        assert!(!has_github_checksum(b"ghp_"));
    }
}
