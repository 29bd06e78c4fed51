//! Files before and after a fix, for each row.

use super::parsers::refused;
use crate::support::Workspace;
use hfscan::{Applicability, internal::fix::ROWS};
use serde::Deserialize;
use std::{collections::BTreeSet, path::PathBuf};

/// A file before and after. `<T>` stands for a token, `<U>` for another one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    path: String,
    /// `true` if unsafe fixes are applied too.
    #[serde(default, rename = "unsafe")]
    is_unsafe: bool,
    before: String,
    /// The same as `before` if it must be fixed by hand.
    after: Option<String>,
}

impl Case {
    fn after(&self) -> String {
        let same = || hfscan::internal::rule::example::expand(&expanded(&self.before));
        self.after.clone().unwrap_or_else(same)
    }
}

/// The cases of `cases.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
    setter: Vec<Case>,
    two: Vec<Case>,
}

impl Cases {
    fn read() -> Self {
        toml::from_str(include_str!("cases.toml")).expect("the cases are valid")
    }
}

fn expanded(text: &str) -> String {
    text.replace("<T>", "hf_{{alpha:34}}").replace("<U>", "hf_{{alpha:34:two}}")
}

/// Fixes the files of cases with the same options, and returns the results. Asserts that a second
/// run changes nothing.
fn fixed(cases: &[&Case], options: &[&str], change: &dyn Fn(&Case, &str) -> String) -> Vec<String> {
    let workspace = Workspace::new();
    let name = |number: usize, case: &Case| format!("{number}/{}", case.path);
    for (number, case) in cases.iter().enumerate() {
        workspace.write(&name(number, case), &expanded(&change(case, &case.before)));
    }
    let args = [&["fix", "--discard", "--no-ignore"], options, &["."]].concat();
    let read = || {
        let files = cases.iter().enumerate().map(|(number, case)| name(number, case));
        files.map(|file| std::fs::read_to_string(workspace.path(&file)).unwrap()).collect()
    };
    let files = cases.iter().enumerate().map(|(number, case)| workspace.path(&name(number, case)));
    let files: Vec<_> = files.collect();
    assert_eq!(refused(&files), Vec::<PathBuf>::new(), "the cases parse before");
    let run = workspace.run(&args);
    assert!(!run.stdout.contains("withdrawn"), "{run:?}");
    let once: Vec<String> = read();
    assert_eq!(refused(&files), Vec::<PathBuf>::new(), "{once:#?}");
    workspace.run(&args);
    let twice: Vec<String> = read();
    assert_eq!(once, twice);
    once
}

fn check(change: &dyn Fn(&Case, &str) -> String) {
    let all = Cases::read();
    for is_unsafe in [false, true] {
        let options = if is_unsafe { &["--unsafe-fixes"][..] } else { &[] };
        let cases: Vec<&Case> =
            all.case.iter().filter(|case| case.is_unsafe == is_unsafe).collect();
        let found = fixed(&cases, options, change);
        for (case, found) in cases.iter().zip(found) {
            assert_eq!(found, change(case, &case.after()), "{}: {}", case.path, case.before);
        }
    }
    for cases in [&all.two, &all.setter] {
        let found = fixed(&cases.iter().collect::<Vec<_>>(), &["--unsafe-fixes"], change);
        for (case, found) in cases.iter().zip(found) {
            assert_eq!(found, change(case, &case.after()), "{}: {}", case.path, case.before);
        }
    }
}

/// Rows that change or delete other files, or need a file that is not text, with the location of
/// their tests.
const ELSEWHERE: [&str; 5] = [
    // `keeping.rs` and the tests of rules over the tree.
    "dotenv",
    // A pickle.
    "training-args",
    // A user's own rule file.
    "own-rule",
    // `agent/transcripts.rs`.
    "transcript",
    // The example of its rule.
    "tracker",
];

