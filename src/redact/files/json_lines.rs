//! JSON Lines: the strings of each line are redacted in place, and every other byte is kept.

use super::{
    error::FileError,
    job::{FileJob, Place, Totals},
    json_strings::for_each_string,
};
use crate::{
    model::Span,
    redact::{
        columns::UnknownColumn,
        redactor::{Redactor, Replaced},
    },
    scan::json_string,
};
use serde::de::IgnoredAny;
use std::{
    collections::BTreeSet,
    io::{BufRead, Write},
};

/// Maximum number of columns named in an error.
const MAX_NAMED: usize = 100;

/// Redacts a file of JSON Lines.
///
/// # Errors
/// Returns an error if reading or writing fails, and for a column that no line has.
pub fn redact(
    mut input: impl BufRead,
    output: &mut dyn Write,
    job: &FileJob<'_>,
    found: &mut dyn FnMut(&Place, &Replaced),
) -> Result<Totals, FileError> {
    let mut lines = Lines {
        job,
        redactor: job.redactor(),
        totals: Totals::default(),
        is_met: job.columns.is_all(),
        columns: BTreeSet::new(),
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        lines.line(&line, output, found)?;
    }
    if !lines.is_met && lines.totals.rows > 0 {
        let there = lines.columns.into_iter().collect();
        return Err(UnknownColumn { name: job.columns.to_string(), there }.into());
    }
    Ok(lines.totals)
}

struct Lines<'j> {
    job: &'j FileJob<'j>,
    redactor: Redactor<'j>,
    totals: Totals,
    /// `true` if any line has a selected column.
    is_met: bool,
    /// The columns of the lines so far.
    columns: BTreeSet<String>,
}

impl Lines<'_> {
    fn line(
        &mut self,
        line: &[u8],
        output: &mut dyn Write,
        found: &mut dyn FnMut(&Place, &Replaced),
    ) -> Result<(), FileError> {
        let row = self.totals.rows;
        self.totals.rows += 1;
        let is_json =
            self.job.columns.is_all() || serde_json::from_slice::<IgnoredAny>(line).is_ok();
        let edits = match is_json && !self.job.columns.is_all() {
            true => self.columns_of(line, row, found),
            false => {
                self.totals.malformed += u64::from(!is_json && !line.trim_ascii().is_empty());
                self.whole(line, Place::in_row(row, Vec::new()), found)
            }
        };
        let mut at = 0;
        for (span, bytes) in edits {
            output.write_all(&line[at..span.start])?;
            output.write_all(&bytes)?;
            at = span.end;
        }
        output.write_all(&line[at..])?;
        Ok(())
    }

    /// The edits of a line that is scanned as one text.
    fn whole(
        &mut self,
        line: &[u8],
        place: Place,
        found: &mut dyn FnMut(&Place, &Replaced),
    ) -> Vec<(Span, Vec<u8>)> {
        let Some(redaction) = self.redactor.redact(line) else { return Vec::new() };
        self.totals.replaced += redaction.replaced.len() as u64;
        redaction.replaced.iter().for_each(|one| found(&place, one));
        redaction.edits
    }

    /// The edits of the strings in selected columns.
    fn columns_of(
        &mut self,
        line: &[u8],
        row: usize,
        found: &mut dyn FnMut(&Place, &Replaced),
    ) -> Vec<(Span, Vec<u8>)> {
        let mut edits = Vec::new();
        for_each_string(line, row, &mut |cell, inside| {
            if !self.job.columns.contain(&cell.names()) {
                if !self.is_met && self.columns.len() < MAX_NAMED {
                    self.columns.insert(cell.column());
                }
                return;
            }
            self.is_met = true;
            let (text, map) = json_string(line, inside);
            let Some(redaction) = self.redactor.redact(&text) else { return };
            self.totals.replaced += redaction.replaced.len() as u64;
            let place = Place { row_group: None, cell: cell.clone() };
            redaction.replaced.iter().for_each(|one| found(&place, one));
            for (span, bytes) in redaction.edits {
                let text = String::from_utf8_lossy(&bytes);
                let quoted = serde_json::to_string(&text).expect("a string is JSON");
                edits.push((map.to_source(span), quoted.as_bytes()[1..quoted.len() - 1].to_vec()));
            }
        });
        edits
    }
}
