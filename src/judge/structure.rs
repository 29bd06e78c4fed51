//! Formats that can be checked offline.

use super::{alphabet::reads_as_written, entropy::shannon_entropy, password::check_password};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use serde_json::Value;

/// The claims of a JSON Web Signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jws {
    /// Its expiry time, in seconds since 1970, if it has one.
    pub expires: Option<i64>,
    /// Its scopes, if it has any.
    pub scopes: Vec<String>,
    /// `true` if it is public on purpose: the role `anon` of Supabase and PostgREST, or the subject
    /// of jwt.io's example.
    pub is_public: bool,
}

/// The claims of a compact JSON Web Signature (RFC 7515, section 7.1).
///
/// `None` if it does not have three parts, or if its header or payload is not base64url of a JSON
/// object. The signature is not checked: a token need not be valid to be a leak.
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
    let says = |claim: &str, text: &str| payload.get(claim).and_then(Value::as_str) == Some(text);
    let is_public = says("role", "anon") || says("sub", "1234567890") || says("name", "John Doe");
    Some(Jws { expires: payload.get("exp").and_then(Value::as_i64), scopes, is_public })
}

fn json_object(part: &[u8]) -> Option<serde_json::Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(map)) => Some(map),
        _ => None,
    }
}

/// `true` if the last six characters of a GitHub token are the CRC-32 of its random part in base62,
/// padded with zeros.
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

/// CRC-32 as in IEEE 802.3 and zip, computed bit by bit: it covers only 30 bytes per token.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

/// `true` if a PEM block holds a key: at least 64 bytes of base64 between its lines, with the
/// entropy of a key. A key that is encrypted with a passphrase does not count. The block itself may
/// be in base64.
pub fn is_pem_with_body(block: &[u8]) -> bool {
    let inside = plain_of_base64(block);
    let block = inside.as_deref().filter(|inside| inside.starts_with(b"-----")).unwrap_or(block);
    let Ok(text) = std::str::from_utf8(block) else { return false };
    let Some(body) = text.split("-----").nth(2) else { return false };
    // In source code the line ends of a key are escapes.
    let body = body.replace("\\n", "").replace("\\r", "");
    let kept: Vec<u8> =
        body.bytes().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
    // `..` and `…` mark an omitted part. An encrypted key is marked in base64 (bcrypt) or in a
    // header.
    let is_cut = body.contains("..") || body.contains('…');
    let is_encrypted = body.contains("ENCRYPTED")
        || memchr::memmem::find(&kept, b"AAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0").is_some();
    // Of the smallest keys, 64 characters of base64, 99.99 % have more than 4.6 bits.
    kept.len() >= 64
        && !is_cut
        && !is_encrypted
        && shannon_entropy(&kept) >= 4.6
        && !reads_as_written(&kept)
}

/// `true` if a text is base64url of a macaroon of version 2 with an identifier and a signature.
///
/// Source: "Macaroons in binary", version 2 of the format of libmacaroons: a byte 2, then fields of
/// a type, a length and data, where 0 ends a section and type 6 is the signature of 32 bytes.
pub fn is_macaroon(token: &[u8]) -> bool {
    let start = memchr::memchr(b'-', token).map_or(0, |at| at + 1);
    let end = token.iter().rposition(|byte| *byte != b'=').map_or(0, |at| at + 1);
    let Some(encoded) = token.get(start..end) else { return false };
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(encoded) else { return false };
    let Some((2, mut rest)) = bytes.split_first().map(|(version, rest)| (*version, rest)) else {
        return false;
    };
    let mut has_identifier = false;
    while let Some((kind, after)) = varint(rest) {
        rest = after;
        if kind == 0 {
            continue;
        }
        let Some((length, after)) = varint(rest) else { return false };
        let Some(data) = after.get(..length) else { return false };
        rest = &after[data.len()..];
        match kind {
            2 => has_identifier = true,
            6 => return has_identifier && data.len() == 32,
            _ => {}
        }
    }
    false
}

/// A varint as in protobuf, of at most four bytes, and the bytes after it.
fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0usize;
    for (place, byte) in bytes.iter().take(4).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[place + 1..]));
        }
    }
    None
}

/// `true` if a text is base64 of a JSON object, with or without padding.
pub fn is_base64_json(text: &[u8]) -> bool {
    let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |at| at + 1);
    let bytes =
        STANDARD_NO_PAD.decode(&text[..end]).or_else(|_| URL_SAFE_NO_PAD.decode(&text[..end]));
    bytes.is_ok_and(
        |bytes| matches!(serde_json::from_slice(&bytes), Ok(Value::Object(map)) if !map.is_empty()),
    )
}

/// Decodes base64 with or without padding.
fn plain_of_base64(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |at| at + 1);
    STANDARD_NO_PAD.decode(&text[..end]).ok()
}

