//! The Python class `Scanner`.

use crate::{
    arrow::{self, Job},
    cache,
    counts::Counts,
    finding::Finding,
    input::Input,
    options::{Options, Replacing},
};
use hfscan::{Redactor, Texts, tables::Columns};
use pyo3::{
    prelude::*,
    types::{PyDict, PyList, PyTuple},
};
use std::sync::Arc;

/// Minimum size in bytes of a text that is scanned with the GIL released; for smaller texts,
/// releasing it takes longer than the scan.
const SMALL: usize = 4 << 10;
/// Minimum size in bytes of texts that are scanned by several threads.
const FOR_ONE_THREAD: usize = 64 << 10;

/// Compiled rules. Can be used by several threads, pickled, and used after a fork.
#[pyclass(module = "hfscan", frozen)]
pub struct Scanner {
    scanner: Arc<hfscan::Scanner>,
    options: Options,
    name: String,
    reveal: bool,
}

#[pymethods]
impl Scanner {
    /// A scanner with these rules and limits.
    #[new]
    #[pyo3(signature = (*, select=None, ignore=None, rules=None, min_severity="info",
        min_confidence="low", name="row.txt", reveal=false, now=None, rule_texts=None))]
    #[expect(clippy::too_many_arguments, reason = "they are the keywords of Python")]
    fn new(
        select: Option<Vec<String>>,
        ignore: Option<Vec<String>>,
        rules: Option<Vec<std::path::PathBuf>>,
        min_severity: &str,
        min_confidence: &str,
        name: &str,
        reveal: bool,
        now: Option<i64>,
        rule_texts: Option<Vec<(String, String)>>,
    ) -> PyResult<Self> {
        let mut rule_texts = rule_texts.unwrap_or_default();
        for path in rules.unwrap_or_default() {
            let text = std::fs::read_to_string(&path)?;
            rule_texts.push((path.to_string_lossy().into_owned(), text));
        }
        let options = Options {
            select: select.unwrap_or_default(),
            ignore: ignore.unwrap_or_default(),
            rule_texts,
            min_severity: min_severity.into(),
            min_confidence: min_confidence.into(),
            now,
        };
        let scanner = cache::scanner(&options)?;
        Ok(Self { scanner, options, name: name.into(), reveal })
    }

    /// Identifies the version of the rules: the first digits of the SHA-256 of their text.
    #[getter]
    fn rules_version(&self) -> &str {
        self.scanner.rules_version()
    }

    /// The findings in a text, in order of position.
    #[pyo3(signature = (text, *, name=None))]
    fn scan(
        &self,
        py: Python<'_>,
        text: &Bound<'_, PyAny>,
        name: Option<&str>,
    ) -> PyResult<Vec<Finding>> {
        let input = Input::of(text)?;
        let name = name.unwrap_or(&self.name);
        let scan = || find(&mut self.scanner.texts(name), &input, self.reveal);
        Ok(match input.is_frozen() && input.bytes().len() >= SMALL {
            true => py.detach(scan),
            false => scan(),
        })
    }

    /// The findings of each text in a list.
    #[pyo3(signature = (texts, *, name=None, threads=1))]
    fn scan_many<'py>(
        &self,
        py: Python<'py>,
        texts: &Bound<'py, PyAny>,
        name: Option<&str>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyList>> {
        let objects: Vec<Bound<'py, PyAny>> = texts.try_iter()?.collect::<PyResult<_>>()?;
        let inputs: Vec<Input<'_>> = objects.iter().map(Input::of).collect::<PyResult<_>>()?;
        let name = name.unwrap_or(&self.name);
        let scan = || self.each(&inputs, name, threads);
        let found = match inputs.iter().all(Input::is_frozen) {
            true => py.detach(scan),
            false => scan(),
        };
        PyList::new(py, found)
    }

    /// The text with its credentials replaced, as an object of the same type.
    #[pyo3(signature = (text, with_=None, *, key=None, name=None))]
    fn redact<'py>(
        &self,
        py: Python<'py>,
        text: &Bound<'py, PyAny>,
        with_: Option<&Bound<'py, PyAny>>,
        key: Option<&[u8]>,
        name: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let input = Input::of(text)?;
        let name = name.unwrap_or(&self.name);
        let replacing = Replacing::of(with_, key)?;
        let mut redactor = Redactor::new(&self.scanner, name, replacing.replacement.clone());
        // The replacement function may write to the buffer.
        let copy = (!input.is_frozen()).then(|| input.bytes().to_vec());
        let bytes = copy.as_deref().unwrap_or(input.bytes());
        let mut redact = || redactor.redact(bytes).map(|one| one.text);
        let redacted = if bytes.len() < SMALL { redact() } else { py.detach(redact) };
        replacing.check()?;
        match redacted {
            Some(new) => input.rebuilt(py, &new),
            None if matches!(input, Input::Buffer(_)) => input.rebuilt(py, bytes),
            None => Ok(text.clone()),
        }
    }

    /// The findings in Arrow columns, as a table; for a stream, as a stream of tables.
    #[pyo3(signature = (data, columns=None, *, name=None))]
    fn scan_arrow<'py>(
        &self,
        data: &Bound<'py, PyAny>,
        columns: Option<Vec<String>>,
        name: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        arrow::scan(self.job(columns, name), data)
    }

    /// The number of findings in each row, as a uint32 column.
    #[pyo3(signature = (data, columns=None, *, name=None))]
    fn count_arrow<'py>(
        &self,
        data: &Bound<'py, PyAny>,
        columns: Option<Vec<String>>,
        name: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        arrow::count(self.job(columns, name), data)
    }

    /// The data with the credentials in its texts replaced, of the same type and schema.
    #[pyo3(signature = (data, columns=None, with_=None, *, key=None, name=None, counts=None))]
    fn redact_arrow<'py>(
        &self,
        data: &Bound<'py, PyAny>,
        columns: Option<Vec<String>>,
        with_: Option<&Bound<'py, PyAny>>,
        key: Option<&[u8]>,
        name: Option<String>,
        counts: Option<&Bound<'py, Counts>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let replacing = Replacing::of(with_, key)?;
        arrow::redact(self.job(columns, name), data, replacing, counts)
    }

    fn __repr__(&self) -> String {
        let rules = self.scanner.rules().reporting().count();
        format!("Scanner({rules} rules, version {}, name={:?})", self.rules_version(), self.name)
    }

    fn __eq__(&self, other: &Self) -> bool {
        (&self.options, &self.name, self.reveal) == (&other.options, &other.name, other.reveal)
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        (&self.options, &self.name, self.reveal).hash(&mut hasher);
        hasher.finish()
    }

    /// Pickled by its arguments, so that equal scanners have equal pickles, which are used as cache
    /// keys.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let Options { select, ignore, rule_texts, min_severity, min_confidence, now } =
            &self.options;
        let arguments = PyDict::new(py);
        arguments.set_item("select", select)?;
        arguments.set_item("ignore", ignore)?;
        arguments.set_item("rule_texts", rule_texts)?;
        arguments.set_item("min_severity", min_severity)?;
        arguments.set_item("min_confidence", min_confidence)?;
        arguments.set_item("now", now)?;
        arguments.set_item("name", &self.name)?;
        arguments.set_item("reveal", self.reveal)?;
        let restore = py.import("hfscan")?.getattr("_restore_scanner")?;
        (restore, (arguments,)).into_pyobject(py)
    }
}

