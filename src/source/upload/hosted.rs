//! The Hub's side of an upload: names in the repository, and its `.gitignore`.

use crate::{
    model::{
        Upload,
        upload::{GitignoreUse, Refusal},
    },
    source::{ignore_files, tracked::WorkTree},
};
use ignore::gitignore::Gitignore;
use std::path::Path;

/// The `.gitignore` that the Hub applies, if any.
#[derive(Debug, Default)]
pub struct Hosted {
    patterns: Option<Gitignore>,
    /// The reason why it is not applied here, if its patterns exceed the limits.
    pub unapplied: Option<String>,
}

impl Hosted {
    /// The patterns of this text.
    pub fn of(bytes: &[u8]) -> Self {
        match ignore_files::compiled(bytes) {
            Ok(patterns) => Self { patterns: Some(patterns), unapplied: None },
            Err(why) => Self { patterns: None, unapplied: Some(format!(".gitignore: {why}")) },
        }
    }

    /// `true` if the Hub drops a file of this name in the repository. As in git, nothing below an
    /// ignored folder can be included again.
    pub fn ignores(&self, name: &[u8]) -> bool {
        let Some(patterns) = &self.patterns else { return false };
        let name = crate::model::SourcePath::from(name);
        let folders: Vec<_> = name.ancestors().collect();
        let is_ignored = |path: &Path, is_dir| patterns.matched(path, is_dir).is_ignore();
        folders.iter().rev().any(|folder| is_ignored(&folder.to_path(), true))
            || is_ignored(&name.to_path(), false)
    }
}

/// The name of a file in the repository, as the client builds and checks it.
///
/// `folder` is the path in the repository; for a single file it is the whole name there.
///
/// # Errors
/// Returns the reason why the client refuses the name.
pub fn repository_name(
    folder: Option<&str>,
    name: &[u8],
    is_single: bool,
) -> Result<Vec<u8>, Refusal> {
    let whole = match (folder.filter(|folder| !folder.is_empty()), is_single) {
        (Some(given), true) => given.as_bytes().to_vec(),
        (Some(folder), false) => [folder.trim_matches('/').as_bytes(), b"/", name].concat(),
        (None, _) => name.to_vec(),
    };
    let path = whole.strip_prefix(b"/").unwrap_or(&whole);
    let has_part = |part: &[u8]| path.split(|byte| *byte == b'/').any(|one| one == part);
    if path == b"." || has_part(b"..") {
        return Err(Refusal::Outside);
    }
    if has_part(b".git") {
        return Err(Refusal::GitPart);
    }
    if has_part(b".cache") {
        return Err(Refusal::CachePart);
    }
    Ok(path.strip_prefix(b"./").unwrap_or(path).to_vec())
}

/// Notes on ignore files that have no effect but that a user may rely on.
pub fn gitignore_note(upload: &Upload, local: &Path, folder: Option<&str>) -> Vec<String> {
    let mut notes = Vec::new();
    match upload.gitignore {
        GitignoreUse::NotHeeded if upload.is_bucket => {
            notes.push("no `.gitignore` counts in an upload to a bucket".into());
        }
        GitignoreUse::NotHeeded
            if folder.is_some_and(|folder| !folder.trim_matches(['/', '.']).is_empty()) =>
        {
            notes.push(
                "`.gitignore` has no effect: it is sent to a folder of the repository, and the Hub \
                 applies only the one at its root"
                    .into(),
            );
        }
        GitignoreUse::NotHeeded => {
            notes.push(
                "`.gitignore` has no effect: the patterns exclude it, and the Hub applies \
                 only what is sent"
                    .into(),
            );
        }
        GitignoreUse::None => {
            let above = WorkTree::around(local).filter(|tree| tree.dir != *local);
            if above.is_some_and(|tree| tree.dir.join(".gitignore").is_file()) {
                notes.push(
                    "the `.gitignore` of the repository around the folder has no effect: the \
                     Hub applies only one at the root of what is sent"
                        .into(),
                );
            }
        }
        GitignoreUse::Sent | GitignoreUse::Hosted => {}
    }
    let is_below = |name: &[u8]| name.ends_with(b"/.gitignore");
    let below: Vec<String> = upload
        .included
        .iter()
        .filter(|file| is_below(file.path.as_bytes()) && file.name.as_bytes() != b".gitignore")
        .map(|file| format!("`{}`", file.path))
        .collect();
    if let [first, rest @ ..] = &below[..]
        && !upload.is_bucket
        && upload.gitignore != GitignoreUse::NotHeeded
    {
        let more = match rest.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        notes.push(format!("the Hub applies no `.gitignore` of a sub-folder: {first}{more}"));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_repository_are_made_and_refused_as_by_the_client() {
        let name = |folder: Option<&str>, name: &str, single| {
            repository_name(folder, name.as_bytes(), single)
                .map(|name| String::from_utf8(name).expect("it is UTF-8"))
        };
        let ok = |text: &str| Ok(text.to_string());
        assert_eq!(name(None, "a/b", false), ok("a/b"));
        assert_eq!(name(Some("."), "a", false), ok("a"));
        assert_eq!(name(Some("/sub/"), "a", false), ok("sub/a"));
        assert_eq!(name(Some("/"), "a", false), ok("a"));
        assert_eq!(name(Some("./x"), ".gitignore", false), ok("x/.gitignore"));
        assert_eq!(name(Some("new/name"), "a", true), ok("new/name"));
        assert_eq!(name(Some("."), "a", true), Err(Refusal::Outside));
        assert_eq!(name(Some("../x"), "a", false), Err(Refusal::Outside));
        assert_eq!(name(None, "x/.git/y", false), Err(Refusal::GitPart));
        assert_eq!(name(None, ".cache/pip/y", false), Err(Refusal::CachePart));
    }

    #[test]
    fn what_is_below_an_ignored_folder_does_not_come_back() {
        let hosted = Hosted::of(b"build/\n!build/keep\n*.log\n!a.log\n/top\n");
        for (name, is_ignored) in [
            ("build/keep", true),
            ("x/build/y", true),
            ("build", false),
            ("b.log", true),
            ("a.log", false),
            ("top", true),
            ("x/top", false),
        ] {
            assert_eq!(hosted.ignores(name.as_bytes()), is_ignored, "{name}");
        }
    }
}
