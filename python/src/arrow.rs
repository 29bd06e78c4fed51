//! Scans, counts and redacts Arrow columns.

use crate::{
    counts::Counts,
    error,
    exported::{ArrowArray, ArrowStream},
    ffi::{self, Imported},
    options::Replacing,
};
use arrow_array::{
    Array, ArrayRef, RecordBatch, RecordBatchOptions, RecordBatchReader, StringArray, StructArray,
    UInt32Array, UInt64Array, cast::AsArray, ffi_stream::ArrayStreamReader,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use hfscan::{
    Redactor,
    tables::{ColumnPath, Columns, TableFinding, count_in, find_in, redact_in},
};
use pyo3::{prelude::*, types::PyList};
use std::sync::Arc;

/// An operation on one array, given the number of rows before it; returns the result, if any.
type Step = Box<dyn FnMut(&Field, &ArrayRef, u64) -> Result<Option<ArrayRef>, ArrowError> + Send>;

/// Inputs of a scan of Arrow data.
pub struct Job {
    /// The scanner.
    pub scanner: Arc<hfscan::Scanner>,
    /// The columns.
    pub columns: Columns,
    /// The file name that selects the rules for texts.
    pub name: String,
}

/// The findings in `data`.
pub fn scan<'py>(job: Job, data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let columns = job.columns.clone();
    let step: Step = Box::new(move |field, array, before| {
        let found = find_in(field, array, &job.columns, &mut job.scanner.texts(&job.name))?;
        findings(found, before).map(Some)
    });
    run(data, &columns, step, Some(findings_schema()))
}

/// The number of findings in each row of `data`.
pub fn count<'py>(job: Job, data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let columns = job.columns.clone();
    let schema = Arc::new(Schema::new(vec![Field::new("findings", DataType::UInt32, false)]));
    let batch_schema = Arc::clone(&schema);
    let step: Step = Box::new(move |field, array, _| {
        let counts = count_in(field, array, &job.columns, &mut job.scanner.texts(&job.name))?;
        let column: ArrayRef = Arc::new(UInt32Array::from(counts));
        let batch = StructArray::try_new(batch_schema.fields().clone(), vec![column], None)?;
        Ok(Some(Arc::new(batch)))
    });
    run(data, &columns, step, Some(schema))
}

/// `data` with its credentials replaced.
pub fn redact<'py>(
    job: Job,
    data: &Bound<'py, PyAny>,
    replacing: Replacing,
    counts: Option<&Bound<'py, Counts>>,
) -> PyResult<Bound<'py, PyAny>> {
    let columns = job.columns.clone();
    let counts = counts.map(|counts| counts.get().shared());
    let replacing = Arc::new(replacing);
    let raised = Arc::clone(&replacing);
    let step: Step = Box::new(move |field, array, _| {
        let mut redactor = Redactor::new(&job.scanner, &job.name, replacing.replacement.clone());
        let (new, replaced) = redact_in(field, array, &job.columns, &mut redactor)?;
        if let Some(counts) = &counts {
            counts.add(array.len(), &replaced);
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

/// Applies a step to `data`, and returns an object of the same kind. The schema is that of the data
/// unless the step has its own.
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
            let field = match schema {
                Some(schema) => Field::new("", DataType::Struct(schema.fields().clone()), false),
                None => field,
            };
            Bound::new(py, ArrowArray::new(field, new.unwrap_or(array)))?.into_any()
        }
        Imported::Stream(input) => {
            let field = arrow_array::ArrayReader::field(&input).as_ref().clone();
            check(columns, &field)?;
            let is_table = matches!(field.data_type(), DataType::Struct(_)) && !is_column(data)?;
            if schema.is_none() && !is_table {
                chunks(py, &field, input, step)?
            } else {
                let schema = schema.unwrap_or_else(|| Arc::new(schema_of(&field)));
                let steps = Steps { input, field, schema, step, before: 0 };
                Bound::new(py, ArrowStream::new(steps))?.into_any()
            }
        }
    };
    py.import("hfscan._arrow")?.getattr("like")?.call1((data, made))
}

/// `true` for a column of pyarrow or polars: struct columns may have null rows, which record
/// batches cannot.
fn is_column(data: &Bound<'_, PyAny>) -> PyResult<bool> {
    let name = data.get_type().name()?;
    Ok(name == "ChunkedArray" || name == "Series")
}

/// The results for a stream of arrays that are not record batches, and so cannot form a stream.
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
        .map(|array| Bound::new(py, ArrowArray::new(field.clone(), array)))
        .collect::<PyResult<_>>()?;
    Ok(PyList::new(py, chunks)?.into_any())
}

/// A stream that applies a step to each array of another stream.
struct Steps {
    input: ArrayStreamReader,
    field: Field,
    schema: SchemaRef,
    step: Step,
    /// Number of rows in previous arrays.
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

/// Checks that the columns exist.
fn check(columns: &Columns, field: &Field) -> PyResult<()> {
    let there = match field.data_type() {
        DataType::Struct(fields) => ColumnPath::of_fields(fields.iter().map(|field| &**field)),
        _ => ColumnPath::of_fields([field]),
    };
    columns.check(&there).map_err(error::of)
}

/// The schema of record batches that are exported as structs.
fn schema_of(field: &Field) -> Schema {
    let fields = match field.data_type() {
        DataType::Struct(fields) => fields.clone(),
        _ => [field.clone()].into_iter().collect(),
    };
    Schema::new(fields).with_metadata(field.metadata().clone())
}

/// The columns of a findings table.
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

/// A findings table, sorted by row, path and position.
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