/// `true` if a text is base64 of a user name and a password that protects something, joined as in
/// RFC 7617, or of a Docker configuration with such a pair.
pub fn is_basic_auth(text: &[u8]) -> bool {
    let Some(plain) = plain_of_base64(text).and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return false;
    };
    if let Ok(Value::Object(config)) = serde_json::from_str(&plain) {
        return holds_registry_password(&config);
    }
    is_pair(&plain)
}

/// `true` if a text is base64 of a user name and a password that protects something.
fn is_user_and_password(text: &[u8]) -> bool {
    let plain = plain_of_base64(text).and_then(|bytes| String::from_utf8(bytes).ok());
    plain.is_some_and(|plain| is_pair(&plain))
}

fn is_pair(plain: &str) -> bool {
    let Some((user, password)) = plain.split_once(':') else { return false };
    !user.is_empty()
        && !plain.chars().any(char::is_control)
        && user != password
        && check_password(password).is_ok()
}

/// `true` if a Docker configuration contains a password, in clear or in base64 after a user name.
///
/// Source: https://docs.docker.com/reference/cli/docker/login/, "Default behavior".
fn holds_registry_password(config: &serde_json::Map<String, Value>) -> bool {
    let registries = config.get("auths").and_then(Value::as_object);
    let text = |entry: &Value, key: &str| entry.get(key)?.as_str().map(str::to_string);
    registries.into_iter().flat_map(|registries| registries.values()).any(|entry| {
        text(entry, "password").is_some_and(|password| check_password(&password).is_ok())
            || text(entry, "auth").is_some_and(|auth| is_user_and_password(auth.as_bytes()))
    })
}

/// `true` if the part before the first dot is base64 of the number of a Discord bot: a snowflake of
/// 17 to 20 digits.
///
/// Source: https://docs.discord.com/developers/reference, "Snowflakes".
pub fn is_discord_bot(token: &[u8]) -> bool {
    let Some(first) = token.split(|byte| *byte == b'.').next() else { return false };
    URL_SAFE_NO_PAD.decode(first).is_ok_and(|digits| {
        (17..=20).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
    })
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

    fn macaroon(signature: usize) -> String {
        let mut bytes = vec![2, 1, 8];
        bytes.extend(b"pypi.org");
        bytes.extend([2, 4]);
        bytes.extend(b"name");
        bytes.extend([0, 2, 3]);
        bytes.extend(b"abc");
        bytes.extend([0, 0, 6, signature as u8]);
        bytes.extend(vec![7; signature]);
        format!("pypi-{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    #[test]
    fn a_macaroon_is_walked_to_its_signature() {
        assert!(is_macaroon(macaroon(32).as_bytes()));
        assert!(!is_macaroon(macaroon(31).as_bytes()));
        assert!(!is_macaroon(b"pypi-AgEIcHlwaS5vcmc"));
        assert!(!is_macaroon(b"pypi-"));
        assert!(!is_macaroon(b""));
    }

    #[test]
    fn base64_of_an_object_is_told_from_other_base64() {
        let object = STANDARD_NO_PAD.encode(r#"{"api_url":"https://app.example"}"#);
        assert!(is_base64_json(object.as_bytes()));
        assert!(is_base64_json(format!("{object}==").as_bytes()));
        assert!(!is_base64_json(STANDARD_NO_PAD.encode("[1]").as_bytes()));
        assert!(!is_base64_json(b"eyJhcGlf"));
    }

    #[test]
    fn basic_authentication_needs_a_password_that_protects_something() {
        let encoded = |plain: &str| STANDARD_NO_PAD.encode(plain).into_bytes();
        assert!(is_basic_auth(&encoded("deploy:s9Dk2mVq81Zx")));
        for plain in ["client:", "user:password", "admin:admin", ":s9Dk2mVq81Zx", "no colon"] {
            assert!(!is_basic_auth(&encoded(plain)), "{plain}");
        }
    }

    #[test]
    fn a_bot_of_discord_has_a_number() {
        let first = URL_SAFE_NO_PAD.encode("123456789012345678");
        assert!(is_discord_bot(format!("{first}.abcdef.xyz").as_bytes()));
        assert!(!is_discord_bot(b"TWFkZS1vZi13b3Jkcw.abcdef.xyz"));
    }

    #[test]
    fn a_key_that_was_cut_or_needs_a_passphrase_is_not_reported() {
        let body = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2".repeat(2);
        let pem =
            |body: &str| format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----");
        assert!(is_pem_with_body(pem(&body).as_bytes()));
        assert!(is_pem_with_body(pem(&body.replace("CC", "\\nCC")).as_bytes()));
        assert!(!is_pem_with_body(pem(&format!("{body}...")).as_bytes()));
        assert!(!is_pem_with_body(pem(&format!("Proc-Type: 4,ENCRYPTED\n{body}")).as_bytes()));
        assert!(!is_pem_with_body(pem("your private key goes here").as_bytes()));
        assert!(!is_pem_with_body(pem(&"a".repeat(99)).as_bytes()));
    }
}
