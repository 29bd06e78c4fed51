//! Runs a scan.

use super::{
    error::CliError,
    interrupt::stop_on_interrupt,
    known,
    progress::Bar,
    replacements,
    reporting::Reported,
    request::{Exit, Job, Request},
    scan_args::ScanArgs,
    status::{CLEAN, FAILED, FOUND},
    surroundings::now,
};
use crate::{
    config::FailOn,
    model::{Outcome, SkipReason},
    scan::{Progress, Scanner, rules::load},
    source::Root,
};
use std::{io::Write, process::ExitCode, sync::Arc};

const TIME_IS_DEPRECATED: &str = "`max-container-time` is deprecated and has no effect: the work \
     for a container is limited by its size";

/// Scans, reports, and returns the exit status.
///
/// # Errors
/// Returns an error if the scan cannot start or a report cannot be written.
pub fn run(args: ScanArgs) -> Result<ExitCode, CliError> {
    carry_out(Request::of_scan(args)?, |_| {})
}

/// Scans, completes the outcome with `finish`, reports, and returns the exit status.
///
/// # Errors
/// Returns an error if the scan cannot start or a report cannot be written.
pub fn carry_out(
    request: Request,
    finish: impl FnOnce(&mut Outcome),
) -> Result<ExitCode, CliError> {
    let Request { mut job, baseline, replacements, reporting, exit } = request;
    if let Some(file) = &replacements {
        replacements::check(file, job.input.paths(), &job.input.cwd)?;
    }
    job.config.settings.baseline = known::find(&baseline, job.input.root())?;
    let mut examined = examine(job)?;
    finish(&mut examined.outcome);
    if let Some(file) = &replacements {
        replacements::emit(file, &examined.outcome, reporting.is_quiet())?;
    }
    reporting.write(examined.reported())?;
    let status = status(exit, &examined.outcome);
    // The process ends here: freeing the compiled rules takes longer than reporting.
    std::mem::forget(examined);
    status
}

/// The result of a scan.
pub struct Examined {
    /// The findings and other results.
    pub outcome: Outcome,
    /// The folder that paths are relative to; `None` for standard input.
    pub root: Option<Root>,
    /// The scanner that was used.
    pub scanner: Scanner,
    /// The prefix that makes a reported path valid from the working directory.
    pub prefix: String,
    /// When the scan started, in seconds since 1970.
    pub started: i64,
}

impl Examined {
    fn reported(&self) -> Reported<'_> {
        Reported {
            outcome: &self.outcome,
            scanner: &self.scanner,
            root: self.root.as_ref(),
            prefix: &self.prefix,
            started: self.started,
        }
    }
}

/// Scans.
///
/// # Errors
/// Returns an error if the scan cannot start.
pub fn examine(job: Job) -> Result<Examined, CliError> {
    let Job { input, config, shows_progress } = job;
    if config.layer().get("max-container-time").is_some() {
        // A closed standard error must not prevent the report.
        let _ = writeln!(std::io::stderr(), "warning: {TIME_IS_DEPRECATED}");
    }
    let rules = load(&config.settings.rule_files)?;
    config.check_rules(&rules)?;
    let started = now();
    let root = input.root().cloned();
    let scanner = Scanner::with_rules(config.settings, rules)?;
    let threads = scanner.settings().thread_count();
    let (source, prefix) = input.into_source(config.reading, threads)?;

    let progress = Arc::new(Progress::default());
    stop_on_interrupt(&progress);
    let bar = Bar::start(&progress, shows_progress);
    let outcome = scanner.run(&*source, &progress)?;
    drop(bar);
    Ok(Examined { outcome, root, scanner, prefix, started })
}

/// The exit status of an outcome.
fn status(exit: Exit, outcome: &Outcome) -> Result<ExitCode, CliError> {
    if outcome.interrupted {
        return Ok(FAILED.into());
    }
    let fails = match exit.fail_on {
        FailOn::Severity(least) => outcome.findings.iter().any(|finding| finding.severity >= least),
        FailOn::Never => false,
    };
    if fails && !exit.zero {
        return Ok(FOUND.into());
    }
    if outcome.is_failed() {
        return Ok(FAILED.into());
    }
    // A hook whose files are all excluded must let the commit pass: they were passed to it, and
    // skipped on purpose.
    let may_be_empty = || {
        exit.may_be_empty || outcome.skipped.iter().any(|one| one.reason == SkipReason::Excluded)
    };
    if outcome.totals.files == 0 && !may_be_empty() {
        return Err(CliError::NothingScanned);
    }
    Ok(CLEAN.into())
}
