//! Runs a scan.

use super::{
    args::{FailOn, ScanArgs},
    error::CliError,
    output::Target,
    progress::Bar,
    rules,
    surroundings::{Surroundings, now},
    terminal,
};
use crate::{
    detect::Engine,
    model::{Outcome, SourcePath},
    report::{Report, Style, Verbosity},
    rule::{Globs, RuleSet, Selection, built_in},
    scan::{Progress, Scan, scan},
    source::{Listed, Root, Source, Stdin, Walk, WalkOptions},
    suppress::IgnorePolicy,
};
use std::{
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

/// Nothing found.
const CLEAN: u8 = 0;
/// Findings at or above `--fail-on`.
const FOUND: u8 = 1;
/// The answer cannot be trusted.
pub const FAILED: u8 = 2;

/// Scans, reports, and says how it went.
///
/// # Errors
/// What keeps it from scanning or reporting.
pub fn run(args: &ScanArgs) -> Result<ExitCode, CliError> {
    let targets = Target::all(args)?;
    let selection =
        Selection { select: args.selection.select.clone(), ignore: args.selection.ignore.clone() };
    let rules = rules::load(&args.selection.rules)?;
    let known_rules = rules.iter().map(|rule| rule.id.clone()).collect();
    let rules = RuleSet::new(rules, &selection)?;
    let now = now();
    let engine = Engine::new(rules, now);
    let secrets = all_secrets(args, now)?;
    let Input { source, prefix, root } = source(args)?;
    let surroundings = Surroundings::of(args, root.as_ref(), now);

    let progress = Arc::new(Progress::default());
    stop_on_interrupt(&progress);
    let bar = Bar::start(&progress, !args.no_progress && !args.quiet);
    let job = Scan {
        engine: &engine,
        secrets: secrets.as_ref().unwrap_or(&engine),
        threads: threads(args),
        ignores: IgnorePolicy {
            obey: !args.no_inline_ignores,
            require_reason: args.require_reason,
            known_rules: &known_rules,
            all_rules_run: args.selection.select.is_empty() && args.selection.ignore.is_empty(),
        },
        line_hashes: is_of_files(args) && targets.iter().any(Target::wants_line_hashes),
        progress: &progress,
    };
    let mut outcome = scan(job, &*source)?;
    drop(bar);
    keep_wanted(&mut outcome, args);

    let version = rules::version(&args.selection.rules)?;
    let report = Report {
        outcome: &outcome,
        rules: engine.rules(),
        rules_version: &version,
        prefix: &prefix,
        style: style(args, &targets),
        setting: surroundings.setting(),
    };
    for target in &targets {
        target.write(report)?;
    }
    status(&outcome, args)
}

/// The exit status of an outcome.
fn status(outcome: &Outcome, args: &ScanArgs) -> Result<ExitCode, CliError> {
    if outcome.interrupted {
        return Ok(FAILED.into());
    }
    let fails = match args.fail_on {
        FailOn::Severity(least) => outcome.findings.iter().any(|finding| finding.severity >= least),
        FailOn::Never => false,
    };
    if fails && !args.exit_zero {
        return Ok(FOUND.into());
    }
    if outcome.skipped.iter().any(|skipped| skipped.reason.is_failure()) {
        return Ok(FAILED.into());
    }
    if outcome.totals.files == 0 {
        return Err(CliError::NothingScanned);
    }
    Ok(CLEAN.into())
}

/// An engine with every rule for credentials, unless the one that scans has them all.
fn all_secrets(args: &ScanArgs, now: i64) -> Result<Option<Engine>, CliError> {
    if args.selection.select.is_empty() && args.selection.ignore.is_empty() {
        return Ok(None);
    }
    let rules = RuleSet::new(built_in(false)?, &Selection::default())?;
    Ok(Some(Engine::new(rules, now)))
}

/// Whether what is scanned are the files of a work tree.
fn is_of_files(args: &ScanArgs) -> bool {
    !args.paths.iter().any(|path| path.as_os_str() == "-")
}

/// What is scanned.
struct Input {
    /// Where the documents come from.
    source: Box<dyn Source>,
    /// What a path in the report needs before it to be opened from here.
    prefix: String,
    /// The folder that paths are relative to; standard input has none.
    root: Option<Root>,
}

/// What the arguments ask to scan.
fn source(args: &ScanArgs) -> Result<Input, CliError> {
    let exclude = Globs::of_paths(&args.exclude);
    exclude.check().map_err(CliError::Exclude)?;
    let cwd =
        std::env::current_dir().map_err(|error| CliError::Read { path: ".".into(), error })?;
    if let Some(list) = &args.files_from {
        let files = read_list(list)?;
        let root = Root::of(&cwd, &[])?;
        let prefix = root.prefix().to_string();
        let listed = Listed {
            root: root.clone(),
            files,
            exclude,
            max_file_bytes: args.max_file_size,
            threads: threads(args),
        };
        return Ok(Input { source: Box::new(listed), prefix, root: Some(root) });
    }
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        if args.paths.len() > 1 {
            return Err(CliError::StdinAndPaths);
        }
        let path = SourcePath::from_bytes(&args.stdin_filename);
        let stdin = Stdin { path, max_file_bytes: args.max_file_size };
        return Ok(Input { source: Box::new(stdin), prefix: String::new(), root: None });
    }
    let paths = if args.paths.is_empty() { vec![PathBuf::from(".")] } else { args.paths.clone() };
    let root = Root::of(&cwd, &paths)?;
    let prefix = root.prefix().to_string();
    let options = WalkOptions {
        threads: threads(args),
        exclude,
        no_ignore: args.no_ignore,
        max_file_bytes: args.max_file_size,
    };
    let walk = Walk::new(root.clone(), paths, options);
    Ok(Input { source: Box::new(walk), prefix, root: Some(root) })
}

