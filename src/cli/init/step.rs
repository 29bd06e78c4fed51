//! A change of a repository: display and execution.

use crate::cli::{error::CliError, output::write_file};
use std::{
    fmt::Write as _,
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
};

/// A change, or the reason why there is none.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// A file to create.
    Create { path: &'static str, text: String },
    /// Text to append to a file.
    Append { path: &'static str, text: String },
    /// A file whose text is replaced; `added` is its new lines.
    Change { path: &'static str, old: String, new: String, added: String },
    /// A part that already exists.
    There { what: String },
    /// Text that the user must insert.
    ByHand { path: &'static str, text: String },
}

/// The changes, as text.
pub fn plan(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        let (what, lines) = match step {
            Step::Create { path, text } => (format!("{path}: will be written"), text.as_str()),
            Step::Append { path, text } => {
                (format!("{path}: these lines will be appended"), text.as_str())
            }
            Step::Change { path, added, .. } => {
                (format!("{path}: these entries will be added"), added.as_str())
            }
            Step::There { what } => (what.clone(), ""),
            Step::ByHand { path, text } => {
                (format!("{path}: please add this yourself"), text.as_str())
            }
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{what}");
        for line in lines.lines() {
            let _ = writeln!(text, "{}", format!("  | {line}").trim_end());
        }
    }
    text
}

/// `true` if the path exists, even as a dangling link.
pub fn exists(root: &Path, path: &str) -> bool {
    std::fs::symlink_metadata(root.join(path)).is_ok()
}

impl Step {
    /// The step of a folder outside git: no hook.
    pub fn without_git() -> Self {
        let what = "no hook is written: this folder is not in a git repository";
        Step::There { what: what.into() }
    }

    /// The file that the step writes.
    pub fn path(&self) -> Option<&'static str> {
        match self {
            Step::Create { path, .. } | Step::Append { path, .. } | Step::Change { path, .. } => {
                Some(path)
            }
            Step::There { .. } | Step::ByHand { .. } => None,
        }
    }

    /// `true` if the step changes a file.
    pub fn writes(&self) -> bool {
        !matches!(self, Step::There { .. } | Step::ByHand { .. })
    }

    /// Executes the step.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written, or changed since it was read.
    pub fn write(&self, root: &Path) -> Result<(), CliError> {
        let failed = |path: &str, error| CliError::Write { path: PathBuf::from(path), error };
        match self {
            Step::Create { path, text } => {
                create(root, path, text).map_err(|error| failed(path, error))
            }
            Step::Append { path, text } => {
                let file = OpenOptions::new().append(true).open(root.join(path));
                file.and_then(|mut file| file.write_all(text.as_bytes()))
                    .map_err(|error| failed(path, error))
            }
            Step::Change { path, old, new, .. } => {
                change(&root.join(path), old, new).map_err(|error| failed(path, error))
            }
            Step::There { .. } | Step::ByHand { .. } => Ok(()),
        }
    }
}

/// Replaces a file that has not changed since it was read.
fn change(file: &Path, old: &str, new: &str) -> std::io::Result<()> {
    if !std::fs::symlink_metadata(file)?.is_file() {
        return Err(std::io::Error::other("it is a link"));
    }
    if std::fs::read(file)? != old.as_bytes() {
        return Err(std::io::Error::other("it changed meanwhile"));
    }
    write_file(file, |out| out.write_all(new.as_bytes()))
}

/// Creates a file in a folder of the repository.
fn create(root: &Path, path: &str, text: &str) -> std::io::Result<()> {
    let path = root.join(path);
    let folder = path.parent().unwrap_or(root);
    std::fs::create_dir_all(folder)?;
    if !std::fs::canonicalize(folder)?.starts_with(std::fs::canonicalize(root)?) {
        return Err(std::io::Error::other("its folder is a link out of the repository"));
    }
    // `create_new` fails if the path exists, even as a symbolic link.
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
