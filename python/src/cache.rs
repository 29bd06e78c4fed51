//! Cache of scanners: a worker that unpickles the same scanner for every batch compiles its rules
//! once.

use crate::{error, options::Options};
use hfscan::Scanner;
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// Maximum number of cached scanners.
const KEPT: usize = 4;

static SCANNERS: Mutex<Vec<(Options, Arc<Scanner>)>> = Mutex::new(Vec::new());

/// The scanner with these options.
///
/// # Errors
/// `ValueError` for invalid options, `HfscanError` for invalid rules.
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
