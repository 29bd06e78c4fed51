//! Prints applied fixes and remaining steps.

use super::{keep::Kept, work::Work};
use crate::{
    cli::examined::Examined,
    model::{Applicability, FileChange, SourcePath},
};
use std::{collections::BTreeSet, fmt::Write};

/// Rows of fixes that need a secret to be created in CI or the cluster.
const CI_ROWS: [&str; 4] =
    ["github-actions-value", "github-actions-run", "ci-script", "kubernetes-value"];

/// Applied and withdrawn fixes of each file, remaining findings and steps.
pub fn text(work: &Work, left: &Examined, kept: &Kept, quiet: bool) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail.
    if !quiet {
        for changed in &work.changed {
            for one in &changed.result.fixed {
                let level = match one.applicability {
                    Applicability::Safe => String::new(),
                    _ => format!(" ({}: {})", one.applicability.as_str(), one.reason),
                };
                let _ = writeln!(
                    out,
                    "{}{}:{}: fixed [{}] {}{level}",
                    left.prefix, changed.path, one.line, one.rule, one.title
                );
            }
        }
        for (change, fixed) in &work.files {
            let what = match change {
                FileChange::Append { lines, .. } => format!("added {}", lines.join(", ")),
                FileChange::Delete { .. } => "deleted".into(),
            };
            let _ = writeln!(out, "{}{}: {what} [{}]", left.prefix, change.path(), fixed.rule);
        }
    }
    for changed in &work.changed {
        for (one, why) in &changed.result.withdrawn {
            let _ = writeln!(
                out,
                "{}{}:{}: fix of [{}] withdrawn: {why}",
                left.prefix, changed.path, one.line, one.rule
            );
        }
    }
    for refused in &work.refused {
        let _ = writeln!(out, "{}{}: not fixed: {}", left.prefix, refused.path, refused.why);
    }
    summary(&mut out, work, left);
    to_do(&mut out, work, kept);
    out
}

fn summary(out: &mut String, work: &Work, left: &Examined) {
    let fixed =
        work.changed.iter().map(|one| one.result.fixed.len()).sum::<usize>() + work.files.len();
    let findings = left.outcome.findings.len();
    let _ = write!(out, "hfscan: {fixed} fixed, {findings} left");
    if work.held_back > 0 {
        let _ = write!(out, " ({} with `--unsafe-fixes`)", work.held_back);
    }
    out.push('\n');
    for finding in left.outcome.findings.iter().take(50) {
        let place = finding.location.start;
        let _ = writeln!(
            out,
            "  {}{}:{}:{}: {}[{}] {}",
            left.prefix,
            finding.location.name(),
            place.line,
            place.column,
            finding.severity.as_str(),
            finding.rule,
            finding.help
        );
    }
    if findings > 50 {
        let _ = writeln!(out, "  … and {} more: `hfscan`", findings - 50);
    }
}

fn to_do(out: &mut String, work: &Work, kept: &Kept) {
    let fixed: Vec<_> =
        work.changed.iter().flat_map(|one| &one.result.fixed).chain(work.files.values()).collect();
    let secrets: BTreeSet<_> = fixed.iter().filter_map(|one| one.secret.as_ref()).collect();
    if secrets.is_empty() {
        return;
    }
    let variables: BTreeSet<&str> =
        fixed.iter().filter_map(|one| one.variable.as_deref()).collect();
    let variables = variables.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
    out.push_str("Remaining steps:\n");
    if let Some((file, added)) = &kept.file {
        let file = SourcePath::from_path(file);
        let _ = writeln!(
            out,
            "- {file} now holds {}; load it with `set -a; . {file}; set +a`",
            added.join(", ")
        );
    } else if !variables.is_empty() {
        let _ = writeln!(out, "- set {variables} in the environment of the program");
    }
    if kept.discarded > 0 {
        let _ =
            writeln!(out, "- {} of the secrets were in no commit and were deleted", kept.discarded);
    }
    if fixed.iter().any(|one| CI_ROWS.contains(&one.row)) {
        let _ = writeln!(out, "- create the secret {variables} in the CI or the cluster");
    }
    if secrets.iter().any(|one| one.expose().starts_with(b"hf_")) {
        out.push_str(
            "- revoke the token, since it may have leaked: https://huggingface.co/settings/tokens\n",
        );
    } else {
        out.push_str("- revoke the secret at its issuer, since it may have leaked\n");
    }
    out.push_str(
        "- committed secrets are still in git's history: `hfscan --history --emit-replacements FILE`\n",
    );
}
