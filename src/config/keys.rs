//! The table of settings.

use super::{
    draft::FailOn,
    key::{Flag, Items, Key, Takes},
    layer::{List, Said},
};
use crate::{
    decode::container::Limits,
    model::{Confidence, Severity},
    report::REPORTERS,
    rule::Globs,
    source::IgnoreRules,
};

/// All settings, in the order of the docs and of `--help`.
pub const KEYS: &[Key] = &[
    Key {
        name: "extends",
        takes: Takes::List { items: Items::Files, adds: false },
        default: "[]",
        about: "Extend the settings of these files, relative to the file that names them; its own settings take precedence, and lists that add up contain both. Globs stay relative to the folder of their own file",
        example: r#"extends = "../shared.hfscan.toml""#,
        has_variable: false,
        flag: Flag::None,
        // Resolved when files are read.
        apply: |_, _, _| Ok(()),
    },
    Key {
        name: "select",
        takes: Takes::List { items: Items::Rules, adds: false },
        default: "[]",
        about: "Run only these rules, by id, glob or `tag:NAME`; an empty list means all",
        example: r#"select = ["hf-*"]"#,
        has_variable: true,
        flag: Flag::Value {
            long: "select",
            value: "RULE",
            heading: "Rules",
            help: "Run only these rules: ids, globs or `tag:NAME`, separated by commas",
        },
        apply: |draft, said, _| {
            draft.settings.selection.select = said.texts().collect();
            Ok(())
        },
    },
    Key {
        name: "ignore",
        takes: Takes::List { items: Items::Rules, adds: true },
        default: "[]",
        about: "Do not run these rules, by id, glob or `tag:NAME`, even if `select` contains them",
        example: r#"ignore = ["hf-org-api-token"]"#,
        has_variable: true,
        flag: Flag::Value {
            long: "ignore",
            value: "RULE",
            heading: "Rules",
            help: "Do not run these rules: ids, globs or `tag:NAME`, separated by commas",
        },
        apply: |draft, said, _| {
            draft.settings.selection.ignore = said.texts().collect();
            Ok(())
        },
    },
    Key {
        name: "rules",
        takes: Takes::List { items: Items::Files, adds: true },
        default: "[]",
        about: "Add the rules of these files, relative to the file that names them; a repository's own configuration can name only files inside the repository",
        example: r#"rules = ["security/acme.toml"]"#,
        has_variable: true,
        flag: Flag::Value {
            long: "rules",
            value: "FILE",
            heading: "Rules",
            help: "Add the rules of a file; can be given several times",
        },
        apply: |draft, said, context| {
            draft.settings.rule_files = context.rule_files(said.list())?;
            Ok(())
        },
    },
    Key {
        name: "exclude",
        takes: Takes::List { items: Items::Paths, adds: true },
        default: "[]",
        about: "Skip files that match these globs, relative to the configuration's folder, even if they are named on the command line",
        example: r#"exclude = ["vendor/", "*.lock"]"#,
        has_variable: true,
        flag: Flag::Value {
            long: "exclude",
            value: "GLOB",
            heading: "Input",
            help: "Skip files that match the glob, relative to the root; can be given several times",
        },
        apply: |draft, said, context| {
            draft.reading.exclude = context.globs(said.list());
            Ok(())
        },
    },
    Key {
        name: "ignore-files",
        takes: Takes::Flag,
        default: "true",
        about: "Honour `.gitignore`, `.ignore` and `.hfscanignore` for files that git does not track",
        example: "ignore-files = false",
        has_variable: true,
        flag: Flag::Switch {
            long: "no-ignore",
            sets: false,
            heading: "Input",
            help: "Also scan files that `.gitignore`, `.ignore` and `.hfscanignore` exclude",
        },
        apply: |draft, said, _| {
            let ignore = if said.is_on() { IgnoreRules::All } else { IgnoreRules::None };
            draft.reading.ignore = ignore;
            Ok(())
        },
    },
    Key {
        name: "max-file-size",
        takes: Takes::Size,
        default: "no limit",
        about: "Skip larger files: bytes, or a number with K, M or G",
        example: r#"max-file-size = "50M""#,
        has_variable: true,
        flag: Flag::Value {
            long: "max-file-size",
            value: "SIZE",
            heading: "Input",
            help: "Skip larger files: bytes, or a number with K, M or G [default: no limit]",
        },
        apply: |draft, said, context| {
            draft.reading.max_file_bytes = said.number().map(|size| size.value);
            let requested = context.is_requested(said.number());
            draft.settings.completeness.is_file_size_requested = requested;
            Ok(())
        },
    },
    Key {
        name: "containers",
        takes: Takes::Flag,
        default: "true",
        about: "Open archives, model files, databases and data sets; otherwise only their raw bytes are scanned",
        example: "containers = false",
        has_variable: true,
        flag: Flag::Switch {
            long: "no-containers",
            sets: false,
            heading: "Containers",
            help: "Do not open archives, model files, databases and data sets: scan their raw bytes",
        },
        apply: |draft, said, _| {
            draft.settings.open_containers = said.is_on();
            Ok(())
        },
    },
    Key {
        name: "max-depth",
        takes: Takes::Number,
        default: "4",
        about: "Maximum nesting depth of containers; 0 opens none; a repository's own configuration can only lower this limit and the next three",
        example: "max-depth = 2",
        has_variable: true,
        flag: Flag::Value {
            long: "max-depth",
            value: "N",
            heading: "Containers",
            help: "Maximum nesting depth of containers; 0 opens none [default: 4]",
        },
        apply: |draft, said, context| {
            let most = Limits::default().max_depth;
            let limit = context.limit("max-depth", said.number(), most as u64)?;
            draft.settings.limits.max_depth = usize::try_from(limit).unwrap_or(usize::MAX);
            draft.settings.limits.requested.depth = context.is_requested(said.number());
            Ok(())
        },
    },
    Key {
        name: "max-entries",
        takes: Takes::Number,
        default: "1000000",
        about: "Maximum number of members per file, across all levels",
        example: "max-entries = 10000",
        has_variable: true,
        flag: Flag::Value {
            long: "max-entries",
            value: "N",
            heading: "Containers",
            help: "Maximum number of members per file, across all levels [default: 1000000]",
        },
        apply: |draft, said, context| {
            let most = Limits::default().max_entries;
            let limit = context.limit("max-entries", said.number(), most)?;
            draft.settings.limits.max_entries = limit;
            draft.settings.limits.requested.entries = context.is_requested(said.number());
            Ok(())
        },
    },
    Key {
        name: "max-expanded-size",
        takes: Takes::Size,
        default: "64G",
        about: "Maximum number of bytes unpacked per file; in any case at most 100 for each of its own beyond 64 MiB",
        example: r#"max-expanded-size = "2G""#,
        has_variable: true,
        flag: Flag::Value {
            long: "max-expanded-size",
            value: "SIZE",
            heading: "Containers",
            help: "Maximum number of bytes unpacked per file: a number, or one with K, M or G [default: 64G]",
        },
        apply: |draft, said, context| {
            let most = Limits::default().max_expanded;
            let limit = context.limit("max-expanded-size", said.number(), most)?;
            draft.settings.limits.max_expanded = limit;
            draft.settings.limits.requested.expanded = context.is_requested(said.number());
            Ok(())
        },
    },
    Key {
        name: "max-container-time",
        takes: Takes::Number,
        default: "no limit",
        about: "Deprecated, no effect: the work for a container is limited by its size, not by the clock",
        example: "max-container-time = 5",
        has_variable: true,
        flag: Flag::Value {
            long: "max-container-time",
            value: "SECONDS",
            heading: "Containers",
            help: "Deprecated, no effect: the work for a container is limited by its size",
        },
        apply: |_, _, _| Ok(()),
    },
    Key {
        name: "min-severity",
        takes: Takes::Word(severities),
        default: r#""info""#,
        about: "Report only findings of at least this severity",
        example: r#"min-severity = "medium""#,
        has_variable: true,
        flag: Flag::Value {
            long: "min-severity",
            value: "SEVERITY",
            heading: "Rules",
            help: "Report only findings of at least this severity",
        },
        apply: |draft, said, _| {
            draft.settings.min_severity = said.word().unwrap_or(Severity::Info);
            Ok(())
        },
    },
    Key {
        name: "min-confidence",
        takes: Takes::Word(confidences),
        default: r#""low""#,
        about: "Report only findings of at least this confidence",
        example: r#"min-confidence = "medium""#,
        has_variable: true,
        flag: Flag::Value {
            long: "min-confidence",
            value: "CONFIDENCE",
            heading: "Rules",
            help: "Report only findings of at least this confidence",
        },
        apply: |draft, said, _| {
            draft.settings.min_confidence = said.word().unwrap_or(Confidence::Low);
            Ok(())
        },
    },
    Key {
        name: "inline-ignores",
        takes: Takes::Flag,
        default: "true",
        about: "Obey ignore comments, hfscan's own (`hfscan: ignore`) and those of other scanners",
        example: "inline-ignores = false",
        has_variable: true,
        flag: Flag::Switch {
            long: "no-inline-ignores",
            sets: false,
            heading: "Suppression",
            help: "Obey no ignore comments, neither hfscan's own (`hfscan: ignore`) nor those of other scanners",
        },
        apply: |draft, said, _| {
            draft.settings.inline_ignores = said.is_on();
            Ok(())
        },
    },
    Key {
        name: "require-reason",
        takes: Takes::Flag,
        default: "false",
        about: "Obey ignore comments only if they give a reason",
        example: "require-reason = true",
        has_variable: true,
        flag: Flag::Switch {
            long: "require-reason",
            sets: true,
            heading: "Suppression",
            help: "Obey ignore comments only if they give a reason",
        },
        apply: |draft, said, _| {
            draft.settings.require_reason = said.is_on();
            Ok(())
        },
    },
    Key {
        name: "fail-on",
        takes: Takes::Word(fail_on),
        default: r#""low""#,
        about: "Minimum severity for exit status 1, or `never`",
        example: r#"fail-on = "high""#,
        has_variable: true,
        flag: Flag::Value {
            long: "fail-on",
            value: "SEVERITY",
            heading: "Exit status",
            help: "Minimum severity for exit status 1, or `never` [default: low]",
        },
        apply: |draft, said, _| {
            draft.fail_on = said.word().unwrap_or(FailOn::Severity(Severity::Low));
            Ok(())
        },
    },
    Key {
        name: "strict",
        takes: Takes::Flag,
        default: "false",
        about: "Exit with status 2 also if something could not be read because it is damaged, encrypted or of an unsupported format",
        example: "strict = true",
        has_variable: true,
        flag: Flag::Switch {
            long: "strict",
            sets: true,
            heading: "Exit status",
            help: "Exit with status 2 also if something could not be read: damaged, encrypted or unsupported",
        },
        apply: |draft, said, _| {
            draft.settings.completeness.strict = said.is_on();
            Ok(())
        },
    },
    Key {
        name: "allow-incomplete",
        takes: Takes::List { items: Items::Reasons, adds: true },
        default: "[]",
        about: "Do not exit with status 2 because of files skipped for these reasons; the report still lists them and is marked as incomplete",
        example: r#"allow-incomplete = ["over-limit"]"#,
        has_variable: true,
        flag: Flag::Value {
            long: "allow-incomplete",
            value: "REASON",
            heading: "Exit status",
            help: "Do not exit with status 2 because of files skipped for this reason (see docs/exit-status.md)",
        },
        apply: |draft, said, _| {
            let reasons = said.texts().filter_map(|reason| reason.parse().ok());
            draft.settings.completeness.allowed = reasons.collect();
            Ok(())
        },
    },
    Key {
        name: "format",
        takes: Takes::Word(formats),
        default: r#""text""#,
        about: "Format of the report on standard output; only the command line can name files to write",
        example: r#"format = "json""#,
        has_variable: true,
        flag: Flag::Own("format"),
        apply: |draft, said, _| {
            draft.format = said.word();
            Ok(())
        },
    },
    Key {
        name: "author-email",
        takes: Takes::Flag,
        default: "false",
        about: "Show the e-mail address of a commit's author beside the name",
        example: "author-email = true",
        has_variable: true,
        flag: Flag::Switch {
            long: "author-email",
            sets: true,
            heading: "Git",
            help: "Show the e-mail address of a commit's author beside the name",
        },
        apply: |draft, said, _| {
            draft.reading.author_email = said.is_on();
            Ok(())
        },
    },
    Key {
        name: "severity",
        takes: Takes::Severities,
        default: "{}",
        about: "Severity of rules, by id or glob; if several match, the last one wins. Reductions in tests and for expired tokens still apply",
        example: "[severity]\nhf-org-api-token = \"low\"",
        has_variable: false,
        flag: Flag::None,
        apply: |draft, said, _| {
            if let Said::Severities(list) = said {
                let severities =
                    list.iter().map(|(rule, severity)| (rule.value.clone(), *severity));
                draft.settings.severities = severities.collect();
            }
            Ok(())
        },
    },
    Key {
        name: "per-path",
        takes: Takes::RulesByPath,
        default: "{}",
        about: "Rules that are suppressed in files that match a glob; their findings are counted as `per-path`",
        example: "[per-path]\n\"tests/**\" = [\"hf-org-api-token\"]",
        has_variable: false,
        flag: Flag::None,
        apply: |draft, said, context| {
            if let Said::RulesByPath(list) = said {
                let rules =
                    |rules: &List| Globs::of_names(rules.iter().map(|one| one.value.clone()));
                let all = list.iter().map(|(path, names)| (context.globs([path]), rules(names)));
                draft.allowed.rules_by_path = all.collect();
            }
            Ok(())
        },
    },
    Key {
        name: "allow.sha256",
        takes: Takes::List { items: Items::Digests, adds: true },
        default: "[]",
        about: "Allowed secrets by SHA-256, so that the secret itself is not written down",
        example: "[allow]\nsha256 = [\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"]",
        has_variable: false,
        flag: Flag::None,
        apply: |draft, said, _| {
            draft.allowed.sha256 = said.texts().map(|digest| digest.to_ascii_lowercase()).collect();
            Ok(())
        },
    },
    Key {
        name: "allow.values",
        takes: Takes::List { items: Items::Values, adds: true },
        default: "[]",
        about: "Allowed secrets in clear text: only for public values",
        example: "[allow]\nvalues = [\"example-value-from-our-docs\"]",
        has_variable: false,
        flag: Flag::None,
        apply: |draft, said, _| {
            draft.allowed.values = said.texts().map(String::into_bytes).collect();
            Ok(())
        },
    },
    Key {
        name: "allow.patterns",
        takes: Takes::List { items: Items::Patterns, adds: true },
        default: "[]",
        about: "Regular expressions; a secret is allowed if one matches all of it",
        example: "[allow]\npatterns = [\"test-[a-z0-9]+\"]",
        has_variable: false,
        flag: Flag::None,
        apply: |draft, said, _| {
            draft.allowed.patterns = said.texts().collect();
            Ok(())
        },
    },
    Key {
        name: "allow.stop-words",
        takes: Takes::List { items: Items::Words, adds: true },
        default: "[]",
        about: "Words of at least five letters, case-insensitive; a secret that contains one is allowed",
        example: "[allow]\nstop-words = [\"acmetest\"]",
        has_variable: false,
        flag: Flag::None,
        apply: |draft, said, _| {
            draft.allowed.stop_words = said.texts().collect();
            Ok(())
        },
    },
    Key {
        name: "allow.paths",
        takes: Takes::List { items: Items::Paths, adds: true },
        default: "[]",
        about: "Globs of files whose findings are suppressed; unlike with `exclude`, the files are scanned, and the findings counted as `allowlist`",
        example: "[allow]\npaths = [\"tests/fixtures/**\"]",
        has_variable: false,
        flag: Flag::None,
        apply: |draft, said, context| {
            draft.allowed.paths = context.globs(said.list());
            Ok(())
        },
    },
];

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
