//! Runs `hfscan fix`.

use super::{
    diff, keep,
    planning::{name_secrets, planned},
    tell, write,
};
use crate::{
    cli::{
        error::CliError,
        examined::examine,
        fix_args::FixArgs,
        known,
        output::print,
        request::{Job, KnownFindings},
        status::{CLEAN, FAILED, FOUND},
    },
    config::FailOn,
};
use std::process::ExitCode;

/// Fixes, and returns the exit status.
///
/// # Errors
/// Returns an error if the scan cannot start, if a secret would be lost, or if a file cannot
/// be written.
pub fn run(args: &FixArgs) -> Result<ExitCode, CliError> {
    let job_of_scan = job(args)?;
    let fail_on = job_of_scan.config.fail_on;
    let examined = examine(job_of_scan)?;
    let mut names = keep::names(args.choice.keep.as_deref())?;
    name_secrets(&examined, &mut names);
    let mut work = planned(&examined, &args.choice, &names);
    if args.choice.diff {
        let text = diff::text(&work, &examined);
        print(&text)?;
        let is_refused = !work.refused.is_empty();
        let status = if is_refused { FAILED } else { u8::from(!text.is_empty()) };
        return Ok(status.into());
    }
    let secrets = keep::Endangered::of(&work, &examined);
    let kept = secrets.settle(&args.choice, &names, &examined)?;
    let is_changed = write::all(&mut work)?;
    let left = if is_changed { examine(job(args)?)? } else { examined };
    print(&tell::text(&work, &left, &kept, args.quiet))?;
    let is_failed = !work.refused.is_empty()
        || work.changed.iter().any(|one| !one.result.withdrawn.is_empty())
        || left.outcome.is_failed();
    let is_left = match fail_on {
        FailOn::Severity(least) => left.outcome.findings.iter().any(|one| one.severity >= least),
        FailOn::Never => false,
    };
    let status = match (is_failed, is_left) {
        (true, _) => FAILED,
        (_, true) => FOUND,
        _ => CLEAN,
    };
    Ok(status.into())
}

fn job(args: &FixArgs) -> Result<Job, CliError> {
    let mut job = Job::of(args.input.clone(), args.config.clone(), args.settings.layer.clone())?;
    if !job.input.is_of_files() {
        return Err(CliError::FixWithoutFiles);
    }
    job.shows_progress = !args.quiet;
    let baseline = KnownFindings::of(args.baseline.clone(), args.config.isolated);
    job.config.settings.baseline = known::find(&baseline, &job.input)?;
    Ok(job)
}
