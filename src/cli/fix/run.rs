//! Runs `hfscan fix`.

use super::{
    diff, keep,
    planning::{name_secrets, planned},
    tell, write,
};
use crate::{
    cli::{
        config_args::ConfigArgs,
        error::CliError,
        examined::examine,
        fix_args::FixArgs,
        input_args::InputArgs,
        known,
        output::print,
        request::{Job, KnownFindings},
        scan_args::BaselineChoice,
        status::{CLEAN, FAILED, FOUND},
    },
    config::{FailOn, Layer},
};
use std::process::ExitCode;

/// Applies fixes, and returns the exit status.
///
/// # Errors
/// Returns an error if the scan cannot start, a secret would be lost, or a file cannot be written.
pub fn run(args: &FixArgs) -> Result<ExitCode, CliError> {
    let job_of_scan = job_of(args)?;
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
    let left = if is_changed { examine(job_of(args)?)? } else { examined };
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

/// The scan whose findings are fixed.
///
/// # Errors
/// Returns an error for conflicting options, a path that does not exist, an invalid setting, and an
/// input that is not files.
pub fn job(
    input: InputArgs,
    config: ConfigArgs,
    layer: Layer,
    baseline: BaselineChoice,
) -> Result<Job, CliError> {
    let baseline = KnownFindings::of(baseline, config.isolated);
    let mut job = Job::of(input, config, layer)?;
    if !job.input.is_of_files() {
        return Err(CliError::FixWithoutFiles);
    }
    job.config.settings.baseline = known::find(&baseline, &job.input)?;
    Ok(job)
}

fn job_of(args: &FixArgs) -> Result<Job, CliError> {
    let FixArgs { input, config, settings, baseline, .. } = args;
    let mut job = job(input.clone(), config.clone(), settings.layer.clone(), baseline.clone())?;
    job.shows_progress = !args.quiet;
    Ok(job)
}
