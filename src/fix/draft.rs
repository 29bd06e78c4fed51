//! A fix that is being made: the row that fits, and the edits.

use super::row::Row;
use crate::model::{Applicability, Edit, FileChange, Fix, Span, SpanMap};

/// A fix that is being made.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The row that fits.
    pub row: &'static Row,
    /// The edits of the text at hand.
    pub edits: Vec<Edit>,
    /// Changes of files.
    pub files: Vec<FileChange>,
    /// Further reasons, each of which makes the fix at most as safe as it says.
    pub doubts: Vec<(Applicability, String)>,
    /// Another fix, for whoever cannot take this one.
    pub otherwise: Option<Box<Draft>>,
}

impl Draft {
    /// A draft with edits.
    pub fn new(row: &'static Row, edits: Vec<Edit>) -> Self {
        Self { row, edits, files: Vec::new(), doubts: Vec::new(), otherwise: None }
    }

    /// A draft that only says what to do.
    pub fn shown(row: &'static Row) -> Self {
        Self::new(row, Vec::new())
    }

    /// A draft that replaces one span.
    pub fn replace(row: &'static Row, span: Span, text: impl Into<String>) -> Self {
        Self::new(row, vec![Edit::replace(span, text)])
    }

    /// The same, at most as safe as this, for this reason.
    pub fn doubted(mut self, at_most: Applicability, reason: impl Into<String>) -> Self {
        self.doubts.push((at_most, reason.into()));
        self
    }

    /// The same, with another fix for whoever cannot take this one.
    pub fn or(mut self, otherwise: Draft) -> Self {
        self.otherwise = Some(Box::new(otherwise));
        self
    }

    /// The fix in a file in which the text at hand stands as `map` says, each text written as
    /// `escape` writes it.
    pub fn moved(mut self, map: &SpanMap, escape: fn(&str) -> String) -> Self {
        for edit in &mut self.edits {
            edit.span = map.to_source(edit.span);
            edit.text = escape(&edit.text);
        }
        self.otherwise = self.otherwise.map(|one| Box::new(one.moved(map, escape)));
        self
    }

    /// The fixes, this one first.
    pub fn into_fixes(mut self, variable: Option<&str>) -> Vec<Fix> {
        let otherwise = self.otherwise.take();
        let own = self.into_fix(variable.map(str::to_string));
        own.into_iter()
            .chain(otherwise.into_iter().flat_map(|one| one.into_fixes(variable)))
            .collect()
    }

    fn into_fix(self, variable: Option<String>) -> Option<Fix> {
        let Self { row, edits, files, doubts, otherwise: _ } = self;
        let mut fix = Fix::new(row.id, row.applicability, edits)?;
        fix.files = files;
        let named = |text: &str| match &variable {
            Some(variable) => text.replace("HF_TOKEN", variable),
            None => text.to_string(),
        };
        fix.title = named(row.does);
        fix.reason = named(row.why);
        fix.variable = variable;
        for (at_most, reason) in doubts {
            fix.applicability = fix.applicability.min(at_most);
            fix.reason = format!("{}; {reason}", fix.reason);
        }
        if !fix.has_changes() {
            fix.applicability = Applicability::DisplayOnly;
        }
        Some(fix)
    }
}
