//! Scanners that were made in this process: a worker that unpickles the same one for every
//! batch compiles its rules once.

use crate::{error, options::Options};
use hfscan::Scanner;
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// Scanners that are kept.
const KEPT: usize = 4;

static SCANNERS: Mutex<Vec<(Options, Arc<Scanner>)>> = Mutex::new(Vec::new());

/// The scanner of these options.
///
/// # Errors
/// `ValueError` for options that there are not, `HfscanError` for rules that cannot be used.
pub fn scanner(options: &Options) -> PyResult<Arc<Scanner>> {
    let kept = || SCANNERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, scanner)) = kept().iter().find(|(known, _)| known == options) {
        return Ok(Arc::clone(scanner));
    }
    let scanner = Arc::new(Scanner::new(options.settings()?).map_err(error::of)?);
    let mut kept = kept();
    if kept.len() >= KEPT {
        kept.remove(0);
    }
    kept.push((options.clone(), Arc::clone(&scanner)));
    Ok(scanner)
}
