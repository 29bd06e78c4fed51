//! What git knows of a finding, as reports tell it.

use crate::model::{Commit, Finding, History, Origin, Reach, escaped};
use serde::Serialize;

/// The lines about a finding's history for people: a name and a text each.
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
        fields.push(("note", format!("the same secret stands in {} objects", history.occurrences)));
    }
    for remote in &history.pushed {
        let (name, url) = (escaped(remote.name.as_bytes()), escaped(remote.url.as_bytes()));
        fields.push(("pushed", if url.is_empty() { name } else { format!("{name} ({url})") }));
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
    format!("{} of {day} by {author}{email}", commit.id.short())
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
    match history.reach {
        Reach::Staged => None,
        Reach::Head => Some(join("still in HEAD", &refs())),
        Reach::Reachable => Some(join("no longer in the files of HEAD", &refs())),
        Reach::Unreachable => Some("only in the object store: no reference leads to it".into()),
    }
}

fn join(first: &str, second: &str) -> String {
    if second.is_empty() { first.to_string() } else { format!("{first}; {second}") }
}

/// What git knows of a finding, for machines. Addresses of people
/// stay out, unless they were asked for.
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
    url: &'a str,
    host: &'static str,
}

impl<'a> HistoryJson<'a> {
    /// What is known of a finding's history.
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
            state: history.reach.as_str(),
            introduced: history.introduced.as_ref().map(commit),
            removed: history.removed.as_ref().map(commit),
            refs: &history.refs,
            ref_count: history.ref_count,
            pushed: history
                .pushed
                .iter()
                .map(|one| RemoteJson { name: &one.name, url: &one.url, host: one.host.as_str() })
                .collect(),
            occurrences: history.occurrences,
            advice: &history.advice,
        }
    }
}
