//! Judges a literal value when only its name suggests a secret.

use super::{
    algorithm::is_algorithm,
    alphabet::{Alphabet, is_drawn, longest_run},
    disguise::has_disguised_word,
    entropy::shannon_entropy,
    model_name::is_model_name,
    placeholder,
    randomness::written_score,
    sealed::is_sealed,
};
use crate::model::Dismissal;
use base64::{Engine, engine::general_purpose::STANDARD};
use regex::bytes::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// Minimum length in bytes of a secret without a known format.
pub const MIN_SECRET: usize = 16;
/// Maximum length in bytes; longer values are data.
pub(super) const MAX_SECRET: usize = 256;

/// Characters that no secret under a secret's name contains: brackets and commas mean a list, a
/// call or a pattern.
pub(super) const NO_SECRET_SIGNS: &[u8] = b"{}[]<>;,|`\"'\\";

/// Forms of values that look random but are not secrets: identifiers, addresses, digests.
///
/// No alternative may match more than one in a million texts drawn from base64, base32, hexadecimal
/// or letters alone; such forms are recognised by the words in them, in [`is_random`].
static NOT_SECRET: LazyLock<Regex> = LazyLock::new(|| {
    constant(concat!(
        r"(?x)^(?:",
        // A UUID, or an invented one; a fingerprint in pairs of digits.
        r"[0-9a-zA-Z]{8}-(?:[0-9a-zA-Z]{4,6}-){2,3}[0-9a-zA-Z]{8,12}|(?:[0-9a-fA-F]{2}[:\-]){7,}[0-9a-fA-F]{2}",
        // A digest prefixed with its algorithm, or a password hash with it and perhaps its user.
        r"|(?i:md5|sha1|sha224|sha256|sha384|sha512)[:\-=].+|md5[0-9a-f]{32}|SCRAM-SHA-.*|\*[0-9A-Z]{40}",
        r"|(?:[\w.@-]+:)?\$[0-9a-z]{1,12}\$.*|\w+_sha\d+\$.*|\{[A-Z0-9]+\}.*",
        r"|(?:pbkdf2|scrypt):[\w:]+\$.*",
        // A URL, a path, an e-mail address, a domain, a version, a media type.
        r"|[a-zA-Z][a-zA-Z0-9+.-]*://.*|[~.\\].*|[A-Za-z]:\\.*|.*@[\w-]+\.[\w.]+",
        // A path has characters that base64 does not have; a path of letters and digits is
        // recognised by its words.
        r"|/?(?:[\w.-]+/)*[\w.-]*[._-][\w.-]*(?:/[\w.\-]*)+|/?(?:[\w.-]+/)+[\w.-]*[._-][\w.\-]*",
        r"|(?:[\w-]+\.)+(?:com|org|net|io|ai|co|dev|py|js|ts|json|ya?ml|toml|txt|md|html|xml|sh|cfg|pem|key|crt)",
        r"|v?\d+(?:\.\d+)+\S*|(?:application|audio|font|image|message|model|multipart|text|video)/.*",
        // A date or a time, with or without separators; a number with separators.
        r"|\d{4}-\d\d-\d\d\S*|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d\d*",
        r"|[\d.,_+-]*[.,_+-][\d.,_+-]*|0x[0-9a-fA-F]+",
        // A public key, an AWS identifier.
        r"|ssh-(?:rsa|ed25519|dss)\s.*|AAAA[BCE][23]Nz.*|arn:.*",
        r"|(?:acl|ami|eipalloc|eni|fs|i|igw|lt|nat|rtb|sg|snap|subnet|tgw|vol|vpc|vpce)-[0-9a-f]{8,17}",
        // A pod of Kubernetes, whose ids have no vowels.
        r"|[a-z][a-z0-9-]*-[bcdf-hj-np-tv-xz2-9]{8,10}-[bcdf-hj-np-tv-xz2-9]{5}",
        r")$"
    ))
});

