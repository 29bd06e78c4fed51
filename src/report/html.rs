//! A self-contained HTML page, without scripts or external resources.

use super::{
    history,
    place::address,
    ranking::worst_first,
    reporter::{Report, Reporter, reading, revoke_url},
    wording::{
        Piece, caution, counted, extent, headline, pieces, reason, remainder, sentence, verdict,
    },
    xml::escape,
};
use crate::{
    model::{Excerpt, Finding, Severity, Summary, escaped},
    rule::Rule,
};
use std::io::{self, Write};

/// Maximum number of listed skipped files.
const MAX_SKIPPED: usize = 1_000;

/// An HTML page.
#[derive(Debug)]
pub struct Html;

impl Reporter for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn about(&self) -> &'static str {
        "an HTML page without scripts or external resources"
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        head(report, out)?;
        filters(report, out)?;
        writeln!(out, "<main>")?;
        for (rule, findings) in by_rule(report) {
            section(report, rule, &findings, out)?;
        }
        left_out(report, out)?;
        writeln!(out, "</main>")?;
        writeln!(
            out,
            "<footer>hfscan {}, rules {}</footer>\n</body>\n</html>",
            env!("CARGO_PKG_VERSION"),
            escape(report.rules_version)
        )
    }
}

fn head(report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    // Defence in depth: the policy blocks scripts even if the escaping is wrong.
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>hfscan: {}</title>\n<style>\n{}</style>\n</head>\n<body>",
        escape(&verdict(report)),
        include_str!("html.css"),
    )?;
    let summary = Summary::of(report.outcome);
    writeln!(out, "<header>\n<h1>hfscan: {}</h1>", escape(&verdict(report)))?;
    write!(out, "<p>{} scanned", extent(report))?;
    if summary.secrets > 0 {
        write!(out, "; {}", counted(summary.secrets as u64, "distinct secret"))?;
    }
    if let Some(rest) = remainder(report) {
        write!(out, "; {}", escape(&rest))?;
    }
    writeln!(out, ".</p>")?;
    if !report.is_complete() {
        writeln!(out, "<p class=\"incomplete\">Not everything was scanned; see below.</p>")?;
    }
    writeln!(out, "</header>")
}

/// A check box for each severity with findings; the style sheet hides findings whose box is not
/// checked.
fn filters(report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let summary = Summary::of(report.outcome);
    if summary.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "<fieldset class=\"filters\">\n<legend>Show</legend>")?;
    for severity in Severity::ALL.iter().rev() {
        if let Some(count) = summary.findings.get(severity) {
            writeln!(
                out,
                "<label class=\"{severity}\"><input type=\"checkbox\" \
                 id=\"show-{severity}\" checked> {severity} <b>{count}</b></label>"
            )?;
        }
    }
    writeln!(out, "</fieldset>")
}

/// The findings of each rule; rules are ordered by their most severe finding.
fn by_rule(report: Report<'_>) -> Vec<(&str, Vec<&Finding>)> {
    let mut groups: Vec<(&str, Vec<&Finding>)> = Vec::new();
    let mut numbers = std::collections::HashMap::new();
    for finding in worst_first(&report.outcome.findings) {
        let number = *numbers.entry(&*finding.rule).or_insert_with(|| {
            groups.push((&finding.rule, Vec::new()));
            groups.len() - 1
        });
        groups[number].1.push(finding);
    }
    groups
}

fn section(
    report: Report<'_>,
    id: &str,
    findings: &[&Finding],
    out: &mut dyn Write,
) -> io::Result<()> {
    let rule = report.rules.get(id);
    // A section is hidden if all its findings are.
    let only = match findings {
        [first, rest @ ..] if rest.iter().all(|one| one.severity == first.severity) => {
            format!(" only-{}", first.severity)
        }
        _ => String::new(),
    };
    writeln!(
        out,
        "<details class=\"rule{only}\" open>\n<summary><span class=\"title\">{}</span> \
         <code>{}</code> <b>{}</b></summary>",
        escape(&sentence(rule.map_or(id, |rule| &rule.title)).replace('.', "")),
        escape(id),
        counted(findings.len() as u64, "finding"),
    )?;
    if let Some(rule) = rule {
        about(rule, findings, out)?;
    }
    for finding in findings {
        card(report, finding, out)?;
    }
    writeln!(out, "</details>")
}

fn about(rule: &Rule, findings: &[&Finding], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<div class=\"about\">\n<p>{}</p>", prose(&sentence(&rule.why)))?;
    if let Some(address) = revoke_url(rule).map(escape)
        && findings.iter().any(|finding| finding.is_revocable())
    {
        writeln!(
            out,
            "<p>Revoke it first, at <a href=\"{address}\" rel=\"noreferrer\">{address}</a>: \
             removing it from a file does not invalidate it.</p>"
        )?;
    }
    let links: Vec<String> = reading(rule)
        .filter(|address| address.starts_with("https://"))
        .map(|address| {
            let address = escape(&address);
            format!("<a href=\"{address}\" rel=\"noreferrer\">{address}</a>")
        })
        .collect();
    if !links.is_empty() {
        writeln!(out, "<p>Read on: {}</p>", links.join(", "))?;
    }
    writeln!(out, "</div>")
}

