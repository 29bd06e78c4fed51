//! The list of settings.

use super::layer::{Layer, List, Sourced};
use crate::{
    model::{Confidence, Severity},
    report::REPORTERS,
};

/// A setting.
#[derive(Debug)]
pub struct Key {
    /// Its name in a file; `allow.paths` stands in the table `[allow]`.
    pub name: &'static str,
    /// What it takes, and where a [`Layer`] keeps it.
    pub slot: Slot,
    /// What holds without it, as it would be written in a file.
    pub default: &'static str,
    /// What it does: one sentence, for the docs and for editors.
    pub about: &'static str,
    /// How it might be written in a file.
    pub example: &'static str,
    /// Whether the environment can set it.
    pub has_variable: bool,
    /// The option that sets it for one run.
    pub flag: Option<&'static str>,
}

/// What a setting takes, and where a [`Layer`] keeps it.
#[derive(Debug, Clone, Copy)]
pub enum Slot {
    /// `true` or `false`.
    Flag(fn(&mut Layer) -> &mut Option<Sourced<bool>>),
    /// Bytes: a number, or one with K, M or G.
    Size(fn(&mut Layer) -> &mut Option<Sourced<u64>>),
    /// A number of things.
    Number(fn(&mut Layer) -> &mut Option<Sourced<u64>>),
    /// One of a few words.
    Word {
        /// The words.
        words: fn() -> Vec<&'static str>,
        /// Where it is kept.
        field: fn(&mut Layer) -> &mut Option<Sourced<String>>,
    },
    /// A list of texts.
    List {
        /// What each is.
        items: Items,
        /// Whether a higher place adds to what a lower one says, or takes its place.
        adds: bool,
        /// Where it is kept.
        field: fn(&mut Layer) -> &mut List,
    },
    /// A table from rules to severities.
    Severities,
    /// A table from paths to rules.
    RulesByPath,
}

/// What the texts of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Items {
    /// Rule ids, or globs of them.
    Rules,
    /// Globs of paths.
    Paths,
    /// Files.
    Files,
    /// SHA-256 in hexadecimal.
    Digests,
    /// Regular expressions.
    Patterns,
    /// Words of a certain length.
    Words,
    /// Any text.
    Values,
}

impl Key {
    /// The variable of the environment that sets it.
    pub fn variable(&self) -> Option<String> {
        let name = self.name.to_ascii_uppercase().replace(['-', '.'], "_");
        self.has_variable.then(|| format!("HFSCAN_{name}"))
    }
}

fn severities() -> Vec<&'static str> {
    Severity::ALL.iter().map(|one| one.as_str()).collect()
}

fn confidences() -> Vec<&'static str> {
    Confidence::ALL.iter().map(|one| one.as_str()).collect()
}

fn fail_on() -> Vec<&'static str> {
    severities().into_iter().chain(["never"]).collect()
}

fn formats() -> Vec<&'static str> {
    REPORTERS.iter().map(|one| one.name()).collect()
}

