//! The remotes of a repository, and the commits that they have.

use super::{objects::Objects, revision::commit_of};
use crate::model::{Host, ObjectId, Remote};
use git2::{Direction, Repository};
use std::{collections::BTreeSet, sync::Arc};

/// A reference that records the state of a remote.
#[derive(Debug, Clone)]
pub struct Tracking {
    /// The remote.
    pub remote: Arc<Remote>,
    /// The commit that the remote is known to have.
    pub tip: ObjectId,
}

/// The remotes of a repository.
pub struct Remotes<'a> {
    all: Vec<(Arc<Remote>, git2::Remote<'a>)>,
}

impl<'a> Remotes<'a> {
    /// The remotes in the configuration.
    pub fn of(repository: &'a Repository) -> Self {
        let names = repository.remotes();
        let names = names.iter().flat_map(|names| names.iter()).filter_map(Result::ok).flatten();
        let all = names.filter_map(|name| {
            let remote = repository.find_remote(name).ok()?;
            let url = remote.url().map(plain_address).unwrap_or_default();
            let host = host_of(&url);
            Some((Arc::new(Remote { name: name.to_string(), url, host }), remote))
        });
        Self { all: all.collect() }
    }

    /// The remote whose state the reference of this name records: in a clone a reference below
    /// `refs/remotes`, in a mirror any.
    pub fn tracked_by(&self, reference: &str) -> Option<&Arc<Remote>> {
        let shows = |remote: &git2::Remote<'_>| {
            remote
                .refspecs()
                .any(|spec| spec.direction() == Direction::Fetch && spec.dst_matches(reference))
        };
        self.all.iter().find(|(_, remote)| shows(remote)).map(|(remote, _)| remote)
    }

    /// The references that record the state of a remote.
    pub fn tracking(&self, objects: &Objects<'_>) -> Vec<Tracking> {
        let mut targets = BTreeSet::new();
        objects.references.each(&mut |name, id| {
            let name = String::from_utf8_lossy(name);
            targets.extend(self.tracked_by(&name).map(|remote| (remote.clone(), id)));
        });
        let tip = |(remote, id)| Some(Tracking { remote, tip: commit_of(objects, id).ok()? });
        targets.into_iter().filter_map(tip).collect()
    }
}

/// A URL without a possible password.
fn plain_address(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_string() };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    format!("{scheme}://{host}{path}")
}

/// The host of a URL.
fn host_of(url: &str) -> Host {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or(host).to_ascii_lowercase();
    let is =
        |name: &str| host == name || host.strip_suffix(name).is_some_and(|sub| sub.ends_with('.'));
    if is("huggingface.co") || is("hf.co") {
        Host::Hub
    } else if is("github.com") {
        Host::GitHub
    } else {
        Host::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hub_is_known_by_its_host_alone() {
        assert_eq!(host_of("https://huggingface.co/a/b"), Host::Hub);
        assert_eq!(host_of("git@hf.co:a/b"), Host::Hub);
        assert_eq!(host_of("https://evil-huggingface.co/a"), Host::Other);
        assert_eq!(host_of("https://example.com/huggingface.co"), Host::Other);
        assert_eq!(host_of("ssh://git@github.com:22/a/b.git"), Host::GitHub);
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        assert_eq!(plain_address("https://user:word@hf.co/a@b"), "https://hf.co/a@b");
        assert_eq!(plain_address("../other"), "../other");
    }
}
