//! Lists of the Hub: repositories of an owner, references, files.

use super::{
    api::{Api, HubError},
    target::Kind,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// A repository or bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Its kind.
    pub kind: Kind,
    /// `OWNER/NAME`.
    pub id: String,
    /// Time of the last change as returned by the Hub (RFC 3339); empty if unknown.
    pub changed: String,
}

/// A file in a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFile {
    /// Its path.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// The id of its content: a git object, or the SHA-256 of LFS.
    pub content: String,
}

/// A revision and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The branch, tag or reference.
    pub name: String,
    /// The commit.
    pub commit: String,
}

/// The repositories, buckets and collections of an owner.
///
/// # Errors
/// Returns an error if the request of a list fails.
pub fn of_owner(
    api: &Api,
    owner: &str,
    kinds: &[Kind],
    limit: usize,
) -> Result<Vec<Repository>, HubError> {
    let mut found = Vec::new();
    for kind in kinds.iter().copied() {
        let path = match kind {
            Kind::Bucket => format!("/api/buckets/{}", quoted(owner, false)),
            _ => format!(
                "/api/{}?author={}&limit=500&full=true",
                kind.segment(),
                quoted(owner, false)
            ),
        };
        let mut take = |page: Vec<Value>| {
            for entry in page {
                let id = entry["id"].as_str().or_else(|| entry["name"].as_str());
                let changed =
                    entry["lastModified"].as_str().or_else(|| entry["updatedAt"].as_str());
                if let Some(id) = id {
                    let id =
                        if id.contains('/') { id.to_string() } else { format!("{owner}/{id}") };
                    let changed = changed.unwrap_or_default().to_string();
                    found.push(Repository { kind, id, changed });
                }
            }
            found.len() < limit
        };
        match api.pages(&path, &mut take) {
            // An owner without buckets, or a Hub that does not support them.
            Err(HubError::NotFound) if kind == Kind::Bucket => {}
            other => other?,
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// The collections of an owner, by the last part of their URLs.
///
/// # Errors
/// Returns an error if the request fails.
pub fn collections_of(api: &Api, owner: &str) -> Result<Vec<String>, HubError> {
    let mut found = Vec::new();
    let path = format!("/api/collections?owner={}&limit=100", quoted(owner, false));
    api.pages(&path, &mut |page| {
        found.extend(page.iter().filter_map(|one| one["slug"].as_str().map(str::to_string)));
        true
    })?;
    Ok(found)
}

/// The commit of a revision.
///
/// # Errors
/// Returns an error if the revision does not exist.
pub fn revision(api: &Api, repository: &Repository, name: &str) -> Result<Revision, HubError> {
    let Repository { kind, id, .. } = repository;
    let path =
        format!("/api/{}/{}/revision/{}", kind.segment(), quoted(id, true), quoted(name, false));
    let body = api.json(&path)?;
    let commit = body["sha"].as_str().ok_or(HubError::Shape("no commit"))?;
    Ok(Revision { name: name.to_string(), commit: commit.to_string() })
}

/// Every branch, tag, conversion and pull request, each commit once. References of closed pull
/// requests still exist.
///
/// # Errors
/// Returns an error if the request fails.
pub fn revisions(api: &Api, repository: &Repository) -> Result<Vec<Revision>, HubError> {
    let Repository { kind, id, .. } = repository;
    let path = format!("/api/{}/{}/refs?include_prs=1", kind.segment(), quoted(id, true));
    let body = api.json(&path)?;
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for list in ["branches", "tags", "converts", "pullRequests"] {
        for entry in body[list].as_array().map_or(&[][..], Vec::as_slice) {
            let commit = entry["targetCommit"].as_str().or_else(|| entry["target"].as_str());
            let name = entry["ref"].as_str().or_else(|| entry["name"].as_str());
            if let (Some(commit), Some(name)) = (commit, name)
                && known.insert(commit.to_string())
            {
                found.push(Revision { name: name.to_string(), commit: commit.to_string() });
            }
        }
    }
    Ok(found)
}

/// The files of a revision below a folder, or a single file.
///
/// # Errors
/// Returns an error if the request fails.
pub fn files(
    api: &Api,
    repository: &Repository,
    commit: &str,
    below: &str,
) -> Result<Vec<RemoteFile>, HubError> {
    let Repository { kind, id, .. } = repository;
    let id = quoted(id, true);
    let path = match kind {
        Kind::Bucket => {
            let folder =
                if below.is_empty() { String::new() } else { format!("/{}", quoted(below, false)) };
            format!("/api/buckets/{id}/tree{folder}?recursive=true&limit=1000")
        }
        _ => {
            let folder =
                if below.is_empty() { String::new() } else { format!("/{}", quoted(below, false)) };
            format!(
                "/api/{}/{id}/tree/{}{folder}?recursive=true&expand=false",
                kind.segment(),
                quoted(commit, false)
            )
        }
    };
    let mut found = Vec::new();
    let listed = api.pages(&path, &mut |page| {
        found.extend(page.iter().filter_map(file));
        true
    });
    match listed {
        // The path is that of a file.
        Err(HubError::NotFound) if !below.is_empty() => {
            let (folder, _) = below.rsplit_once('/').unwrap_or(("", below));
            let all = files(api, repository, commit, folder)?;
            let file = all.into_iter().find(|file| file.path == below);
            file.map(|file| vec![file]).ok_or(HubError::NotFound)
        }
        listed => listed.map(|()| found),
    }
}

fn file(entry: &Value) -> Option<RemoteFile> {
    if entry["type"].as_str() == Some("directory") {
        return None;
    }
    let content = [&entry["lfs"]["oid"], &entry["xetHash"], &entry["oid"], &entry["hash"]];
    Some(RemoteFile {
        path: entry["path"].as_str()?.to_string(),
        size: entry["lfs"]["size"].as_u64().or_else(|| entry["size"].as_u64())?,
        content: content.iter().find_map(|one| one.as_str()).unwrap_or_default().to_string(),
    })
}

/// A text percent-encoded for a URL; slashes are kept if `keeps_slashes`.
pub fn quoted(text: &str, keeps_slashes: bool) -> String {
    text.bytes().fold(String::new(), |mut quoted, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                quoted.push(char::from(byte));
            }
            b'/' if keeps_slashes => quoted.push('/'),
            other => quoted.push_str(&format!("%{other:02X}")),
        }
        quoted
    })
}
