//! Proposed fixes as JSON, for MCP clients.

use super::{
    diff,
    planning::{name_secrets, planned},
    rounds::Fixed,
    run::job,
};
use crate::{
    cli::{
        config_args::ConfigArgs, error::CliError, examined::examine, fix_choice::FixChoice,
        input_args::InputArgs,
    },
    config::Layer,
    fix::Names,
};
use serde_json::{Value, json};

/// The changes of all fixes, safe and unsafe: `fixes`, each with its effect and the reason for its
/// applicability, a `diff` with secrets masked, and the `refused` ones.
///
/// # Errors
/// Returns an error if the scan cannot start.
pub fn propose(input: InputArgs, config: ConfigArgs) -> Result<Value, CliError> {
    let mut job = job(input, config, Layer::default(), Default::default())?;
    job.shows_progress = false;
    let examined = examine(job)?;
    let mut names = Names::default();
    name_secrets(&examined, &mut names);
    let choice = FixChoice { unsafe_fixes: true, ..FixChoice::default() };
    let work = planned(&examined, &choice, &names);
    let name = |path: &crate::model::SourcePath| format!("{}{path}", examined.prefix);
    let of_edits = work.changed.iter().flat_map(|changed| {
        changed.result.fixed.iter().map(|one| record(&name(&changed.path), one))
    });
    let of_files = work.files.iter().map(|(change, one)| record(&name(change.path()), one));
    let fixes: Vec<Value> = of_edits.chain(of_files).collect();
    let refused = work.refused.iter().map(|one| json!({ "path": name(&one.path), "why": one.why }));
    Ok(json!({
        "fixes": fixes,
        "diff": diff::text(&work, &examined),
        "refused": refused.collect::<Vec<_>>(),
        "findings": examined.outcome.findings.len(),
        "apply": "hfscan fix PATH applies the safe ones, --unsafe-fixes the others; a secret that \
                  is in no commit needs --keep FILE or --discard",
    }))
}

fn record(path: &str, fixed: &Fixed) -> Value {
    json!({
        "path": path,
        "line": fixed.line,
        "rule": &*fixed.rule,
        "title": fixed.title,
        "applicability": fixed.applicability.as_str(),
        "reason": fixed.reason,
        "variable": fixed.variable,
    })
}
