//! `hfscan hf-upload`: scans an upload, then runs `hf upload` with the same arguments.

use super::{
    args::{Cli, Command as HfscanCommand},
    error::CliError,
    status::CLEAN,
    upload::{Target, as_wildcard, look},
    upload_args::{HfUploadArgs, Looking, RepoType},
};
use crate::source::upload::UploadRequest;
use clap::{Parser, ValueEnum};
use std::{
    ffi::OsString,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// Options of `hf upload` in huggingface_hub 2.4.0 that take a value.
const VALUES: [&str; 12] = [
    "--type",
    "--repo-type",
    "--revision",
    "--include",
    "--exclude",
    "--delete",
    "--commit-message",
    "--commit-description",
    "--every",
    "--token",
    "--format",
    "--log-level",
];
/// Options of `hf upload` in huggingface_hub 2.4.0 that take no value.
const SWITCHES: [&str; 8] = [
    "--private",
    "--no-private",
    "--create-pr",
    "--no-create-pr",
    "--json",
    "--quiet",
    "-q",
    "--no-truncate",
];

/// Scans the upload, and runs it if nothing was found. Returns the exit status of the last process.
///
/// # Errors
/// Returns an error if the arguments are not valid for `hf upload`, if the upload cannot be
/// scanned, and if `hf` cannot be run.
pub fn run(args: HfUploadArgs) -> Result<ExitCode, CliError> {
    let mut arguments = args.arguments;
    let is_check = arguments.first().is_some_and(|one| one == "--check");
    if is_check {
        arguments.remove(0);
    }
    let asks_for_help = |one: &OsString| one == "--help" || one == "-h";
    if !arguments.iter().any(asks_for_help) {
        let texts = arguments.iter().map(|one| one.to_str().map(str::to_string));
        let texts: Option<Vec<String>> = texts.collect();
        let texts = texts.ok_or_else(|| CliError::Upload("an argument is not UTF-8".into()))?;
        let request = as_wildcard(request(&texts)?)?;
        let status = look(request, by_default()?)?;
        if status != ExitCode::from(CLEAN) {
            if !is_check {
                let _ = writeln!(std::io::stderr(), "hf upload was not run");
            }
            return Ok(status);
        }
    }
    if is_check {
        return Ok(CLEAN.into());
    }
    hand_over(&arguments)
}

/// The scan settings of `hfscan upload` without options.
fn by_default() -> Result<Looking, CliError> {
    match Cli::try_parse_from(["hfscan", "upload"]) {
        Ok(Cli { command: Some(HfscanCommand::Upload(args)), .. }) => Ok(args.looking),
        _ => Err(CliError::Upload("the settings of the environment cannot be used".into())),
    }
}

/// The upload described by the arguments of `hf upload`.
fn request(arguments: &[String]) -> Result<UploadRequest, CliError> {
    let wrong = |text: String| CliError::Upload(text);
    let mut positional: Vec<&str> = Vec::new();
    let mut request = UploadRequest::default();
    let mut include: Option<Vec<String>> = None;
    let mut repo_type = None;
    let mut is_repeated = false;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            positional.extend(rest.by_ref().map(String::as_str));
            break;
        }
        if !argument.starts_with('-') || argument == "-" {
            positional.push(argument);
            continue;
        }
        if SWITCHES.contains(&argument.as_str()) {
            match argument.as_str() {
                "--private" => request.is_private = true,
                "--no-private" => request.is_private = false,
                _ => {}
            }
            continue;
        }
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_string())),
            None => (argument.as_str(), None),
        };
        if !VALUES.contains(&name) {
            // The text after `=` may be a secret.
            return Err(wrong(format!("unknown option `{name}` of `hf upload`")));
        }
        let value = value.or_else(|| rest.next().cloned());
        let value = value.ok_or_else(|| wrong(format!("`{name}` needs a value")))?;
        match name {
            "--include" => include.get_or_insert_default().push(value),
            "--exclude" => request.exclude.push(value),
            "--type" | "--repo-type" => {
                repo_type = Some(RepoType::from_str(&value, false).map_err(wrong)?);
            }
            "--every" => is_repeated = true,
            _ => {}
        }
    }
    let Some(repository) = positional.first() else {
        return Err(wrong("`hf upload` needs a repository".into()));
    };
    let mut target = Target::of(Some(repository), repo_type, false)?;
    target.path = positional.get(2).map(ToString::to_string).or(target.path);
    if target.is_bucket {
        return Err(wrong(
            "`hf upload` does not accept buckets; scan one with `hfscan upload --bucket`".into(),
        ));
    }
    request.include = include;
    request.destination = target.shown();
    request.path_in_repo = target.path.clone();
    request.local = match positional.get(1) {
        Some(local) => PathBuf::from(local),
        None => local_of_repository(&target.repository)
            .ok_or_else(|| wrong("there is no file or folder with the repository's name".into()))?,
    };
    if is_repeated {
        repeated(&mut request);
    }
    Ok(request)
}

