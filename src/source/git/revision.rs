//! Checks the objects that libgit2 reads to resolve a revision.

use super::{
    error::GitError,
    store::{Kind, ObjectReader},
};
use std::path::PathBuf;

/// Checks that every loose object to which `revision` may lead is readable.
///
/// # Errors
/// Returns an error if one is not: libgit2, which resolves revisions and walks commits, hangs on a
/// truncated file.
pub fn check(folders: &[PathBuf], revision: &str) -> Result<(), GitError> {
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
}
