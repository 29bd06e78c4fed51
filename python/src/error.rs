//! Errors raised in Python.

use pyo3::{create_exception, exceptions::PyException, prelude::*};
use std::fmt::Display;

create_exception!(
    hfscan,
    HfscanError,
    PyException,
    "hfscan cannot do what was asked: a rule file, a selection or a column is wrong, or the \
     program failed. Its message holds no secret."
);

/// The Python error for a library error, with secrets in its text masked.
pub fn of(error: impl Display) -> PyErr {
    HfscanError::new_err(hfscan::internal::scan::masked(&error.to_string()))
}