fn card(report: Report<'_>, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let location = &finding.location;
    let severity = finding.severity;
    let name = format!("{}:{}:{}", location.name(), location.start.line, location.start.column);
    let place = match address(report, finding) {
        Some(address) => {
            format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", escape(&address), escape(&name))
        }
        None => escape(&name).into_owned(),
    };
    writeln!(
        out,
        "<article class=\"{severity}\">\n<h2><span class=\"badge\">{severity}</span> \
         <bdi class=\"place\">{place}</bdi></h2>\n<p>{}.</p>",
        prose(&headline(finding)),
    )?;
    writeln!(out, "<pre><code>{}</code></pre>", excerpt(&finding.excerpt))?;
    if let Some(story) = history::story(finding) {
        writeln!(out, "<p class=\"story\">{}</p>", prose(&story))?;
    }
    writeln!(out, "<p>{}</p>", prose(&sentence(&finding.help)))?;
    for note in &finding.notes {
        writeln!(out, "<p class=\"note\">{}</p>", prose(&sentence(note)))?;
    }
    writeln!(
        out,
        "<p class=\"small\">confidence {}{}</p>\n</article>",
        finding.confidence,
        location.note.as_ref().map(|note| format!(", {}", escape(note))).unwrap_or_default(),
    )
}

/// The source line with the highlight marked.
fn excerpt(excerpt: &Excerpt) -> String {
    let Excerpt { text, highlight, .. } = excerpt;
    let part = |from: usize, to: usize| escape(text.get(from..to).unwrap_or_default());
    format!(
        "{}{}<mark>{}</mark>{}{}",
        if excerpt.cut_left { "…" } else { "" },
        part(0, highlight.start),
        part(highlight.start, highlight.end),
        part(highlight.end, text.len()),
        if excerpt.cut_right { "…" } else { "" },
    )
}

/// The files that were not scanned, and warnings about ignore comments.
fn left_out(report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let outcome = report.outcome;
    if !outcome.warnings.is_empty() {
        writeln!(out, "<details open>\n<summary>Warnings</summary>\n<ul>")?;
        for warning in outcome.warnings.iter().take(MAX_SKIPPED) {
            let line = warning.place.map(|place| format!(":{}", place.line)).unwrap_or_default();
            writeln!(
                out,
                "<li><bdi>{}{line}</bdi>: {}</li>",
                escape(&warning.path.to_string()),
                prose(&caution(warning))
            )?;
        }
        writeln!(out, "</ul>\n</details>")?;
    }
    if outcome.skipped.is_empty() {
        return Ok(());
    }
    let mut skipped: Vec<_> = outcome.skipped.iter().collect();
    skipped.sort_by_key(|one| !outcome.is_failure(one.reason));
    let open = if report.is_complete() { "" } else { " open" };
    writeln!(
        out,
        "<details{open}>\n<summary>Not scanned <b>{}</b></summary>\n<ul>",
        skipped.len()
    )?;
    for one in skipped.iter().take(MAX_SKIPPED) {
        let path = one.path.to_string();
        writeln!(out, "<li><bdi>{}</bdi>: {}</li>", escape(&path), escape(&reason(one)))?;
    }
    if skipped.len() > MAX_SKIPPED {
        writeln!(out, "<li>and {} more</li>", skipped.len() - MAX_SKIPPED)?;
    }
    writeln!(out, "</ul>\n</details>")
}

/// A message or hint, with its code in `<code>` elements.
fn prose(text: &str) -> String {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Code(code) => format!("<code>{}</code>", escape(&escaped(code.as_bytes()))),
        Piece::Plain(plain) => escape(&escaped(plain.as_bytes())).into_owned(),
    };
    pieces(text).into_iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn nothing_is_loaded_and_nothing_runs() {
        let text = sample::written(&Html, &sample::outcome());
        for bad in ["<script", "src=", "@import", "url(", "onclick", "<link", "<iframe"] {
            assert!(!text.contains(bad), "{bad}");
        }
    }

    #[test]
    fn every_finding_has_a_card_of_its_severity() {
        let outcome = sample::outcome();
        let text = sample::written(&Html, &outcome);
        assert_eq!(text.matches("<article class=").count(), outcome.findings.len());
        assert_eq!(text.matches("<article class=\"critical\"").count(), 2);
        assert_eq!(text.matches("<mark>").count(), outcome.findings.len());
    }

    #[test]
    fn a_section_hides_with_the_only_severity_of_its_findings() {
        let mut outcome = sample::outcome();
        outcome.findings.truncate(1);
        let text = sample::written(&Html, &outcome);
        assert!(text.contains("<details class=\"rule only-critical\" open>"), "{text}");
        for severity in Severity::ALL {
            let selector = format!(
                ":has(#show-{severity}:not(:checked)) :is(article.{severity}, .only-{severity})"
            );
            assert!(text.contains(&selector), "{selector}");
        }
    }

    #[test]
    fn a_page_about_nothing_says_so() {
        let text = sample::written(&Html, &Default::default());
        assert!(text.contains("<h1>hfscan: no findings</h1>"), "{text}");
        assert!(!text.contains("<fieldset"));
    }
}
