//! The descriptions of commits, and the files that they change.

use super::{
    objects::{Objects, Unread},
    oid::oid,
    repository::RepositoryRef,
    store::Kind,
};
use crate::model::{Commit, CommitTime, Excerpt, Finding, ObjectId, Origin, SourcePath, Span};
use git2::Repository;
use std::collections::BTreeMap;

/// The change of a file by a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its blob; `None` if the file is deleted.
    pub new: Option<ObjectId>,
    /// Its blob in each of the commit's parents.
    pub old: Vec<Option<ObjectId>>,
}

/// The files of a commit that differ from those of all its parents, by path.
///
/// A merge thus only has its own changes. A commit whose parents were not fetched, at the boundary
/// of a shallow clone, has all of its files.
///
/// # Errors
/// Returns an error if the commit or one of its trees cannot be read.
pub fn changes_of(
    objects: &Objects<'_>,
    commit: ObjectId,
) -> Result<BTreeMap<Vec<u8>, FileChange>, Unread> {
    let text = objects.content(commit, Kind::Commit)?;
    let tree = objects.tree_of(commit)?;
    let parents: Vec<Option<ObjectId>> =
        parents(&text).map(|parent| objects.tree_of(parent).ok()).collect();
    let parents = if parents.is_empty() { vec![None] } else { parents };
    let mut all: Option<BTreeMap<Vec<u8>, FileChange>> = None;
    for parent in parents {
        let differences = objects.differences(parent, Some(tree))?.into_iter();
        let mut changes: BTreeMap<_, _> = differences
            .map(|(path, old, new)| (path, FileChange { new, old: vec![old] }))
            .collect();
        all = Some(match all.take() {
            None => changes,
            Some(mut all) => {
                all.retain(|path, change| {
                    let Some(here) = changes.remove(path) else { return false };
                    change.old.extend(here.old);
                    true
                });
                all
            }
        });
    }
    Ok(all.unwrap_or_default())
}

/// The parents in the text of a commit.
pub fn parents(text: &[u8]) -> impl Iterator<Item = ObjectId> + '_ {
    let header = text.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
    header.filter_map(|line| ObjectId::from_hex(line.strip_prefix(b"parent ")?))
}

/// The description of a commit of the repository at `place`, for a file at `path` in it.
pub fn describe(
    place: &RepositoryRef,
    repository: &Repository,
    id: ObjectId,
    path: SourcePath,
) -> Option<Commit> {
    let commit = repository.find_commit(oid(id)).ok()?;
    let (time, author) = (commit.time(), commit.author());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some(Commit {
        id,
        time: CommitTime { seconds: time.seconds(), offset: time.offset_minutes() },
        author: text(author.name_bytes()),
        author_email: place.options.author_email.then(|| text(author.email_bytes())),
        path,
    })
}

/// Removes the e-mail address from the excerpt of a commit's or a tag's header, unless addresses
/// were requested. An address that contains the secret is already masked.
pub fn hide_email(place: &RepositoryRef, finding: &mut Finding) {
    let Excerpt { text, highlight, .. } = &mut finding.excerpt;
    let is_message = finding
        .history
        .as_ref()
        .is_some_and(|one| matches!(one.origin, Origin::Commit(_) | Origin::Tag(_)));
    let is_person = ["author ", "committer ", "tagger "].iter().any(|key| text.starts_with(key));
    if place.options.author_email || !is_message || !is_person {
        return;
    }
    let Some((start, end)) = text.find('<').zip(text.rfind('>')) else { return };
    if end <= start || (highlight.start <= end && highlight.end > start) {
        return;
    }
    let before = text.len();
    text.replace_range(start + 1..end, "…");
    if highlight.start > end {
        let at = |at: usize| (at + text.len()).saturating_sub(before);
        *highlight = Span::new(at(highlight.start), at(highlight.end));
    }
}

/// The text of a commit or a tag that is scanned: the whole object without its signature, which is
/// data.
pub fn text_of(object: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(object.len());
    let mut in_signature = false;
    let mut in_header = true;
    for line in object.split_inclusive(|byte| *byte == b'\n') {
        if in_header {
            in_header = line != b"\n";
            in_signature = line.starts_with(b"gpgsig") || in_signature && line.starts_with(b" ");
        }
        if !in_signature {
            text.extend_from_slice(line);
        }
    }
    text
}

/// The name under which the text of a commit is scanned.
pub fn commit_path(id: ObjectId) -> SourcePath {
    SourcePath::from_bytes(format!(".git/commits/{id}"))
}

/// The name under which the text of a tag is scanned.
pub fn tag_path(id: ObjectId) -> SourcePath {
    SourcePath::from_bytes(format!(".git/tags/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_of_a_commit_is_not_scanned() {
        let object = b"tree 1\nauthor A\ngpgsig -----BEGIN\n abc\n -----END\nencoding x\n\ngpgsig is a word\n abc\n";
        assert_eq!(
            String::from_utf8_lossy(&text_of(object)),
            "tree 1\nauthor A\nencoding x\n\ngpgsig is a word\n abc\n"
        );
    }
}
