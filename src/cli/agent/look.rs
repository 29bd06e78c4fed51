//! Scans the texts and files of a hook call.

use super::{
    event::{Event, Moment},
    passage::{Kind, Passage},
    reason,
    shown::Shown,
    sight::Sight,
};
use crate::{
    cli::{
        config_args::ConfigArgs,
        error::CliError,
        project,
        surroundings::{now, working_directory},
    },
    config::{FailOn, Layer},
    model::{Finding, Outcome, Severity, SourcePath, Suppressor},
    rule::Rule,
    scan::Scanner,
    source::{WorkTree, root::normalised},
};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// Maximum size of a file in bytes; a model sees no more of a larger one.
const MAX_FILE: u64 = 32 << 20;

/// The decision on a call.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Allowed.
    Pass,
    /// Refused, for this reason.
    Refuse(String),
    /// Not scanned completely, for this reason.
    Unsure(String),
}

/// Scans the texts of a call and the files that it names.
///
/// # Errors
/// Returns an error for an invalid setting or rule file.
pub fn look(event: &Event, config: &ConfigArgs) -> Result<Verdict, CliError> {
    let here = working_directory()?;
    let folder = event.folder.as_ref().filter(|one| one.is_dir());
    let folder = folder.map_or_else(|| here.clone(), |one| normalised(&here.join(one)));
    let (config, _) = project::config_at(&folder, config.clone(), Layer::default())?;
    let FailOn::Severity(least) = config.fail_on else { return Ok(Verdict::Pass) };
    let mut settings = config.settings;
    (settings.threads, settings.now, settings.keep_suppressed) = (1, Some(now()), true);
    let scanner = Scanner::new(settings)?;
    let top = WorkTree::around(&folder).map_or_else(|| folder.clone(), |tree| tree.dir);
    let mut looked = Looked { scanner: &scanner, least, sights: Vec::new(), unsure: Vec::new() };
    for passage in &event.passages {
        looked.at_passage(passage, event.moment, &top, &folder);
    }
    for file in &event.files {
        looked.at_file(file, &top, &folder);
    }
    let Looked { sights, unsure, .. } = looked;
    Ok(match (sights.is_empty(), unsure.first()) {
        (false, _) => Verdict::Refuse(scanner.masked(&reason::of(event, &sights))),
        (true, Some(why)) => Verdict::Unsure(scanner.masked(why)),
        (true, None) => Verdict::Pass,
    })
}

/// The scan's findings and failures so far.
struct Looked<'a> {
    scanner: &'a Scanner,
    least: Severity,
    sights: Vec<Sight<'a>>,
    unsure: Vec<String>,
}

impl<'a> Looked<'a> {
    /// Scans a text. Ignore comments have no effect in texts that are about to be sent, run or
    /// written: the model could write one beside a credential.
    fn at_passage(&mut self, passage: &'a Passage, moment: Moment, top: &Path, folder: &Path) {
        let name = match passage.kind {
            Kind::Content | Kind::Output => name_below(top, &folder.join(&passage.name)),
            _ => SourcePath::from_bytes(&passage.name),
        };
        let is_file = moment != Moment::Before || passage.kind == Kind::Output;
        let obeys = is_file && moment != Moment::Prompt;
        let outcome = self.scanner.bytes(name.as_bytes(), passage.text.as_bytes());
        self.add(outcome, passage.kind, None, obeys);
    }

    /// Scans a file, if it exists.
    fn at_file(&mut self, file: &'a Shown, top: &Path, folder: &Path) {
        let path = normalised(&folder.join(&file.file));
        if !path.is_file() {
            return;
        }
        let name = name_below(top, &path);
        match contents(&path) {
            Ok(bytes) => {
                let outcome = self.scanner.bytes(name.as_bytes(), &bytes);
                self.add(outcome, Kind::Output, Some(file), true);
            }
            Err(why) => self.unsure.push(format!("{name}: {why}")),
        }
    }

    fn add(&mut self, outcome: Outcome, kind: Kind, file: Option<&'a Shown>, obeys: bool) {
        if let Some(skipped) = outcome.failures().next() {
            self.unsure.push(format!("{}: {}", skipped.path, skipped.reason.as_str()));
        }
        let is_ignored = |one: &Finding| matches!(one.suppressed, Some(Suppressor::Comment { .. }));
        let ignored = outcome.suppressed.into_iter().filter(|one| !obeys && is_ignored(one));
        for finding in outcome.findings.into_iter().chain(ignored) {
            let is_known = self.sights.iter().any(|one| one.finding.secret == finding.secret);
            let is_too_new =
                self.scanner.rules().get(&finding.rule).is_some_and(Rule::is_in_preview);
            let (first, last) = (finding.location.start.line, finding.location.end.line);
            let is_shown = file.is_none_or(|file| file.shows(first, last));
            let counts = is_shown && finding.secret.is_some() && finding.severity >= self.least;
            if !counts || is_known || is_too_new {
                continue;
            }
            let rules = std::iter::once(&finding.rule).chain(&finding.also);
            let variable =
                rules.filter_map(|rule| self.scanner.rules().get(rule)?.variable.clone()).next();
            let file = file.map(|one| one.file.as_str());
            self.sights.push(Sight { kind, file, finding, variable });
        }
    }
}

/// The path of a file relative to its project.
fn name_below(top: &Path, path: &Path) -> SourcePath {
    let path = normalised(path);
    SourcePath::from_path(path.strip_prefix(top).unwrap_or(&path))
}

/// The content of a file.
///
/// # Errors
/// Returns the reason if it cannot be read.
fn contents(path: &PathBuf) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    let read = file.take(MAX_FILE + 1).read_to_end(&mut bytes);
    read.map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_FILE {
        return Err("larger than 32 MiB".into());
    }
    Ok(bytes)
}
