//! Texts that Python hands over, without copies of them.

use hfscan::Span;
use pyo3::{
    buffer::PyBuffer,
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyString},
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
    is_read_only: bool,
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
        let is_read_only = buffer.readonly();
        Ok(Input::Buffer(Buffer { buffer, is_read_only }))
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

    /// `true` if other threads of Python may run while the bytes are read: nobody can write
    /// to them.
    pub fn is_frozen(&self) -> bool {
        match self {
            Input::Buffer(buffer) => buffer.is_read_only,
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

/// Offsets, line and column of a place in a text.
pub struct Place {
    /// The first unit, from 0: a code point of a `str`, a byte otherwise.
    pub start: usize,
    /// The unit after the last one.
    pub end: usize,
    /// The line, from 1.
    pub line: usize,
    /// The unit in the line, from 1.
    pub column: usize,
}

impl Place {
    /// The place of `span`.
    pub fn of(bytes: &[u8], span: Span, is_text: bool) -> Self {
        let count = |bytes: &[u8]| match is_text {
            true => bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count(),
            false => bytes.len(),
        };
        let before = &bytes[..span.start];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let start = count(before);
        Self {
            start,
            end: start + count(span.slice(bytes)),
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: count(&before[line_start..]) + 1,
        }
    }
}
