//! The location at which platforms show a finding.

use super::{history, reporter::Report, uri};
use crate::model::{Finding, LineColumn};

/// Start and end of a finding in the current file. `None` if it has no lines there: it is in a
/// container, in an older version of the file, or in a message.
pub fn in_file(finding: &Finding) -> Option<(LineColumn, LineColumn)> {
    let location = &finding.location;
    let has_lines = location.inside.is_empty() && history::is_current(finding);
    has_lines.then_some((location.start, location.end))
}

/// Like [`in_file`], but the first line if there is none, for formats that require a line.
pub fn line_or_first(finding: &Finding) -> (LineColumn, LineColumn) {
    in_file(finding).unwrap_or((LineColumn::START, LineColumn::START))
}

/// The URL that shows a finding, if the platform's URL scheme is known. It shows an older version
/// at its commit. A file whose name contains a secret has no URL.
pub fn address(report: Report<'_>, finding: &Finding) -> Option<String> {
    let location = &finding.location;
    let path = &location.path;
    if path.as_bytes().starts_with(b"/") || path.masked().is_some() {
        return None;
    }
    let base = report.setting.source_address?;
    let base = match history::is_current(finding) {
        true => base.to_string(),
        false => {
            let (before, _) = base.trim_end_matches('/').rsplit_once('/')?;
            format!("{before}/{}/", history::commit_of(finding)?)
        }
    };
    let is_message = finding
        .history
        .as_ref()
        .is_some_and(|history| !matches!(history.origin, crate::model::Origin::Blob(_)));
    if is_message {
        return None;
    }
    let line = if location.inside.is_empty() { location.start.line } else { 1 };
    Some(format!("{base}{}#L{line}", uri::reference(&report.repository_path(path))))
}
