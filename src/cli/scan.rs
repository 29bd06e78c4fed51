//! Runs a scan.

use super::{
    args::ScanArgs,
    error::CliError,
    output::Target,
    progress::Bar,
    request::{Display, Request},
    rules,
    surroundings::{Surroundings, now},
};
use crate::{
    config::{FailOn, Settings},
    detect::Engine,
    model::{Outcome, SkipReason},
    report::Report,
    rule::{RuleSet, Selection, built_in},
    scan::{Progress, Scan, scan},
    suppress::IgnorePolicy,
};
use std::{process::ExitCode, sync::Arc};

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
    let request = Request::of(args)?;
    let style = request.style();
    let Request { input, mut settings, targets, display } = request;
    let rules = rules::load(&settings.rule_files)?;
    settings.check_rules(&rules)?;
    let known_rules = rules.iter().map(|rule| rule.id.clone()).collect();
    let rules = RuleSet::new(rules, &settings.selection)?.with_severities(&settings.severities);
    let now = now();
    let engine = Engine::new(rules, now);
    let secrets = all_secrets(&settings, now)?;
    let surroundings = Surroundings::of(display.category.clone(), input.root(), now);
    let (prefix, threads, is_of_files) = (input.prefix(), input.threads(), input.is_of_files());
    let source = input.into_source(&mut settings);

    let progress = Arc::new(Progress::default());
    stop_on_interrupt(&progress);
    let bar = Bar::start(&progress, display.progress);
    let job = Scan {
        engine: &engine,
        secrets: secrets.as_ref().unwrap_or(&engine),
        threads,
        allowlist: &settings.allowlist,
        ignores: IgnorePolicy {
            obey: settings.inline_ignores,
            require_reason: settings.require_reason,
            known_rules: &known_rules,
            all_rules_run: settings.all_rules_run(),
        },
        line_hashes: is_of_files && targets.iter().any(Target::wants_line_hashes),
        progress: &progress,
    };
    let mut outcome = scan(job, &*source)?;
    drop(bar);
    keep_wanted(&mut outcome, &settings);

    let version = rules::version(&settings.rule_files)?;
    let report = Report {
        outcome: &outcome,
        rules: engine.rules(),
        rules_version: &version,
        prefix: &prefix,
        style,
        setting: surroundings.setting(),
    };
    for target in &targets {
        target.write(report)?;
    }
    status(&outcome, &settings, &display)
}

/// The exit status of an outcome.
fn status(outcome: &Outcome, settings: &Settings, display: &Display) -> Result<ExitCode, CliError> {
    if outcome.interrupted {
        return Ok(FAILED.into());
    }
    let fails = match settings.fail_on {
        FailOn::Severity(least) => outcome.findings.iter().any(|finding| finding.severity >= least),
        FailOn::Never => false,
    };
    if fails && !display.exit_zero {
        return Ok(FOUND.into());
    }
    if outcome.skipped.iter().any(|skipped| skipped.reason.is_failure()) {
        return Ok(FAILED.into());
    }
    // A hook whose only files are excluded must let the commit pass: they were handed
    // over, and left out on purpose.
    let was_excluded = || outcome.skipped.iter().any(|one| one.reason == SkipReason::Excluded);
    if outcome.totals.files == 0 && !was_excluded() {
        return Err(CliError::NothingScanned);
    }
    Ok(CLEAN.into())
}

/// An engine with every rule for credentials, unless the one that scans has them all.
fn all_secrets(settings: &Settings, now: i64) -> Result<Option<Engine>, CliError> {
    if settings.all_rules_run() {
        return Ok(None);
    }
    let rules = RuleSet::new(built_in(false)?, &Selection::default())?;
    Ok(Some(Engine::new(rules, now)))
}

/// Takes out what the person did not want to hear of.
fn keep_wanted(outcome: &mut Outcome, settings: &Settings) {
    outcome.findings.retain(|finding| {
        finding.severity >= settings.min_severity && finding.confidence >= settings.min_confidence
    });
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
