//! Images that copy a folder containing a `.env` file.

use super::{
    check::{Check, Claim, Tree},
    dotenv,
};
use crate::{
    language::{FileHead, Wanted, identify},
    model::{Command, Facts, Severity, SourcePath, tree::is_dockerfile},
    rule::{Globs, Rule},
};

/// Files in the folder of an image that must not be copied into it.
const SECRET_FILES: [&str; 4] = [".env", ".env.local", ".env.production", ".netrc"];

/// `COPY . .` in a folder with a `.env` file that `.dockerignore` does not exclude.
pub struct CopiesSecrets;

impl Check for CopiesSecrets {
    fn name(&self) -> &'static str {
        "dockerfile-copy-secrets"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        let files = tree.files.iter().filter(|file| is_dockerfile(file.path.file_name()));
        files.filter_map(|file| claim(tree, &file.path)).collect()
    }
}

fn claim(tree: &Tree<'_>, dockerfile: &SourcePath) -> Option<Claim> {
    let text = (tree.read)(dockerfile)?;
    let file = FileHead::of(dockerfile, &text);
    let facts: Facts = identify(file)?.read(&text, file, Wanted::ALL);
    let copy = facts.commands.iter().find(|command| copies_all(command))?;
    let folder = dockerfile.ancestors().next();
    let in_folder = |name: &str| match &folder {
        Some(folder) => SourcePath::from_bytes([folder.as_bytes(), b"/", name.as_bytes()].concat()),
        None => SourcePath::from_bytes(name),
    };
    let ignored = (tree.read)(&in_folder(".dockerignore")).map(|rules| dockerignore(&rules));
    let secret = SECRET_FILES.into_iter().find_map(|name| {
        let path = in_folder(name);
        let is_copied = ignored.as_ref().is_none_or(|ignored| !ignored.matches(name));
        let content = is_copied
            .then(|| (tree.read)(&path))
            .flatten()
            .map(|_| dotenv::content(tree, &path))?;
        (content > dotenv::Content::Harmless).then_some((path, content))
    });
    let (path, content) = secret?;
    let before = &text[..copy.span.start.min(text.len())];
    Some(Claim {
        path: dockerfile.clone(),
        line: memchr::memchr_iter(b'\n', before).count() + 1,
        severity: if content == dotenv::Content::Credential {
            Severity::High
        } else {
            Severity::Medium
        },
        name: path.to_string(),
        notes: Vec::new(),
    })
}

/// `true` if a command copies the whole build context.
fn copies_all(command: &Command) -> bool {
    let from_stage = command.flags.iter().any(|flag| flag.text.starts_with("--from"));
    matches!(command.program(), "COPY" | "ADD")
        && !from_stage
        && command
            .arguments()
            .iter()
            .any(|source| matches!(source.text.as_str(), "." | "./" | "./*" | "*" | "/"))
}

/// The globs of a `.dockerignore` that exclude files of its own folder. Exceptions (`!x`) are left
/// out.
fn dockerignore(rules: &[u8]) -> Globs {
    let text = String::from_utf8_lossy(rules);
    let globs: Vec<String> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with(['#', '!']))
        .map(|line| line.trim_start_matches('/').trim_start_matches("**/").to_string())
        .collect();
    Globs::of_names(globs)
}
