//! Makes, updates and shows baselines.

use super::{
    baseline_args::{BaselineAction, BaselineScan},
    config_args::ConfigArgs,
    error::CliError,
    examined::examine,
    input_args::InputArgs,
    known::{Scope, applied, home, read, with_files},
    output,
    request::Job,
    surroundings::{folder_in_repository, working_directory},
};
use crate::{
    config::Layer,
    model::{Outcome, Secret, SourcePath, Suppressor},
    rule::{RuleSet, Selection, built_in_to_run},
    scan::RulesError,
    source::Root,
    suppress::{Baseline, PeerBaseline, baseline::DEFAULT_NAME},
};
use bstr::ByteSlice;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Maximum number of lines that are listed for a file and a rule.
const MAX_LINES: usize = 5;

/// Makes, updates or shows a baseline.
///
/// # Errors
/// Returns an error if the baseline cannot be read or written, and if the scan for it is
/// incomplete.
pub fn run(action: BaselineAction) -> Result<ExitCode, CliError> {
    match action {
        BaselineAction::Show { baseline } => show(baseline.as_deref())?,
        BaselineAction::Create(scan) => create(scan)?,
        BaselineAction::Update(scan) => renew(scan, true)?,
        BaselineAction::Prune(scan) => renew(scan, false)?,
        BaselineAction::Import { file, scan } => import(&file, scan)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn create(scan: BaselineScan) -> Result<(), CliError> {
    let found = Found::of(scan)?;
    if found.path.exists() {
        return Err(CliError::BaselineExists(found.path));
    }
    let baseline = found.renewed(&Baseline::default(), true);
    found.write(&baseline, &Baseline::default())?;
    found.warn_of_live_secrets(&found.outcome)
}

fn renew(scan: BaselineScan, add: bool) -> Result<(), CliError> {
    let found = Found::of(scan)?;
    let old = read(&found.path)?;
    found.write(&found.renewed(&old, add), &old)?;
    if add { found.warn_of_live_secrets(&found.new_to(&old)) } else { Ok(()) }
}

fn import(file: &Path, scan: BaselineScan) -> Result<(), CliError> {
    let text =
        std::fs::read(file).map_err(|error| CliError::Read { path: file.to_path_buf(), error })?;
    let peer = PeerBaseline::read(&text.to_str_lossy())
        .ok_or_else(|| CliError::NotAPeersBaseline(file.to_path_buf()))?;
    let mut found = Found::of(scan)?;
    let old = if found.path.exists() { read(&found.path)? } else { Baseline::default() };
    // Entries of the baseline are kept; other findings are added if the other scanner's baseline
    // lists them.
    let new = found.new_to(&old);
    let new: BTreeSet<_> = new.findings.iter().map(|one| (&one.location, &one.rule)).collect();
    let mut known = found.outcome.clone();
    known.findings.retain(|finding| {
        let path = [&found.folder, finding.location.path.as_bytes()].concat();
        let path = SourcePath::from_bytes(path);
        !new.contains(&(&finding.location, &finding.rule)) || peer.knows(finding, &path.real_text())
    });
    found.outcome = known;
    found.write(&found.renewed(&old, true), &old)?;
    found.warn_of_live_secrets(&found.new_to(&old))
}

fn show(path: Option<&Path>) -> Result<(), CliError> {
    let cwd = working_directory()?;
    let path = match path {
        Some(path) => path.to_path_buf(),
        None => home(&Root::of(&cwd, &[])?).join(DEFAULT_NAME),
    };
    let baseline = read(&path)?;
    let lines = lines_now(&baseline, path.parent().unwrap_or(&cwd)).unwrap_or_default();
    let mut text = String::new();
    // Rules of the project's own rule files are not loaded here.
    let rules = RuleSet::new(built_in_to_run().map_err(RulesError::from)?, &Selection::default());
    let rules = rules.map_err(RulesError::from)?;
    for (path, rule, count, note) in baseline.entries() {
        let severity = rules.get(rule).map_or("", |rule| rule.severity.as_str());
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{count:4}  {severity:8}  {rule}  {path}");
        if let Some(lines) = lines.get(&(path.clone(), rule.to_string())) {
            let lines: Vec<String> = lines.iter().take(MAX_LINES).map(usize::to_string).collect();
            let _ = write!(text, ":{}", lines.join(","));
        }
        if let Some(note) = note {
            let _ = write!(text, "  ({})", crate::model::escaped(note.as_bytes()));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{} known", findings(baseline.len()));
    output::print_masked(&text)
}

/// Current lines of the baseline's findings by path and rule, from a scan of these files. `home` is
/// the folder that paths are relative to.
fn lines_now(
    baseline: &Baseline,
    home: &Path,
) -> Result<BTreeMap<(SourcePath, String), BTreeSet<usize>>, CliError> {
    let paths = baseline.paths().map(|path| home.join(path.to_path()));
    let paths: Vec<PathBuf> = paths.filter(|path| path.is_file()).collect();
    let mut lines = BTreeMap::<_, BTreeSet<usize>>::new();
    if paths.is_empty() {
        return Ok(lines);
    }
    let input = InputArgs { paths, ..InputArgs::default() };
    let mut job = Job::of(input, ConfigArgs::default(), Layer::default())?;
    let folder = job.input.root().map(folder_in_repository).unwrap_or_default();
    job.config.settings.baseline = Some(applied(baseline.clone(), folder.clone(), Some(home)));
    job.config.settings.keep_suppressed = true;
    job.shows_progress = false;
    for finding in examine(job)?.outcome.suppressed {
        if matches!(finding.suppressed, Some(Suppressor::Baseline { .. })) {
            let path = [&folder, finding.location.path.as_bytes()].concat();
            let place = (SourcePath::from_bytes(path), finding.rule.to_string());
            lines.entry(place).or_default().insert(finding.location.start.line);
        }
    }
    Ok(lines)
}

/// The result of a scan for a baseline.
struct Found {
    outcome: Outcome,
    /// The prefix that turns a finding's path into one of the baseline's.
    folder: Vec<u8>,
    /// The folder that the baseline's paths are relative to.
    home: PathBuf,
    /// The baseline's file.
    path: PathBuf,
    /// The paths that were scanned; empty means everything below the working directory.
    scanned: Vec<PathBuf>,
    covers_files: bool,
    covers_history: bool,
}

impl Found {
    fn of(scan: BaselineScan) -> Result<Self, CliError> {
        let BaselineScan { input, config, settings, baseline } = scan;
        let job = Job::of(input, config, settings.layer)?;
        let scanned = job.input.paths().to_vec();
        let covers_files = !job.input.is_of_git();
        let covers_history = job.input.is_of_all_history();
        let examined = examine(job)?;
        let outcome = examined.outcome;
        let failed = outcome.failures().next();
        if outcome.interrupted || failed.is_some() {
            let first = failed.map(|one| format!(" ({}: {})", one.path, one.reason.as_str()));
            return Err(CliError::Incomplete(first.unwrap_or_default()));
        }
        let root = examined.root.ok_or(CliError::BaselineOfStdin)?;
        let home = home(&root);
        let path = baseline.unwrap_or_else(|| home.join(DEFAULT_NAME));
        let folder = folder_in_repository(&root);
        Ok(Self { outcome, folder, home, path, scanned, covers_files, covers_history })
    }

    fn scope(&self) -> Scope<'_> {
        let Self { covers_files, covers_history, .. } = *self;
        Scope { paths: &self.scanned, covers_files, covers_history }
    }

    fn renewed(&self, old: &Baseline, add: bool) -> Baseline {
        let mut renewed = Baseline::default();
        with_files(Some(&self.home), &self.folder, self.scope(), |files| {
            renewed = old.renewed(&self.outcome.findings, files, add);
        });
        renewed
    }

    /// The findings that `old` does not contain.
    fn new_to(&self, old: &Baseline) -> Outcome {
        let old = applied(old.clone(), self.folder.clone(), Some(&self.home));
        let mut new = self.outcome.clone();
        let mut known = old.known(&new.findings).into_iter();
        new.findings.retain(|_| known.next().flatten().is_none());
        new
    }

    fn write(&self, baseline: &Baseline, old: &Baseline) -> Result<(), CliError> {
        output::write_file(&self.path, |out| out.write_all(baseline.text().as_bytes()))
            .map_err(|error| CliError::Write { path: self.path.clone(), error })?;
        output::print_masked(&format!(
            "{}: {} known, {} before\n",
            SourcePath::from_path(&self.path),
            findings(baseline.len()),
            old.len()
        ))
    }

    /// Warns of the newly accepted credentials that may be live, with their number.
    fn warn_of_live_secrets(&self, added: &Outcome) -> Result<(), CliError> {
        let text = live_secrets(added);
        if text.is_empty() { Ok(()) } else { output::print(&text) }
    }
}

/// A warning about the credentials in `outcome` that may be live; empty if there are none.
pub fn live_secrets(outcome: &Outcome) -> String {
    let live = outcome.findings.iter().filter(|finding| finding.is_revocable());
    let live: BTreeSet<&Secret> = live.filter_map(|finding| finding.secret.as_ref()).collect();
    match live.len() {
        0 => String::new(),
        1 => "warning: 1 credential in it may be live; a baseline hides it and does not make \
              it harmless: revoke it first\n"
            .into(),
        count => format!(
            "warning: {count} credentials in it may be live; a baseline hides them and does not \
             make them harmless: revoke them first\n"
        ),
    }
}

fn findings(count: u64) -> String {
    format!("{count} finding{}", if count == 1 { "" } else { "s" })
}
