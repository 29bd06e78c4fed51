//! Guards what libgit2 reads by itself: the objects that a revision leads to.

use super::{
    error::GitError,
    store::{Kind, LooseReader},
};
use std::path::PathBuf;

/// Returns an error if an object that `revision` may lead to has a file of its own and cannot
/// be read: libgit2, which finds what a revision names and walks the commits, does not return
/// from a file that is cut off.
pub fn check(folders: &[PathBuf], revision: &str) -> Result<(), GitError> {
    let kinds: &[Kind] = match leads_to_any(revision) {
        true => &[Kind::Commit, Kind::Tag, Kind::Tree, Kind::Blob],
        false => &[Kind::Commit, Kind::Tag],
    };
    match LooseReader::new(folders).first_broken(kinds) {
        Some((id, message)) => {
            Err(GitError::Git { what: format!("cannot read the object {id}"), message })
        }
        None => Ok(()),
    }
}

/// `true` if a revision may name a tree or a blob: by a path (`HEAD:a.py`), a kind
/// (`HEAD^{tree}`) or its own name.
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
}
