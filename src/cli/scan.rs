//! Runs a scan.

use super::{
    error::CliError,
    examined::{Examined, examine},
    fix, known, replacements,
    request::{Exit, Request},
    scan_args::ScanArgs,
    status::{CLEAN, FAILED, FOUND},
    verify_args::Verifying,
};
use crate::{
    config::FailOn,
    model::{Finding, SkipReason, verification::Liveness},
};
use std::process::ExitCode;

/// Scans, reports, and returns the exit status.
///
/// # Errors
/// Returns an error if the scan cannot start or a report cannot be written.
pub fn run(mut args: ScanArgs) -> Result<ExitCode, CliError> {
    let verifying = std::mem::take(&mut args.verifying);
    args.verifying.dead_fails = verifying.dead_fails;
    if verifying.verify && cfg!(not(feature = "online")) {
        return Err(CliError::NoNetwork);
    }
    carry_out(Request::of_scan(args)?, |examined| verified(examined, &verifying))
}

/// Verifies the tokens found, if `--verify` is given.
///
/// # Errors
/// Returns an error if the user does not agree, or the Hub's address is invalid.
#[cfg(feature = "online")]
pub fn verified(examined: &mut Examined, verifying: &Verifying) -> Result<(), CliError> {
    match verifying.verify {
        true => super::verify::verify(examined, verifying),
        false => Ok(()),
    }
}

#[cfg(not(feature = "online"))]
fn verified(_: &mut Examined, _: &Verifying) -> Result<(), CliError> {
    Ok(())
}

/// Scans, completes the outcome with `finish`, reports, and returns the exit status.
///
/// # Errors
/// Returns an error if the scan cannot start or a report cannot be written.
pub fn carry_out(
    request: Request,
    finish: impl FnOnce(&mut Examined) -> Result<(), CliError>,
) -> Result<ExitCode, CliError> {
    let Request { mut job, baseline, replacements, reporting, exit } = request;
    let replacements = match replacements {
        Some(file) => {
            let place = replacements::check(&file, job.input.paths(), &job.input.cwd)?;
            Some((file, place))
        }
        None => None,
    };
    job.config.settings.baseline = known::find(&baseline, &job.input)?;
    let is_of_files = job.input.is_of_files();
    let mut examined = examine(job)?;
    if is_of_files {
        fix::plan_for_reports(&mut examined, reporting.wants_fixes());
    }
    finish(&mut examined)?;
    if let Some((file, place)) = &replacements {
        replacements::emit(file, place, &examined.outcome, reporting.is_quiet())?;
    }
    reporting.write(examined.reported())?;
    let status = status(exit, &examined);
    // The process ends here; freeing the compiled rules takes longer than reporting.
    std::mem::forget(examined);
    status
}

/// The exit status of an outcome.
fn status(exit: Exit, examined: &Examined) -> Result<ExitCode, CliError> {
    let outcome = &examined.outcome;
    if outcome.interrupted {
        return Ok(FAILED.into());
    }
    // Dead tokens and preview rules never fail a run, whatever their severity.
    let counts = |finding: &&Finding| {
        let state = finding.verification.as_ref().map(|one| one.state);
        (exit.dead_fails || state != Some(Liveness::Dead)) && !examined.is_in_preview(finding)
    };
    let nearest = |finding: &Finding| examined.nested.as_ref()?.fail_on(&finding.location.path);
    let fails = |finding: &Finding| match nearest(finding).unwrap_or(exit.fail_on) {
        FailOn::Severity(least) => finding.severity >= least,
        FailOn::Never => false,
    };
    if outcome.findings.iter().filter(counts).any(fails) && !exit.zero {
        return Ok(FOUND.into());
    }
    if outcome.is_failed() {
        return Ok(FAILED.into());
    }
    // Status 0 if all files of a hook are excluded: they were passed as arguments, and are skipped
    // deliberately.
    let may_be_empty = || {
        exit.may_be_empty || outcome.skipped.iter().any(|one| one.reason == SkipReason::Excluded)
    };
    if outcome.totals.files == 0 && !may_be_empty() {
        return Err(CliError::NothingScanned);
    }
    Ok(CLEAN.into())
}