/// Forms of digests, commits and names that only the key distinguishes from secrets: hexadecimal of
/// a digest's length, and small letters and digits that begin with a letter.
static AMBIGUOUS: LazyLock<Regex> = LazyLock::new(|| {
    constant(concat!(
        r"^(?:(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})",
        r"|[a-z][a-z0-9_]*|[A-Z][A-Z0-9_]+|[A-Za-z]+(?:[_.:\-][A-Za-z]+)+|/?(?:[\w-]+/)+[\w\-]+|\d+)$"
    ))
});

/// A path of names in a program.
static DOTTED: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^(?:[A-Za-z_][A-Za-z0-9_]*[.:]{1,2})+[A-Za-z_][A-Za-z0-9_]*$"));

/// A call, or a group of a regular expression.
static CALL: LazyLock<Regex> = LazyLock::new(|| constant(r"^[\w.]+\(.*\)$|\w\(\)|\(\?[:=!<P]"));

/// Texts that ask for the reader's own value, or that mean no value. A short word only counts
/// alone, so that random letters never match.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    constant(concat!(
        r"(?ix)^(?:",
        r"(?:<|&lt;|%3c|\\u003c).*(?:>|&gt;|%3e|\\u003e)|\[.*\]|\{.*\}|\*+|\*{2,}.*|.*\*{3,}.*|.*\.\.\.+.*|.*…+.*|x{3,}(?:[^a-z0-9].*)?|x{4,}.*|\#+",
        r"|(?:.*[^a-z0-9])?(?:your|some|any|the|insert|enter|add|put|paste|replace|change|update|fill|todo|fixme)[\s_\-].*",
        r"|(?:your|insert|enter|replace|change|fill|todo|fixme).*",
        r"|.*(?:change.?me|replace.?me|fill.?me|example|placeholder|redacted|dummy|sample|foobar|not.?a.?real|not.?needed|not.?used|secret.?here|token.?here|goes.?here).*",
        r"|(?:.*[^a-z0-9])?key.?here.*",
        r"|(?:none|null|nil|undefined|n/?a|empty|unset|default|disabled|false|true|test|testing|secret|password|token|key|api.?key|auto|local|public|anonymous|hidden|masked|abc|foo|bar|baz|toy|-|_)\d*",
        r"|hf_|hf_[a-z_]*|tu[_-]token",
        r")$"
    ))
});

/// More such texts, of words so short that random letters occasionally spell them. They count only
/// in values that do not look random.
static SHORT_PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    constant(concat!(
        r"(?ix)^(?:",
        r"(?:.*[^a-z0-9])?(?:my|an?)[\s_\-].*|(?:my|put|add).*|.*(?:fake|mock).*",
        r")$"
    ))
});

/// Values that a program reads from elsewhere.
static LOOKUP: LazyLock<Regex> = LazyLock::new(|| {
    constant(concat!(
        r"\$\{|\$\([\w .-]+\)|^\$[A-Za-z_]\w*(?:$|[/.:\-])|\{\{|<%|%\(\w+\)|^%\w+%$",
        r"|os\.environ|process\.env|^env[:.(]|getenv",
    ))
});

/// Letters outside ASCII match as any bytes here, because Unicode classes would take most of the
/// compile time.
pub(super) fn constant(expression: &str) -> Regex {
    RegexBuilder::new(expression).unicode(false).build().expect("a constant expression")
}

/// `true` if a value is a placeholder for the reader's own.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let bytes = value.as_bytes();
    value.is_empty()
        || PLACEHOLDER.is_match(bytes)
        || value.len() >= 8 && placeholder::is_stand_in(bytes)
        || SHORT_PLACEHOLDER.is_match(bytes) && (value.len() < MIN_SECRET || !is_random(bytes))
}

/// `true` if a program reads the value from elsewhere.
pub(super) fn is_lookup(value: &str) -> bool {
    LOOKUP.is_match(value.as_bytes())
}

/// Checks that a value is random enough to be a secret, and has no form that only looks random.
///
/// # Errors
/// Returns the reason if it is not.
pub fn check_secret_like(value: &str) -> Result<(), Dismissal> {
    if AMBIGUOUS.is_match(value.trim().as_bytes()) {
        return Err(Dismissal::NotASecret);
    }
    check_form(value)?;
    if is_random(value.trim().as_bytes()) { Ok(()) } else { Err(Dismissal::TooRegular) }
}

