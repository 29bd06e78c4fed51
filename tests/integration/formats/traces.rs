//! No report contains a secret, or the path of the scanned folder on this machine.

use super::bench::{Bench, formats};
use crate::support::Workspace;
use base64::{Engine, engine::general_purpose::STANDARD};

/// Texts that would reveal a secret, or half of it.
fn traces(secret: &str) -> Vec<String> {
    let body = &secret[3..];
    let halves = [&body[..17], &body[17..]];
    let mut traces: Vec<String> = vec![STANDARD.encode(secret)];
    for text in halves {
        let reversed: String = text.chars().rev().collect();
        for text in [text, &reversed] {
            traces.push(text.bytes().map(|byte| format!("%{byte:02x}")).collect());
            traces.push(text.bytes().map(|byte| format!("{byte:02x}")).collect());
            traces.extend((0..=text.len() - 8).map(|at| text[at..at + 8].to_string()));
        }
    }
    // Base64 of the middle, for each of its three positions in a group.
    traces.extend((0..3).map(|at| STANDARD.encode(&secret[at..at + 12])));
    traces
}

#[test]
fn no_report_holds_a_part_of_a_secret_in_any_form() {
    let bench = Bench::shared();
    for format in formats() {
        let text = bench.report(format);
        assert!(text.contains("hardcoded-token-assignment"), "{format} says nothing");
        let lower = text.to_lowercase();
        for trace in bench.tokens.iter().flat_map(|token| traces(token)) {
            let found = text.contains(&trace)
                || (trace.starts_with('%') && lower.contains(&trace.to_lowercase()));
            assert!(!found, "{format} holds {trace}");
        }
    }
}

#[test]
fn no_report_names_a_folder_of_this_machine() {
    let bench = Bench::shared();
    let here = bench.folder.path().to_str().unwrap();
    for format in formats() {
        assert!(!bench.report(format).contains(here), "{format}");
    }
}

/// A repository with a password chosen by a person, and another secret above it.
fn with_password(password: &str, above: &str) -> Workspace {
    let url = format!("postgres://app:{password}@db.acme.dev/app");
    let text = format!("{above}TOKEN = \"hf_{{{{alpha:34}}}}\"\nDATABASE_URL = \"{url}\"\n");
    Workspace::with("settings.py", &text)
}

fn report(workspace: &Workspace, format: &str) -> String {
    workspace.run(&["--format", format, "--explain-dismissed"]).stdout
}

#[test]
fn reports_of_two_passwords_of_one_length_are_the_same() {
    let (one, other) = (with_password("Spring-2024", ""), with_password("Autumn-1999", ""));
    for format in formats() {
        let text = report(&one, format);
        assert!(text.contains("database-url-password"), "{format}: {text}");
        assert_eq!(timeless(&text), timeless(&report(&other, format)), "{format}");
    }
}

/// A report without the duration of the scan.
fn timeless(report: &str) -> String {
    let is_time = |text: &str| text.ends_with(" ms") || text.ends_with(" s");
    let timeless = |line: &str| match line.rsplit_once(", ") {
        Some((rest, last)) if is_time(last) => format!("{rest}\n"),
        _ => format!("{line}\n"),
    };
    report.lines().map(timeless).collect()
}

#[test]
fn a_password_keeps_its_fingerprint_when_its_line_moves() {
    let prints = |above: &str| -> Vec<String> {
        let workspace = with_password("Spring-2024", above);
        let mut prints = Vec::new();
        for (format, list, print) in [
            ("json", "/findings", "/fingerprint"),
            ("sarif", "/runs/0/results", "/partialFingerprints/hfscanFingerprint~1v1"),
            ("gitlab", "", "/fingerprint"),
            ("gitlab-secrets", "/vulnerabilities", "/id"),
        ] {
            let report: serde_json::Value =
                serde_json::from_str(&report(&workspace, format)).unwrap();
            let findings = report.pointer(list).unwrap().as_array().unwrap();
            assert_eq!(findings.len(), 2, "{format}");
            let of = |one: &serde_json::Value| one.pointer(print).unwrap().as_str().unwrap().into();
            prints.extend(findings.iter().map(of));
        }
        prints
    };
    assert_eq!(prints(""), prints("import os\n\n\n"));
    let distinct: std::collections::BTreeSet<String> = prints("").into_iter().collect();
    assert_eq!(distinct.len(), 4, "two findings, each by a fingerprint and by a UUID of it");
}
