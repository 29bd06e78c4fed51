//! Common idioms are found, in every language and context, by the most specific rule.

use crate::support::Workspace;
use std::{fmt::Write, path::Path};

/// Minimum number of snippets; fewer means that some were lost.
const LEAST: usize = 400;

/// A snippet of `fixtures/idioms`.
pub struct Idiom {
    /// The data file that contains it.
    source: String,
    /// The name of its file.
    pub path: String,
    /// `line:column`, from 1, of the start of the finding.
    pub place: String,
    /// The rule that reports it.
    pub rule: String,
    pub text: String,
}

/// Reads the snippets: a line `=== path line:column rule` before each.
pub fn idioms() -> Vec<Idiom> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/idioms");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut idioms: Vec<Idiom> = Vec::new();
    for file in files {
        let source = file.file_name().unwrap().to_string_lossy().into_owned();
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            match line.strip_prefix("=== ").map(|head| head.split(' ').collect::<Vec<_>>()) {
                Some(head) => {
                    let [path, place, rule] = head[..] else { panic!("{source}: {line}") };
                    idioms.push(Idiom {
                        source: source.clone(),
                        path: path.into(),
                        place: place.into(),
                        rule: rule.into(),
                        text: String::new(),
                    });
                }
                None => writeln!(idioms.last_mut().unwrap().text, "{line}").unwrap(),
            }
        }
    }
    idioms
}

#[test]
fn every_idiom_is_found_by_its_rule_in_its_place() {
    let idioms = idioms();
    assert!(idioms.len() >= LEAST, "{} snippets", idioms.len());
    let workspace = Workspace::new();
    for (number, idiom) in idioms.iter().enumerate() {
        workspace.write(&format!("{number:04}/{}", idiom.path), &idiom.text);
    }
    let places = workspace.run(&["--format", "json"]).places();
    let mut missed = String::new();
    for (number, Idiom { source, path, place, rule, text }) in idioms.iter().enumerate() {
        let expected = format!("{number:04}/{path}:{place} {rule}");
        if !places.contains(&expected) {
            let start = format!("{number:04}/");
            let found: Vec<_> = places.iter().filter(|one| one.starts_with(&start)).collect();
            writeln!(missed, "{source}: {expected}\n{text}found {found:?}\n").unwrap();
        }
    }
    assert!(missed.is_empty(), "\n{missed}");
}
