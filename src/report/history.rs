//! The git history of a finding in reports.

use crate::model::{Commit, Exposure, Finding, History, Host, ObjectId, Origin, escaped};
use serde::Serialize;

/// `true` if a finding is in a current file, not in an older version of a file or in a message.
pub fn is_current(finding: &Finding) -> bool {
    match &finding.history {
        None => true,
        Some(history) => {
            matches!(history.origin, Origin::Blob(_))
                && (history.is_at_head || history.exposure == Exposure::Staged)
        }
    }
}

/// The commit of the file version that a finding's location refers to; `None` for the current
/// version.
pub fn commit_of(finding: &Finding) -> Option<ObjectId> {
    let history = finding.history.as_ref().filter(|_| !is_current(finding))?;
    history.introduced.as_ref().map(|commit| commit.id)
}

/// The history in one sentence: `In git history: added in 1a2b3c4d5e on 2024-05-01 by Jane;
/// removed in …; no longer in HEAD; pushed to origin.`
pub fn story(finding: &Finding) -> Option<String> {
    let history = finding.history.as_ref()?;
    let mut parts = Vec::new();
    match history.origin {
        Origin::Commit(_) => parts.push("in a commit message".to_string()),
        Origin::Tag(_) => parts.push("in the message of a tag".to_string()),
        _ => {}
    }
    if let Some(commit) = &history.introduced {
        parts.push(format!("added in {}", sentence(commit)));
    }
    if let Some(commit) = &history.removed {
        parts.push(format!("removed in {}", sentence(commit)));
    }
    parts.push(state(history).to_string());
    if !history.pushed.is_empty() {
        parts.push(format!("pushed to {}", remotes(history)));
    }
    Some(format!("In git history: {}.", parts.join("; ")))
}

/// The spread of a finding, in a few words.
pub fn state(history: &History) -> &'static str {
    match history.exposure {
        Exposure::Staged => "staged, not committed yet",
        Exposure::Head => "still in HEAD",
        Exposure::Reachable => "gone from HEAD",
        Exposure::Unreachable => "in no reference, only in the object store",
    }
}

/// The names of the remotes that contain a finding.
pub fn remotes(history: &History) -> String {
    enumerated(history.pushed.iter().map(|remote| escaped(remote.name.as_bytes())))
}

/// The history of a finding as lines with name and text.
pub fn fields(finding: &Finding) -> Vec<(&'static str, String)> {
    let Some(history) = &finding.history else { return Vec::new() };
    let mut fields = Vec::new();
    if let Some(commit) = &history.introduced {
        fields.push(("commit", sentence(commit)));
    }
    if let Some(commit) = &history.removed {
        fields.push(("removed", sentence(commit)));
    }
    if let Some(text) = reach(history) {
        fields.push(("reach", text));
    }
    if history.occurrences > 1 {
        fields.push(("note", format!("the same secret is in {} git objects", history.occurrences)));
    }
    for remote in &history.pushed {
        let name = escaped(remote.name.as_bytes());
        let host = match remote.host {
            Host::Hub => " (Hugging Face)",
            Host::GitHub => " (GitHub)",
            Host::Other => "",
        };
        fields.push(("pushed", format!("{name}{host}")));
    }
    for advice in &history.advice {
        fields.push(("fix", escaped(advice.as_bytes())));
    }
    fields
}

fn sentence(commit: &Commit) -> String {
    let date = commit.time.to_string();
    let (day, _) = date.split_once('T').unwrap_or((&date, ""));
    let author = escaped(commit.author.as_bytes());
    let email = commit.author_email.as_ref().map(|email| escaped(email.as_bytes()));
    let email = email.map(|email| format!(" <{email}>")).unwrap_or_default();
    format!("{} on {day} by {author}{email}", commit.id.short())
}

fn reach(history: &History) -> Option<String> {
    let refs = || {
        let names: Vec<String> = history.refs.iter().map(|name| escaped(name.as_bytes())).collect();
        let more = history.ref_count.saturating_sub(names.len());
        match (names.is_empty(), more) {
            (true, _) => String::new(),
            (false, 0) => format!("reachable from {}", names.join(", ")),
            (false, more) => format!("reachable from {} and {more} more", names.join(", ")),
        }
    };
    match history.exposure {
        Exposure::Staged => None,
        Exposure::Head => Some(join("still in HEAD", &refs())),
        Exposure::Reachable => Some(join("no longer in the files of HEAD", &refs())),
        Exposure::Unreachable => Some("in no reference, only in the object store".into()),
    }
}

fn join(first: &str, second: &str) -> String {
    if second.is_empty() { first.to_string() } else { format!("{first}; {second}") }
}

/// The JSON record of a finding's history: without URLs of remotes, and without e-mail addresses
/// unless requested.
#[derive(Serialize)]
pub struct HistoryJson<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<String>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    introduced: Option<CommitJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removed: Option<CommitJson<'a>>,
    refs: &'a [String],
    ref_count: usize,
    pushed: Vec<RemoteJson<'a>>,
    occurrences: usize,
    advice: &'a [String],
}

#[derive(Serialize)]
struct CommitJson<'a> {
    commit: String,
    date: String,
    author: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    author_email: Option<&'a str>,
    path: String,
}

#[derive(Serialize)]
struct RemoteJson<'a> {
    name: &'a str,
    host: &'static str,
}

impl<'a> HistoryJson<'a> {
    /// The record of a finding's history.
    pub fn of(history: &'a History) -> Self {
        let commit = |commit: &'a Commit| CommitJson {
            commit: commit.id.to_string(),
            date: commit.time.to_string(),
            author: &commit.author,
            author_email: commit.author_email.as_deref(),
            path: commit.path.to_text(),
        };
        Self {
            kind: match history.origin {
                Origin::File => "file",
                Origin::Remote => "remote",
                Origin::Blob(_) => "blob",
                Origin::Commit(_) => "commit",
                Origin::Tag(_) => "tag",
            },
            object: history.origin.object().map(|id| id.to_string()),
            state: history.exposure.as_str(),
            introduced: history.introduced.as_ref().map(commit),
            removed: history.removed.as_ref().map(commit),
            refs: &history.refs,
            ref_count: history.ref_count,
            pushed: history
                .pushed
                .iter()
                .map(|one| RemoteJson { name: &one.name, host: one.host.as_str() })
                .collect(),
            occurrences: history.occurrences,
            advice: &history.advice,
        }
    }
}

/// `a, b and c`.
fn enumerated(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    match &names[..] {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
