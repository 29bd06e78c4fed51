//! Code actions for findings.

use super::{
    allow,
    analysis::Analysis,
    client::Client,
    diagnostics::place,
    edit::{Beside, Changes},
    fix_all,
    ignore::{self, BLANK},
    plan::Plan,
    protocol::{CodeActionContext, Range},
    snapshot::Text,
};
use crate::{
    model::{Applicability, FileChange, Finding, Fix, Span},
    report::{public_id, revoke_url},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// The kind of an action for one finding.
pub const QUICK_FIX: &str = "quickfix";
/// The command that opens the page for revoking a token; its argument is the URL.
pub const OPEN: &str = "hfscan.openTokenSettings";

/// Inputs of the code actions.
pub struct Surroundings<'a> {
    /// The client's capabilities.
    pub client: &'a Client,
    /// The open documents.
    pub open: &'a [Text],
    /// The analyses of all open documents.
    pub others: &'a [Arc<Analysis>],
}

/// The actions for a range of a document.
pub fn list(
    analysis: &Analysis,
    uri: &str,
    range: Range,
    context: &CodeActionContext,
    around: &Surroundings<'_>,
) -> Vec<Value> {
    if !around.client.has_actions || analysis.findings.is_empty() {
        return Vec::new();
    }
    let plan = Plan::of(analysis, around.others);
    let mut actions = Vec::new();
    let kind = fix_all::kind(analysis);
    if is_wanted(context, kind) && plan.findings.iter().any(has_safe_edits) {
        let is_automatic = context.trigger_kind == Some(2);
        actions.extend(fix_all::action(analysis, uri, &plan, is_automatic, around.client));
    }
    if !is_wanted(context, QUICK_FIX) {
        return actions;
    }
    for finding in &plan.findings {
        let here = place(analysis, finding);
        if here.is_some_and(|here| here.text.uri == uri && here.range.touches(range)) {
            let mut own = of_finding(analysis, finding, &plan, around);
            let diagnostics = told(finding, &context.diagnostics);
            own.iter_mut().for_each(|action| action["diagnostics"] = diagnostics.clone());
            actions.extend(own);
        }
    }
    actions
}

