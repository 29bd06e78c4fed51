//! The arguments of a scanner and of a redaction.

use crate::error;
use hfscan::{Confidence, Replacement, RuleText, Settings, Severity};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    ffi,
    prelude::*,
    types::PyString,
};
use std::sync::{Arc, Mutex, PoisonError};

/// What makes two scanners the same.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Options {
    /// Ids, globs and tags of the rules to run; all if there are none.
    pub select: Vec<String>,
    /// Ids, globs and tags of the rules not to run.
    pub ignore: Vec<String>,
    /// Further rules: the name of a file and its text.
    pub rule_texts: Vec<(String, String)>,
    /// The least severity.
    pub min_severity: String,
    /// The least confidence.
    pub min_confidence: String,
    /// The time that signed tokens are compared with, in seconds since 1970.
    pub now: Option<i64>,
}

impl Options {
    /// The settings of the library.
    ///
    /// # Errors
    /// `ValueError` for a severity or confidence that there is not.
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
        // Rows of data have no ignore comments: whoever wrote them wants nothing to be hidden.
        settings.inline_ignores = false;
        settings.threads = 1;
        Ok(settings)
    }
}

/// A replacement, and what a function of Python that makes it raised.
pub struct Replacing {
    /// The replacement.
    pub replacement: Replacement,
    raised: Arc<Mutex<Option<PyErr>>>,
}

impl Replacing {
    /// The replacement that `with_` and `key` ask for.
    ///
    /// # Errors
    /// `ValueError` for what cannot be used, `TypeError` for what is neither a text nor can
    /// be called.
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

    /// Raises what the function raised.
    ///
    /// # Errors
    /// That.
    pub fn check(&self) -> PyResult<()> {
        match self.raised.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// What the function raised, for those who cannot raise it.
    pub fn message(&self) -> Option<String> {
        let raised = || self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        if raised().is_none() {
            return None;
        }
        with_lock(|_| raised().as_ref().map(ToString::to_string))
    }
}

/// The replacement that a function of Python makes. It is called with the rule's id and the
/// masked secret, never with the secret.
fn called(function: Py<PyAny>, raised: Arc<Mutex<Option<PyErr>>>) -> Replacement {
    Replacement::custom(move |credential| {
        let call = |py: Python<'_>| -> PyResult<String> {
            let arguments = (&*credential.rule.id, credential.secret.masked());
            let text = function.bind(py).call1(arguments)?;
            text.extract().map_err(|_| error::of("the function of with_ must return a str"))
        };
        // Errors are dropped with the lock too, and one is enough.
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

/// Runs `work` with Python's lock. `Python::attach` does not take it where PyO3 believes that this
/// thread has it: pyarrow gives it away, unseen by PyO3, while it reads a stream of ours for us.
fn with_lock<T>(work: impl FnOnce(Python<'_>) -> T) -> T {
    struct Lock(ffi::PyGILState_STATE);
    impl Drop for Lock {
        fn drop(&mut self) {
            // SAFETY: it is released once, by the thread that took it.
            unsafe { ffi::PyGILState_Release(self.0) }
        }
    }
    // SAFETY: Python is running, since it reads what is made here; a thread may take the lock
    // several times.
    let _lock = Lock(unsafe { ffi::PyGILState_Ensure() });
    // SAFETY: the lock was just taken.
    work(unsafe { Python::assume_attached() })
}
