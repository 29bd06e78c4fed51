//! Writes the fixed files.

use super::{
    file::{WorkFile, stop_for_the_tests},
    places::Places,
    work::{Refused, Work},
};
use crate::{cli::error::CliError, model::FileChange, source::git::Recorded};
use std::{io::Write, path::Path};

/// Writes every file atomically; adds those that cannot be written to `refused`. Returns `true` if
/// any file changed.
///
/// # Errors
/// Returns an error if the working directory does not exist.
pub fn all(work: &mut Work) -> Result<bool, CliError> {
    let mut is_changed = false;
    let mut refused = Vec::new();
    let root = work.root.clone();
    // File changes are first: a file is in `.gitignore` before any other file changes.
    let changes = std::mem::take(&mut work.files);
    for (change, fixed) in changes {
        let file = root.join(path_of(change.path()));
        let done = match &change {
            FileChange::Append { lines, .. } => append(&file, lines),
            FileChange::Delete { .. } => {
                std::fs::remove_file(&file).map_err(|error| error.to_string())
            }
        };
        match done {
            Ok(()) => {
                is_changed = true;
                work.files.insert(change, fixed);
            }
            Err(why) => refused.push(Refused { path: change.path().clone(), why }),
        }
    }
    let mut changed = std::mem::take(&mut work.changed);
    changed.retain(|one| {
        if one.result.fixed.is_empty() {
            return true;
        }
        match one.file.replace(&root.join(path_of(&one.path)), &one.result.bytes) {
            Ok(()) => {
                is_changed = true;
                true
            }
            Err(why) => {
                refused.push(Refused { path: one.path.clone(), why });
                false
            }
        }
    });
    work.changed = changed;
    work.refused.extend(refused);
    Ok(is_changed)
}

fn path_of(path: &crate::model::SourcePath) -> std::path::PathBuf {
    use bstr::ByteSlice;
    path.as_bytes()
        .to_path()
        .map_or_else(|_| path.as_bytes().to_str_lossy().into_owned().into(), Path::to_path_buf)
}

/// Appends missing lines to a text file; creates the file if needed.
fn append(file: &Path, lines: &[String]) -> Result<(), String> {
    let Some(old) = std::fs::symlink_metadata(file).ok().map(|_| WorkFile::read(file)) else {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        return create(file, text.as_bytes());
    };
    let mut old = old?;
    old.check_writable(file)?;
    let newline = if memchr::memmem::find(&old.bytes, b"\r\n").is_some() { "\r\n" } else { "\n" };
    let mut bytes = old.bytes.clone();
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        bytes.extend_from_slice(newline.as_bytes());
    }
    for line in lines {
        let is_there =
            old.bytes.split(|byte| *byte == b'\n').any(|one| one.trim_ascii() == line.as_bytes());
        if !is_there {
            bytes.extend_from_slice(line.as_bytes());
            bytes.extend_from_slice(newline.as_bytes());
        }
    }
    if bytes == old.bytes { Ok(()) } else { old.replace(file, &bytes) }
}

/// Creates a file atomically.
fn create(file: &Path, bytes: &[u8]) -> Result<(), String> {
    let folder = file.parent().ok_or("it has no folder")?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".hfscan-");
    // The mode of any new file, subject to the umask.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut new = builder.tempfile_in(folder).map_err(|error| error.to_string())?;
    stop_for_the_tests("made");
    new.write_all(bytes).map_err(|error| error.to_string())?;
    new.as_file().sync_all().map_err(|error| error.to_string())?;
    stop_for_the_tests("filled");
    new.persist_noclobber(file).map(drop).map_err(|error| error.error.to_string())
}

/// Appends lines with secrets to a file that only its owner can read and that git ignores.
///
/// # Errors
/// Returns the reason if they cannot be written.
pub fn kept(file: &Path, lines: &[u8], places: &Places) -> Result<(), String> {
    // A bare file name has no parent to compare with the repository's root.
    let file = &std::path::absolute(file).map_err(|error| error.to_string())?;
    if let Some(repository) = Recorded::around(&places.dir) {
        if repository.is_tracked(file) {
            return Err("it is tracked by git".into());
        }
        if !repository.is_ignored(file) {
            let name = file.file_name().ok_or("it has no name")?.to_string_lossy().into_owned();
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
            let ignore = folder.unwrap_or(Path::new(".")).join(".gitignore");
            append(&ignore, &[name])?;
            if !repository.is_ignored(file) {
                return Err("git does not ignore it, despite `.gitignore`".into());
            }
        }
    }
    stop_for_the_tests("ignored");
    let mut text = match std::fs::symlink_metadata(file) {
        Ok(_) => WorkFile::read(file)?.bytes,
        Err(_) => Vec::new(),
    };
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend_from_slice(lines);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    // A temporary file is created with mode 0600.
    let mut new = tempfile::Builder::new()
        .prefix(".hfscan-")
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .map_err(|error| error.to_string())?;
    new.write_all(&text).map_err(|error| error.to_string())?;
    new.as_file().sync_all().map_err(|error| error.to_string())?;
    stop_for_the_tests("kept");
    new.persist(file).map(drop).map_err(|error| error.error.to_string())
}