/// `true` if `kind` is requested, either itself or by one of its parent kinds.
fn is_wanted(context: &CodeActionContext, kind: &str) -> bool {
    let belongs = |only: &String| {
        kind.strip_prefix(only.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    context.only.as_ref().is_none_or(|only| only.iter().any(belongs))
}

fn has_safe_edits(finding: &Finding) -> bool {
    let is_safe = |fix: &Fix| fix.applicability == Applicability::Safe && !fix.edits.is_empty();
    finding.fixes.iter().any(is_safe)
}

/// The client's diagnostics for a finding.
fn told(finding: &Finding, diagnostics: &[Value]) -> Value {
    let is_own = |one: &&Value| {
        one.pointer("/data/fingerprint").and_then(Value::as_str)
            == Some(finding.fingerprint.as_str())
            && one["code"].as_str() == Some(&finding.rule)
    };
    diagnostics.iter().filter(is_own).cloned().collect()
}

fn of_finding(
    analysis: &Analysis,
    finding: &Finding,
    plan: &Plan,
    around: &Surroundings<'_>,
) -> Vec<Value> {
    let mut actions = Vec::new();
    let fixes = finding
        .fixes
        .iter()
        .filter(|fix| fix.has_changes() && fix.applicability > Applicability::DisplayOnly);
    for (number, fix) in fixes.enumerate() {
        let Some(edit) = edit_of(analysis, fix, around) else { continue };
        let is_safe = fix.applicability == Applicability::Safe;
        let mut title = format!("hfscan: {}", fix.title);
        if !is_safe {
            title.push_str(&format!(" (unsafe: {})", fix.reason));
        }
        let is_deleted = |change: &FileChange| matches!(change, FileChange::Delete { .. });
        let is_removed = !fix.edits.is_empty() || fix.files.iter().any(is_deleted);
        if is_removed && plan.loses_secret(finding) {
            title.push_str("; save the secret first, it is in no commit");
        }
        let mut action = quick_fix(analysis, &title, edit);
        if is_safe && number == 0 {
            action["isPreferred"] = true.into();
        }
        actions.push(action);
    }
    actions.extend(ignoring(analysis, finding, around));
    actions.extend(allowing(analysis, finding, around));
    actions.extend(opening(analysis, finding));
    actions
}

fn quick_fix(analysis: &Analysis, title: &str, edit: Value) -> Value {
    let title = analysis.project.scanner.masked(title);
    json!({"title": title, "kind": QUICK_FIX, "edit": edit})
}

/// The workspace edit of a fix; `None` if the client does not support it.
fn edit_of(analysis: &Analysis, fix: &Fix, around: &Surroundings<'_>) -> Option<Value> {
    let mut changes = Changes::of(analysis.view.edits(&fix.edits)?);
    let root = analysis.project.root.dir();
    for change in &fix.files {
        let path = root.join(change.path().to_path());
        match change {
            FileChange::Append { lines, .. } => {
                let beside = Beside::of(&path, around.open)?;
                let end = beside.text().len();
                let newline = if beside.text().contains("\r\n") { "\r\n" } else { "\n" };
                let is_begun = !beside.text().is_empty() && !beside.text().ends_with('\n');
                let mut new = if is_begun { newline.to_string() } else { String::new() };
                lines.iter().for_each(|line| new.push_str(&[line, newline].concat()));
                let encoding = around.client.encoding;
                changes.edit_beside(&beside, Span::new(end, end), new, encoding);
            }
            FileChange::Delete { .. } => changes.delete(&path),
        }
    }
    changes.into_value(around.client)
}

/// The edit that ignores a finding: a comment, or a baseline entry where no comment is possible.
fn ignoring(analysis: &Analysis, finding: &Finding, around: &Surroundings<'_>) -> Option<Value> {
    if let Some(edit) = ignore::comment(analysis, finding) {
        let mut changes = Changes::default();
        for (text, edit) in analysis.view.edits(&[edit])? {
            changes.edit(text, edit, Some(BLANK));
        }
        let title = format!("hfscan: ignore `{}` here, with a reason", finding.rule);
        return Some(quick_fix(analysis, &title, changes.into_value(around.client)?));
    }
    if analysis.project.is_isolated || analysis.file.is_none() {
        return None;
    }
    let file = Beside::of(&allow::baseline_file(analysis), around.open)?;
    let new = allow::baseline(&file, analysis, finding)?;
    let mut changes = Changes::default();
    changes.edit_beside(&file, Span::new(0, file.text().len()), new, around.client.encoding);
    let title = "hfscan: add this finding to the baseline";
    Some(quick_fix(analysis, title, changes.into_value(around.client)?))
}

/// The edit that allows a secret by its SHA-256 in the configuration; not offered for guessable
/// secrets, whose digest would confirm a guess.
fn allowing(analysis: &Analysis, finding: &Finding, around: &Surroundings<'_>) -> Option<Value> {
    let secret = finding.secret.as_ref().filter(|secret| public_id(secret).is_some())?;
    if analysis.project.is_isolated || analysis.file.is_none() {
        return None;
    }
    let path = allow::configuration(analysis);
    let name = path.file_name()?.to_str()?;
    let file = Beside::of(&path, around.open)?;
    let (span, new) = allow::digest(&file, name, &secret.sha256())?;
    let mut changes = Changes::default();
    changes.edit_beside(&file, span, new, around.client.encoding);
    let title = format!("hfscan: allow this secret everywhere, by its SHA-256 in {name}");
    Some(quick_fix(analysis, &title, changes.into_value(around.client)?))
}

/// The action that opens the page for revoking a token.
fn opening(analysis: &Analysis, finding: &Finding) -> Option<Value> {
    let mut ids = std::iter::once(&finding.rule).chain(&finding.also);
    let found = |id| analysis.rule(id).and_then(revoke_url);
    let address = ids.find_map(|id| found(id)).filter(|_| finding.is_revocable())?;
    let title = format!("hfscan: open {address} to revoke it");
    let command = json!({"title": title, "command": OPEN, "arguments": [address]});
    Some(json!({"title": title, "kind": QUICK_FIX, "command": command}))
}
