//! The action that applies all safe fixes in a document.

use super::{analysis::Analysis, client::Client, edit::Changes, plan::Plan};
use crate::{
    cli::fix::fix_in_rounds,
    model::{Applicability, Finding},
};
use serde_json::{Value, json};

/// The kinds of the action, for documents and notebooks. Clients request the actions of each cell
/// separately, so notebooks have their own kind.
pub const KINDS: [&str; 2] = ["source.fixAll.hfscan", "notebook.source.fixAll.hfscan"];

/// The kind of the action for a unit.
pub fn kind(analysis: &Analysis) -> &'static str {
    KINDS[usize::from(analysis.view.is_notebook())]
}

/// The action with its edit, or without it if the client resolves edits. An automatic action, such
/// as on save, does not remove secrets that are in no commit.
pub fn action(
    analysis: &Analysis,
    uri: &str,
    plan: &Plan<'_>,
    is_automatic: bool,
    client: &Client,
) -> Option<Value> {
    let mut action = json!({"title": "hfscan: apply all safe fixes", "kind": kind(analysis)});
    match client.resolves {
        true => {
            let revision = analysis.revision;
            action["data"] = json!({"uri": uri, "revision": revision, "automatic": is_automatic});
        }
        false => action["edit"] = edit(analysis, plan, is_automatic, client)?,
    }
    Some(action)
}

/// The edit: the difference after all rounds of fixes. `None` if nothing can be fixed, or if the
/// edit would contain a secret.
pub fn edit(
    analysis: &Analysis,
    plan: &Plan<'_>,
    is_automatic: bool,
    client: &Client,
) -> Option<Value> {
    let bytes = analysis.view.bytes();
    let found = |bytes: &[u8]| {
        let mut found: Vec<Finding> = analysis.again(bytes);
        plan.add_fixes(bytes, &mut found);
        for finding in found.iter_mut().filter(|one| is_automatic && plan.loses_secret(one)) {
            finding.fixes.clear();
        }
        found
    };
    let result = fix_in_rounds(&analysis.path, bytes, &found, Applicability::Safe);
    if result.fixed.is_empty() {
        return None;
    }
    let edits = analysis.view.difference(&result.bytes)?;
    let found = analysis.findings.iter().chain(&analysis.suppressed);
    let secrets: Vec<&[u8]> =
        found.filter_map(|one| one.secret.as_ref()).map(|secret| secret.expose()).collect();
    let holds = |text: &str, secret: &[u8]| {
        !secret.is_empty() && memchr::memmem::find(text.as_bytes(), secret).is_some()
    };
    let writes_secret =
        edits.iter().any(|(_, edit)| secrets.iter().any(|secret| holds(&edit.new_text, secret)));
    if writes_secret {
        return None;
    }
    Changes::of(edits).into_value(client)
}
