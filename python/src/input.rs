//! Python texts, read without copies.

use hfscan::TextPositions;
use pyo3::{
    buffer::PyBuffer,
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyMemoryView, PyString},
};

/// A text, borrowed for the lifetime of the Python object.
pub enum Input<'py> {
    /// A `str`, as UTF-8.
    Text(&'py [u8]),
    /// A `str` with lone surrogates, each encoded as three bytes, as with `surrogatepass`.
    Surrogates(Vec<u8>),
    /// `bytes`.
    Bytes(&'py [u8]),
    /// Another object with a buffer: `bytearray`, `memoryview`, `mmap`, arrays of bytes.
    Buffer(Buffer),
}

/// A contiguous buffer of bytes.
pub struct Buffer {
    buffer: PyBuffer<u8>,
    is_frozen: bool,
}

impl<'py> Input<'py> {
    /// Borrows the text of `object`.
    ///
    /// # Errors
    /// `TypeError` for an object that is neither a `str` nor has a buffer of bytes, `ValueError`
    /// for a buffer that is not contiguous.
    pub fn of(object: &'py Bound<'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = object.cast::<PyString>() {
            return match text.to_str() {
                Ok(text) => Ok(Input::Text(text.as_bytes())),
                Err(_) => {
                    let bytes = object.call_method1("encode", ("utf-8", "surrogatepass"))?;
                    Ok(Input::Surrogates(bytes.extract()?))
                }
            };
        }
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return Ok(Input::Bytes(bytes.as_bytes()));
        }
        let Ok(buffer) = PyBuffer::<u8>::get(object) else {
            let kind = object.get_type();
            return Err(PyTypeError::new_err(format!(
                "expected str, bytes or a buffer of bytes, not {}",
                kind.name()?
            )));
        };
        if !buffer.is_c_contiguous() {
            return Err(PyValueError::new_err("the buffer is not contiguous"));
        }
        let is_frozen = buffer.readonly() && cannot_change(object)?;
        Ok(Input::Buffer(Buffer { buffer, is_frozen }))
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Input::Text(bytes) | Input::Bytes(bytes) => bytes,
            Input::Surrogates(bytes) => bytes,
            Input::Buffer(buffer) => buffer.bytes(),
        }
    }

    /// `true` if offsets are in code points.
    pub fn is_text(&self) -> bool {
        matches!(self, Input::Text(_) | Input::Surrogates(_))
    }

    /// The converter of positions in the text.
    pub fn positions(&self) -> TextPositions<'_> {
        match self.is_text() {
            true => TextPositions::in_code_points(self.bytes()),
            false => TextPositions::in_bytes(self.bytes()),
        }
    }

    /// `true` if no Python code can write to the bytes; other threads may run while they are read.
    pub fn is_frozen(&self) -> bool {
        match self {
            Input::Buffer(buffer) => buffer.is_frozen,
            _ => true,
        }
    }

    /// A redacted text as an object of the same type; other buffers give `bytes`.
    ///
    /// # Errors
    /// Returns Python's errors.
    pub fn rebuilt<'p>(&self, py: Python<'p>, bytes: &[u8]) -> PyResult<Bound<'p, PyAny>> {
        match self {
            Input::Text(_) | Input::Surrogates(_) => {
                PyBytes::new(py, bytes).call_method1("decode", ("utf-8", "surrogatepass"))
            }
            _ => Ok(PyBytes::new(py, bytes).into_any()),
        }
    }
}

/// `true` if the owner of a read-only buffer cannot change in another way: a read-only view of a
/// `bytearray` can change.
fn cannot_change(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let owner = match object.cast::<PyMemoryView>() {
        Ok(view) => view.getattr("obj")?,
        Err(_) => object.clone(),
    };
    Ok(owner.is_instance_of::<PyBytes>() || owner.get_type().name()? == "mmap")
}

impl Buffer {
    fn bytes(&self) -> &[u8] {
        let len = self.buffer.len_bytes();
        if len == 0 {
            return &[];
        }
        // SAFETY: the exporter keeps `len` contiguous bytes at this address until the buffer is
        // released, which happens when `self` is dropped. For a writable buffer, the caller holds
        // the GIL while the bytes are read.
        unsafe { std::slice::from_raw_parts(self.buffer.buf_ptr().cast::<u8>(), len) }
    }
}
