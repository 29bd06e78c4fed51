//! Checks that a value can be a password that protects something.

use super::{
    disguise::undisguised,
    randomness::written_score,
    sealed::is_sealed,
    value::{constant, is_lookup, is_placeholder},
};
use crate::model::Dismissal;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// Passwords that protect nothing: common ones, and defaults of container images, tutorials and
/// tests.
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

/// Checks that a value can be a password that protects something.
///
/// # Errors
/// Returns the reason if it cannot.
pub fn check_password(value: &str) -> Result<(), Dismissal> {
    let value = value.trim();
    if is_lookup(value) || value.starts_with(['$', '%', '{', '<', '[', '(']) {
        return Err(Dismissal::Lookup);
    }
    let is_weak = WEAK.is_match(value.as_bytes()) || WEAK.is_match(&undisguised(value.as_bytes()));
    if is_placeholder(value) || is_sealed(value) || is_weak {
        return Err(Dismissal::Placeholder);
    }
    // Tutorials use plain words; password policies require a digit or a special character.
    let bytes = value.as_bytes();
    if bytes.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'.'))
        && (bytes.len() < 12 || written_score(bytes).is_some_and(|score| score > -0.5))
    {
        return Err(Dismissal::TooRegular);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "s3cr3t_p4ss",
            "pa55w0rd123",
            "4dm1n",
            "sekret",
        ] {
            assert!(check_password(value).is_err(), "{value}");
        }
        for value in ["Tr0ub4dor&3", "s9Dk2mVq", "zoo7-giraffe"] {
            assert_eq!(check_password(value), Ok(()), "{value}");
        }
    }
}
