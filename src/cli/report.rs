//! `hfscan report`: merges the reports of several scans, and writes them in any format.

use super::{
    error::CliError,
    report_args::ReportArgs,
    reporting::{Reported, Reporting},
    status::{CLEAN, FAILED, FOUND},
    surroundings::now,
};
use crate::{
    model::{Finding, Outcome},
    report::read_report,
    scan::{Scanner, Settings},
};
use std::{collections::HashSet, io::Read, path::Path, process::ExitCode};

/// Merges reports and writes the result.
///
/// # Errors
/// Returns an error for a file that cannot be read or is not a report.
pub fn run(args: ReportArgs) -> Result<ExitCode, CliError> {
    let reporting = match Reporting::named(&args.output)? {
        Some(reporting) => reporting,
        None => Reporting::in_format("text", &args.output)?,
    };
    let mut outcome = Outcome::default();
    for path in &args.files {
        let text = read(path).map_err(|error| CliError::Read { path: path.clone(), error })?;
        read_report(&text, &mut outcome)
            .map_err(|error| CliError::Report { path: path.clone(), error })?;
    }
    outcome.sort();
    drop_repeated(&mut outcome.findings);
    let scanner = Scanner::new(Settings::default())?;
    let (root, prefix) = (None, "");
    reporting.write(Reported {
        outcome: &outcome,
        rules: scanner.rules(),
        rules_version: scanner.rules_version(),
        root,
        prefix,
        started: now(),
    })?;
    Ok(match () {
        () if !outcome.findings.is_empty() => FOUND,
        () if outcome.is_failed() => FAILED,
        () => CLEAN,
    }
    .into())
}

fn read(path: &Path) -> std::io::Result<String> {
    if path.as_os_str() != "-" {
        return std::fs::read_to_string(path);
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

/// Removes duplicate findings of files that several scans read.
fn drop_repeated(findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    findings.retain(|finding| {
        let location = &finding.location;
        let inside = location.inside.join("!");
        seen.insert((finding.fingerprint.clone(), location.path.clone(), inside, location.span))
    });
}
