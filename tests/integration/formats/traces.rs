//! No report tells a secret, nor where on this machine it was found.

use super::bench::{Bench, FORMATS};
use base64::{Engine, engine::general_purpose::STANDARD};

/// Texts by which a secret, or half of it, could be read from a report.
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
    // Base64 of the middle, at each of the three ways it can fall on the groups.
    traces.extend((0..3).map(|at| STANDARD.encode(&secret[at..at + 12])));
    traces
}

#[test]
fn no_report_holds_a_part_of_a_secret_in_any_form() {
    let bench = Bench::shared();
    for format in FORMATS {
        let text = bench.report(format);
        assert!(text.contains("hf-user-access-token"), "{format} says nothing");
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
    for format in FORMATS {
        assert!(!bench.report(format).contains(here), "{format}");
    }
}
