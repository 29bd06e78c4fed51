//! A summary in Markdown, for a comment on a pull request and for GitHub's job summary.

use super::{
    history,
    place::address,
    ranking::worst_first,
    reporter::{Report, Reporter, revoke_url},
    wording::{
        Piece, caution, counted, extent, headline, pieces, reason, remainder, sentence, verdict,
    },
};
use crate::model::{Finding, escaped};
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write},
};

/// Maximum size of a comment in bytes. The limit is 65,536 characters on GitHub, a million on
/// GitLab.
const MAX_COMMENT: usize = 60_000;
/// Bytes reserved for the text below the table.
const RESERVE: usize = 16_000;
/// Maximum number of skipped files or warnings listed under a heading.
const MAX_LISTED: usize = 20;

/// A summary in Markdown.
#[derive(Debug)]
pub struct Markdown;

impl Reporter for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn about(&self) -> &'static str {
        "a Markdown summary for pull requests"
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(page(report, MAX_COMMENT).as_bytes())
    }
}

/// A summary of about `room` bytes: as many of the most severe findings as fit, and the number of
/// the others. The text around the table takes at most about 16 kB.
pub fn page(report: Report<'_>, room: usize) -> String {
    let outcome = report.outcome;
    let mut text = format!("## hfscan: {}\n\n", verdict(report));
    let findings = worst_first(&outcome.findings);
    let mut shown = 0;
    if !findings.is_empty() {
        text.push_str("| Severity | Position | Finding |\n| --- | --- | --- |\n");
        for finding in &findings {
            let row = row(finding, report);
            if text.len() + row.len() + RESERVE > room {
                break;
            }
            text.push_str(&row);
            shown += 1;
        }
        text.push('\n');
    }
    if shown < findings.len() {
        let left = counted((findings.len() - shown) as u64, "finding");
        let _ = writeln!(text, "{left} more, none of them worse, left out for want of room.\n");
    }
    advice(&mut text, &findings[..shown], report);
    listed(&mut text, report);
    let _ = write!(text, "<sub>{} scanned", extent(report));
    if let Some(rest) = remainder(report) {
        let _ = write!(text, "; {rest}");
    }
    let _ = writeln!(text, "; hfscan {}</sub>", env!("CARGO_PKG_VERSION"));
    text
}

fn row(finding: &Finding, report: Report<'_>) -> String {
    let location = &finding.location;
    let place =
        code(&format!("{}:{}:{}", location.name(), location.start.line, location.start.column));
    let place = match address(report, finding) {
        Some(address) => format!("[{place}]({address})"),
        None => place,
    };
    let story = history::story(finding).map(|story| format!(". {story}")).unwrap_or_default();
    let what = prose(&(headline(finding) + &story));
    format!("| {} | {place} | {what} {} |\n", finding.severity, code(&finding.rule))
}

/// The reason and the remedy, once per rule.
fn advice(text: &mut String, findings: &[&Finding], report: Report<'_>) {
    let mut seen = BTreeSet::new();
    let limit = text.len() + RESERVE / 2;
    for finding in findings {
        let Some(rule) = report.rules.get(&finding.rule) else { continue };
        if !seen.insert(&*rule.id) || text.len() > limit {
            continue;
        }
        let _ = writeln!(
            text,
            "<details><summary>{}: why it matters, and what to do</summary>\n\n{}\n\n{}",
            code(&rule.id),
            prose(&sentence(&rule.why)),
            prose(&sentence(&finding.help)),
        );
        if let Some(address) = revoke_url(rule).filter(|_| finding.is_revocable()) {
            let _ = writeln!(
                text,
                "\nRevoke it first, at <{address}>: removing it here does not take it back."
            );
        }
        text.push_str("\n</details>\n\n");
    }
}

/// Skipped files that fail the scan, and warnings about ignore comments.
fn listed(text: &mut String, report: Report<'_>) {
    let failed = report.outcome.failures();
    let failed =
        failed.map(|one| format!("{} {}", code(&one.path.to_string()), prose(&reason(one))));
    let warnings = report.outcome.warnings.iter().map(|one| {
        let line = one.place.map(|place| format!(":{}", place.line)).unwrap_or_default();
        format!("{} {}", code(&format!("{}{line}", one.path)), prose(&caution(one)))
    });
    let lines: Vec<String> = failed.chain(warnings).collect();
    for line in lines.iter().take(MAX_LISTED) {
        // A file name may be longer than the page's limit.
        let _ = writeln!(text, "- ⚠️ {}", if line.len() < 8_000 { line } else { "(a long name)" });
    }
    if lines.len() > MAX_LISTED {
        let _ = writeln!(text, "- and {} more", lines.len() - MAX_LISTED);
    }
    if !lines.is_empty() {
        text.push('\n');
    }
}

/// Literal text, escaped so that no character acts as markup, in table cells or elsewhere.
fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in escaped(text.as_bytes()).chars() {
        match character {
            // A character reference is never interpreted as markup.
            c if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '-' | '/' | ';') => {
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

/// Text in a `<code>` element, where platforms do not expand user names.
fn code(text: &str) -> String {
    format!("<code>{}</code>", plain(text))
}

/// A message or hint, with its code in `<code>` elements.
fn prose(text: &str) -> String {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Code(text) => code(text),
        Piece::Plain(text) => plain(text),
    };
    pieces(text).into_iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_name_is_no_markup_in_any_place() {
        let text = sample::written(&Markdown, &sample::outcome());
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
        assert_eq!(rows.len(), sample::NAMES.len());
        for row in rows {
            assert_eq!(row.matches('|').count(), 4, "{row}");
            assert_eq!(row.matches('<').count(), 4, "{row}");
            assert!(!row.contains('`') && !row.contains('@'), "{row}");
        }
        assert!(!text.contains("<script>"));
    }

    #[test]
    fn a_page_has_no_more_than_its_room_and_says_what_it_left_out() {
        let mut outcome = sample::outcome();
        outcome.findings = (0..5_000).map(sample::finding).collect();
        sample::with_report(&outcome, |report| {
            for room in [20_000, 60_000, 1 << 20] {
                let text = page(report, room);
                assert!(text.len() <= room, "{} of {room}", text.len());
                let rows = text.lines().filter(|line| line.starts_with("| ")).count() - 2;
                let left = text.lines().find(|line| line.contains(" more, none of them worse"));
                let left = left.and_then(|line| line.split(' ').next()).expect("some are left out");
                let left: usize = left.replace(',', "").parse().expect("a number");
                assert_eq!(rows + left, 5_000);
            }
        });
    }

    #[test]
    fn backquotes_make_code_and_a_lone_one_does_not() {
        assert_eq!(prose("write `a<b>` now"), "write <code>a&#60;b&#62;</code> now");
        assert_eq!(prose("a ` b"), "a &#96; b");
    }
}