#[test]
fn every_row_that_can_be_applied_has_a_case() {
    let workspace = Workspace::new();
    let Cases { case, setter, two } = Cases::read();
    for (number, case) in case.iter().chain(&two).chain(&setter).enumerate() {
        workspace.write(&format!("{number}/{}", case.path), &expanded(&case.before));
    }
    let report = workspace.run(&["-f", "json", "--no-ignore", "."]).json();
    let findings = report["findings"].as_array().unwrap().iter();
    let fixes = findings.filter_map(|one| one["fixes"].as_array()).flatten();
    let seen: BTreeSet<&str> = fixes.map(|fix| fix["row"].as_str().unwrap()).collect();
    let applied = ROWS.iter().filter(|row| row.applicability > Applicability::DisplayOnly);
    let missing: Vec<&str> = applied
        .map(|row| row.id)
        .filter(|id| !seen.contains(id) && !ELSEWHERE.contains(id))
        .collect();
    assert_eq!(missing, [""; 0]);
    assert!(ELSEWHERE.iter().all(|id| ROWS.iter().any(|row| row.id == *id)));
}

#[test]
fn every_case_becomes_what_it_should() {
    check(&|_, text| text.to_string());
}

#[test]
fn line_ends_of_windows_stay() {
    check(&|_, text| text.replace('\n', "\r\n"));
}

#[test]
fn characters_before_the_place_change_nothing() {
    check(&|case, text| {
        let comment = match case.path.rsplit('.').next().unwrap() {
            "py" | "sh" | "yml" | "yaml" | "rb" | "tf" | "ps1" | "Dockerfile" | "Makefile"
            | "example" => "# é ✓ 😀\n",
            "js" | "mjs" | "ts" | "rs" | "java" => "// é ✓ 😀\n",
            "bat" => "rem é ✓ 😀\n",
            "md" => "é ✓ 😀\n\n",
            _ => "",
        };
        format!("{comment}{text}")
    });
}

#[test]
fn a_byte_order_mark_stays_first() {
    check(&|case, text| {
        let takes_marks = ["py", "js", "mjs", "ts"].iter().any(|one| case.path.ends_with(one));
        format!("{}{text}", if takes_marks { "\u{feff}" } else { "" })
    });
}

/// Nine ways in which a purely textual rewrite breaks code.
#[test]
fn the_traps_of_a_naive_rewrite_are_avoided() {
    let traps = [
        // A prefix before the quote.
        ("a.py", "import os\nx = b'<T>'\n", "import os\nx = os.environ[\"HF_TOKEN\"].encode()\n"),
        ("a.py", "import os\nx = r'<T>'\n", "import os\nx = os.environ[\"HF_TOKEN\"]\n"),
        // YAML without variable substitution is unchanged.
        ("config.yaml", "hf_token: <T>\n", "hf_token: <T>\n"),
        // Single quotes prevent expansion.
        ("a.sh", "X='$a <T>'\n", "X='$a '\"$HF_TOKEN\"''\n"),
        // The name is the one that the libraries read.
        ("a.py", "import os\ntoken = \"<T>\"\n", "import os\ntoken = os.environ[\"HF_TOKEN\"]\n"),
        // Two on one line.
        (
            "a.py",
            "import os\nx = [\"<T>\", \"<T>\"]\n",
            "import os\nx = [os.environ[\"HF_TOKEN\"], os.environ[\"HF_TOKEN\"]]\n",
        ),
        // A browser.
        (
            "a.jsx",
            "const hf = new HfInference(\"<T>\");\n",
            "const hf = new HfInference(\"<T>\");\n",
        ),
        // Braces.
        (
            "a.py",
            "import os\nx = '{\"token\": \"<T>\"}'\n",
            "import os\nx = ('{\"token\": \"' + os.environ[\"HF_TOKEN\"] + '\"}')\n",
        ),
    ];
    let cases = traps.map(|(path, before, after)| Case {
        path: path.into(),
        is_unsafe: false,
        before: before.into(),
        after: Some(after.into()),
    });
    let found = fixed(&cases.iter().collect::<Vec<_>>(), &[], &|_, text| text.to_string());
    for (case, found) in cases.iter().zip(found) {
        let after = hfscan::internal::rule::example::expand(&expanded(&case.after()));
        assert_eq!(found, after, "{}: {}", case.path, case.before);
    }
}
