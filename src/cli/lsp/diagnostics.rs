//! Findings as diagnostics.

use super::{analysis::Analysis, protocol::Range, snapshot::Text, view::Place};
use crate::{
    model::{Finding, LineColumn, Severity, Span},
    report::{reading, statement},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The `source` of diagnostics.
pub const SOURCE: &str = "hfscan";

/// Maximum number of other locations of the same secret in a diagnostic.
const MAX_RELATED: usize = 10;

/// Constants of the protocol: severities and tags.
const WARNING: u8 = 2;
const HINT: u8 = 4;
const UNNECESSARY: u8 = 1;
const DEPRECATED: u8 = 2;

/// The diagnostics of each document of a unit, by URI, with its version. A document without
/// diagnostics has an empty list.
pub fn by_document(
    analysis: &Analysis,
    shows_ignored: bool,
) -> BTreeMap<String, (i64, Vec<Value>)> {
    let texts = analysis.view.parts().iter().map(|part| &part.text);
    let empty = |text: &Text| (text.uri.clone(), (text.version, Vec::new()));
    let mut all: BTreeMap<String, (i64, Vec<Value>)> = texts.map(empty).collect();
    let mut add = |text: &Text, value: Value| {
        if let Some((_, list)) = all.get_mut(&text.uri) {
            list.push(value);
        }
    };
    for finding in &analysis.findings {
        let Some(place) = place(analysis, finding) else { continue };
        add(place.text, diagnostic(analysis, finding, place.range));
    }
    for finding in analysis.suppressed.iter().filter(|_| shows_ignored) {
        let Some(place) = place(analysis, finding) else { continue };
        let reason = finding.suppressed.as_ref().map(|by| by.reason()).unwrap_or_default();
        let message = format!("ignored, {reason}: {}", statement(finding));
        let mut value = diagnostic(analysis, finding, place.range);
        value["severity"] = HINT.into();
        value["tags"] = json!([UNNECESSARY]);
        value["message"] = analysis.project.scanner.masked(&message).into();
        add(place.text, value);
    }
    for warning in &analysis.warnings {
        let Some(place) = warning.place.and_then(|at| line(analysis, at)) else { continue };
        let message = analysis.project.scanner.masked(&warning.message);
        let value = json!({
            "range": place.range, "severity": WARNING, "source": SOURCE,
            "code": "ignore-comment", "message": message,
        });
        add(place.text, value);
    }
    all
}

/// The range of a finding's secret. A finding inside an encoding such as base64 is shown at the
/// start of its document.
pub fn place<'a>(analysis: &'a Analysis, finding: &Finding) -> Option<Place<'a>> {
    let is_packed = !finding.location.inside.is_empty();
    let first = analysis.view.parts().first().map(|part| part.span.start);
    match is_packed {
        true => first.and_then(|at| analysis.view.place(Span::new(at, at))),
        false => analysis.view.place(finding.location.span),
    }
}

fn diagnostic(analysis: &Analysis, finding: &Finding, range: Range) -> Value {
    let mut value = json!({
        "range": range,
        "severity": severity(finding.severity),
        "source": SOURCE,
        "code": &*finding.rule,
        "message": analysis.project.scanner.masked(&statement(finding)),
        "data": {"rule": &*finding.rule, "fingerprint": finding.fingerprint.as_str()},
    });
    let rule = analysis.rule(&finding.rule);
    if let Some(address) = rule.and_then(|rule| reading(rule).next()) {
        value["codeDescription"] = json!({"href": address});
    }
    if rule.is_some_and(|rule| rule.tags.iter().any(|tag| tag == "deprecated")) {
        value["tags"] = json!([DEPRECATED]);
    }
    let related = related(analysis, finding);
    if !related.is_empty() {
        value["relatedInformation"] = related.into();
    }
    value
}

/// The other locations of a secret.
fn related(analysis: &Analysis, finding: &Finding) -> Vec<Value> {
    let Some(secret) = finding.secret.as_ref().filter(|one| !one.is_empty()) else {
        return Vec::new();
    };
    let own = finding.location.span;
    let found = memchr::memmem::find_iter(analysis.view.bytes(), secret.expose());
    let spans = found.map(|at| Span::new(at, at + secret.expose().len()));
    let others = spans.filter(|span| !own.contains(*span) && !span.contains(own));
    let places = others.filter_map(|span| analysis.view.place(span)).take(MAX_RELATED);
    let value = |place: Place<'_>| {
        json!({
            "location": {"uri": place.text.uri, "range": place.range},
            "message": format!("{} is also here", secret.masked()),
        })
    };
    places.map(value).collect()
}

/// The range from a location to the end of its line.
fn line(analysis: &Analysis, at: LineColumn) -> Option<Place<'_>> {
    let bytes = analysis.view.bytes();
    let ends = memchr::memchr_iter(b'\n', bytes).map(|end| end + 1);
    let start = std::iter::once(0).chain(ends).nth(at.line.checked_sub(1)?)?;
    let rest = bytes.get(start..)?;
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let end = line.trim_ascii_end().len();
    let column = at.byte_column.saturating_sub(1).min(end);
    analysis.view.place(Span::new(start + column, start + end))
}

/// The protocol's severity: 1 error, 2 warning, 3 information, 4 hint.
fn severity(severity: Severity) -> u8 {
    match severity {
        Severity::Critical | Severity::High => 1,
        Severity::Medium => WARNING,
        Severity::Low => 3,
        Severity::Info => HINT,
    }
}
