//! Arrow's C data interface through PyCapsules
//! (<https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>).

use crate::error;
use arrow_array::{
    Array, ArrayRef, RecordBatchReader,
    ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type},
    ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream},
    make_array,
};
use arrow_schema::Field;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyCapsule, PyTuple},
};
use std::ffi::CStr;

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";

/// Data imported from a Python object with Arrow capsules.
pub enum Imported {
    /// An array or a record batch.
    Array(Field, ArrayRef),
    /// A stream of arrays, which can be read once.
    Stream(ArrayStreamReader),
}

/// Imports the Arrow data of an object, without a copy.
///
/// # Errors
/// `TypeError` for an object without capsules.
pub fn import(data: &Bound<'_, PyAny>) -> PyResult<Imported> {
    if data.hasattr("__arrow_c_array__")? {
        let capsules = data.call_method0("__arrow_c_array__")?;
        let capsules = capsules.cast::<PyTuple>()?;
        let (schema, array) = (capsules.get_item(0)?, capsules.get_item(1)?);
        let schema = schema.cast::<PyCapsule>()?.pointer_checked(Some(SCHEMA))?;
        let array = array.cast::<PyCapsule>()?.pointer_checked(Some(ARRAY))?;
        // SAFETY: a capsule with this name contains a valid Arrow schema, as the interface
        // requires. It is read only while the capsule exists.
        let schema = unsafe { schema.cast::<FFI_ArrowSchema>().as_ref() };
        let field = Field::try_from(schema).map_err(error::of)?;
        // SAFETY: as above; the array is moved out, and the capsule marked as released.
        let array = unsafe { FFI_ArrowArray::from_raw(array.cast().as_ptr()) };
        // SAFETY: the exporter declares this type for the array.
        let data = unsafe { from_ffi_and_data_type(array, field.data_type().clone()) };
        return Ok(Imported::Array(field, make_array(data.map_err(error::of)?)));
    }
    if data.hasattr("__arrow_c_stream__")? {
        let capsule = data.call_method0("__arrow_c_stream__")?;
        let stream = capsule.cast::<PyCapsule>()?.pointer_checked(Some(STREAM))?;
        // SAFETY: a capsule with this name contains a valid Arrow stream, which is moved out, and
        // the capsule marked as released.
        let reader = unsafe { ArrayStreamReader::from_raw(stream.cast().as_ptr()) };
        return reader.map(Imported::Stream).map_err(error::of);
    }
    let kind = data.get_type();
    Err(PyTypeError::new_err(format!(
        "expected an object with __arrow_c_array__ or __arrow_c_stream__, not {}",
        kind.name()?
    )))
}

/// The capsules of an array.
///
/// # Errors
/// Returns an error for a type without a C data representation.
pub fn export<'py>(
    py: Python<'py>,
    field: &Field,
    array: &ArrayRef,
) -> PyResult<Bound<'py, PyTuple>> {
    let array = FFI_ArrowArray::new(&array.to_data());
    let array = PyCapsule::new_with_value(py, array, ARRAY)?;
    (export_schema(py, field)?, array).into_pyobject(py)
}

/// The capsule of a schema.
///
/// # Errors
/// Returns an error for a type without a C data representation.
pub fn export_schema<'py>(py: Python<'py>, field: &Field) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(field).map_err(error::of)?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}

/// The capsule of a stream.
///
/// # Errors
/// `ValueError` if it was already read.
pub fn export_stream<'py>(
    py: Python<'py>,
    reader: Option<Box<dyn RecordBatchReader + Send>>,
) -> PyResult<Bound<'py, PyCapsule>> {
    let reader = reader.ok_or_else(|| PyValueError::new_err("the stream was already read"))?;
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), STREAM)
}
