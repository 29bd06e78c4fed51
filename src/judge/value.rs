//! What a literal value is, when only the name it is bound to suggests a secret.

use super::{placeholder, randomness};
use crate::model::Dismissal;
use base64::{Engine, engine::general_purpose::STANDARD};
use regex::bytes::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// The shortest value that is taken for a secret by its look alone.
pub const MIN_SECRET: usize = 16;
/// The longest: longer ones are data.
pub(super) const MAX_SECRET: usize = 256;

/// Signs that no secret has under a name that says so: what stands between brackets or commas
/// is a list, a call or a pattern.
pub(super) const NO_SECRET_SIGNS: &[u8] = b"{}[]<>;,|`\"'\\";

/// Forms that secrets do not have, though they look random: what identifies, addresses
/// or summarises something.
static NOT_SECRET: LazyLock<Regex> = LazyLock::new(|| {
    constant(concat!(
        r"(?x)^(?:",
        // A UUID, or what a person typed to look like one; a digest with its name, or the hash of a password with its method.
        r"[0-9a-zA-Z]{8}-(?:[0-9a-zA-Z]{4,6}-){2,3}[0-9a-zA-Z]{8,12}",
        r"|(?i:md5|sha1|sha224|sha256|sha384|sha512)[:\-=].+|\$[0-9a-z]{1,12}\$.*|\w+_sha\d+\$.*|\{[A-Z0-9]+\}.*",
        // An address, a path, a mail address, a domain, a version.
        r"|[a-zA-Z][a-zA-Z0-9+.-]*://.*|[~./\\].*|[A-Za-z]:\\.*|.*@[\w-]+\.[\w.]+",
        r"|(?:[\w-]+/)+[\w.\-]+|(?:[\w-]+\.)+(?:com|org|net|io|ai|co|dev|py|js|ts|json|ya?ml|toml|txt|md|html|xml|sh|cfg|pem|key|crt)",
        r"|v?\d+(?:\.\d+)+\S*",
        // A date or a time; a number.
        r"|\d{4}-\d\d-\d\d\S*|[\d.,_+-]+|0x[0-9a-fA-F]+",
        // Words joined by one sign: names, keys of translations, CSS classes; a path of
        // names in a program.
        r"|[A-Za-z]+(?:[_.:\-][A-Za-z]+)+|[A-Z][A-Z0-9_]+|(?:[A-Za-z_][A-Za-z0-9_]*[.:]{1,2})+[A-Za-z_][A-Za-z0-9_]*",
        // A public key, an identifier of AWS.
        r"|ssh-(?:rsa|ed25519|dss)\s.*|AAAA[BCE][23]Nz.*|arn:.*",
        r")$"
    ))
});

/// Forms that a name has to say of whether they are secrets: a digest or a commit by its
/// length in hexadecimal, and names of small letters.
static AMBIGUOUS: LazyLock<Regex> = LazyLock::new(|| {
    constant(concat!(
        r"^(?:(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})",
        r"|[a-z][a-z0-9_]*)$"
    ))
});

/// A call, or a group of a regular expression.
static CALL: LazyLock<Regex> = LazyLock::new(|| constant(r"^[\w.]+\(.*\)$|\(\)|\(\?"));

/// Texts by which people ask for the reader's own value, or say that there is none.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    constant(concat!(
        r"(?ix)^(?:",
        r"<.*>|\[.*\]|\{.*\}|\*+.*|.*\*{3,}.*|.*\.\.\.+.*|.*…+.*|x{3,}.*|\#+",
        r"|.*(?:your|my|some|any|the|a|an|insert|enter|add|put|paste|replace|change|update|fill|todo|fixme)[\s_\-].*",
        r"|(?:your|my|insert|enter|replace|change|fill|put|add|todo|fixme|xxx).*",
        r"|.*(?:change.?me|replace.?me|fill.?me|example|placeholder|redacted|dummy|fake|sample|mock|foobar|not.?a.?real|not.?needed|not.?used|secret.?here|token.?here|key.?here|goes.?here).*",
        r"|(?:none|null|nil|undefined|n/?a|empty|unset|default|disabled|false|true|test|testing|secret|password|token|key|api.?key|auto|local|public|anonymous|hidden|masked|abc|foo|bar|baz|toy|-|_)\d*",
        r"|hf_|hf_[a-z_]*|tu[_-]token",
        r")$"
    ))
});