/// Every setting.
pub const KEYS: &[Key] = &[
    Key {
        name: "select",
        slot: Slot::List { items: Items::Rules, adds: false, field: |layer| &mut layer.select },
        default: "[]",
        about: "Run only these rules, by id, glob or `tag:NAME`; an empty list means all",
        example: r#"select = ["hf-*"]"#,
        has_variable: true,
        flag: Some("--select"),
    },
    Key {
        name: "ignore",
        slot: Slot::List { items: Items::Rules, adds: true, field: |layer| &mut layer.ignore },
        default: "[]",
        about: "Do not run these rules, by id, glob or `tag:NAME`, whatever `select` says",
        example: r#"ignore = ["hf-org-api-token"]"#,
        has_variable: true,
        flag: Some("--ignore"),
    },
    Key {
        name: "rules",
        slot: Slot::List { items: Items::Files, adds: true, field: |layer| &mut layer.rules },
        default: "[]",
        about: "Add the rules of these files, relative to the file that names them; a repository's own configuration can name only files inside of the repository",
        example: r#"rules = ["security/acme.toml"]"#,
        has_variable: true,
        flag: Some("--rules"),
    },
    Key {
        name: "exclude",
        slot: Slot::List { items: Items::Paths, adds: true, field: |layer| &mut layer.exclude },
        default: "[]",
        about: "Do not read what matches these globs, relative to the configuration's folder, also when it is named on the command line",
        example: r#"exclude = ["vendor/", "*.lock"]"#,
        has_variable: true,
        flag: Some("--exclude"),
    },
    Key {
        name: "ignore-files",
        slot: Slot::Flag(|layer| &mut layer.ignore_files),
        default: "true",
        about: "Honour `.gitignore`, `.ignore` and `.hfscanignore` for files that git does not track",
        example: "ignore-files = false",
        has_variable: true,
        flag: Some("--no-ignore"),
    },
    Key {
        name: "max-file-size",
        slot: Slot::Size(|layer| &mut layer.max_file_size),
        default: "no limit",
        about: "Leave out larger files: bytes, or a number with K, M or G",
        example: r#"max-file-size = "50M""#,
        has_variable: true,
        flag: Some("--max-file-size"),
    },
    Key {
        name: "containers",
        slot: Slot::Flag(|layer| &mut layer.containers),
        default: "true",
        about: "Open archives, model files, databases and data sets; otherwise they are scanned as they are",
        example: "containers = false",
        has_variable: true,
        flag: Some("--no-containers"),
    },
    Key {
        name: "max-depth",
        slot: Slot::Number(|layer| &mut layer.max_depth),
        default: "4",
        about: "Open at most so many containers within each other; 0 opens none; a repository's own configuration can only lower this limit and the next three",
        example: "max-depth = 2",
        has_variable: true,
        flag: Some("--max-depth"),
    },
    Key {
        name: "max-entries",
        slot: Slot::Number(|layer| &mut layer.max_entries),
        default: "1000000",
        about: "Open at most so many members of a file, at every depth together",
        example: "max-entries = 10000",
        has_variable: true,
        flag: Some("--max-entries"),
    },
    Key {
        name: "max-expanded-size",
        slot: Slot::Size(|layer| &mut layer.max_expanded_size),
        default: "64G",
        about: "Unpack at most so many bytes of a file, and in any case no more than 100 for each of its own beyond 64 MiB",
        example: r#"max-expanded-size = "2G""#,
        has_variable: true,
        flag: Some("--max-expanded-size"),
    },
    Key {
        name: "max-container-time",
        slot: Slot::Number(|layer| &mut layer.max_container_time),
        default: "20",
        about: "Take at most so many seconds over a container, besides one for each 4 MiB of its size",
        example: "max-container-time = 5",
        has_variable: true,
        flag: Some("--max-container-time"),
    },
    Key {
        name: "min-severity",
        slot: Slot::Word { words: severities, field: |layer| &mut layer.min_severity },
        default: r#""info""#,
        about: "Only report findings of this severity or worse",
        example: r#"min-severity = "medium""#,
        has_variable: true,
        flag: Some("--min-severity"),
    },
    Key {
        name: "min-confidence",
        slot: Slot::Word { words: confidences, field: |layer| &mut layer.min_confidence },
        default: r#""low""#,
        about: "Only report findings of this confidence or surer",
        example: r#"min-confidence = "medium""#,
        has_variable: true,
        flag: Some("--min-confidence"),
    },
    Key {
        name: "fail-on",
        slot: Slot::Word { words: fail_on, field: |layer| &mut layer.fail_on },
        default: r#""low""#,
        about: "The least severity that makes the exit status 1, or `never`",
        example: r#"fail-on = "high""#,
        has_variable: true,
        flag: Some("--fail-on"),
    },
    Key {
        name: "format",
        slot: Slot::Word { words: formats, field: |layer| &mut layer.format },
        default: r#""text""#,
        about: "How to report to standard output; only the command line can name files to write",
        example: r#"format = "json""#,
        has_variable: true,
        flag: Some("--format"),
    },
    Key {
        name: "inline-ignores",
        slot: Slot::Flag(|layer| &mut layer.inline_ignores),
        default: "true",
        about: "Obey ignore comments, ours (`hfscan: ignore`) and other scanners'",
        example: "inline-ignores = false",
        has_variable: true,
        flag: Some("--no-inline-ignores"),
    },
    Key {
        name: "require-reason",
        slot: Slot::Flag(|layer| &mut layer.require_reason),
        default: "false",
        about: "Obey ignore comments only if they give a reason",
        example: "require-reason = true",
        has_variable: true,
        flag: Some("--require-reason"),
    },
    Key {
        name: "author-email",
        slot: Slot::Flag(|layer| &mut layer.author_email),
        default: "false",
        about: "Tell the e-mail address of a commit's author beside the name",
        example: "author-email = true",
        has_variable: true,
        flag: Some("--author-email"),
    },
    Key {
        name: "severity",
        slot: Slot::Severities,
        default: "{}",
        about: "The severity of a rule, by id or glob; where several match, the last one holds. What lowers it in a test or for a token that has expired still does",
        example: "[severity]\nhf-org-api-token = \"low\"",
        has_variable: false,
        flag: None,
    },
    Key {
        name: "per-path",
        slot: Slot::RulesByPath,
        default: "{}",
        about: "Rules that do not count in files that match a glob; suppressed findings are counted as `per-path`",
        example: "[per-path]\n\"tests/**\" = [\"hf-org-api-token\"]",
        has_variable: false,
        flag: None,
    },
    Key {
        name: "allow.sha256",
        slot: Slot::List {
            items: Items::Digests,
            adds: true,
            field: |layer| &mut layer.allow.sha256,
        },
        default: "[]",
        about: "Secrets that do not count, by their SHA-256: the way to allow one without writing it down",
        example: "[allow]\nsha256 = [\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"]",
        has_variable: false,
        flag: None,
    },
    Key {
        name: "allow.values",
        slot: Slot::List {
            items: Items::Values,
            adds: true,
            field: |layer| &mut layer.allow.values,
        },
        default: "[]",
        about: "Secrets that do not count, as they are: only for what is public anyway",
        example: "[allow]\nvalues = [\"example-value-from-our-docs\"]",
        has_variable: false,
        flag: None,
    },
    Key {
        name: "allow.patterns",
        slot: Slot::List {
            items: Items::Patterns,
            adds: true,
            field: |layer| &mut layer.allow.patterns,
        },
        default: "[]",
        about: "Regular expressions; a secret does not count if one matches all of it",
        example: "[allow]\npatterns = [\"test-[a-z0-9]+\"]",
        has_variable: false,
        flag: None,
    },
    Key {
        name: "allow.stop-words",
        slot: Slot::List {
            items: Items::Words,
            adds: true,
            field: |layer| &mut layer.allow.stop_words,
        },
        default: "[]",
        about: "Words of five letters or more, in any case; a secret with one of them in it does not count",
        example: "[allow]\nstop-words = [\"acmetest\"]",
        has_variable: false,
        flag: None,
    },
    Key {
        name: "allow.paths",
        slot: Slot::List { items: Items::Paths, adds: true, field: |layer| &mut layer.allow.paths },
        default: "[]",
        about: "Globs of files whose findings do not count; unlike with `exclude` they are read, and counted as `allowlist`",
        example: "[allow]\npaths = [\"tests/fixtures/**\"]",
        has_variable: false,
        flag: None,
    },
];
