//! GitHub workflows that run for the events of a calling workflow, which passes them its secrets.

use super::check::{Check, Claim, Tree};
use crate::{
    language::{FileHead, Wanted, identify},
    model::{Facts, SourcePath, tree::is_workflow},
    rule::Rule,
};
use std::collections::{BTreeMap, BTreeSet};

/// Findings of a rule over workflows in a called workflow, as if it also had the events of its
/// caller: one claim per line, with the callers as notes.
pub struct Called;

impl Check for Called {
    fn name(&self) -> &'static str {
        "called-workflow"
    }

    fn run(&self, rule: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        let mut callers: BTreeMap<(SourcePath, usize), BTreeSet<String>> = BTreeMap::new();
        let workflows = tree.files.iter().map(|file| &file.path);
        for workflow in workflows.filter(|path| is_workflow(path.as_bytes())) {
            let Some(text) = (tree.read)(workflow) else { continue };
            let events = before_jobs(&text);
            if events.len() == text.len() {
                continue;
            }
            let mut reached = BTreeSet::new();
            let mut open = calls(workflow, &text);
            while let Some(called) = open.pop() {
                if !reached.insert(called.clone()) {
                    continue;
                }
                let Some(text) = (tree.read)(&called) else { continue };
                open.extend(calls(&called, &text));
                let above = memchr::memchr_iter(b'\n', events).count();
                let lines = (tree.lines)(rule, &called, &[events, &text].concat());
                for line in lines.into_iter().filter_map(|line| line.checked_sub(above)) {
                    if line > 0 && !is_known(tree, rule, &called, line) {
                        let callers = callers.entry((called.clone(), line)).or_default();
                        callers.insert(workflow.to_string());
                    }
                }
            }
        }
        callers
            .into_iter()
            .map(|((path, line), callers)| Claim {
                name: path.to_string(),
                path,
                line,
                severity: rule.severity,
                notes: callers.iter().map(|one| format!("`{one}` calls this workflow")).collect(),
            })
            .collect()
    }
}

/// `true` if the rule reports this line for the file alone.
fn is_known(tree: &Tree<'_>, rule: &Rule, path: &SourcePath, line: usize) -> bool {
    tree.findings.iter().any(|finding| {
        finding.rule == rule.id
            && finding.location.path == *path
            && finding.location.start.line == line
    })
}

/// The lines of a workflow above its jobs; all lines if it has no jobs.
fn before_jobs(text: &[u8]) -> &[u8] {
    let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text).map(|at| at + 1));
    let jobs = starts.into_iter().find(|at| text[*at..].starts_with(b"jobs:"));
    &text[..jobs.unwrap_or(text.len())]
}

/// The workflows in the same repository that the jobs of a workflow call with secrets.
fn calls(workflow: &SourcePath, text: &[u8]) -> Vec<SourcePath> {
    let file = FileHead::of(workflow, text);
    let Some(reader) = identify(file) else { return Vec::new() };
    let facts: Facts = reader.read(text, file, Wanted::ALL);
    let has_secrets = |job: &str| {
        let secrets = format!("{job}.secrets");
        facts.bindings.iter().any(|one| {
            one.path
                .strip_prefix(&secrets)
                .is_some_and(|rest| matches!(rest.as_bytes(), [] | [b'.', ..]))
        })
    };
    let called = facts.bindings.iter().filter_map(|one| {
        let job = one.path.strip_suffix(".uses").filter(|job| job.starts_with("jobs."))?;
        let name = one.value.text.strip_prefix("./").filter(|_| has_secrets(job))?;
        // The folder that contains `.github`: the root of the repository.
        let root = workflow.ancestors().nth(2);
        let path = SourcePath::from_bytes(name);
        let path = root.map_or(path.clone(), |root| path.below(&root));
        is_workflow(path.as_bytes()).then_some(path)
    });
    called.collect()
}
