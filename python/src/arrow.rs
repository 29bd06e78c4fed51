//! Columns of Arrow: what is found, counted and replaced in them.

use crate::{
    error,
    ffi::{self, Imported},
    options::Replacing,
    scanner::Scanner,
};
use arrow_array::{
    Array, ArrayRef, RecordBatch, RecordBatchOptions, RecordBatchReader, StringArray, StructArray,
    UInt32Array, UInt64Array, cast::AsArray, ffi_stream::ArrayStreamReader,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use hfscan::{
    Redactor,
    tables::{ColumnPath, Columns, TableFinding, TableReplaced, count_in, find_in, redact_in},
};
use pyo3::{
    prelude::*,
    types::{PyCapsule, PyDict, PyList, PyTuple},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// An array or a record batch that any library of Arrow can take without a copy.
#[pyclass(module = "hfscan", frozen)]
pub struct ArrowArray {
    field: Field,
    array: ArrayRef,
}

#[pymethods]
impl ArrowArray {
    /// The array, by Arrow's interface for Python.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let _ = requested_schema;
        ffi::export(py, &self.field, &self.array)
    }

    /// Its schema, by Arrow's interface for Python.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        ffi::export_schema(py, &self.field)
    }

    fn __len__(&self) -> usize {
        self.array.len()
    }

    fn __repr__(&self) -> String {
        format!("ArrowArray({}, {} rows)", self.field.data_type(), self.array.len())
    }
}

/// A stream of record batches that any library of Arrow can read, once. A batch is scanned when
/// it is asked for, and none is kept.
#[pyclass(module = "hfscan", frozen)]
pub struct ArrowStream {
    schema: SchemaRef,
    reader: Mutex<Option<Box<dyn RecordBatchReader + Send>>>,
}

#[pymethods]
impl ArrowStream {
    /// The stream, by Arrow's interface for Python.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        ffi::export_stream(py, self.reader.lock().unwrap_or_else(PoisonError::into_inner).take())
    }

    /// Its schema, by Arrow's interface for Python.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        ffi::export_schema(py, &field_of(&self.schema))
    }

    fn __repr__(&self) -> String {
        format!("ArrowStream({} columns)", self.schema.fields().len())
    }
}

/// What was replaced, counted while batches go by.
#[pyclass(module = "hfscan", frozen)]
#[derive(Default)]
pub struct Counts(Arc<Mutex<Counted>>);

#[derive(Default)]
struct Counted {
    rows: u64,
    by_rule: BTreeMap<String, u64>,
}

#[pymethods]
impl Counts {
    /// Counts of nothing.
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Rows that went by.
    #[getter]
    fn rows(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).rows
    }

    /// Replaced credentials.
    #[getter]
    fn total(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).by_rule.values().sum()
    }

    /// Replaced credentials by the id of the rule.
    #[getter]
    fn by_rule<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (rule, count) in &self.0.lock().unwrap_or_else(PoisonError::into_inner).by_rule {
            dict.set_item(rule, count)?;
        }
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        format!("Counts(rows={}, by_rule={:?})", counted.rows, counted.by_rule)
    }
}

impl Counts {
    fn add(counted: &Mutex<Counted>, rows: usize, replaced: &[TableReplaced]) {
        let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.rows += rows as u64;
        for one in replaced {
            *counted.by_rule.entry(one.replaced.rule.to_string()).or_default() += 1;
        }
    }
}

/// What is done with an array: what comes out of it, from the number of rows before it.
type Step = Box<dyn FnMut(&Field, &ArrayRef, u64) -> Result<Option<ArrayRef>, ArrowError> + Send>;

/// Findings of `data`.
pub fn scan<'py>(
    scanner: &Scanner,
    data: &Bound<'py, PyAny>,
    columns: Option<Vec<String>>,
    name: Option<String>,
) -> PyResult<Bound<'py, PyAny>> {
    let (shared, name) = (scanner.shared(), name.unwrap_or_else(|| scanner.name().into()));
    let columns = Columns::new(&columns.unwrap_or_default());
    let meant = columns.clone();
    let step: Step = Box::new(move |field, array, before| {
        let found = find_in(field, array, &meant, &mut shared.texts(&name))?;
        findings(found, before).map(Some)
    });
    run(data, &columns, step, Some(findings_schema()))
}

