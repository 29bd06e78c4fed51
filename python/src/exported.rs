//! Results as Arrow objects, for any library with Arrow support.

use crate::ffi;
use arrow_array::{Array, ArrayRef, RecordBatchReader};
use arrow_schema::{DataType, Field};
use pyo3::{
    prelude::*,
    types::{PyCapsule, PyTuple},
};
use std::sync::{Mutex, PoisonError};

/// An array or record batch that any Arrow library can import without a copy.
#[pyclass(module = "hfscan", frozen)]
pub struct ArrowArray {
    field: Field,
    array: ArrayRef,
}

impl ArrowArray {
    /// An array and its field; a record batch is an array of structs.
    pub fn new(field: Field, array: ArrayRef) -> Self {
        Self { field, array }
    }
}

#[pymethods]
impl ArrowArray {
    /// The array as PyCapsules of the Arrow interface. Ignores `requested_schema`, as the interface
    /// allows.
    #[pyo3(signature = (requested_schema=None))]
    #[expect(unused_variables, reason = "it is the name of a keyword")]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        ffi::export(py, &self.field, &self.array)
    }

    /// The schema as a PyCapsule of the Arrow interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        ffi::export_schema(py, &self.field)
    }

    fn __len__(&self) -> usize {
        self.array.len()
    }

    fn __repr__(&self) -> String {
        format!("ArrowArray({} rows)", self.array.len())
    }
}

/// A stream of record batches that any Arrow library can read, once. Each batch is scanned when it
/// is requested, and is not stored.
#[pyclass(module = "hfscan", frozen)]
pub struct ArrowStream {
    field: Field,
    reader: Mutex<Option<Box<dyn RecordBatchReader + Send>>>,
}

impl ArrowStream {
    /// A stream of the record batches of `reader`.
    pub fn new(reader: impl RecordBatchReader + Send + 'static) -> Self {
        let schema = reader.schema();
        let field = Field::new("", DataType::Struct(schema.fields().clone()), false)
            .with_metadata(schema.metadata().clone());
        Self { field, reader: Mutex::new(Some(Box::new(reader))) }
    }
}

#[pymethods]
impl ArrowStream {
    /// The stream as a PyCapsule of the Arrow interface. Ignores `requested_schema`, as the
    /// interface allows.
    #[pyo3(signature = (requested_schema=None))]
    #[expect(unused_variables, reason = "it is the name of a keyword")]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        ffi::export_stream(py, self.reader.lock().unwrap_or_else(PoisonError::into_inner).take())
    }

    /// The schema as a PyCapsule of the Arrow interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        ffi::export_schema(py, &self.field)
    }

    fn __repr__(&self) -> String {
        "ArrowStream()".into()
    }
}
