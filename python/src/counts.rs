//! Counts of replacements.

use hfscan::tables::TableReplaced;
use pyo3::{prelude::*, types::PyDict};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Counts of replacements, updated as batches are read.
#[pyclass(module = "hfscan", frozen)]
#[derive(Default)]
pub struct Counts(Arc<Mutex<Counted>>);

/// Rows and replaced credentials.
#[derive(Default)]
struct Counted {
    rows: u64,
    by_rule: BTreeMap<String, u64>,
}

#[pymethods]
impl Counts {
    /// Counts of zero.
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Number of processed rows.
    #[getter]
    fn rows(&self) -> u64 {
        self.now().rows
    }

    /// Number of replaced credentials.
    #[getter]
    fn total(&self) -> u64 {
        self.now().by_rule.values().sum()
    }

    /// Number of replaced credentials by rule id.
    #[getter]
    fn by_rule<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (rule, count) in &self.now().by_rule {
            dict.set_item(rule, count)?;
        }
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let counted = self.now();
        format!("Counts(rows={}, by_rule={:?})", counted.rows, counted.by_rule)
    }
}

impl Counts {
    /// A handle to the same counts, for a stream.
    pub fn shared(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    /// Adds rows and their replacements.
    pub fn add(&self, rows: usize, replaced: &[TableReplaced]) {
        let mut counted = self.now();
        counted.rows += rows as u64;
        for one in replaced {
            *counted.by_rule.entry(one.replaced.rule.to_string()).or_default() += 1;
        }
    }

    fn now(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
