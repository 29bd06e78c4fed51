//! Sentences and counts shared by several reports.

use super::{history, reporter::Report};
use crate::model::{
    Applicability, Finding, Fix, Outcome, Severity, SkipReason, Skipped, Summary, Suppressor,
    Warning, escaped,
};

/// The problem in one sentence without a full stop: the message, the masked credential, and the
/// container members that lead to it.
pub fn headline(finding: &Finding) -> String {
    let mut text = capitalised(&finding.message).trim_end_matches('.').to_string();
    if let Some(secret) = &finding.secret {
        text.push_str(&format!(" ({})", secret.masked()));
    }
    if !finding.location.inside.is_empty() {
        let parts: Vec<String> =
            finding.location.inside.iter().map(|part| escaped(part.as_bytes())).collect();
        text.push_str(&format!(", in {}", parts.join("!")));
    }
    text
}

/// The full text of a finding: problem, history, remedy, notes.
pub fn statement(finding: &Finding) -> String {
    let mut text = headline(finding) + ".";
    if finding.location.path.masked().is_some() {
        text.push_str(
            " The name of the file contains a secret and is masked here, so it cannot be linked.",
        );
    }
    if let Some(story) = history::story(finding) {
        text.push(' ');
        text.push_str(&story);
    }
    for more in std::iter::once(&*finding.help).chain(finding.notes.iter().map(String::as_str)) {
        if !more.is_empty() {
            text.push(' ');
            text.push_str(&sentence(more));
        }
    }
    text
}

/// One line with the number of unscanned files by reason: `3 files not scanned: 2 over-limit, 1
/// unreadable`. `None` if there are none. Excludes links, and files excluded by the user.
pub fn not_scanned(outcome: &Outcome) -> Option<String> {
    let mut reasons = std::collections::BTreeMap::<&str, u64>::new();
    for one in outcome.skipped.iter().filter(|one| is_missing(one)) {
        *reasons.entry(one.reason.as_str()).or_default() += 1;
    }
    let total = reasons.values().sum::<u64>();
    let listed = listed(reasons.into_iter())?;
    Some(format!("{} not scanned: {listed}", counted(total, "file or member")))
}

/// `true` if the user might expect this file to be scanned.
pub fn is_missing(skipped: &Skipped) -> bool {
    !matches!(
        skipped.reason,
        SkipReason::Symlink | SkipReason::Special | SkipReason::Excluded | SkipReason::Outside
    )
}

