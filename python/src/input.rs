//! Texts that Python hands over, without copies of them.

use hfscan::TextPositions;
use pyo3::{
    buffer::PyBuffer,
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyMemoryView, PyString},
};

/// A text, borrowed for as long as Python's object lives.
pub enum Input<'py> {
    /// A `str`, as UTF-8.
    Text(&'py [u8]),
    /// A `str` with lone surrogates, each as the three bytes that `surrogatepass` gives.
    Surrogates(Vec<u8>),
    /// `bytes`.
    Bytes(&'py [u8]),
    /// Another object with a buffer: `bytearray`, `memoryview`, `mmap`, arrays of bytes.
    Buffer(Buffer),
}

/// A buffer of bytes that stands in one piece.
pub struct Buffer {
    buffer: PyBuffer<u8>,
    is_frozen: bool,
}

impl<'py> Input<'py> {
    /// The text that `object` is.
    ///
    /// # Errors
    /// `TypeError` for what is neither a `str` nor has a buffer of bytes, `ValueError` for a
    /// buffer that is not in one piece.
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
            return Err(PyValueError::new_err("the buffer is not in one piece"));
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

    /// `true` if offsets count code points.
    pub fn is_text(&self) -> bool {
        matches!(self, Input::Text(_) | Input::Surrogates(_))
    }

    /// Positions in it.
    pub fn positions(&self) -> TextPositions<'_> {
        match self.is_text() {
            true => TextPositions::in_code_points(self.bytes()),
            false => TextPositions::in_bytes(self.bytes()),
        }
    }

    /// `true` if nobody in Python can write to the bytes: other threads may run while they are
    /// read.
    pub fn is_frozen(&self) -> bool {
        match self {
            Input::Buffer(buffer) => buffer.is_frozen,
            _ => true,
        }
    }

    /// A redacted text as an object of the same type; other buffers give `bytes`.
    ///
    /// # Errors
    /// Those of Python.
    pub fn rebuilt<'p>(&self, py: Python<'p>, bytes: &[u8]) -> PyResult<Bound<'p, PyAny>> {
        match self {
            Input::Text(_) | Input::Surrogates(_) => {
                PyBytes::new(py, bytes).call_method1("decode", ("utf-8", "surrogatepass"))
            }
            _ => Ok(PyBytes::new(py, bytes).into_any()),
        }
    }
}

/// `true` if what owns a read-only buffer cannot be written to by another way: a read-only view
/// of a `bytearray` can change.
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
        // SAFETY: the exporter keeps `len` bytes in one piece at this address until the buffer
        // is released, which `self` does when it is dropped. Of a buffer that can be written
        // to, the caller holds Python's lock for as long as the bytes are read.
        unsafe { std::slice::from_raw_parts(self.buffer.buf_ptr().cast::<u8>(), len) }
    }
}
