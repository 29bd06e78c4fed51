//! The Python class `Finding`.

use hfscan::{TextFinding, TextPosition};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict, PyString, PyTuple},
};

/// A finding in a text. Contains no secret unless the scanner was created with `reveal=True`.
#[pyclass(module = "hfscan", frozen, eq, hash)]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Finding {
    /// The rule's id.
    #[pyo3(get)]
    rule: String,
    /// `info`, `low`, `medium`, `high` or `critical`.
    #[pyo3(get)]
    severity: String,
    /// `low`, `medium` or `high`.
    #[pyo3(get)]
    confidence: String,
    /// One sentence that names the problem.
    #[pyo3(get)]
    message: String,
    /// The start offset, from 0: in code points of a `str`, in bytes otherwise.
    #[pyo3(get)]
    start: usize,
    /// The exclusive end offset.
    #[pyo3(get)]
    end: usize,
    /// The line, from 1.
    #[pyo3(get)]
    line: usize,
    /// The column in code points or bytes, from 1.
    #[pyo3(get)]
    column: usize,
    /// The masked credential; `None` if the finding has none.
    #[pyo3(get)]
    masked: Option<String>,
    /// Eight hexadecimal digits, equal for equal secrets; `None` without a secret and for a
    /// guessable one.
    #[pyo3(get)]
    secret_id: Option<String>,
    secret: Option<Revealed>,
}

/// A revealed secret.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Revealed {
    bytes: Vec<u8>,
    is_text: bool,
}

impl Finding {
    /// The finding at a position of a text, in code points if `is_text`. With `reveal`, the secret
    /// is stored.
    pub fn of(finding: TextFinding, position: TextPosition, is_text: bool, reveal: bool) -> Self {
        let TextPosition { start, end, line, column } = position;
        let (masked, secret_id) = (finding.masked(), finding.secret_id());
        let secret = finding.secret.filter(|_| reveal);
        Self {
            rule: finding.rule.to_string(),
            severity: finding.severity.to_string(),
            confidence: finding.confidence.to_string(),
            message: finding.message,
            start,
            end,
            line,
            column,
            masked,
            secret_id,
            secret: secret.map(|one| Revealed { bytes: one.expose().to_vec(), is_text }),
        }
    }
}

#[pymethods]
impl Finding {
    /// The credential, `str` if the text was a `str` and `bytes` otherwise, if the scanner was
    /// created with `reveal=True`; `None` otherwise, and after pickling.
    #[getter]
    fn secret<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        self.secret.as_ref().map(|one| match std::str::from_utf8(&one.bytes) {
            Ok(text) if one.is_text => PyString::new(py, text).into_any(),
            _ => PyBytes::new(py, &one.bytes).into_any(),
        })
    }

    /// All fields except the secret, as a dict.
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("rule", &self.rule)?;
        dict.set_item("severity", &self.severity)?;
        dict.set_item("confidence", &self.confidence)?;
        dict.set_item("message", &self.message)?;
        dict.set_item("start", self.start)?;
        dict.set_item("end", self.end)?;
        dict.set_item("line", self.line)?;
        dict.set_item("column", self.column)?;
        dict.set_item("masked", &self.masked)?;
        dict.set_item("secret_id", &self.secret_id)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let Self { rule, severity, start, end, .. } = self;
        let masked = self.masked.as_deref().unwrap_or("-");
        format!("Finding({rule}, {severity}, {start}:{end}, {masked})")
    }

    /// Pickles contain no secret.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.get_type::<Self>().getattr("_restore")?;
        (restore, (self.as_dict(py)?,)).into_pyobject(py)
    }

    /// Restores a finding from the dict of `as_dict`.
    #[staticmethod]
    fn _restore(dict: &Bound<'_, PyDict>) -> PyResult<Self> {
        let item = |name: &str| dict.as_any().get_item(name);
        Ok(Self {
            rule: item("rule")?.extract()?,
            severity: item("severity")?.extract()?,
            confidence: item("confidence")?.extract()?,
            message: item("message")?.extract()?,
            start: item("start")?.extract()?,
            end: item("end")?.extract()?,
            line: item("line")?.extract()?,
            column: item("column")?.extract()?,
            masked: item("masked")?.extract()?,
            secret_id: item("secret_id")?.extract()?,
            secret: None,
        })
    }
}
