//! First arguments that look like commands but are not.

use super::{args::Cli, error::CliError};
use crate::{rule::nearest, source::SourceError};
use clap::CommandFactory;
use std::{ffi::OsString, path::Path};

/// Command names reserved for later versions.
const RESERVED: [&str; 1] = ["import"];

/// Words that users of other tools type before the paths to scan.
const SCANNING: [&str; 2] = ["scan", "check"];

/// Commands of other scanners, whose arguments mean something else here.
const OTHERS: [(&str, &str); 9] = [
    ("detect", "hfscan ."),
    ("dir", "hfscan ."),
    ("directory", "hfscan ."),
    ("filesystem", "hfscan ."),
    ("git", "hfscan --history"),
    ("path", "hfscan ."),
    ("protect", "hfscan --staged"),
    ("secret", "hfscan ."),
    ("repo", "hfscan --history"),
];

/// Refuses a reserved name as the first path, and removes the first path if it is a word of
/// `SCANNING`. `arguments` are those of the process: after `--` everything is a path.
///
/// # Errors
/// Returns an error for a reserved name.
pub fn checked(mut cli: Cli, arguments: &[OsString]) -> Result<Cli, CliError> {
    let paths = &mut cli.scan.input.paths;
    let Some(first) = paths.first() else { return Ok(cli) };
    let is_after_dashes = arguments.iter().position(|one| one == "--").is_some_and(|dashes| {
        !arguments[..dashes].iter().any(|one| Path::new(one).as_os_str() == first.as_os_str())
    });
    let Some(word) = first.to_str().filter(|_| !is_after_dashes) else { return Ok(cli) };
    if RESERVED.contains(&word) {
        return Err(CliError::Reserved(word.to_string()));
    }
    if SCANNING.contains(&word) && std::fs::symlink_metadata(first).is_err() {
        paths.remove(0);
    }
    Ok(cli)
}

/// A hint for a nonexistent path whose name is similar to a command's.
pub fn meant(error: &CliError) -> Option<String> {
    let CliError::Source(SourceError::Path { path, .. }) = error else { return None };
    let word = path.to_str().filter(|word| !word.contains(['/', '\\', '.']))?;
    if word == "version" {
        return Some("`hfscan --version` prints the version".into());
    }
    if let Some((_, own)) = OTHERS.iter().find(|(other, _)| *other == word) {
        return Some(format!("a scan needs no command: `{own}`"));
    }
    let command = Cli::command();
    let names = command.get_subcommands().map(clap::Command::get_name).chain(["help"]);
    let near = nearest(word, names)?;
    Some(format!("did you mean the command `hfscan {near}`? `hfscan --help` lists all"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reserved_name_is_a_command() {
        let command = Cli::command();
        let taken: Vec<_> = command.get_subcommands().map(clap::Command::get_name).collect();
        assert!(SCANNING.iter().all(|name| !taken.contains(name)), "{taken:?}");
    }
}