/// Counts of findings for each row of `data`.
pub fn count<'py>(
    scanner: &Scanner,
    data: &Bound<'py, PyAny>,
    columns: Option<Vec<String>>,
    name: Option<String>,
) -> PyResult<Bound<'py, PyAny>> {
    let (shared, name) = (scanner.shared(), name.unwrap_or_else(|| scanner.name().into()));
    let columns = Columns::new(&columns.unwrap_or_default());
    let meant = columns.clone();
    let schema = Arc::new(Schema::new(vec![Field::new("findings", DataType::UInt32, false)]));
    let batch_schema = Arc::clone(&schema);
    let step: Step = Box::new(move |field, array, _| {
        let counts = count_in(field, array, &meant, &mut shared.texts(&name))?;
        let column: ArrayRef = Arc::new(UInt32Array::from(counts));
        let batch = StructArray::try_new(batch_schema.fields().clone(), vec![column], None)?;
        Ok(Some(Arc::new(batch)))
    });
    run(data, &columns, step, Some(schema))
}

/// `data` with its credentials replaced.
pub fn redact<'py>(
    scanner: &Scanner,
    data: &Bound<'py, PyAny>,
    columns: Option<Vec<String>>,
    replacing: Replacing,
    name: Option<String>,
    counts: Option<&Bound<'py, Counts>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (shared, name) = (scanner.shared(), name.unwrap_or_else(|| scanner.name().into()));
    let columns = Columns::new(&columns.unwrap_or_default());
    let meant = columns.clone();
    let counted = counts.map(|counts| Arc::clone(&counts.get().0));
    let replacing = Arc::new(replacing);
    let raised = Arc::clone(&replacing);
    let step: Step = Box::new(move |field, array, _| {
        let mut redactor = Redactor::new(&shared, &name, replacing.replacement.clone());
        let (new, replaced) = redact_in(field, array, &meant, &mut redactor)?;
        if let Some(counted) = &counted {
            Counts::add(counted, array.len(), &replaced);
        }
        match replacing.message() {
            Some(message) => Err(ArrowError::ExternalError(message.into())),
            None => Ok(new),
        }
    });
    let result = run(data, &columns, step, None);
    raised.check()?;
    result
}

/// Does a step with `data`, and gives an object like it. Without a schema of its own a step
/// keeps that of the data.
fn run<'py>(
    data: &Bound<'py, PyAny>,
    columns: &Columns,
    mut step: Step,
    schema: Option<SchemaRef>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = data.py();
    let made: Bound<'py, PyAny> = match ffi::import(data)? {
        Imported::Array(field, array) => {
            check(columns, &field)?;
            let new = py.detach(|| step(&field, &array, 0)).map_err(error::of)?;
            let field = schema.map_or(field, |schema| field_of(&schema));
            Bound::new(py, ArrowArray { field, array: new.unwrap_or(array) })?.into_any()
        }
        Imported::Stream(input) => {
            let field = arrow_array::ArrayReader::field(&input).as_ref().clone();
            check(columns, &field)?;
            match (schema, field.data_type()) {
                (None, kind) if !matches!(kind, DataType::Struct(_)) => {
                    chunks(py, &field, input, step)?
                }
                (schema, _) => {
                    let schema = schema.unwrap_or_else(|| Arc::new(schema_of(&field)));
                    let (own, before) = (Arc::clone(&schema), 0);
                    let reader = Steps { input, field, schema: own, step, before };
                    let reader = Mutex::new(Some(Box::new(reader) as Box<_>));
                    Bound::new(py, ArrowStream { schema, reader })?.into_any()
                }
            }
        }
    };
    py.import("hfscan._arrow")?.getattr("like")?.call1((data, made))
}