fn threads(args: &ScanArgs) -> usize {
    WalkOptions { threads: args.threads, ..WalkOptions::default() }.thread_count()
}

/// File names, one a line, or separated by NUL if there is one.
fn read_list(list: &Path) -> Result<Vec<PathBuf>, CliError> {
    let mut bytes = Vec::new();
    let read = if list.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(list).map(|read| bytes = read)
    };
    read.map_err(|error| CliError::Read { path: list.to_path_buf(), error })?;
    let separator = if memchr::memchr(0, &bytes).is_some() { 0 } else { b'\n' };
    let names = bytes.split(|byte| *byte == separator);
    let names =
        names.map(
            |name| if separator == b'\n' { name.strip_suffix(b"\r").unwrap_or(name) } else { name },
        );
    Ok(names.filter(|name| !name.is_empty()).map(path_of).collect())
}

fn path_of(bytes: &[u8]) -> PathBuf {
    use bstr::ByteSlice;
    bytes
        .to_path()
        .map_or_else(|_| PathBuf::from(bytes.to_str_lossy().into_owned()), Path::to_path_buf)
}

/// Takes out what the person did not want to hear of.
fn keep_wanted(outcome: &mut Outcome, args: &ScanArgs) {
    outcome.findings.retain(|finding| {
        args.min_severity.is_none_or(|least| finding.severity >= least)
            && args.min_confidence.is_none_or(|least| finding.confidence >= least)
    });
}

fn style(args: &ScanArgs, targets: &[Target]) -> Style {
    let verbosity = match (args.quiet, args.verbose, args.explain_dismissed) {
        (true, ..) => Verbosity::Quiet,
        (_, 2.., _) | (.., true) => Verbosity::Dismissed,
        (_, 1, _) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    };
    let on_screen = targets.iter().any(Target::is_on_screen);
    Style {
        width: terminal::width(),
        color: on_screen && terminal::use_color(args.color),
        verbosity,
    }
}

/// The first Ctrl-C ends the scan with what it has, the second ends the program.
fn stop_on_interrupt(progress: &Arc<Progress>) {
    let progress = Arc::clone(progress);
    // Without a handler Ctrl-C ends the program at once, which is no harm either.
    let _ = ctrlc::set_handler(move || {
        if progress.is_stopped() {
            std::process::exit(i32::from(FAILED));
        }
        progress.stop();
    });
}