/// Checks that a value is random enough to be a secret under a secret's name: `api_key`,
/// `client_secret`. Under such a name hexadecimal of a digest's length is accepted, and a value
/// from a test is not.
///
/// # Errors
/// Returns the reason if it is not.
pub fn check_named_secret(value: &str) -> Result<(), Dismissal> {
    // `django-admin startproject` writes this prefix before the key that it generates.
    let value = value.trim();
    let value = value.strip_prefix("django-insecure-").unwrap_or(value);
    check_form(value)?;
    let bytes = value.as_bytes();
    if marks_a_stand_in(bytes) {
        return Err(Dismissal::Placeholder);
    }
    if bytes.iter().any(|byte| NO_SECRET_SIGNS.contains(byte))
        || CALL.is_match(bytes)
        || !value.is_ascii()
    {
        return Err(Dismissal::NotASecret);
    }
    // A value in base64 of text is judged by the decoded text: `ZXhhbXBsZS1rZXk=`.
    if let Ok(inside) = STANDARD.decode(bytes)
        && inside.iter().all(|byte| (b' '..=b'~').contains(byte))
    {
        let text = String::from_utf8_lossy(&inside);
        if is_placeholder(&text) || placeholder::has_marking_word(&inside) {
            return Err(Dismissal::Placeholder);
        }
        return if is_random(&inside) { Ok(()) } else { Err(Dismissal::TooRegular) };
    }
    if is_random(bytes) { Ok(()) } else { Err(Dismissal::TooRegular) }
}

/// `true` if a word in the value marks it as a placeholder. A kind of secret in a provider's prefix
/// (`sb_secret_…`) does not.
pub(super) fn marks_a_stand_in(value: &[u8]) -> bool {
    if has_disguised_word(value) {
        return true;
    }
    let run = longest_run(value);
    if run.len() < MIN_SECRET || !is_drawn(&value[run.clone()]) {
        return placeholder::has_marking_word(value);
    }
    placeholder::has_marking_word(&value[run.clone()])
        || placeholder::has_faking_word(&value[..run.start])
        || placeholder::has_faking_word(&value[run.end..])
}

/// Checks that the value has a form that a secret can have under any name.
fn check_form(value: &str) -> Result<(), Dismissal> {
    let value = value.trim();
    if is_lookup(value) {
        return Err(Dismissal::Lookup);
    }
    if is_placeholder(value) {
        return Err(Dismissal::Placeholder);
    }
    if !(MIN_SECRET..=MAX_SECRET).contains(&value.len())
        || value.contains(char::is_whitespace)
        || NOT_SECRET.is_match(value.as_bytes())
        || is_sealed(value)
        || is_algorithm(value)
        || is_model_name(value)
    {
        return Err(Dismissal::NotASecret);
    }
    Ok(())
}

/// `true` if bytes look drawn at random: their letters and digits do not follow each other as in
/// names and words, and they use all of their alphabet.
pub(super) fn is_random(bytes: &[u8]) -> bool {
    let end = bytes.iter().rposition(|byte| *byte != b'=').map_or(0, |at| at + 1);
    let bytes = &bytes[..end];
    let run = longest_run(bytes);
    if run.len() >= MIN_SECRET && is_drawn(&bytes[run.clone()]) {
        return true;
    }
    let Some(alphabet) = Alphabet::of(bytes) else { return false };
    // Pieces of one case joined by separators are names and paths, unless they are groups of a key.
    let is_joined = run.len() < bytes.len();
    let is_group_of_key = || {
        matches!(alphabet, Alphabet::LettersAndDigits | Alphabet::Hexadecimal)
            && !bytes.iter().any(|byte| matches!(byte, b'_' | b'/'))
            && written_score(&bytes.to_ascii_lowercase()).is_none_or(|score| score <= 0.0)
            && shannon_entropy(bytes) >= 3.2
    };
    !(is_joined && DOTTED.is_match(bytes))
        && match is_joined && (alphabet.is_one_case() || has_words_of_one_case(bytes)) {
            true => is_group_of_key(),
            false => is_drawn(bytes),
        }
}