/// The arrays of a stream that are no record batches, which no stream can be made of.
fn chunks<'py>(
    py: Python<'py>,
    field: &Field,
    input: ArrayStreamReader,
    mut step: Step,
) -> PyResult<Bound<'py, PyAny>> {
    let chunks: Result<Vec<ArrayRef>, ArrowError> = py.detach(|| {
        let mut new = |array: ArrayRef| Ok(step(field, &array, 0)?.unwrap_or(array));
        input.map(|array| array.and_then(&mut new)).collect()
    });
    let chunks = chunks.map_err(error::of)?.into_iter();
    let chunks: Vec<Bound<'py, ArrowArray>> = chunks
        .map(|array| Bound::new(py, ArrowArray { field: field.clone(), array }))
        .collect::<PyResult<_>>()?;
    Ok(PyList::new(py, chunks)?.into_any())
}

/// A stream of which each array is what a step makes of one of another stream.
struct Steps {
    input: ArrayStreamReader,
    field: Field,
    schema: SchemaRef,
    step: Step,
    /// The rows of the arrays before.
    before: u64,
}

impl Iterator for Steps {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let array = match self.input.next()? {
            Ok(array) => array,
            Err(error) => return Some(Err(error)),
        };
        let new = (self.step)(&self.field, &array, self.before);
        self.before += array.len() as u64;
        Some(new.and_then(|new| {
            let array = new.unwrap_or(array);
            let rows = RecordBatchOptions::new().with_row_count(Some(array.len()));
            let columns = array.as_struct().columns().to_vec();
            RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &rows)
        }))
    }
}

impl RecordBatchReader for Steps {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// Checks that the columns are there.
fn check(columns: &Columns, field: &Field) -> PyResult<()> {
    let there = match field.data_type() {
        DataType::Struct(fields) => ColumnPath::of_fields(fields.iter().map(|field| &**field)),
        _ => ColumnPath::of_fields([field]),
    };
    columns.check(&there).map_err(error::of)
}

/// The schema of record batches that come as structs.
fn schema_of(field: &Field) -> Schema {
    let fields = match field.data_type() {
        DataType::Struct(fields) => fields.clone(),
        _ => [field.clone()].into_iter().collect(),
    };
    Schema::new(fields).with_metadata(field.metadata().clone())
}

/// The field of the structs that record batches are.
fn field_of(schema: &Schema) -> Field {
    Field::new("", DataType::Struct(schema.fields().clone()), false)
        .with_metadata(schema.metadata().clone())
}

/// The columns of findings.
fn findings_schema() -> SchemaRef {
    let text = |name: &str, may_be_null| Field::new(name, DataType::Utf8, may_be_null);
    let number = |name: &str| Field::new(name, DataType::UInt64, false);
    Arc::new(Schema::new(vec![
        number("row"),
        text("column", false),
        text("path", false),
        text("rule", false),
        text("severity", false),
        text("confidence", false),
        number("start"),
        number("end"),
        number("start_byte"),
        number("end_byte"),
        text("masked", true),
        text("secret_id", true),
    ]))
}

/// A table of findings, sorted by row, path and place.
fn findings(mut found: Vec<TableFinding>, before: u64) -> Result<ArrayRef, ArrowError> {
    found.sort_by_cached_key(|one| (one.cell.row, one.cell.path(), one.finding.span));
    let numbers = |of: &dyn Fn(&TableFinding) -> u64| -> ArrayRef {
        Arc::new(UInt64Array::from_iter_values(found.iter().map(of)))
    };
    let texts = |of: &dyn Fn(&TableFinding) -> Option<String>| -> ArrayRef {
        Arc::new(found.iter().map(of).collect::<StringArray>())
    };
    let columns = vec![
        numbers(&|one| one.cell.row as u64 + before),
        texts(&|one| Some(one.cell.column())),
        texts(&|one| Some(one.cell.path())),
        texts(&|one| Some(one.finding.rule.to_string())),
        texts(&|one| Some(one.finding.severity.to_string())),
        texts(&|one| Some(one.finding.confidence.to_string())),
        numbers(&|one| one.points.start as u64),
        numbers(&|one| one.points.end as u64),
        numbers(&|one| one.finding.span.start as u64),
        numbers(&|one| one.finding.span.end as u64),
        texts(&|one| one.finding.masked()),
        texts(&|one| one.finding.secret_id()),
    ];
    StructArray::try_new(findings_schema().fields().clone(), columns, None)
        .map(|batch| Arc::new(batch) as ArrayRef)
}
