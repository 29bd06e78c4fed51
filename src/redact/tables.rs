//! Finds, counts and replaces credentials in Arrow arrays and record batches.

use super::{
    arrays::walk,
    cell::Cell,
    columns::Columns,
    leaves::Visit,
    redactor::{Redactor, Replaced},
};
use crate::scan::{TextFinding, TextPositions, Texts};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, Field};

/// A finding in a table.
#[derive(Debug, Clone)]
pub struct TableFinding {
    /// The position of the text.
    pub cell: Cell,
    /// The finding; its span is relative to the text.
    pub finding: TextFinding,
    /// The span in code points instead of bytes.
    pub points: std::ops::Range<usize>,
}

/// A replaced credential in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableReplaced {
    /// The position of the text.
    pub cell: Cell,
    /// The replacement.
    pub replaced: Replaced,
}

/// The findings in the texts of an array, unordered.
///
/// # Errors
/// Returns the errors of Arrow.
pub fn find_in(
    field: &Field,
    array: &dyn Array,
    columns: &Columns,
    texts: &mut Texts<'_>,
) -> Result<Vec<TableFinding>, ArrowError> {
    let mut visit = Find { texts, last: Vec::new(), found: Vec::new() };
    walk(field, array, columns, &mut visit)?;
    Ok(visit.found)
}

/// The number of findings in each row of an array.
///
/// # Errors
/// Returns the errors of Arrow.
pub fn count_in(
    field: &Field,
    array: &dyn Array,
    columns: &Columns,
    texts: &mut Texts<'_>,
) -> Result<Vec<u32>, ArrowError> {
    let mut visit = Count { texts, last: 0, counts: vec![0; array.len()] };
    walk(field, array, columns, &mut visit)?;
    Ok(visit.counts)
}

/// The array with credentials in its texts replaced, and the replacements; no array if there are
/// none.
///
/// # Errors
/// Returns an error if a column would exceed the range of its offsets.
pub fn redact_in(
    field: &Field,
    array: &dyn Array,
    columns: &Columns,
    redactor: &mut Redactor<'_>,
) -> Result<(Option<ArrayRef>, Vec<TableReplaced>), ArrowError> {
    let mut visit = Redact { redactor, last: Vec::new(), replaced: Vec::new() };
    let new = walk(field, array, columns, &mut visit)?;
    Ok((new, visit.replaced))
}

struct Find<'v, 's> {
    texts: &'v mut Texts<'s>,
    last: Vec<(TextFinding, std::ops::Range<usize>)>,
    found: Vec<TableFinding>,
}

impl Visit for Find<'_, '_> {
    fn texts(&self) -> &Texts<'_> {
        self.texts
    }

    fn text(&mut self, text: &[u8]) -> Option<Vec<u8>> {
        let findings = self.texts.find(text).into_iter();
        let mut positions = TextPositions::in_code_points(text);
        self.last = findings
            .map(|one| {
                let position = positions.of(one.span);
                (one, position.start..position.end)
            })
            .collect();
        None
    }

    fn cell(&mut self, cell: Cell) {
        for (finding, points) in &self.last {
            let (cell, finding, points) = (cell.clone(), finding.clone(), points.clone());
            self.found.push(TableFinding { cell, finding, points });
        }
    }

    fn has_findings(&self) -> bool {
        !self.last.is_empty()
    }
}

struct Count<'v, 's> {
    texts: &'v mut Texts<'s>,
    last: u32,
    counts: Vec<u32>,
}

impl Visit for Count<'_, '_> {
    fn texts(&self) -> &Texts<'_> {
        self.texts
    }

    fn text(&mut self, text: &[u8]) -> Option<Vec<u8>> {
        self.last = u32::try_from(self.texts.find(text).len()).unwrap_or(u32::MAX);
        None
    }

    fn cell(&mut self, cell: Cell) {
        let count = &mut self.counts[cell.row];
        *count = count.saturating_add(self.last);
    }

    fn has_findings(&self) -> bool {
        self.last > 0
    }
}

struct Redact<'v, 's> {
    redactor: &'v mut Redactor<'s>,
    last: Vec<Replaced>,
    replaced: Vec<TableReplaced>,
}

impl Visit for Redact<'_, '_> {
    fn texts(&self) -> &Texts<'_> {
        self.redactor.texts()
    }

    fn text(&mut self, text: &[u8]) -> Option<Vec<u8>> {
        let redaction = self.redactor.redact(text);
        let (new, replaced) = redaction.map(|one| (one.text, one.replaced)).unzip();
        self.last = replaced.unwrap_or_default();
        new
    }

    fn cell(&mut self, cell: Cell) {
        for replaced in &self.last {
            let (cell, replaced) = (cell.clone(), replaced.clone());
            self.replaced.push(TableReplaced { cell, replaced });
        }
    }

    fn has_findings(&self) -> bool {
        !self.last.is_empty()
    }
}
