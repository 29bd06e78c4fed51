//! Baselines: applied to a scan, made, kept up, shown.

use super::{
    args::{BaselineAction, BaselineScan, Cli, ScanArgs},
    error::CliError,
    output, scan,
    surroundings::folder_in_repository,
};
use crate::{
    model::{Outcome, SourcePath},
    source::{Root, WorkTree},
    suppress::{Baseline, Files, PeerBaseline, baseline::DEFAULT_NAME},
};
use bstr::ByteSlice;
use clap::Parser;
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Takes out of `outcome` what the baseline knows, if there is one.
///
/// # Errors
/// If there is one that cannot be used, or none where one was named.
pub fn apply(args: &ScanArgs, root: Option<&Root>, outcome: &mut Outcome) -> Result<(), CliError> {
    if args.no_baseline {
        return Ok(());
    }
    let home = root.map(home);
    let default = home.as_ref().map(|home| home.join(DEFAULT_NAME)).filter(|path| path.is_file());
    let Some(path) = args.baseline.clone().or(default) else { return Ok(()) };
    let baseline = read(&path)?;
    let folder = root.map(folder_in_repository).unwrap_or_default();
    with_files(home.as_deref(), &folder, &[], |files| baseline.apply(outcome, files));
    Ok(())
}

/// Makes, keeps up or shows a baseline.
///
/// # Errors
/// What keeps it from that.
pub fn run(action: &BaselineAction) -> Result<ExitCode, CliError> {
    match action {
        BaselineAction::Show { baseline } => show(baseline.as_deref())?,
        BaselineAction::Create(scan) => create(scan)?,
        BaselineAction::Update(scan) => renew(scan, true)?,
        BaselineAction::Prune(scan) => renew(scan, false)?,
        BaselineAction::Import { file, scan } => import(file, scan)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn create(scan: &BaselineScan) -> Result<(), CliError> {
    let found = Found::of(scan)?;
    if found.path.exists() {
        return Err(CliError::BaselineExists(found.path));
    }
    let baseline = found.renewed(scan, &Baseline::default(), true);
    found.write(&baseline, &Baseline::default())
}

fn renew(scan: &BaselineScan, add: bool) -> Result<(), CliError> {
    let found = Found::of(scan)?;
    let old = read(&found.path)?;
    found.write(&found.renewed(scan, &old, add), &old)
}

fn import(file: &Path, scan: &BaselineScan) -> Result<(), CliError> {
    let text =
        std::fs::read(file).map_err(|error| CliError::Read { path: file.to_path_buf(), error })?;
    let peer = PeerBaseline::read(&text.to_str_lossy())
        .ok_or_else(|| CliError::NotAPeersBaseline(file.to_path_buf()))?;
    let mut found = Found::of(scan)?;
    let old = if found.path.exists() { read(&found.path)? } else { Baseline::default() };
    // What the baseline knows stays; of the rest, what the other scanner knows comes in.
    let folder = found.folder.clone();
    let mut new = found.outcome.clone();
    with_files(Some(&found.home), &folder, &[], |files| old.apply(&mut new, files));
    let new: BTreeSet<_> = new.findings.iter().map(|one| (&one.location, &one.rule)).collect();
    let mut known = found.outcome.clone();
    known.findings.retain(|finding| {
        let path = SourcePath::from_bytes([&folder, finding.location.path.as_bytes()].concat());
        !new.contains(&(&finding.location, &finding.rule)) || peer.knows(finding, &path.to_text())
    });
    found.outcome = known;
    found.write(&found.renewed(scan, &old, true), &old)
}

fn show(path: Option<&Path>) -> Result<(), CliError> {
    let cwd =
        std::env::current_dir().map_err(|error| CliError::Read { path: ".".into(), error })?;
    let path = match path {
        Some(path) => path.to_path_buf(),
        None => home(&Root::of(&cwd, &[])?).join(DEFAULT_NAME),
    };
    let baseline = read(&path)?;
    let mut text = String::new();
    for (path, rule, count, note) in baseline.entries() {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{count:4}  {rule}  {path}");
        if let Some(note) = note {
            let _ = write!(text, "  ({})", crate::model::escaped(note.as_bytes()));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{} known", findings(baseline.len()));
    output::write_stdout(|out| out.write_all(text.as_bytes()))
}

/// What a scan for a baseline found.
struct Found {
    outcome: Outcome,
    /// What a finding's path needs before it to be one of the baseline's.
    folder: Vec<u8>,
    /// The folder that the baseline's paths are relative to.
    home: PathBuf,
    /// The baseline's file.
    path: PathBuf,
}

impl Found {
    fn of(scan: &BaselineScan) -> Result<Self, CliError> {
        let args = scan_args(scan);
        let examined = scan::examine(&args)?;
        let outcome = examined.outcome;
        let failed = outcome.skipped.iter().find(|one| one.reason.is_failure());
        if outcome.interrupted || failed.is_some() {
            let first = failed.map(|one| format!(" ({}: {})", one.path, one.reason.as_str()));
            return Err(CliError::Incomplete(first.unwrap_or_default()));
        }
        let root = examined.root.ok_or(CliError::StdinAndPaths)?;
        let home = home(&root);
        let path = scan.baseline.clone().unwrap_or_else(|| home.join(DEFAULT_NAME));
        Ok(Self { outcome, folder: folder_in_repository(&root), home, path })
    }

    fn renewed(&self, scan: &BaselineScan, old: &Baseline, add: bool) -> Baseline {
        let mut renewed = Baseline::default();
        with_files(Some(&self.home), &self.folder, &scan.paths, |files| {
            renewed = old.renewed(&self.outcome.findings, files, add);
        });
        renewed
    }

    fn write(&self, baseline: &Baseline, old: &Baseline) -> Result<(), CliError> {
        output::write_file(&self.path, |out| out.write_all(baseline.text().as_bytes()))
            .map_err(|error| CliError::Write { path: self.path.clone(), error })?;
        let text = format!(
            "{}: {} known, {} before\n",
            SourcePath::from_path(&self.path),
            findings(baseline.len()),
            old.len()
        );
        output::write_stdout(|out| out.write_all(text.as_bytes()))
    }
}

fn findings(count: u64) -> String {
    format!("{count} finding{}", if count == 1 { "" } else { "s" })
}

fn read(path: &Path) -> Result<Baseline, CliError> {
    let text =
        std::fs::read(path).map_err(|error| CliError::Read { path: path.to_path_buf(), error })?;
    Baseline::read(&text).map_err(|error| CliError::Baseline { path: path.to_path_buf(), error })
}

/// The folder that a baseline's paths are relative to: the repository's root, or outside
/// of a repository the folder that is scanned.
fn home(root: &Root) -> PathBuf {
    WorkTree::around(root.dir()).map_or_else(|| root.dir().to_path_buf(), |tree| tree.dir)
}

/// Hands on what is known of the files of a baseline. `scanned` are the paths that were
/// asked for; none means everything here.
fn with_files(
    home: Option<&Path>,
    folder: &[u8],
    scanned: &[PathBuf],
    use_them: impl FnOnce(&Files<'_>),
) {
    let home = home.map(|home| home.canonicalize().unwrap_or_else(|_| home.to_path_buf()));
    let place = |path: &SourcePath| {
        let below = path.as_bytes().to_path().ok()?;
        Some(home.as_ref()?.join(below))
    };
    let here = [PathBuf::from(".")];
    let scanned = if scanned.is_empty() { &here[..] } else { scanned };
    let scanned: Vec<PathBuf> =
        scanned.iter().filter_map(|path| path.canonicalize().ok()).collect();
    // Without a place to look in, every file is taken to be there: nothing was renamed.
    let exists = |path: &SourcePath| {
        place(path).is_none_or(|place| std::fs::symlink_metadata(place).is_ok())
    };
    let in_scope = |path: &SourcePath| {
        place(path).is_some_and(|place| scanned.iter().any(|one| place.starts_with(one)))
    };
    use_them(&Files { folder, exists: &exists, in_scope: &in_scope });
}

/// The arguments of a scan for a baseline.
fn scan_args(scan: &BaselineScan) -> ScanArgs {
    let unasked = Cli::try_parse_from(["hfscan"]).expect("a scan needs no argument").scan;
    ScanArgs {
        paths: scan.paths.clone(),
        exclude: scan.exclude.clone(),
        no_ignore: scan.no_ignore,
        selection: scan.selection.clone(),
        ..unasked
    }
}