/// `text` with an initial capital and a full stop.
pub fn sentence(text: &str) -> String {
    let text = capitalised(text.trim());
    match text.chars().last() {
        None | Some('.' | '!' | '?') => text,
        Some(_) => text + ".",
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// The first `max` characters of `text`; the last one is `…` if the text was cut.
pub fn shortened(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_string(),
        Some(_) => text.chars().take(max.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// A part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Plain(&'a str),
    /// Text between backquotes, without them.
    Code(&'a str),
}

/// Splits a message or hint at the backquotes around code. An unclosed backquote is plain text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, behind)) = after.split_once('`') else { break };
        pieces.extend([Piece::Plain(before), Piece::Code(code)]);
        rest = behind;
    }
    pieces.push(Piece::Plain(rest));
    pieces
}

/// The reason for which a file was not scanned: `not scanned: unreadable: permission denied`.
pub fn reason(skipped: &Skipped) -> String {
    let mut text = format!("not scanned: {}", skipped.reason.as_str());
    if !skipped.inside.is_empty() {
        let parts: Vec<String> =
            skipped.inside.iter().map(|part| escaped(part.as_bytes())).collect();
        text.push_str(&format!(", in {}", parts.join("!")));
    }
    if !skipped.detail.is_empty() {
        text.push_str(&format!(": {}", escaped(skipped.detail.as_bytes())));
    }
    text
}

/// The text of a warning without its location, for formats that show it separately.
pub fn caution(warning: &Warning) -> String {
    escaped(warning.message.as_bytes())
}

/// `3 findings (2 critical, 1 low)`, `no findings`.
pub fn verdict(report: Report<'_>) -> String {
    let summary = Summary::of(report.outcome);
    match report.outcome.findings.len() as u64 {
        0 => "no findings".to_string(),
        total => {
            let by_severity = Severity::ALL
                .iter()
                .rev()
                .filter_map(|one| Some((one.as_str(), *summary.findings.get(one)? as u64)));
            format!("{} ({})", counted(total, "finding"), listed(by_severity).unwrap_or_default())
        }
    }
}

/// The number of findings that `hfscan fix` removes; `None` if 0.
pub fn fixable(findings: &[Finding]) -> Option<String> {
    let best = findings.iter().filter_map(|one| one.fixes.iter().find(|fix| fix.has_changes()));
    let is_safe = |fix: &&Fix| fix.applicability == Applicability::Safe;
    let (safe, others): (Vec<&Fix>, Vec<&Fix>) = best.partition(is_safe);
    let text = match (safe.len(), others.len()) {
        (0, 0) => return None,
        (0, more) => format!("{more} fixable with `hfscan fix --unsafe-fixes`"),
        (count, 0) => format!("{count} fixable with `hfscan fix`"),
        (count, more) => {
            format!("{count} fixable with `hfscan fix`, {more} more with `--unsafe-fixes`")
        }
    };
    Some(text)
}

/// The counts of matches and files that are not findings: `suppressed: 2 inline; skipped: 1
/// symlink`; `None` if there are none. Excludes findings that another one at the same location
/// replaces, since these hide no leak.
pub fn remainder(report: Report<'_>) -> Option<String> {
    let summary = Summary::of(report.outcome);
    let wide = |counts: std::collections::BTreeMap<&'static str, usize>| {
        listed(counts.into_iter().map(|(name, count)| (name, count as u64)))
    };
    let hidden = report.outcome.suppressed_counts.iter();
    let hidden = hidden.filter(|(by, _)| **by != Suppressor::OVERLAP);
    let suppressed = listed(hidden.map(|(by, count)| (*by, *count)));
    let parts = [
        ("suppressed", suppressed),
        ("dismissed", wide(summary.dismissed)),
        ("skipped", wide(summary.skipped)),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter_map(|(name, what)| Some(format!("{name}: {}", what?))).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// `1,234 files, 45.2 MB`.
pub fn extent(report: Report<'_>) -> String {
    let totals = report.outcome.totals;
    let excluded = match report.outcome.excluded {
        0 => String::new(),
        count => format!(", {} excluded", counted(count, "path")),
    };
    format!("{}, {}{excluded}", counted(totals.files, "file"), human_bytes(totals.bytes))
}

/// Counts as text: `3 placeholder, 1 too-regular`; `None` without counts.
pub fn listed<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> Option<String> {
    let parts: Vec<String> = counts.map(|(name, count)| format!("{count} {name}")).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// `1 file`, `1,234 files`.
pub fn counted(count: u64, noun: &str) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    let noun = match (count, noun) {
        (1, _) => noun.to_string(),
        (_, "file or member") => "files or members".to_string(),
        _ => format!("{noun}s"),
    };
    format!("{} {noun}", groups.join(","))
}

/// A number of bytes in the largest decimal unit that gives at least 1: `45.2 MB`.
pub fn human_bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return counted(bytes, "byte");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// A duration with its unit: `1.2 s`, `85 ms`.
pub fn human_time(time: std::time::Duration) -> String {
    if time.as_secs() >= 1 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} ms", time.as_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(counted(1, "file"), "1 file");
        assert_eq!(counted(1_234_567, "file"), "1,234,567 files");
        assert_eq!(human_bytes(999), "999 bytes");
        assert_eq!(human_bytes(45_200_000), "45.2 MB");
        assert_eq!(human_bytes(999_960), "1.0 MB");
    }

    #[test]
    fn a_sentence_begins_and_ends_as_one() {
        assert_eq!(sentence("write `x`"), "Write `x`.");
        assert_eq!(sentence("Done!"), "Done!");
        assert_eq!(sentence(" "), "");
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöüß", 3), "äö…");
    }
}
