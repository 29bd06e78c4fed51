//! A file that a program is still writing is not replaced, because its later writes would be lost.

use std::{fs::Metadata, path::Path, time::Duration};

/// Minimum time since the last write.
const QUIET: Duration = Duration::from_secs(60);

/// Checks that no program is still appending to a file.
///
/// # Errors
/// Returns the reason if a program may be.
pub fn check_at_rest(path: &Path) -> Result<(), String> {
    let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
    // A modification time in the future means a wrong clock, and is ignored.
    let age = metadata.modified().ok().and_then(|time| time.elapsed().ok());
    if age.is_none_or(|age| age < QUIET) {
        return Err("written to within the last minute: end the session first".into());
    }
    match is_open_elsewhere(&metadata) {
        true => Err("open in another program: end the session first".into()),
        false => Ok(()),
    }
}

/// `true` if another process of the same user has the file open; Linux only.
#[cfg(target_os = "linux")]
fn is_open_elsewhere(file: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let own = std::process::id().to_string();
    let Ok(processes) = std::fs::read_dir("/proc") else { return false };
    processes.flatten().any(|process| {
        let name = process.file_name();
        let is_other = name
            .to_str()
            .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()) && name != own);
        let open = is_other.then(|| std::fs::read_dir(process.path().join("fd")).ok()).flatten();
        open.into_iter().flatten().flatten().any(|one| {
            let found = std::fs::metadata(one.path());
            found.is_ok_and(|found| (found.dev(), found.ino()) == (file.dev(), file.ino()))
        })
    })
}

#[cfg(not(target_os = "linux"))]
fn is_open_elsewhere(_: &Metadata) -> bool {
    false
}