/// `true` if every piece between separators is letters of one case, or a number of at most four
/// digits after such letters or alone: `prefix-SOME_KEY_2`.
fn has_words_of_one_case(bytes: &[u8]) -> bool {
    bytes.split(|byte| !byte.is_ascii_alphanumeric()).all(|piece| {
        let letters = piece.iter().take_while(|byte| !byte.is_ascii_digit()).count();
        let (letters, number) = piece.split_at(letters);
        number.len() <= 4
            && number.iter().all(u8::is_ascii_digit)
            && (letters.iter().all(u8::is_ascii_lowercase)
                || letters.iter().all(u8::is_ascii_uppercase))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_in_place_of_a_secret_is_a_placeholder() {
        for value in [
            "",
            "<your token>",
            "YOUR_API_KEY",
            "your-token-here",
            "hf_...",
            "hf_xxx",
            "xxxxxxxx",
            "changeme",
            "my_secret_key",
            "****",
            "hf_****abcd",
            "null",
            "TODO: set",
            "foo",
            "<HUB_TOKEN>",
            "&lt;password&gt;",
            "%3Cpassword%3E",
            "\\u003cpassword\\u003e",
            "hf_token",
            "ADD_YOUR_HUGGING_FACE_TOKEN_HERE",
            "sk-...",
            "{api_key}",
            "test",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["s9Dk2mVq81ZxLw07", "hunter2!", "correct-horse"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn what_only_looks_random_is_no_secret() {
        for value in [
            "550e8400-e29b-41d4-a716-446655440000",
            "d41d8cd98f00b204e9800998ecf8427e",
            "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
            "sha256:2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
            "https://example.com/aB3dE5gH7jK9",
            "meta-llama/Llama-3.1-8B-Instruct",
            "/etc/ssl/private/aB3dE5gH7jK9.pem",
            "BertForSequenceClassification",
            "max_position_embeddings",
            "2024-01-01T00:00:00Z",
            "1234567890123456789",
            "v1.2.3-rc1+build.456789",
        ] {
            assert!(check_secret_like(value).is_err(), "{value}");
        }
        assert_eq!(check_secret_like("${HF_TOKEN}"), Err(Dismissal::Lookup));
    }

    #[test]
    fn a_name_that_says_secret_makes_a_digest_one_and_a_test_value_none() {
        for value in [
            "d41d8cd98f00b204e9800998ecf8427e",
            "k3j9x0qpl2mzn8vb7w1r",
            "aB3dE5gH7jK9mN1pQ4",
            "key-7QX2M-K9RTZ-4WVPB",
            "nvapi-aB3dE5_gH7jK-mN1pQ",
        ] {
            assert_eq!(check_named_secret(value), Ok(()), "{value}");
        }
        for value in [
            "test-aB3dE5gH7jK9mN1p",
            "llama_2_7b_chat_hf_v1",
            "550e8400-e29b-41d4-a716-446655440000",
            "$2b$12$KIXQ4S5hY6Jr8Zp0uW1xyO",
            "registry_user:$2b$12$KIXQ4S5hY6Jr8Zp0uW1xyO",
            "Salasanasuojattu",
            "4v3rys3kur3p455w0rd",
            "th1s1sas3cr3tk3y42",
            "nvapi-CYBER_DEV_DAY",
            "key-DEV_DAY_2024-north",
            "pbkdf2_sha256$260000$aB3dE5gH7j",
            "settings.AUTH0_CLIENT_V2",
            "getSecret(E5gH7jK9mN1p)",
            "aB3d(?:E5gH7jK9mN1pQ4)",
            "sha512-aB3dE5gH7jK9mN1pQ4",
            "ZXhhbXBsZS1lbmNvZGVk",
            "cnVzdGZzc3RvcmFnZQ==",
            "8312341g-5678-abcd-4a2b2c-33bcsd655",
        ] {
            assert!(check_named_secret(value).is_err(), "{value}");
        }
    }

    #[test]
    fn what_was_drawn_at_random_is_taken_for_a_secret() {
        for value in [
            "s9Dk2mVq81ZxLw07TbYc",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4",
            "aGk3-Zq9X_w2LmN8pR5t",
        ] {
            assert_eq!(check_secret_like(value), Ok(()), "{value}");
        }
    }
}
