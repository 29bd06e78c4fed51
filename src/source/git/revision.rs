//! Resolves revisions.
//!
//! libgit2 hangs on a truncated loose object and reserves the memory that a packed one announces, so
//! it only finds references and names, and resolves what is rarely written: `@{-1}`, `:/text`,
//! `HEAD^{tree}`, `HEAD:a.py`.

use super::{
    between::Walk,
    error::GitError,
    graph::tag_target,
    objects::{Objects, Unread},
    oid::object_id,
    store::{Kind, ObjectReader},
};
use crate::model::{ObjectId, SkipReason};
use git2::Oid;
use std::path::PathBuf;

/// The object that a revision names; `HEAD` if it is empty. `folders` contain the objects.
///
/// # Errors
/// Returns an error if there is none, or if it or an object on the way to it cannot be read.
pub fn resolve(
    objects: &Objects<'_>,
    folders: &[PathBuf],
    revision: &str,
) -> Result<ObjectId, GitError> {
    let repository = objects.repository;
    let failed = |message: String| GitError::Revision { revision: revision.into(), message };
    let simple = || {
        let (base, steps) = parsed(revision)?;
        Some((named(objects, base)?, steps))
    };
    if let Some((id, steps)) = simple() {
        return follow(objects, id, &steps).map_err(|(_, message)| failed(message));
    }
    check(folders, revision)?;
    let revision = if revision.is_empty() { "HEAD" } else { revision };
    let found = repository.revparse_single(revision);
    Ok(object_id(found.map_err(|error| failed(error.message().into()))?.id()))
}

/// The commit that a revision leads to.
///
/// # Errors
/// Returns an error if there is none, or if it or an object on the way to it cannot be read.
pub fn commit(
    objects: &Objects<'_>,
    folders: &[PathBuf],
    revision: &str,
) -> Result<ObjectId, GitError> {
    let id = resolve(objects, folders, revision)?;
    commit_of(objects, id)
        .map_err(|(_, message)| GitError::Revision { revision: revision.into(), message })
}

/// The commit that an object is, or that a tag leads to.
///
/// # Errors
/// Returns an error if there is none, or if an object on the way to it cannot be read.
pub fn commit_of(objects: &Objects<'_>, id: ObjectId) -> Result<ObjectId, Unread> {
    let mut id = id;
    // Tags can refer to tags, but no legitimate chain is this long.
    for _ in 0..32 {
        match objects.read(id, None)? {
            (Kind::Commit, _) => return Ok(id),
            (Kind::Tag, text) => match tag_target(&text) {
                Some(target) => id = target,
                None => break,
            },
            _ => break,
        }
    }
    Err((SkipReason::Unreadable, format!("object {id} is not a commit")))
}

/// A step from a commit to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// `~3`: this number of first parents.
    Back(usize),
    /// `^2`: the parent of this number, from 1; 0 for the commit itself.
    Parent(usize),
}

/// The name at the start of a revision, and the steps after it; `None` for other forms.
fn parsed(revision: &str) -> Option<(&str, Vec<Step>)> {
    if revision.contains([':', '{', '\\']) {
        return None;
    }
    let (base, mut rest) = revision.split_at(revision.find(['~', '^']).unwrap_or(revision.len()));
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (is_back, after) = match rest.strip_prefix('~') {
            Some(after) => (true, after),
            None => (false, rest.strip_prefix('^')?),
        };
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = after.split_at(digits);
        let number = if number.is_empty() { 1 } else { number.parse().ok()? };
        steps.push(if is_back { Step::Back(number) } else { Step::Parent(number) });
        rest = after;
    }
    Some((base, steps))
}

/// The object of a reference, or of a whole or abbreviated object name.
fn named(objects: &Objects<'_>, name: &str) -> Option<ObjectId> {
    if matches!(name, "" | "@" | "HEAD") {
        return objects.references.head().ok()?;
    }
    if let Some(id) = ObjectId::from_hex(name.as_bytes()) {
        return Some(id);
    }
    if let Some(id) = objects.references.named(name).ok()? {
        return Some(id);
    }
    let is_name = name.len() >= 4 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let prefix = is_name.then(|| Oid::from_str(name).ok())??;
    Some(object_id(objects.repository.odb().ok()?.exists_prefix(prefix, name.len()).ok()?))
}

fn follow(objects: &Objects<'_>, id: ObjectId, steps: &[Step]) -> Result<ObjectId, Unread> {
    let mut walk = Walk::new(objects);
    let mut id = id;
    for step in steps {
        id = commit_of(objects, id)?;
        let (times, number) = match *step {
            Step::Back(times) => (times, 1),
            Step::Parent(0) => continue,
            Step::Parent(number) => (1, number),
        };
        for _ in 0..times {
            let parent = walk.parents(id)?.get(number - 1).copied();
            let none = || (SkipReason::Unreadable, format!("commit {id} has no parent {number}"));
            id = parent.ok_or_else(none)?;
        }
    }
    Ok(id)
}

/// Checks that every loose object to which `revision` may lead is readable.
///
/// # Errors
/// Returns an error if one is not.
fn check(folders: &[PathBuf], revision: &str) -> Result<(), GitError> {
    let kinds: &[Kind] = match leads_to_any(revision) {
        true => &[Kind::Commit, Kind::Tag, Kind::Tree, Kind::Blob],
        false => &[Kind::Commit, Kind::Tag],
    };
    match ObjectReader::new(folders).first_broken(kinds) {
        Some((id, message)) => {
            Err(GitError::Git { what: format!("cannot read the object {id}"), message })
        }
        None => Ok(()),
    }
}

/// `true` if a revision may refer to a tree or a blob: by a path (`HEAD:a.py`), a kind
/// (`HEAD^{tree}`) or an object name.
fn leads_to_any(revision: &str) -> bool {
    let is_name = |part: &str| part.len() >= 4 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    revision.contains([':', '{']) || revision.split(['.', '^', '~']).any(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_reference_leads_to_commits_and_tags_only() {
        for revision in ["", "HEAD", "main~3", "v1.2..main", "origin/main...HEAD", "feed^2"] {
            assert_eq!(leads_to_any(revision), revision == "feed^2", "{revision}");
        }
        for revision in ["HEAD:a.py", "HEAD^{tree}", "0123abcd", "main..0123abcd"] {
            assert!(leads_to_any(revision), "{revision}");
        }
    }

    #[test]
    fn steps_follow_a_name() {
        use Step::{Back, Parent};
        let cases: &[(&str, &str, &[Step])] = &[
            ("", "", &[]),
            ("HEAD", "HEAD", &[]),
            ("v1.2~", "v1.2", &[Back(1)]),
            ("a@b/c~3^2", "a@b/c", &[Back(3), Parent(2)]),
            ("@^^~0^0", "@", &[Parent(1), Parent(1), Back(0), Parent(0)]),
        ];
        for (revision, base, steps) in cases {
            assert_eq!(parsed(revision), Some((*base, steps.to_vec())), "{revision}");
        }
        for revision in ["HEAD@{1}", ":/fix", "HEAD^{tree}", "HEAD~x", "HEAD~1é", "HEAD^-1"] {
            assert_eq!(parsed(revision), None, "{revision}");
        }
    }
}
