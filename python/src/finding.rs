//! A finding, as Python sees it.

use hfscan::{TextFinding, TextPosition};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict, PyString, PyTuple},
};

/// What a rule found in a text. Holds no secret, unless the scanner was made with
/// `reveal=True`.
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
    /// The first code point of a `str`, or byte otherwise, from 0.
    #[pyo3(get)]
    start: usize,
    /// The code point or byte after the last one.
    #[pyo3(get)]
    end: usize,
    /// The line, from 1.
    #[pyo3(get)]
    line: usize,
    /// The code point or byte in the line, from 1.
    #[pyo3(get)]
    column: usize,
    /// The credential as it can be printed; `None` if the finding shows none.
    #[pyo3(get)]
    masked: Option<String>,
    /// Eight digits that are the same for the same secret everywhere; `None` without a secret
    /// and for one that can be guessed.
    #[pyo3(get)]
    secret_id: Option<String>,
    secret: Option<Revealed>,
}

/// A secret that was asked for.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Revealed {
    bytes: Vec<u8>,
    is_text: bool,
}

impl Finding {
    /// The finding at a position of a text, which is a `str` if `is_text` says so. Its secret
    /// is kept if it is to be revealed.
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
    /// The credential, as `str` of a `str` and `bytes` otherwise, if the scanner was made with
    /// `reveal=True`; `None` otherwise, and after pickling.
    #[getter]
    fn secret<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        self.secret.as_ref().map(|one| match std::str::from_utf8(&one.bytes) {
            Ok(text) if one.is_text => PyString::new(py, text).into_any(),
            _ => PyBytes::new(py, &one.bytes).into_any(),
        })
    }

    /// Everything but the secret, as a dict.
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

    /// Pickles hold no secret.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.get_type::<Self>().getattr("_restore")?;
        (restore, (self.as_dict(py)?,)).into_pyobject(py)
    }

    /// The finding of a dict that `as_dict` gave.
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
