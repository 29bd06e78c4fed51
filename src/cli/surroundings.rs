//! The environment of a run: folder, time and platform.

use super::error::CliError;
use crate::{
    model::SourcePath,
    report::Setting,
    source::{Root, WorkTree, root::normalised},
};
use std::{
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

/// The environment of a scan, for the formats that report it.
#[derive(Debug)]
pub struct Surroundings {
    /// The path from the repository's root to the folder that paths are relative to.
    folder: Vec<u8>,
    source_address: Option<String>,
    category: Option<String>,
    started: i64,
}

impl Surroundings {
    /// The environment of a scan below `root` that started at `started`, in seconds since 1970.
    pub fn of(category: Option<String>, root: Option<&Root>, started: i64) -> Self {
        Self {
            folder: root.map(folder_in_repository).unwrap_or_default(),
            source_address: source_address(),
            category,
            started,
        }
    }

    /// The setting for reports; call it at the end of the scan.
    pub fn setting(&self) -> Setting<'_> {
        Setting {
            folder: &self.folder,
            source_address: self.source_address.as_deref(),
            category: self.category.as_deref(),
            started: self.started,
            ended: now().max(self.started),
        }
    }
}

/// The working directory.
///
/// # Errors
/// Returns an error if it was deleted or is inaccessible.
pub fn working_directory() -> Result<PathBuf, CliError> {
    let cwd = std::env::current_dir();
    cwd.map(|cwd| normalised(&cwd)).map_err(|error| CliError::Read { path: ".".into(), error })
}

/// The current time in seconds since 1970; `SOURCE_DATE_EPOCH` overrides it, for reproducible
/// output (<https://reproducible-builds.org/specs/source-date-epoch>).
pub fn now() -> i64 {
    let asked = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or_else(|| {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs().cast_signed())
    })
}

/// The path from the repository's root to `root`; empty outside a repository.
pub fn folder_in_repository(root: &Root) -> Vec<u8> {
    let Some(tree) = WorkTree::around(root.dir()) else { return Vec::new() };
    let Ok(below) = root.dir().strip_prefix(&tree.dir) else { return Vec::new() };
    let mut folder = SourcePath::from_path(below).as_bytes().to_vec();
    if !folder.is_empty() {
        folder.push(b'/');
    }
    folder
}

/// The URL at which the current platform shows files, from its environment variables.
fn source_address() -> Option<String> {
    let value = |name: &str| {
        let value = std::env::var(name).ok()?;
        // Values with other characters are dropped, which also removes user and password of a URL
        // (`https://user:…@host`).
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte);
        (!value.is_empty() && value.bytes().all(plain)).then_some(value)
    };
    let github = || {
        let (server, repository) = (value("GITHUB_SERVER_URL")?, value("GITHUB_REPOSITORY")?);
        Some(format!("{server}/{repository}/blob/{}/", value("GITHUB_SHA")?))
    };
    let gitlab =
        || Some(format!("{}/-/blob/{}/", value("CI_PROJECT_URL")?, value("CI_COMMIT_SHA")?));
    github().or_else(gitlab).filter(|address| address.starts_with("https://"))
}
