//! The diff of the planned changes, with every secret masked.

use super::work::Work;
use crate::{cli::examined::Examined, model::FileChange};
use similar::TextDiff;
use std::fmt::Write;

/// A unified diff for reading: secrets are masked, so it cannot be applied. Empty without changes.
pub fn text(work: &Work, examined: &Examined) -> String {
    let mut out = String::new();
    for changed in work.changed.iter().filter(|one| !one.result.fixed.is_empty()) {
        let masked = |bytes: &[u8]| masked(bytes, work, examined);
        let (old, new) = (masked(&changed.file.bytes), masked(&changed.result.bytes));
        let name = format!("{}{}", examined.prefix, changed.path);
        let diff = TextDiff::from_lines(&old, &new);
        let shown = diff.unified_diff().context_radius(2).header(&name, &name).to_string();
        out.push_str(&shown.lines().map(escaped).collect::<String>());
    }
    for change in work.files.keys() {
        // Writing to a `String` cannot fail.
        let _ = match change {
            FileChange::Append { path, lines } => writeln!(out, "{path}: add {}", lines.join(", ")),
            FileChange::Delete { path } => writeln!(out, "{path}: delete"),
        };
    }
    out
}

/// A line without terminal control characters.
fn escaped(line: &str) -> String {
    let mut text = crate::model::escaped(line.as_bytes());
    text.push('\n');
    text
}

fn masked(bytes: &[u8], work: &Work, examined: &Examined) -> String {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    let fixed = work.changed.iter().flat_map(|one| &one.result.fixed);
    let found = examined.outcome.findings.iter().filter_map(|one| one.secret.as_ref());
    for secret in fixed.filter_map(|one| one.secret.as_ref()).chain(found) {
        if let Ok(plain) = std::str::from_utf8(secret.expose())
            && !plain.is_empty()
        {
            text = text.replace(plain, &secret.masked());
        }
    }
    examined.scanner.masked(&text)
}