/// Converts the request to that of `hf upload --every`, which uploads a folder repeatedly. For a
/// single file it uploads the parent folder, limited to files of that name.
fn repeated(request: &mut UploadRequest) {
    request.is_repeated = true;
    let (Some(folder), Some(name)) = (request.local.parent(), request.local.file_name()) else {
        return;
    };
    if !request.local.is_file() {
        return;
    }
    let name = name.to_string_lossy().into_owned();
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let path = request.path_in_repo.as_deref().and_then(|path| path.rsplit_once('/'));
    request.path_in_repo = path.map(|(folder, _)| folder.to_string());
    request.include = Some(vec![name]);
    request.exclude.clear();
    request.local = folder.to_path_buf();
}

/// The local path of `hf upload REPO` without a path: a folder or file with the repository's name.
fn local_of_repository(repository: &str) -> Option<PathBuf> {
    let name = repository.rsplit('/').next().unwrap_or(repository);
    Some(Path::new(name)).filter(|path| path.exists()).map(Path::to_path_buf)
}

/// Replaces this process with `hf upload` and these arguments; runs it as a child where `exec` does
/// not exist.
fn hand_over(arguments: &[OsString]) -> Result<ExitCode, CliError> {
    let mut command = Command::new("hf");
    command.arg("upload").args(arguments);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(CliError::NoClient(command.exec()))
    }
    #[cfg(not(unix))]
    {
        let status = command.status().map_err(CliError::NoClient)?;
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        Ok(code.unwrap_or(super::status::FAILED).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &[&str]) -> Result<UploadRequest, String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        request(&arguments).map_err(|error| error.to_string())
    }

    #[test]
    fn the_arguments_of_the_client_are_read_wherever_they_stand() {
        let request = of(&[
            "--exclude=*.env*",
            "o/r",
            "--repo-type",
            "dataset",
            "data",
            "--include",
            "*.py",
            "train",
            "--token",
            "x",
            "--exclude",
            "b",
            "--private",
            "--create-pr",
        ])
        .expect("they are known");
        assert_eq!(request.local, PathBuf::from("data"));
        assert_eq!(request.exclude, ["*.env*", "b"]);
        assert_eq!(request.include.as_deref(), Some(&["*.py".to_string()][..]));
        assert_eq!(request.path_in_repo.as_deref(), Some("train"));
        assert_eq!(request.destination.as_deref(), Some("datasets/o/r/train"));
        assert!(request.is_private);
    }

    #[test]
    fn what_is_no_argument_of_the_client_is_refused_without_its_value() {
        assert!(of(&[]).is_err());
        let error = of(&["o/r", ".", "--passwd=hunter2"]).expect_err("there is no such option");
        assert!(error.contains("--passwd") && !error.contains("hunter2"), "{error}");
        assert!(of(&["hf://buckets/o/b", "."]).is_err());
    }
}
