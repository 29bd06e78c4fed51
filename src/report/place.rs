//! Where platforms show a finding.

use crate::model::{LineColumn, Location};

/// From where to where a finding stands in its file: its very start where it stands in
/// something inside of the file, since lines of that are none of the file's.
pub fn in_file(location: &Location) -> (LineColumn, LineColumn) {
    if location.inside.is_empty() {
        (location.start, location.end)
    } else {
        (LineColumn::START, LineColumn::START)
    }
}
