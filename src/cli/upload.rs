//! `hfscan upload`: scans the files that an upload to the Hub would send.

use super::{
    error::CliError,
    request::Request,
    scan,
    upload_args::{Looking, RepoType, UploadArgs},
};
use crate::{
    model::{Outcome, SourcePath},
    source::upload::{Plan, UploadRequest, excludes},
};
use std::{collections::BTreeSet, path::PathBuf, process::ExitCode, sync::Arc};

/// Scans the upload that the arguments describe, and returns the exit status.
///
/// # Errors
/// Returns an error if the arguments describe no valid upload, or if the scan cannot start or a
/// report cannot be written.
pub fn run(args: UploadArgs) -> Result<ExitCode, CliError> {
    let looking = args.looking;
    let target = Target::of(args.to.as_deref(), args.repo_type, args.bucket)?;
    let read = |file: &PathBuf| {
        std::fs::read(file).map_err(|error| CliError::Read { path: file.clone(), error })
    };
    let filter_rules = args.filter_from.as_ref().map(read).transpose()?.unwrap_or_default();
    let request = UploadRequest {
        destination: target.shown(),
        path_in_repo: target.path,
        is_bucket: target.is_bucket,
        filter_rules: String::from_utf8_lossy(&filter_rules).into_owned(),
        hosted_gitignore: args.hosted_gitignore.as_ref().map(read).transpose()?,
        include: args.choice.include,
        exclude: args.choice.exclude,
        is_private: args.choice.private,
        is_repeated: false,
        local: args.path,
    };
    look(as_wildcard(request)?, looking)
}

/// Scans an upload.
///
/// # Errors
/// Returns an error if the folder does not exist, no file would be sent, the scan cannot start or a
/// report cannot be written.
pub fn look(request: UploadRequest, looking: Looking) -> Result<ExitCode, CliError> {
    let plan = Arc::new(Plan::of(&request)?);
    if plan.files.is_empty() {
        return Err(CliError::NothingToUpload(plan.upload.excluded.len()));
    }
    let request = Request::of_upload(plan.clone(), looking)?;
    scan::carry_out(request, |examined| {
        suggest(&plan, &mut examined.outcome);
        Ok(())
    })
}

/// Adds exclude patterns for the files with findings.
fn suggest(plan: &Plan, outcome: &mut Outcome) {
    // Findings of this rule do not exclude the file.
    const KEPT: [&str; 1] = ["upload-plain-readme"];
    let unwanted: BTreeSet<SourcePath> = outcome
        .findings
        .iter()
        .filter(|finding| !KEPT.contains(&&*finding.rule))
        .filter(|finding| finding.severity > crate::model::Severity::Info)
        .map(|finding| finding.location.path.clone())
        .collect();
    if let Some(upload) = &mut outcome.upload {
        upload.excludes = excludes(plan, &unwanted);
    }
}

/// Converts a nonexistent local path with wildcards to a pattern for files in the working
/// directory, as `hf upload` does.
///
/// # Errors
/// Returns an error if the request also has patterns or a folder in the repository.
pub fn as_wildcard(request: UploadRequest) -> Result<UploadRequest, CliError> {
    let pattern = request.local.to_string_lossy().into_owned();
    if request.local.exists() || !pattern.contains(['*', '?', '[']) {
        return Ok(request);
    }
    if request.include.is_some() {
        return Err(CliError::Upload("a pattern as PATH cannot be combined with --include".into()));
    }
    if request.path_in_repo.as_deref().is_some_and(|path| path != ".") {
        return Err(CliError::Upload(
            "a pattern as PATH cannot be combined with a folder in the repository".into(),
        ));
    }
    let include = Some(vec![pattern]);
    Ok(UploadRequest { local: ".".into(), path_in_repo: Some(".".into()), include, ..request })
}

/// The target of an upload.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// `datasets/`, `spaces/`, `kernels/` or `buckets/`; empty for a model.
    pub kind: &'static str,
    /// The repository or bucket; empty if none was named.
    pub repository: String,
    /// The folder in it, or the name of a single file.
    pub path: Option<String>,
    /// `true` for a bucket.
    pub is_bucket: bool,
}

impl Target {
    /// The target of `--to`: `OWNER/REPO[/SUB]`, optionally after `hf://` or a kind such as
    /// `datasets/`, or the URL of a page of the Hub.
    ///
    /// # Errors
    /// Returns an error if its kind contradicts the other options.
    pub fn of(
        to: Option<&str>,
        repo_type: Option<RepoType>,
        is_bucket: bool,
    ) -> Result<Self, CliError> {
        const KINDS: [&str; 5] = ["models/", "datasets/", "spaces/", "kernels/", "buckets/"];
        let kind = match (is_bucket, repo_type) {
            (true, _) => "buckets/",
            (_, Some(RepoType::Dataset)) => "datasets/",
            (_, Some(RepoType::Space)) => "spaces/",
            (_, Some(RepoType::Kernel)) => "kernels/",
            (_, Some(RepoType::Model) | None) => "models/",
        };
        let text = to.unwrap_or_default();
        let text = ["hf://", "https://huggingface.co/", "https://hf.co/"]
            .iter()
            .find_map(|prefix| text.strip_prefix(prefix))
            .unwrap_or(text);
        let named = KINDS.iter().find(|one| text.starts_with(**one)).copied();
        let kind = match named {
            Some(named) if (is_bucket || repo_type.is_some()) && named != kind => {
                let message =
                    format!("--to names one of `{named}`, and another option a different kind");
                return Err(CliError::Upload(message));
            }
            named => named.unwrap_or(kind),
        };
        let text = named.map_or(text, |named| &text[named.len()..]);
        let mut parts = text.splitn(3, '/');
        let (owner, name, path) = (parts.next(), parts.next(), parts.next());
        let name = name.map(|name| name.split('@').next().unwrap_or(name));
        let repository: Vec<&str> =
            owner.into_iter().chain(name).filter(|part| !part.is_empty()).collect();
        Ok(Self {
            kind: if kind == "models/" { "" } else { kind },
            repository: repository.join("/"),
            path: path.filter(|path| !path.is_empty()).map(str::to_string),
            is_bucket: kind == "buckets/",
        })
    }

    /// The target as text, for a report; `None` if none was named.
    pub fn shown(&self) -> Option<String> {
        if self.repository.is_empty() {
            return None;
        }
        let folder = self.path.as_deref().filter(|path| !matches!(*path, "." | "/"));
        let folder = folder.map_or(String::new(), |path| format!("/{}", path.trim_matches('/')));
        Some(format!("{}{}{folder}", self.kind, self.repository))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_as_people_write_them() {
        for (to, kind, repository, path) in [
            ("o/r", "", "o/r", None),
            ("r", "", "r", None),
            ("o/r/a/b", "", "o/r", Some("a/b")),
            ("datasets/o/r", "datasets/", "o/r", None),
            ("hf://spaces/o/r@main/x", "spaces/", "o/r", Some("x")),
            ("https://huggingface.co/datasets/o/r", "datasets/", "o/r", None),
            ("hf://buckets/o/b/p", "buckets/", "o/b", Some("p")),
        ] {
            let target = Target::of(Some(to), None, false).expect("it is one");
            assert_eq!((target.kind, &*target.repository), (kind, repository), "{to}");
            assert_eq!(target.path.as_deref(), path, "{to}");
        }
        assert!(Target::of(Some("datasets/o/r"), Some(RepoType::Space), false).is_err());
        assert_eq!(Target::of(None, None, false).expect("it is one").shown(), None);
    }
}
