//! Hovers with rule pages.

use super::{
    analysis::Analysis,
    diagnostics::place,
    project,
    protocol::{Position, Range},
};
use crate::{cli::rules, report::statement};
use serde_json::{Value, json};

/// The page of the rule with a finding at a position, or whose id is there in a comment or setting
/// of hfscan; `null` if there is none.
pub fn at(analysis: &Analysis, uri: &str, position: Position) -> Value {
    let point = Range { start: position, end: position };
    let found = analysis.findings.iter().chain(&analysis.suppressed);
    let found = found.filter_map(|finding| Some((finding, place(analysis, finding)?)));
    let mut found = found.filter(|(_, place)| place.text.uri == uri && place.range.touches(point));
    if let Some((finding, place)) = found.next() {
        let Some(rule) = analysis.rule(&finding.rule) else { return Value::Null };
        let text = format!("{}\n\n{}", statement(finding), rules::section(rule));
        return hover(analysis, &text, Some(place.range));
    }
    named(analysis, uri, position).map_or(Value::Null, |text| hover(analysis, &text, None))
}

fn hover(analysis: &Analysis, text: &str, range: Option<Range>) -> Value {
    let text = analysis.project.scanner.masked(text);
    let mut value = json!({"contents": {"kind": "markdown", "value": text}});
    if let Some(range) = range {
        value["range"] = json!(range);
    }
    value
}

/// The page of the rule whose id is at a position.
fn named(analysis: &Analysis, uri: &str, position: Position) -> Option<String> {
    let text = &analysis.view.parts().iter().find(|part| part.text.uri == uri)?.text;
    let (line, at) = text.buffer.line_at(position, analysis.view.encoding());
    let file_name = analysis.path.file_name();
    let is_settings = project::FILES[..4].iter().any(|name| name.as_bytes() == file_name);
    if !is_settings && !line.contains("hfscan") {
        return None;
    }
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let (before, after) = line.split_at(at);
    let start = before.trim_end_matches(is_part).len();
    let end = line.len() - after.trim_start_matches(is_part).len();
    analysis.rule(line.get(start..end)?).map(rules::section)
}
