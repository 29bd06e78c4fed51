//! `.env` files that are tracked by git, or would be added.

use super::check::{Check, Claim, Tree};
use crate::{
    judge::value::is_placeholder,
    language::{FileHead, Wanted, identify},
    model::{FileState, Severity, SourcePath, ValueKind, tree::is_dotenv},
    rule::Rule,
};
use regex::Regex;
use std::sync::LazyLock;

/// Names of variables whose values are secret.
static SECRET_NAME: LazyLock<Regex> = LazyLock::new(|| {
    // Values of tokenizers and numbers of tokens are not secret.
    Regex::new(r"(?i)token(?:$|[^is])|secret|passw|api_?key|access_?key|private_?key|credential|_pat$|dsn$")
        .expect("a constant expression")
});

/// The kind of content of a file of variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Content {
    /// No value with the name of a secret.
    Harmless,
    /// Values with the names of secrets.
    SecretNames,
    /// A credential that a rule found.
    Credential,
}

/// The kind of content of the file of variables at `path`.
pub(super) fn content(tree: &Tree<'_>, path: &SourcePath) -> Content {
    if tree.holds_credential(path) {
        return Content::Credential;
    }
    let Some(bytes) = (tree.read)(path) else { return Content::Harmless };
    let file = FileHead::of(path, &bytes);
    let Some(reader) = identify(file) else { return Content::Harmless };
    let facts = reader.read(&bytes, file, Wanted::ALL);
    let is_secret = facts.bindings.iter().any(|binding| {
        binding.value.kind == ValueKind::Literal
            && binding.value.text.len() >= 8
            && SECRET_NAME.is_match(&binding.key)
            && !is_placeholder(&binding.value.text)
    });
    if is_secret { Content::SecretNames } else { Content::Harmless }
}

/// `.env` files in git's index.
pub struct Committed;

impl Check for Committed {
    fn name(&self) -> &'static str {
        "dotenv-committed"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        claims(tree, FileState::Tracked, |content| match content {
            Content::Credential => Some(Severity::Critical),
            Content::SecretNames => Some(Severity::High),
            // Settings without secrets are often committed on purpose.
            Content::Harmless => None,
        })
    }
}

/// `.env` files that the next `git add .` would add.
pub struct NotIgnored;

impl Check for NotIgnored {
    fn name(&self) -> &'static str {
        "dotenv-not-ignored"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        claims(tree, FileState::Untracked, |content| match content {
            Content::Credential => Some(Severity::High),
            Content::SecretNames => Some(Severity::Medium),
            Content::Harmless => Some(Severity::Low),
        })
    }
}

fn claims(
    tree: &Tree<'_>,
    state: FileState,
    severity: fn(Content) -> Option<Severity>,
) -> Vec<Claim> {
    let files =
        tree.files.iter().filter(|file| file.state == state && is_dotenv(file.path.file_name()));
    files
        .filter_map(|file| {
            Some(Claim {
                severity: severity(content(tree, &file.path))?,
                name: file.path.to_string(),
                path: file.path.clone(),
                line: 1,
                notes: Vec::new(),
            })
        })
        .collect()
}
