//! Files that an upload to the Hub should not include, by name and path.

use super::{
    check::{Check, Claim, Tree},
    dotenv::{self, Content},
};
use crate::{
    model::{
        FileState, Severity, SourcePath, TreeFile,
        tree::{Passage, is_dotenv},
    },
    rule::Rule,
};
use std::collections::BTreeMap;

/// Names of files that hold credentials.
const KEPT: [&str; 20] = [
    ".netrc",
    "_netrc",
    ".git-credentials",
    ".pypirc",
    ".npmrc",
    ".pgpass",
    "stored_tokens",
    "kaggle.json",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    ".mcp.json",
    "mcp.json",
    "secrets.toml",
    "secrets.yaml",
    "secrets.yml",
    "secrets.json",
    "credentials.json",
    "application_default_credentials.json",
];

/// Extensions of files that hold private keys.
const KEYS: [&str; 5] = ["pem", "p12", "pfx", "ppk", "jks"];

/// Folders of other programs that hold credentials or transcripts, each with its severity.
const FOLDERS: [(&str, Severity); 11] = [
    (".ssh", Severity::High),
    (".aws", Severity::High),
    (".kube", Severity::High),
    (".docker", Severity::Medium),
    (".claude", Severity::Medium),
    (".codex", Severity::Medium),
    (".cursor", Severity::Medium),
    (".gemini", Severity::Medium),
    (".cache", Severity::Medium),
    ("wandb", Severity::Low),
    ("mlruns", Severity::Low),
];

/// Files and folders that by their names hold credentials: one claim for each file, and for each
/// such folder one at its first file.
pub struct CredentialFiles;

impl Check for CredentialFiles {
    fn name(&self) -> &'static str {
        "upload-credential-file"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        by_name(tree, |passage| matches!(passage, Passage::Whole | Passage::FromOutside))
    }
}

/// Such a file that `.gitignore` excludes, whose first bytes are still sent.
pub struct Samples;

impl Check for Samples {
    fn name(&self) -> &'static str {
        "upload-sends-ignored"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        let lowered = |mut claim: Claim| {
            claim.severity = claim.severity.min(Severity::High).lowered();
            claim
        };
        by_name(tree, |passage| passage == Passage::Sample).into_iter().map(lowered).collect()
    }
}

/// Links to files outside the folder, whose content is sent.
pub struct OutsideLinks;

impl Check for OutsideLinks {
    fn name(&self) -> &'static str {
        "upload-link-outside"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        let files = uploaded(tree).filter(|(_, passage)| *passage == Passage::FromOutside);
        files.map(|(file, _)| claim(&file.path, Severity::Medium)).collect()
    }
}

/// Files that make the whole upload fail.
pub struct Refused;

impl Check for Refused {
    fn name(&self) -> &'static str {
        "upload-fails"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        let mut reasons = BTreeMap::new();
        for (file, passage) in uploaded(tree) {
            if let Passage::Refused(refusal) = passage {
                reasons.entry(refusal).or_insert_with(|| (file, 0)).1 += 1;
            }
        }
        let told = reasons.into_iter().map(|(refusal, (file, count))| {
            let mut claim = claim(&file.path, Severity::Low);
            claim.notes.push(refusal.reason().into());
            if count > 1 {
                claim.notes.push(format!("so do {} more files", count - 1));
            }
            claim
        });
        told.collect()
    }
}

/// The folder `.git`, which is sent to a bucket with its history and its remotes.
pub struct GitFolder;

impl Check for GitFolder {
    fn name(&self) -> &'static str {
        "upload-git-folder"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        first_of_folders(
            tree,
            |part| (part == ".git").then_some(Severity::High),
            |passage| matches!(passage, Passage::Whole | Passage::FromOutside),
        )
    }
}

/// A `README.md` without the front matter from which the Hub makes the card.
pub struct PlainReadme;

impl Check for PlainReadme {
    fn name(&self) -> &'static str {
        "upload-plain-readme"
    }

    fn run(&self, _: &Rule, tree: &Tree<'_>) -> Vec<Claim> {
        let is_readme = |file: &TreeFile| file.path.file_name() == b"README.md";
        // The readme at the root has the shortest path.
        let readme = uploaded(tree)
            .filter(|(file, passage)| is_readme(file) && *passage == Passage::Whole)
            .min_by_key(|(file, _)| file.path.ancestors().count());
        let Some((file, _)) = readme else { return Vec::new() };
        let depth = file.path.ancestors().count();
        let is_root = uploaded(tree).all(|(other, _)| other.path.ancestors().count() >= depth);
        let text = (tree.read)(&file.path).unwrap_or_default();
        let has_front_matter = text.starts_with(b"---") || text.is_empty();
        match is_root && !has_front_matter {
            true => vec![claim(&file.path, Severity::Info)],
            false => Vec::new(),
        }
    }
}

