//! The tokens for `hfscan verify` and `hfscan revoke`.

use super::{
    error::CliError, surroundings::working_directory, token_error::TokenError,
    verify_args::TokenInput,
};
use crate::{
    judge::known::public_test_token,
    model::{Secret, SourcePath},
    report::public_id,
    rule::Globs,
    scan::{Progress, Scanner, Settings},
    source::{Listed, Root},
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    io::Read,
    path::{Component, Path, PathBuf},
};

/// Maximum size of the list on standard input, in bytes.
const MAX_INPUT: u64 = 16 << 20;

/// The kinds of tokens, by how the Hub treats them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A user access token or an OAuth token, which the Hub can verify.
    Asked,
    /// A token that its owner published for tests; the value is the origin.
    Public(&'static str),
    /// A kind that the Hub no longer issues.
    Retired,
    /// A credential that the Hub cannot verify.
    Other,
}

impl TokenKind {
    /// The kind of a credential.
    pub fn of(secret: &Secret) -> Self {
        let bytes = secret.expose();
        let is_plain = |body: &[u8]| {
            body.len() >= 20
                && body.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        };
        if let Some(origin) = public_test_token(&secret.sha256()) {
            return Self::Public(origin);
        }
        match bytes {
            [b'h', b'f', b'_', body @ ..] if is_plain(body) => Self::Asked,
            _ if bytes.starts_with(b"api_org_") => Self::Retired,
            _ => Self::Other,
        }
    }

    /// `true` for a user access token, the only kind that can be revoked individually.
    pub fn is_user_token(secret: &Secret) -> bool {
        let body = secret.expose().strip_prefix(b"hf_").unwrap_or_default();
        Self::of(secret) == Self::Asked && body.iter().all(u8::is_ascii_alphanumeric)
    }
}

/// The distinct tokens of the input, in order of appearance.
///
/// # Errors
/// Returns an error if the input cannot be read, or contains a line that is not a token.
pub fn read(input: &TokenInput) -> Result<Vec<Secret>, CliError> {
    if !input.tokens.is_empty() {
        return Err(TokenError::Argument.into());
    }
    let tokens = match &input.from {
        Some(report) => of_report(report, &input.path)?,
        None => of_stdin()?,
    };
    match tokens.is_empty() {
        true => Err(TokenError::Input("there are no tokens".into()).into()),
        false => Ok(tokens),
    }
}

fn of_stdin() -> Result<Vec<Secret>, CliError> {
    let of_io = |error| CliError::Read { path: PathBuf::from("standard input"), error };
    let mut text = Vec::new();
    std::io::stdin().lock().take(MAX_INPUT).read_to_end(&mut text).map_err(of_io)?;
    let mut tokens: Vec<Secret> = Vec::new();
    for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let secret = Secret::new(line);
        if TokenKind::of(&secret) == TokenKind::Other {
            let message =
                format!("standard input: line {} is not a Hugging Face token", number + 1);
            return Err(TokenError::Input(message).into());
        }
        if !tokens.contains(&secret) {
            tokens.push(secret);
        }
    }
    Ok(tokens)
}

/// The tokens of a report, read from the scanned files again.
fn of_report(report: &Path, folder: &Path) -> Result<Vec<Secret>, CliError> {
    let of_io = |error| CliError::Read { path: report.to_path_buf(), error };
    let wrong = |why: &str| {
        CliError::from(TokenError::Input(format!("{}: {why}", SourcePath::from_path(report))))
    };
    let bytes = std::fs::read(report).map_err(of_io)?;
    let document: Value =
        serde_json::from_slice(&bytes).map_err(|_| wrong("not a JSON report of hfscan"))?;
    let findings = document["findings"].as_array().ok_or_else(|| wrong("it has no findings"))?;
    let (mut ids, mut files) = (BTreeSet::new(), BTreeSet::new());
    for finding in findings {
        let (id, path) = (&finding["secret"]["id"], &finding["location"]["path"]);
        if let (Some(id), Some(path)) = (id.as_str(), path.as_str()) {
            ids.insert(id.to_string());
            files.insert(PathBuf::from(path));
        }
    }
    // The report is untrusted: only files below the folder may be read.
    let is_inside =
        |file: &PathBuf| file.components().all(|part| matches!(part, Component::Normal(_)));
    if !files.iter().all(is_inside) {
        return Err(wrong("it names a file outside the folder"));
    }
    let cwd = working_directory()?;
    let root = Root::of(&cwd, &[folder.to_path_buf()])?;
    let files = files.into_iter().map(|file| folder.join(file)).collect();
    let source =
        Listed { root, files, exclude: Globs::default(), max_file_bytes: None, threads: 1 };
    let settings = Settings { inline_ignores: false, ..Settings::default() };
    let outcome = Scanner::new(settings)?.run(&source, &Progress::default())?;
    let mut tokens: Vec<Secret> = Vec::new();
    let mut found = BTreeSet::new();
    for secret in outcome.findings.into_iter().filter_map(|finding| finding.secret) {
        let Some(id) = public_id(&secret).filter(|id| ids.contains(id)) else { continue };
        found.insert(id);
        if TokenKind::of(&secret) != TokenKind::Other && !tokens.contains(&secret) {
            tokens.push(secret);
        }
    }
    match ids.len() - found.len() {
        0 => Ok(tokens),
        missing => {
            Err(wrong(&format!("{missing} of its secrets are no longer in the files; scan again")))
        }
    }
}

/// The tokens with which this user is logged in.
pub fn own() -> Vec<Secret> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let mut texts: Vec<Vec<u8>> = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_TOKEN"]
        .iter()
        .filter_map(|name| Some(variable(name)?.into_encoded_bytes()))
        .collect();
    let home = variable("HF_HOME").map(PathBuf::from).or_else(|| {
        let cache = variable("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.or_else(|| Some(Path::new(&variable("HOME")?).join(".cache")));
        Some(cache?.join("huggingface"))
    });
    let files = home.iter().flat_map(|home| [home.join("token"), home.join("stored_tokens")]);
    let files = files.chain(variable("HF_TOKEN_PATH").map(PathBuf::from));
    texts.extend(files.filter_map(|file| std::fs::read(file).ok()));
    let words = texts.iter().flat_map(|text| text.split(|byte| b" \t\r\n=".contains(byte)));
    words.filter(|word| word.starts_with(b"hf_")).map(Secret::new).collect()
}
