//! The native part of the Python module `hfscan`; `python/hfscan/_hfscan.pyi` describes it.

mod arrow;
mod cache;
mod counts;
mod error;
mod exported;
mod ffi;
mod finding;
mod input;
mod options;
mod scanner;

use pyo3::prelude::*;

/// The native part of the module `hfscan`.
#[pymodule(gil_used = false)]
mod _hfscan {
    #[pymodule_export]
    use crate::{
        counts::Counts,
        error::HfscanError,
        exported::{ArrowArray, ArrowStream},
        finding::Finding,
        scanner::Scanner,
    };

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
