//! The arguments of scanners and of redaction.

use crate::error;
use hfscan::{Confidence, Replacement, RuleText, Settings, Severity};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    ffi,
    prelude::*,
    types::PyString,
};
use std::sync::{Arc, Mutex, PoisonError};

/// The options of a scanner; scanners with equal options are equal.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Options {
    /// Ids, globs and tags of the rules to run; empty means all.
    pub select: Vec<String>,
    /// Ids, globs and tags of the rules not to run.
    pub ignore: Vec<String>,
    /// Additional rules: file name and text.
    pub rule_texts: Vec<(String, String)>,
    /// The minimum severity.
    pub min_severity: String,
    /// The minimum confidence.
    pub min_confidence: String,
    /// The reference time for signed tokens, in seconds since 1970.
    pub now: Option<i64>,
}

impl Options {
    /// The settings for the library.
    ///
    /// # Errors
    /// `ValueError` for an unknown severity or confidence.
    pub fn settings(&self) -> PyResult<Settings> {
        let mut settings = Settings::default();
        settings.selection.select = self.select.clone();
        settings.selection.ignore = self.ignore.clone();
        let files = self.rule_texts.iter();
        settings.rule_files =
            files.map(|(name, text)| RuleText { name: name.clone(), text: text.clone() }).collect();
        settings.min_severity =
            self.min_severity.parse::<Severity>().map_err(PyValueError::new_err)?;
        settings.min_confidence =
            self.min_confidence.parse::<Confidence>().map_err(PyValueError::new_err)?;
        settings.now = self.now;
        // Ignore comments in data rows are untrusted.
        settings.inline_ignores = false;
        settings.threads = 1;
        Ok(settings)
    }
}

/// A replacement, and the error that its Python function raised.
pub struct Replacing {
    /// The replacement.
    pub replacement: Replacement,
    raised: Arc<Mutex<Option<PyErr>>>,
}

impl Replacing {
    /// The replacement for the arguments `with_` and `key`.
    ///
    /// # Errors
    /// `ValueError` for an invalid template or key, `TypeError` for a `with_` that is neither a
    /// string nor callable.
    pub fn of(with: Option<&Bound<'_, PyAny>>, key: Option<&[u8]>) -> PyResult<Self> {
        let raised = Arc::new(Mutex::new(None));
        let wrong = |error: hfscan::ReplacementError| PyValueError::new_err(error.to_string());
        let text = match with {
            None => None,
            Some(with) => match with.cast::<PyString>() {
                Ok(text) => Some(text.to_str()?),
                Err(_) if with.is_callable() && key.is_none() => {
                    let replacement = called(with.clone().unbind(), Arc::clone(&raised));
                    return Ok(Self { replacement, raised });
                }
                Err(_) => {
                    return Err(PyTypeError::new_err(
                        "with_ is a str, or a function without a key",
                    ));
                }
            },
        };
        let replacement = match (text, key) {
            (Some("hmac") | None, Some(key)) => Replacement::keyed(None, key).map_err(wrong)?,
            (Some("hmac"), None) => {
                return Err(PyValueError::new_err("with_=\"hmac\" needs a key"));
            }
            (Some("same-length"), None) => Replacement::same_length(),
            (Some(template), Some(key)) => {
                Replacement::keyed(Some(template), key).map_err(wrong)?
            }
            (Some(template), None) => Replacement::template(template).map_err(wrong)?,
            (None, None) => Replacement::default(),
        };
        Ok(Self { replacement, raised })
    }

    /// Raises the error of the function.
    ///
    /// # Errors
    /// The error that the function raised, if any.
    pub fn check(&self) -> PyResult<()> {
        match self.raised.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// The message of the function's error, for callers that cannot raise it.
    pub fn message(&self) -> Option<String> {
        let raised = || self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        if raised().is_none() {
            return None;
        }
        with_lock(|_| raised().as_ref().map(ToString::to_string))
    }
}

/// A replacement computed by a Python function. It is called with the rule's id and the masked
/// secret, never with the secret.
fn called(function: Py<PyAny>, raised: Arc<Mutex<Option<PyErr>>>) -> Replacement {
    Replacement::custom(move |credential| {
        let call = |py: Python<'_>| -> PyResult<String> {
            let arguments = (&*credential.rule.id, credential.secret.masked());
            let text = function.bind(py).call1(arguments)?;
            text.extract().map_err(|_| error::of("the function of with_ must return a str"))
        };
        // Errors are dropped while the lock is held too, and one is enough.
        with_lock(|py| {
            let raised = || raised.lock().unwrap_or_else(PoisonError::into_inner);
            if raised().is_some() {
                return String::new();
            }
            call(py).unwrap_or_else(|error| {
                raised().get_or_insert(error);
                String::new()
            })
        })
    })
}

/// Runs `work` with the GIL. `Python::attach` does not acquire it if PyO3 believes that this thread
/// holds it: pyarrow releases it, unknown to PyO3, while it reads our stream.
fn with_lock<T>(work: impl FnOnce(Python<'_>) -> T) -> T {
    struct Lock(ffi::PyGILState_STATE);
    impl Drop for Lock {
        fn drop(&mut self) {
            // SAFETY: it is released once, by the thread that acquired it.
            unsafe { ffi::PyGILState_Release(self.0) }
        }
    }
    // SAFETY: the interpreter is running, since it called this code; a thread may acquire the GIL
    // several times.
    let _lock = Lock(unsafe { ffi::PyGILState_Ensure() });
    // SAFETY: the GIL was just acquired.
    work(unsafe { Python::assume_attached() })
}
