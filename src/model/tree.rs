//! The git state of the files of a tree, for checks that need more than one file.

use super::{path::SourcePath, upload::Refusal};

/// A file that a check over the whole tree may need.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TreeFile {
    /// Its name.
    pub path: SourcePath,
    /// Its state in git.
    pub state: FileState,
}

/// The state of a file in git.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileState {
    /// In the index.
    Tracked,
    /// Neither in the index nor ignored: the next `git add .` adds it.
    Untracked,
    /// In no repository.
    NoRepository,
    /// Part of an upload.
    Uploaded(Passage),
}

/// The part of a file that an upload sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Passage {
    /// All of it.
    Whole,
    /// All of it; the file is a link to a file outside the folder.
    FromOutside,
    /// Only its first bytes, since the Hub ignores the file.
    Sample,
    /// None: the file makes the upload fail.
    Refused(Refusal),
}

/// `true` if a check over the whole tree may need a file of this name: one that tends to hold
/// secrets, or that decides where such files are sent.
pub fn is_of_note(path: &[u8]) -> bool {
    let name = &path[memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1)..];
    is_dotenv(name) || is_dockerfile(name) || is_log(path) || is_workflow(path)
}

/// `true` if GitHub runs a file of this name: `.github/workflows/a.yml`. It does not run files in
/// folders below that one.
pub fn is_workflow(path: &[u8]) -> bool {
    let Some(slash) = memchr::memrchr(b'/', path) else { return false };
    let folder = path[..slash].strip_suffix(b".github/workflows");
    folder.is_some_and(|before| before.is_empty() || before.ends_with(b"/"))
        && (path.ends_with(b".yml") || path.ends_with(b".yaml"))
}

/// `true` if a file of this name holds environment variables with their values: `.env` and the
/// like, but not `.env.example`.
pub fn is_dotenv(name: &[u8]) -> bool {
    const SHOWN: [&[u8]; 9] = [
        b"example",
        b"sample",
        b"template",
        b"dist",
        b"defaults",
        b"schema",
        b"tmpl",
        b"tpl",
        b"test",
    ];
    let is_env =
        name == b".env" || name.starts_with(b".env.") || name == b".envrc" || name == b".flaskenv";
    let named = name.len() > 4 && name.ends_with(b".env");
    (is_env || named)
        && !name.split(|byte| matches!(byte, b'.' | b'-' | b'_')).any(|part| SHOWN.contains(&part))
}

/// `true` if a file of this name builds an image.
pub fn is_dockerfile(name: &[u8]) -> bool {
    name.starts_with(b"Dockerfile") && !name.ends_with(b".dockerignore")
        || name.ends_with(b".dockerfile")
        || name == b"Containerfile"
}

/// `true` if the file is the output of a run: a log, or in the folder of an experiment tracker.
pub fn is_log(path: &[u8]) -> bool {
    let start = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
    let (folders, name) = path.split_at(start);
    let in_folder = |names: [&[u8]; 3]| {
        let mut start = 0;
        memchr::memchr_iter(b'/', folders).any(|slash| {
            let folder = &folders[start..slash];
            start = slash + 1;
            names.contains(&folder)
        })
    };
    name.ends_with(b".log")
        || name == b"nohup.out"
        || name.starts_with(b"slurm-") && (name.ends_with(b".out") || name.ends_with(b".err"))
        || name.starts_with(b"events.out.tfevents.")
        || name == b"wandb-metadata.json"
        || in_folder([b"mlruns", b"lightning_logs", b".hydra"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_environment_variables_are_known_and_their_examples_are_not() {
        for name in [".env", ".env.local", ".env.production", "prod.env", ".envrc", ".flaskenv"] {
            assert!(is_dotenv(name.as_bytes()), "{name}");
        }
        for name in [
            ".env.example",
            ".env.sample",
            "example.env",
            ".env.local.template",
            "env",
            ".environment",
            "x.envs",
        ] {
            assert!(!is_dotenv(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn workflows_that_github_runs_are_known() {
        for path in [".github/workflows/a.yml", "sub/.github/workflows/_b.yaml"] {
            assert!(is_workflow(path.as_bytes()), "{path}");
        }
        for path in [".github/workflows/old/a.yml", ".github/a.yml", "x.github/workflows/a.yml"] {
            assert!(!is_workflow(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn what_runs_leave_behind_is_known() {
        for path in [
            "a/train.log",
            "nohup.out",
            "slurm-123.out",
            "x/mlruns/0/a/params/lr",
            ".hydra/config.yaml",
        ] {
            assert!(is_log(path.as_bytes()), "{path}");
        }
        for path in ["a/log.py", "dialog", "my-mlruns/x", "slurm-guide.md"] {
            assert!(!is_log(path.as_bytes()), "{path}");
        }
    }
}
