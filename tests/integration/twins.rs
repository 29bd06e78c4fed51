//! Small leaks with their harmless look-alikes, for languages and contexts without a file in
//! `fixtures/leaky`.

use crate::support::Workspace;
use std::{fmt::Write, path::Path};

/// A leaky text and its twin, from `fixtures/twins`.
pub struct Twin {
    /// The data file that contains it.
    source: String,
    /// The name of the file of both texts.
    pub path: String,
    /// `line:column`, from 1, of the start of the finding.
    pub place: String,
    /// The rule that matches it.
    pub rule: String,
    /// The rule that reports the finding instead, if another rule takes precedence.
    spoken_by: String,
    pub leaky: String,
    pub clean: String,
}

/// Reads the twins: before each a line `=== path line:column rule`, with the rule that reports
/// instead, if any, and `---` between the leaky and the clean text.
pub fn twins() -> Vec<Twin> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/twins");
    let mut twins = Vec::new();
    for file in crate::fixtures::files(&folder) {
        let source = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        for part in format!("\n{text}").split("\n=== ").skip(1) {
            let (head, texts) = part.split_once('\n').expect(part);
            let (leaky, clean) = texts.split_once("\n---\n").unwrap_or_else(|| panic!("{head}"));
            let words: Vec<&str> = head.split(' ').collect();
            let (path, place, rule, spoken_by) = match words[..] {
                [path, place, rule] => (path, place, rule, rule),
                [path, place, rule, spoken_by] => (path, place, rule, spoken_by),
                _ => panic!("{source}: {head}"),
            };
            twins.push(Twin {
                source: source.clone(),
                path: path.into(),
                place: place.into(),
                rule: rule.into(),
                spoken_by: spoken_by.into(),
                leaky: format!("{leaky}\n"),
                clean: format!("{}\n", clean.trim_end_matches('\n')),
            });
        }
    }
    twins
}

#[test]
fn each_leaky_twin_is_found_in_its_place_and_each_clean_one_is_not() {
    let twins = twins();
    let workspace = Workspace::new();
    for (number, twin) in twins.iter().enumerate() {
        workspace.write(&format!("leaky/{number:04}/{}", twin.path), &twin.leaky);
        workspace.write(&format!("clean/{number:04}/{}", twin.path), &twin.clean);
    }
    let places = workspace.run(&["--format", "json", "--ignore", "token-reused"]).places();
    let mut wrong = String::new();
    let mut check = |number: usize, twin: &Twin, rule: &str, places: &[String]| {
        let Twin { source, path, place, leaky, .. } = twin;
        let start = format!("leaky/{number:04}/");
        if !places.contains(&format!("{start}{path}:{place} {rule}")) {
            let found: Vec<_> = places.iter().filter(|one| one.starts_with(&start)).collect();
            writeln!(wrong, "{source}: {path}:{place} {rule}\n{leaky}found {found:?}\n").unwrap();
        }
    };
    for (number, twin) in twins.iter().enumerate() {
        check(number, twin, &twin.spoken_by, &places);
    }
    for (number, twin) in twins.iter().enumerate().filter(|(_, one)| one.spoken_by != one.rule) {
        let alone = ["--format", "json", "--select", &twin.rule];
        check(number, twin, &twin.rule, &workspace.run(&alone).places());
    }
    let found = places.iter().filter(|place| place.starts_with("clean/"));
    found.for_each(|place| writeln!(wrong, "{place}").unwrap());
    assert!(wrong.is_empty(), "\n{wrong}");
}