impl Scanner {
    /// The job for the columns with these names, all if `None`, with texts of this name.
    fn job(&self, columns: Option<Vec<String>>, name: Option<String>) -> Job {
        Job {
            scanner: Arc::clone(&self.scanner),
            columns: Columns::new(&columns.unwrap_or_default()),
            name: name.unwrap_or_else(|| self.name.clone()),
        }
    }

    /// The findings of each input, computed by several threads that end with the call.
    fn each(&self, inputs: &[Input<'_>], name: &str, threads: usize) -> Vec<Vec<Finding>> {
        let bytes: usize = inputs.iter().map(|input| input.bytes().len()).sum();
        let threads =
            if bytes < FOR_ONE_THREAD { 1 } else { threads.clamp(1, inputs.len().max(1)) };
        let scan = &|inputs: &[Input<'_>]| {
            let mut texts = self.scanner.texts(name);
            inputs.iter().map(|input| find(&mut texts, input, self.reveal)).collect::<Vec<_>>()
        };
        if threads == 1 {
            return scan(inputs);
        }
        let per_thread = inputs.len().div_ceil(threads);
        std::thread::scope(|scope| {
            let parts = inputs.chunks(per_thread);
            let running: Vec<_> = parts.map(|part| scope.spawn(move || scan(part))).collect();
            let results = running
                .into_iter()
                .map(|one| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            results.flatten().collect()
        })
    }
}

fn find(texts: &mut Texts<'_>, input: &Input<'_>, reveal: bool) -> Vec<Finding> {
    let mut positions = input.positions();
    let findings = texts.find(input.bytes()).into_iter();
    findings
        .map(|one| {
            let position = positions.of(one.span);
            Finding::of(one, position, input.is_text(), reveal)
        })
        .collect()
}
