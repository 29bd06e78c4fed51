//! Ignore comments as edits.

use super::analysis::Analysis;
use crate::{
    fix::{apply, still_reads},
    language::{self, CommentForm, FileHead, Reader, Wanted, identify},
    model::{Applicability, Edit, Facts, Finding, Fix, Span},
};

/// The placeholder that the user replaces by a reason.
pub const BLANK: &str = "why it may stand here";

/// The edit of the scanned bytes that adds an ignore comment for a finding, at the end of its line
/// or on a line before it; `None` if the language has no comments, or none is possible there.
///
/// The edited bytes are scanned again: the language's reader must recognise the comment, the rest
/// must parse as before, and the finding must be suppressed.
pub fn comment(analysis: &Analysis, finding: &Finding) -> Option<Edit> {
    let reader = identify(FileHead::of(&analysis.path, analysis.view.bytes()))?;
    let form = reader.comment()?;
    if !finding.location.inside.is_empty() {
        return None;
    }
    let candidates = [
        (!form.own_line).then(|| at_line_end(analysis, finding, form)).flatten(),
        before_line(analysis, finding, form),
    ];
    candidates.into_iter().flatten().find(|edit| is_right(analysis, finding, reader, edit))
}

/// The comment at the end of the last line of a finding.
fn at_line_end(analysis: &Analysis, finding: &Finding, form: CommentForm) -> Option<Edit> {
    let (text, span, to_bytes) = own_text(analysis, finding)?;
    let rest = &text[span.end..];
    let end = span.end + memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
    let written = form.written(&format!("hfscan: ignore[{}] {BLANK}", finding.rule));
    Some(to_bytes(Edit::insert(end, format!("  {written}"))))
}

/// The comment on a separate line before that of a finding.
fn before_line(analysis: &Analysis, finding: &Finding, form: CommentForm) -> Option<Edit> {
    let (text, span, to_bytes) = own_text(analysis, finding)?;
    let before = &text[..span.start];
    let start = memchr::memrchr2(b'\r', b'\n', before).map_or(0, |end| end + 1);
    let line = std::str::from_utf8(&text[start..]).ok()?;
    let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let newline = if memchr::memmem::find(text, b"\r\n").is_some() { "\r\n" } else { "\n" };
    let written = form.written(&format!("hfscan: ignore-next-line[{}] {BLANK}", finding.rule));
    Some(to_bytes(Edit::insert(start, format!("{indent}{written}{newline}"))))
}

type ToBytes<'a> = Box<dyn Fn(Edit) -> Edit + 'a>;

/// The editor text with a finding, the finding's span in it, and a function that converts edits of
/// the text to edits of the scanned bytes.
fn own_text<'a>(
    analysis: &'a Analysis,
    finding: &Finding,
) -> Option<(&'a [u8], Span, ToBytes<'a>)> {
    let span = finding.location.span;
    let part = analysis.view.part(span)?;
    let text = part.text.buffer.text().as_bytes();
    if !analysis.view.is_notebook() {
        return Some((text, span, Box::new(|edit| edit)));
    }
    let to_bytes = |edit: Edit| {
        let quoted = serde_json::to_string(&edit.text).unwrap_or_default();
        let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        Edit::replace(part.map.to_source(edit.span), inner)
    };
    Some((text, part.map.to_view(span), Box::new(to_bytes)))
}

fn is_right(analysis: &Analysis, finding: &Finding, reader: &dyn Reader, edit: &Edit) -> bool {
    let bytes = analysis.view.bytes();
    let Some(fix) = Fix::new("", Applicability::Safe, vec![edit.clone()]) else { return false };
    let new = apply(bytes, &[&fix]).bytes;
    if !still_reads(&analysis.path, bytes, &new, std::slice::from_ref(edit)) {
        return false;
    }
    let count =
        |findings: &[Finding]| findings.iter().filter(|one| one.rule == finding.rule).count();
    if count(&analysis.again(&new)) >= count(&analysis.findings) {
        return false;
    }
    let read = |bytes: &[u8]| {
        language::read(reader, bytes, FileHead::of(&analysis.path, bytes), Wanted::ALL)
    };
    let (before, after) = (read(bytes), read(&new));
    let blanks = edit.text.len() - edit.text.trim_start().len();
    let own = Span::new(edit.span.start + blanks, edit.span.start + blanks + 1);
    after.comments.iter().any(|one| one.overlaps(own)) && says(&before) == says(&after)
}

/// The content of facts without locations: bindings, and the words of commands.
fn says(facts: &Facts) -> Vec<&str> {
    let bindings = facts.bindings.iter().flat_map(|one| [one.path.as_str(), &one.value.text]);
    let words = facts.commands.iter().flat_map(|one| &one.words);
    bindings.chain(words.map(|word| word.text.as_str())).collect()
}
