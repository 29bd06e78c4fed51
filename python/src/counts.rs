//! Counts of what was replaced.

use hfscan::tables::TableReplaced;
use pyo3::{prelude::*, types::PyDict};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What was replaced, counted while batches go by.
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
    /// Counts of nothing.
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Rows that went by.
    #[getter]
    fn rows(&self) -> u64 {
        self.now().rows
    }

    /// Replaced credentials.
    #[getter]
    fn total(&self) -> u64 {
        self.now().by_rule.values().sum()
    }

    /// Replaced credentials by the id of the rule.
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
    /// The same counts, for what goes on counting.
    pub fn shared(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    /// Adds rows and what was replaced in them.
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