/// Values that a program reads from elsewhere.
static LOOKUP: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\$\{|\$\(|^\$\w|\{\{|<%|%\(|^%\w+%$|^ENC\[|^\$ANSIBLE_VAULT|os\.environ|process\.env|^env[:.(]|getenv",
    )
});

/// Letters beyond ASCII are any bytes here: their classes take most of the time to compile.
fn constant(expression: &str) -> Regex {
    RegexBuilder::new(expression).unicode(false).build().expect("a constant expression")
}

/// Whether a value only stands in for the reader's own.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    value.is_empty()
        || PLACEHOLDER.is_match(value.as_bytes())
        || value.len() >= 8 && placeholder::is_stand_in(value.as_bytes())
}

/// Passwords that protect nothing: those that everybody tries first, and those that
/// images, tutorials and tests use.
static WEAK: LazyLock<Regex> = LazyLock::new(|| {
    constant(concat!(
        r"(?ix)^(?:",
        r"(?:my|db|the|your|user|root|admin|super|app|dev|prod|test|local|some|new|old|s3|pg|db_?user)*[_\-.]*",
        r"(?:pass(?:word|wd|phrase|w)?|pwd|pw|p@ss(?:w[o0]rd)?|secret|token|key|admin|root|user(?:name)?|guest|postgres(?:ql)?|mysql|",
        r"mariadb|mongo(?:db)?|redis|rabbit(?:mq)?|airflow|mlflow|prefect|docker|test(?:ing)?|demo|default|dev|",
        r"foo(?:bar)?|bar|baz|qux|abc|xyz|hunter|letmein|qwerty|welcome|changeme|minio(?:admin)?|sa|temp|tmp|",
        r"scott|tiger|hello|world|none|null|undefined|empty|hidden|masked|redacted|something|whatever|anything|credentials?|creds?)",
        r"[_\-.]*(?:pass(?:word)?|pwd|secret|here|value|string|key|user)?[\d!@\#$%.*]{0,6}",
        r"|.|..|...|\d{1,8}|[x*.?_\-\#]+",
        r")$"
    ))
});

/// Whether a value can be a password that protects something.
///
/// # Errors
/// Why it can not.
pub fn check_password(value: &str) -> Result<(), Dismissal> {
    let value = value.trim();
    if LOOKUP.is_match(value.as_bytes()) || value.starts_with(['$', '%', '{', '<', '[', '(']) {
        return Err(Dismissal::Lookup);
    }
    if is_placeholder(value) || WEAK.is_match(value.as_bytes()) {
        return Err(Dismissal::Placeholder);
    }
    // Words with nothing else are what tutorials write; a person who makes up a password
    // is made to add a digit or a sign.
    let bytes = value.as_bytes();
    if bytes.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'.'))
        && (bytes.len() < 12 || randomness::written_score(bytes).is_some_and(|score| score > -0.5))
    {
        return Err(Dismissal::TooRegular);
    }
    Ok(())
}

/// Whether a value is random enough to be a secret, and none of the kinds of value that
/// only look so.
///
/// # Errors
/// Why it is not.
pub fn check_secret_like(value: &str) -> Result<(), Dismissal> {
    if AMBIGUOUS.is_match(value.trim().as_bytes()) {
        return Err(Dismissal::NotASecret);
    }
    check_form(value)?;
    if is_random(value.trim().as_bytes()) { Ok(()) } else { Err(Dismissal::TooRegular) }
}

/// Whether a value is random enough to be a secret under a name that says that it is
/// one: `api_key`, `client_secret`. Hexadecimal of a digest's length is one there, a
/// test's value is not.
///
/// # Errors
/// Why it is not.
pub fn check_named_secret(value: &str) -> Result<(), Dismissal> {
    // What `django-admin startproject` writes before the key it draws.
    let value = value.trim();
    let value = value.strip_prefix("django-insecure-").unwrap_or(value);
    check_form(value)?;
    let bytes = value.as_bytes();
    if placeholder::has_hint_word(bytes) {
        return Err(Dismissal::Placeholder);
    }
    if bytes.iter().any(|byte| NO_SECRET_SIGNS.contains(byte))
        || CALL.is_match(value.as_bytes())
        || !value.is_ascii()
    {
        return Err(Dismissal::NotASecret);
    }
    // What is only wrapped is judged by what is inside: `ZXhhbXBsZS1rZXk=`.
    if let Ok(inside) = STANDARD.decode(bytes)
        && let Ok(inside) = String::from_utf8(inside)
        && (is_placeholder(&inside) || placeholder::has_hint_word(inside.as_bytes()))
    {
        return Err(Dismissal::Placeholder);
    }
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    if AMBIGUOUS.is_match(value.as_bytes()) && (digits < 3 || value.contains('_')) {
        return Err(Dismissal::TooRegular);
    }
    if is_random(bytes) { Ok(()) } else { Err(Dismissal::TooRegular) }
}

/// What a secret's form is not, whatever its name is.
fn check_form(value: &str) -> Result<(), Dismissal> {
    let value = value.trim();
    if LOOKUP.is_match(value.as_bytes()) {
        return Err(Dismissal::Lookup);
    }
    if is_placeholder(value) {
        return Err(Dismissal::Placeholder);
    }
    if !(MIN_SECRET..=MAX_SECRET).contains(&value.len())
        || value.contains(char::is_whitespace)
        || NOT_SECRET.is_match(value.as_bytes())
    {
        return Err(Dismissal::NotASecret);
    }
    Ok(())
}

/// Whether bytes look drawn at random: their letters do not follow each other as in
/// words, and they use what their alphabet offers.
pub(super) fn is_random(bytes: &[u8]) -> bool {
    let is = |class: fn(&u8) -> bool| bytes.iter().fold(false, |is, byte| is | class(byte));
    let classes = [is(u8::is_ascii_lowercase), is(u8::is_ascii_uppercase), is(u8::is_ascii_digit)];
    let classes = classes.into_iter().filter(|has| *has).count();
    // Hexadecimal and other small alphabets have 4 bits at most.
    let needed = if classes >= 3 { 3.5 } else { 3.2 };
    // What takes the longest is asked last.
    classes >= 2
        && randomness::written_score(bytes).is_none_or(|score| score <= 0.0)
        && randomness::shannon_entropy(bytes) >= needed
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
        for value in
            ["d41d8cd98f00b204e9800998ecf8427e", "k3j9x0qpl2mzn8vb7w1r", "aB3dE5gH7jK9mN1pQ4"]
        {
            assert_eq!(check_named_secret(value), Ok(()), "{value}");
        }
        for value in [
            "test-aB3dE5gH7jK9mN1p",
            "llama_2_7b_chat_hf_v1",
            "550e8400-e29b-41d4-a716-446655440000",
            "$2b$12$KIXQ4S5hY6Jr8Zp0uW1xyO",
            "pbkdf2_sha256$260000$aB3dE5gH7j",
            "settings.AUTH0_CLIENT_V2",
            "getSecret(E5gH7jK9mN1p)",
            "aB3d(?:E5gH7jK9mN1pQ4)",
            "sha512-aB3dE5gH7jK9mN1pQ4",
            "ZXhhbXBsZS1lbmNvZGVk",
            "8312341g-5678-abcd-4a2b2c-33bcsd655",
        ] {
            assert!(check_named_secret(value).is_err(), "{value}");
        }
    }

    #[test]
    fn a_password_that_everybody_tries_first_is_none() {
        for value in [
            "postgres",
            "password",
            "pass",
            "mypassword",
            "secret123",
            "p@ssw0rd",
            "root",
            "12345",
            "changeme",
            "your_password",
            "${DB_PASS}",
            "$PASSWORD",
            "airflow",
            "hello-world",
            "***",
            "dbpassword",
            "test_password",
            "sekret",
        ] {
            assert!(check_password(value).is_err(), "{value}");
        }
        for value in ["Tr0ub4dor&3", "s9Dk2mVq", "zoo7-giraffe"] {
            assert_eq!(check_password(value), Ok(()), "{value}");
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
