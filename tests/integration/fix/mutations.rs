//! Random changes of the texts in which rules must find something: a fix of a changed text breaks
//! nothing, reports every secret that it leaves, and changes nothing outside its edits.

use super::parsers::refused;
use crate::support::{Workspace, token};
use hfscan::{
    Applicability, Finding, Scanner, Settings, SourcePath,
    internal::{
        fix::{Document, Names, apply, plan},
        rule::{built_in, example::expand},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// Another seed generates other texts: `HFSCAN_SEED=7 cargo nextest run -E 'test(/mutations/)'`.
fn seed() -> u64 {
    std::env::var("HFSCAN_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// The number of texts generated, multiplied by `HFSCAN_ROUNDS`.
fn count() -> usize {
    let rounds = std::env::var("HFSCAN_ROUNDS").ok().and_then(|text| text.parse().ok());
    240 * rounds.unwrap_or(1)
}

/// The leaky examples of all rules that are texts.
fn samples() -> Vec<(String, String)> {
    let rules = built_in(None).expect("the built-in rules are valid");
    let mut samples = Vec::new();
    for rule in rules {
        let leaky = rule.examples.iter().filter(|one| !one.found.is_empty());
        for example in leaky.filter(|one| one.container.is_empty()) {
            samples.push((example.path.clone(), expand(&example.text)));
        }
    }
    samples
}

/// A text with one to three random changes. Its tokens stay whole.
fn changed(text: &str, random: &mut fastrand::Rng) -> String {
    const PIECES: [&str; 22] = [
        "\"", "'", "`", "(", ")", "[", "]", "{", "}", ",", ":", "#", "//", "\\", " ", "\t", "\n",
        "=", "é", "✓", "😀", "\u{a0}",
    ];
    let mut text = text.to_string();
    for _ in 0..random.usize(1..=3) {
        let tokens = tokens(&text);
        let inside = |at: usize| tokens.iter().any(|token| token.start < at && at < token.end);
        let places: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .filter(|at| !inside(*at))
            .collect();
        let at = places[random.usize(..places.len())];
        match random.u8(..6) {
            0 => text.insert_str(at, PIECES[random.usize(..PIECES.len())]),
            1 if tokens.iter().all(|token| !token.contains(&at)) && at < text.len() => {
                text.remove(at);
            }
            2 => {
                let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
                let one = random.usize(..lines.len().max(1)).min(lines.len().saturating_sub(1));
                if let Some(line) = lines.get(one).copied() {
                    lines.insert(random.usize(..=lines.len()), line);
                }
                text = lines.concat();
            }
            3 => {
                let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
                random.shuffle(&mut lines);
                text = lines.concat();
            }
            4 => text = text.replace("\r\n", "\n").replace('\n', "\r\n"),
            _ => {
                // A second secret on the line.
                if let Some(first) = tokens.first() {
                    let other = token("mutated");
                    let line = text[..first.start].rfind('\n').map_or(0, |end| end + 1);
                    let end = text[first.end..].find('\n').map_or(text.len(), |at| first.end + at);
                    let second = text[line..end].replace(&text[first.clone()], &other);
                    let glue = ["; ", ", ", " ", " && "][random.usize(..4)];
                    text.insert_str(end, &format!("{glue}{}", second.trim_start()));
                }
            }
        }
    }
    text
}

/// The spans of tokens in a text, except those that a change has joined to another word.
fn tokens(text: &str) -> Vec<std::ops::Range<usize>> {
    let is_body = |byte: &u8| byte.is_ascii_alphanumeric();
    let found = text.match_indices("hf_").map(|(at, _)| {
        let body = text.as_bytes()[at + 3..].iter().take_while(|byte| is_body(byte)).count();
        at..at + 3 + body
    });
    let is_whole = |token: &std::ops::Range<usize>| {
        token.len() == 37 && !text[..token.start].ends_with(|c: char| c.is_alphanumeric())
    };
    found.filter(is_whole).collect()
}

/// Texts with file names that identify their language, each in its own folder.
fn texts(random: &mut fastrand::Rng) -> BTreeMap<String, String> {
    let samples = samples();
    let text = |number: usize| {
        let (path, text) = &samples[random.usize(..samples.len())];
        (format!("{number:04}/{path}"), changed(text, random))
    };
    (0..count()).map(text).collect()
}

#[test]
fn a_fix_of_a_changed_text_breaks_nothing_and_hides_no_secret() {
    let mut random = fastrand::Rng::with_seed(seed());
    let texts = texts(&mut random);
    let workspace = Workspace::new();
    for (name, text) in &texts {
        workspace.write_bytes(name, text.as_bytes());
    }
    let files: Vec<PathBuf> = texts.keys().map(|name| workspace.path(name)).collect();
    let before: BTreeSet<PathBuf> = refused(&files).into_iter().collect();
    let all = ["--isolated", "--no-ignore", "."];
    let run = workspace.run(&[&["fix", "--discard", "--unsafe-fixes"][..], &all].concat());
    assert!(!run.stderr.contains("internal error"), "{}", run.stderr);
    let left = workspace.run(&[&["-f", "json"][..], &all].concat()).json();
    let mut wrong = Vec::new();
    let files: Vec<PathBuf> = files.into_iter().filter(|file| file.exists()).collect();
    for file in refused(&files).iter().filter(|file| !before.contains(*file)) {
        wrong.push(format!("{}: no longer parses", file.display()));
    }
    let mut fixed = 0;
    for (name, old) in &texts {
        let Ok(new) = std::fs::read_to_string(workspace.path(name)) else { continue };
        if new == *old {
            continue;
        }
        fixed += 1;
        let is_reported = |secret: &str| {
            let mask = format!("hf_{}…{}", &secret[3..5], &secret[secret.len() - 2..]);
            let findings = left["findings"].as_array().unwrap();
            findings.iter().any(|one| {
                one["location"]["path"] == name.as_str() && one["secret"]["masked"] == mask.as_str()
            })
        };
        let whole: BTreeSet<&str> = tokens(&new).into_iter().map(|span| &new[span]).collect();
        let gone = |secret: &str| !whole.contains(secret) || is_reported(secret);
        let secrets: BTreeSet<&str> = tokens(old).into_iter().map(|span| &old[span]).collect();
        if let Some(secret) = secrets.into_iter().find(|secret| secret.len() == 37 && !gone(secret))
        {
            // A text in which no rule had a finding before is not the result of the fix.
            if run.stdout.lines().any(|line| line.starts_with(&format!("{name}:"))) {
                wrong.push(format!("{name}: {secret} is left and not reported:\n{old}---\n{new}"));
            }
        }
        let ends = |text: &str| text.matches("\r\n").count() == text.matches('\n').count();
        if old.contains("\r\n") && ends(old) && !ends(&new) {
            wrong.push(format!("{name}: a line end of Windows is gone:\n{old}---\n{new}"));
        }
    }
    let wrong: Vec<String> = wrong
        .into_iter()
        .map(|one| {
            let name = texts.keys().find(|name| one.contains(name.as_str()));
            let old = name.map_or("", |name| &texts[name]);
            let new = name.map(|name| std::fs::read_to_string(workspace.path(name)).unwrap());
            format!("{one}\n{old}---\n{}", new.unwrap_or_default())
        })
        .collect();
    assert!(wrong.is_empty(), "seed {}: {}", seed(), wrong.join("\n=====\n"));
    assert!(fixed * 4 > texts.len(), "{fixed} of {} were fixed", texts.len());
}

#[test]
fn nothing_changes_but_what_the_edits_name() {
    let scanner = Scanner::new(Settings::default()).expect("the rules are valid");
    let mut random = fastrand::Rng::with_seed(seed() + 1);
    let mut applied = 0;
    for (name, text) in texts(&mut random) {
        let bytes = text.as_bytes();
        let mut findings = scanner.bytes(&name, bytes).findings;
        let path = SourcePath::from_bytes(&name);
        let mut names = Names::default();
        findings.iter().for_each(|finding| names.add(finding, Some("HF_TOKEN")));
        let ignore_file = SourcePath::from_bytes(".gitignore");
        let document =
            Document { path: &path, bytes, ignore_file: &ignore_file, is_tracked: false };
        let mut planned: Vec<&mut Finding> = findings.iter_mut().collect();
        plan(document, &mut planned, &names);
        let fixes: Vec<_> = findings
            .iter()
            .filter_map(|one| one.fixes.iter().find(|fix| !fix.edits.is_empty()))
            .filter(|fix| fix.applicability >= Applicability::Unsafe)
            .collect();
        let result = apply(bytes, &fixes);
        applied += result.applied.len();
        // Both texts are equal outside the edits.
        let (mut old, mut new) = (Vec::new(), Vec::new());
        let (mut at, mut shift) = (0, 0isize);
        for edit in &result.edits {
            assert!(text.is_char_boundary(edit.span.start), "{name}: {edit:?}");
            assert!(text.is_char_boundary(edit.span.end), "{name}: {edit:?}");
            let here = |byte: usize| usize::try_from(byte as isize + shift).unwrap();
            old.extend_from_slice(&bytes[at..edit.span.start]);
            new.extend_from_slice(&result.bytes[here(at)..here(edit.span.start)]);
            let written = here(edit.span.start)..here(edit.span.start) + edit.text.len();
            assert_eq!(&result.bytes[written], edit.text.as_bytes(), "{name}");
            at = edit.span.end;
            shift += edit.text.len() as isize - edit.span.len() as isize;
        }
        old.extend_from_slice(&bytes[at..]);
        new.extend_from_slice(&result.bytes[usize::try_from(at as isize + shift).unwrap()..]);
        assert_eq!(old, new, "{name}");
    }
    assert!(applied > count() / 4, "{applied} fixes were applied");
}