fn uploaded<'t>(tree: &Tree<'t>) -> impl Iterator<Item = (&'t TreeFile, Passage)> {
    tree.files.iter().filter_map(|file| match file.state {
        FileState::Uploaded(passage) => Some((file, passage)),
        _ => None,
    })
}

fn claim(path: &SourcePath, severity: Severity) -> Claim {
    let name = path.to_string();
    Claim { path: path.clone(), line: 1, severity, name, notes: Vec::new() }
}

/// The claims on names, for files whose passage `is_wanted` accepts.
fn by_name(tree: &Tree<'_>, is_wanted: fn(Passage) -> bool) -> Vec<Claim> {
    let mut claims = first_of_folders(tree, severity_of_folder, is_wanted);
    for (file, _) in uploaded(tree).filter(|(_, passage)| is_wanted(*passage)) {
        if folder_of(&file.path, severity_of_folder).is_none()
            && let Some(severity) = severity_of_file(tree, &file.path)
        {
            claims.push(claim(&file.path, severity));
        }
    }
    claims
}

/// One claim for each folder with a severity, at its first file.
fn first_of_folders(
    tree: &Tree<'_>,
    severity: fn(&str) -> Option<Severity>,
    is_wanted: fn(Passage) -> bool,
) -> Vec<Claim> {
    let mut folders: BTreeMap<SourcePath, Claim> = BTreeMap::new();
    for (file, _) in uploaded(tree).filter(|(_, passage)| is_wanted(*passage)) {
        if let Some((folder, severity)) = folder_of(&file.path, severity) {
            let found = folders.entry(folder.clone()).or_insert_with(|| {
                let mut claim = claim(&file.path, severity);
                claim.name = format!("{folder}/");
                claim
            });
            if tree.holds_credential(&file.path) {
                found.severity = Severity::Critical;
            }
        }
    }
    folders.into_values().collect()
}

/// The outermost folder with a severity around a file.
fn folder_of(
    path: &SourcePath,
    severity: fn(&str) -> Option<Severity>,
) -> Option<(SourcePath, Severity)> {
    let folders: Vec<SourcePath> = path.ancestors().collect();
    folders.into_iter().rev().find_map(|folder| {
        let severity = severity(std::str::from_utf8(folder.file_name()).ok()?)?;
        Some((folder, severity))
    })
}

fn severity_of_folder(name: &str) -> Option<Severity> {
    FOLDERS.iter().find(|(folder, _)| *folder == name).map(|(_, severity)| *severity)
}

/// The severity of sending a file of this name; `None` if it is an ordinary file.
fn severity_of_file(tree: &Tree<'_>, path: &SourcePath) -> Option<Severity> {
    let name = path.file_name();
    if is_dotenv(name) {
        return Some(match dotenv::content(tree, path) {
            Content::Credential => Severity::Critical,
            Content::SecretNames => Severity::High,
            Content::Harmless => Severity::Low,
        });
    }
    if name == b"training_args.bin" {
        return Some(Severity::Info);
    }
    let text = std::str::from_utf8(name).ok()?;
    let is_key = || {
        let ending = path.extension().and_then(|ending| std::str::from_utf8(ending).ok());
        ending.is_some_and(|ending| KEYS.contains(&ending))
    };
    // A file of this name contains only the token of `hf auth login`.
    let is_token_file = || text == "token" && tree.holds_credential(path);
    if !KEPT.contains(&text) && !is_key() && !is_token_file() {
        return None;
    }
    Some(match tree.holds_credential(path) {
        true => Severity::Critical,
        false if text.ends_with("mcp.json") || text == ".npmrc" => Severity::Low,
        false if is_key() && !is_private_key(tree, path) => return None,
        false => Severity::High,
    })
}

/// `false` for a file that contains only certificates, which are public.
fn is_private_key(tree: &Tree<'_>, path: &SourcePath) -> bool {
    let Some(bytes) = (tree.read)(path) else { return true };
    let holds = |text: &[u8]| memchr::memmem::find(&bytes, text).is_some();
    !holds(b"-----BEGIN ") || holds(b"PRIVATE KEY-----")
}
