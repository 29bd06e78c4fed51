//! Git histories of the Hub: bare clones in temporary folders.
//!
//! The program git clones them, since it supports any server; hfscan reads the objects itself.

use super::target::Kind;
use crate::{
    model::{Secret, SourcePath},
    source::{
        Source,
        git::{GitOptions, History, HistoryOptions, RepositoryRef, Submodule},
        temporary::TemporaryFolder,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    path::Path,
    process::{Command, Stdio},
};

/// A cloned repository.
#[derive(Debug)]
pub struct Clone {
    folder: TemporaryFolder,
    name: SourcePath,
}

impl Clone {
    /// Clones a repository with every reference, without LFS files.
    ///
    /// # Errors
    /// Returns the reason as a message. It does not quote git, whose output may contain anything.
    pub fn make(
        server: &str,
        kind: Kind,
        id: &str,
        name: SourcePath,
        token: Option<&Secret>,
    ) -> Result<Self, String> {
        let folder = TemporaryFolder::new().map_err(|error| error.to_string())?;
        let mut git = Command::new("git");
        git.args(["-c", "credential.helper=", "-c", "http.followRedirects=false"]);
        git.args(["-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"]);
        git.args(["-c", "protocol.https.allow=always", "-c", "protocol.http.allow=always"]);
        git.args([
            "clone",
            "--quiet",
            "--mirror",
            "--",
            &format!("{server}/{}{id}", kind.prefix()),
        ]);
        // Not in a scanned tree, whose git configuration must not apply.
        git.current_dir(folder.path());
        git.arg(folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        git.env("GIT_TERMINAL_PROMPT", "0").env("GIT_LFS_SKIP_SMUDGE", "1");
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_TRACE", "GIT_TRACE_CURL"] {
            git.env_remove(name);
        }
        if let Some(token) = token {
            // As an argument, every process could read the token; in a file, it would persist.
            let user = [b"user:", token.expose()].concat();
            git.env("GIT_CONFIG_COUNT", "1");
            git.env("GIT_CONFIG_KEY_0", format!("http.{server}/.extraHeader"));
            git.env(
                "GIT_CONFIG_VALUE_0",
                format!("Authorization: Basic {}", STANDARD.encode(user)),
            );
        }
        match git.status() {
            Ok(status) if status.success() => Ok(Self { folder, name }),
            Ok(_) => Err("git could not clone its history".into()),
            Err(error) => {
                Err(format!("git, which is needed to clone its history, cannot be run: {error}"))
            }
        }
    }

    /// Its history as a source.
    pub fn history(&self, threads: usize) -> Option<Box<dyn Source>> {
        let options = GitOptions { threads, ..GitOptions::default() };
        let path: &Path = self.folder.path();
        let place = RepositoryRef::find(path, &[path.to_path_buf()], options).ok()?;
        let history = History::new(place, HistoryOptions::default());
        Some(Box::new(Submodule::of_clone(self.name.clone(), Box::new(history))))
    }
}
