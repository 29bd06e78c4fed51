//! Text that is not executed: documents, comments, documentation strings.

use super::{
    draft::Draft,
    row,
    site::{Site, Text},
    url,
};
use crate::{model::CommandPlace, rule::expression};

/// The fix in a comment: a placeholder.
pub fn comment(site: Site<'_>) -> Draft {
    Draft::replace(row::COMMENT, site.span, placeholder(site))
}

/// The fix in a document: a placeholder, or the variable in an example command.
pub fn document(text: &Text<'_>, site: Site<'_>) -> Draft {
    if let Some(draft) = url::draft(text, site, text.lines(site.span)) {
        return draft;
    }
    let is_command = text
        .command(site.span)
        .is_some_and(|(command, _)| command.place == CommandPlace::Documentation);
    let before = site.span.start.checked_sub(1).map_or(b' ', |at| text.byte(at));
    let line = text.lines(site.span).slice(text.bytes);
    let is_word = matches!(before, b' ' | b'=' | b'"') && !line.contains(&b'\'');
    let shown =
        if is_command && is_word { format!("${}", site.variable) } else { placeholder(site) };
    Draft::replace(row::DOCUMENT, site.span, shown)
}

fn placeholder(site: Site<'_>) -> String {
    expression("markdown", site.variable).unwrap_or_default()
}
