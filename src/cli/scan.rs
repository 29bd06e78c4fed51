//! Runs a scan.

use super::{
    args::ScanArgs,
    baseline,
    error::CliError,
    git,
    output::Target,
    progress::Bar,
    request::{Display, Request},
    rules,
    surroundings::{Surroundings, now},
};
use crate::{
    config::{FailOn, Settings},
    decode::container::Limits,
    detect::Engine,
    model::{Outcome, SkipReason},
    report::{Report, Style},
    rule::{RuleSet, Selection, built_in_to_run},
    scan::{Progress, Scan, scan},
    source::Root,
    suppress::{IgnorePolicy, MARKS},
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
    let mut examined = examine(args)?;
    baseline::apply(args, examined.root.as_ref(), &mut examined.outcome)?;
    keep_wanted(&mut examined.outcome, &examined.settings);
    if let Some(file) = &args.git.emit_replacements {
        git::emit_replacements(file, &examined.outcome, args.quiet)?;
    }
    examined.report()?;
    let status = status(args, &examined);
    // The process ends here: to give back each piece of what rules were compiled to takes longer
    // than to report.
    std::mem::forget(examined);
    status
}

/// What a scan found, and with what.
pub struct Examined {
    /// What it had to say, before the baseline.
    pub outcome: Outcome,
    /// The folder that paths are relative to; standard input has none.
    pub root: Option<Root>,
    /// The rules that were run.
    engine: Engine,
    /// What counted.
    settings: Settings,
    /// Where the reports go.
    targets: Vec<Target>,
    /// How it is told.
    display: Display,
    /// How reports for people look.
    style: Style,
    /// What a path in the report needs before it to be opened from here.
    prefix: String,
    /// When it began, in seconds since 1970.
    started: i64,
}

impl Examined {
    fn report(&self) -> Result<(), CliError> {
        let version = rules::version(&self.settings.rule_files)?;
        let category = self.display.category.clone();
        let surroundings = Surroundings::of(category, self.root.as_ref(), self.started);
        let report = Report {
            outcome: &self.outcome,
            rules: self.engine.rules(),
            rules_version: &version,
            prefix: &self.prefix,
            style: self.style,
            setting: surroundings.setting(),
        };
        self.targets.iter().try_for_each(|target| target.write(report))
    }
}

/// Scans what the arguments, the environment and the configuration ask for.
///
/// # Errors
/// What keeps it from scanning.
pub fn examine(args: &ScanArgs) -> Result<Examined, CliError> {
    let request = Request::of(args)?;
    let style = request.style();
    let Request { input, mut settings, targets, display } = request;
    let rules = rules::load(&settings.rule_files)?;
    settings.check_rules(&rules)?;
    let known_rules = rules.iter().map(|rule| rule.id.clone()).collect();
    let rules = RuleSet::new(rules, &settings.selection)?.with_severities(&settings.severities);
    let started = now();
    let engine = Engine::with_marks(rules, started, MARKS);
    let secrets = all_secrets(&settings, started)?;
    let (root, threads, is_of_files) =
        (input.root().cloned(), input.threads(), input.is_of_files());
    let (source, prefix) = input.into_source(args, &mut settings)?;

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
        limits: Limits { read_ahead: threads > 1, ..settings.limits },
        progress: &progress,
    };
    let outcome = scan(job, &*source)?;
    drop(bar);
    Ok(Examined { outcome, root, engine, settings, targets, display, style, prefix, started })
}

/// The exit status of what was found.
fn status(args: &ScanArgs, examined: &Examined) -> Result<ExitCode, CliError> {
    let Examined { outcome, settings, display, .. } = examined;
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
    // A commit or a push may well hold nothing new. A hook whose only files are excluded
    // must let the commit pass: they were handed over, and left out on purpose.
    let may_be_empty = || {
        git::is_asked(&args.git)
            || outcome.skipped.iter().any(|one| one.reason == SkipReason::Excluded)
    };
    if outcome.totals.files == 0 && !may_be_empty() {
        return Err(CliError::NothingScanned);
    }
    Ok(CLEAN.into())
}

/// An engine with every rule for credentials, unless the one that scans has them all.
fn all_secrets(settings: &Settings, now: i64) -> Result<Option<Engine>, CliError> {
    if settings.all_rules_run() {
        return Ok(None);
    }
    let rules = RuleSet::new(built_in_to_run()?, &Selection::default())?;
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
