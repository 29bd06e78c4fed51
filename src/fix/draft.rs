//! A fix under construction: its row and edits.

use super::row::Row;
use crate::model::{Applicability, Edit, FileChange, Fix, Span, SpanMap};

/// A fix under construction.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The row of the fix.
    pub row: &'static Row,
    /// The edits of the current text.
    pub edits: Vec<Edit>,
    /// Changes of whole files.
    pub files: Vec<FileChange>,
    /// Additional reasons, each with the highest applicability that it allows.
    pub doubts: Vec<(Applicability, String)>,
    /// An alternative fix.
    pub otherwise: Option<Box<Draft>>,
}

impl Draft {
    /// A draft with edits.
    pub fn new(row: &'static Row, edits: Vec<Edit>) -> Self {
        Self { row, edits, files: Vec::new(), doubts: Vec::new(), otherwise: None }
    }

    /// A draft without edits, which is only displayed.
    pub fn shown(row: &'static Row) -> Self {
        Self::new(row, Vec::new())
    }

    /// A draft that replaces one span.
    pub fn replace(row: &'static Row, span: Span, text: impl Into<String>) -> Self {
        Self::new(row, vec![Edit::replace(span, text)])
    }

    /// Limits the applicability, for this reason.
    pub fn doubted(mut self, at_most: Applicability, reason: impl Into<String>) -> Self {
        self.doubts.push((at_most, reason.into()));
        self
    }

    /// Adds an alternative fix.
    pub fn or(mut self, otherwise: Draft) -> Self {
        self.otherwise = Some(Box::new(otherwise));
        self
    }

    /// Converts the edits from the current text to the file that contains it: spans through `map`,
    /// new texts through `escape`.
    pub fn moved(mut self, map: &SpanMap, escape: fn(&str) -> String) -> Self {
        for edit in &mut self.edits {
            edit.span = map.to_source(edit.span);
            edit.text = escape(&edit.text);
        }
        self.otherwise = self.otherwise.map(|one| Box::new(one.moved(map, escape)));
        self
    }

    /// The fixes, with this one before its alternative.
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
