//! Arrow IPC files and streams, redacted one record batch at a time.

use super::{
    error::FileError,
    job::{FileJob, METADATA_KEY, Place, Totals},
};
use crate::redact::{
    columns::ColumnPath,
    redactor::{Redactor, Replaced},
    tables::redact_in,
};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, StructArray, cast::AsArray};
use arrow_ipc::{
    CompressionType,
    reader::{FileReader, StreamReader},
    writer::{FileWriter, IpcWriteOptions, StreamWriter},
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom, Write},
    sync::Arc,
};

/// The first bytes of an Arrow file; a stream has no magic bytes.
const MAGIC: &[u8] = b"ARROW1";

/// Redacts an Arrow IPC file or stream.
///
/// # Errors
/// Returns an error if reading or writing fails, for a damaged file, and for an unknown column.
pub fn redact(
    mut input: File,
    output: &mut dyn Write,
    job: &FileJob<'_>,
    found: &mut dyn FnMut(&Place, &Replaced),
) -> Result<Totals, FileError> {
    let mut magic = Vec::new();
    Read::by_ref(&mut input).take(MAGIC.len() as u64).read_to_end(&mut magic)?;
    input.seek(SeekFrom::Start(0))?;
    let compression = compression(&mut input)?;
    let options = || IpcWriteOptions::default().try_with_compression(compression);
    let mut batches = Batches { job, redactor: job.redactor(), totals: Totals::default() };
    if magic == MAGIC {
        let reader = FileReader::try_new(BufReader::new(input), None)?;
        let schema = batches.schema(&reader.schema())?;
        let mut writer = FileWriter::try_new_with_options(output, &schema, options()?)?;
        for (number, batch) in reader.enumerate() {
            writer.write(&batches.redacted(number, &batch?, &schema, found)?)?;
        }
        writer.finish()?;
    } else {
        let reader = StreamReader::try_new(BufReader::new(input), None)?;
        let schema = batches.schema(&reader.schema())?;
        let mut writer = StreamWriter::try_new_with_options(output, &schema, options()?)?;
        for (number, batch) in reader.enumerate() {
            writer.write(&batches.redacted(number, &batch?, &schema, found)?)?;
        }
        writer.finish()?;
    }
    Ok(batches.totals)
}

struct Batches<'j> {
    job: &'j FileJob<'j>,
    redactor: Redactor<'j>,
    totals: Totals,
}

impl Batches<'_> {
    /// The schema with credentials in its metadata redacted, and a note of the redaction.
    fn schema(&mut self, schema: &Schema) -> Result<SchemaRef, FileError> {
        let there = ColumnPath::of_fields(schema.fields().iter().map(|field| &**field));
        self.job.columns.check(&there)?;
        let mut metadata = HashMap::new();
        for (key, value) in schema.metadata() {
            let redaction = self.redactor.redact(value.as_bytes());
            let value = match redaction {
                Some(redaction) => String::from_utf8_lossy(&redaction.text).into_owned(),
                None => value.to_string(),
            };
            metadata.insert(key.to_string(), value);
        }
        metadata.insert(METADATA_KEY.to_string(), self.job.metadata());
        Ok(Arc::new(Schema::new(schema.fields().clone()).with_metadata(metadata)))
    }

    fn redacted(
        &mut self,
        number: usize,
        batch: &RecordBatch,
        schema: &SchemaRef,
        found: &mut dyn FnMut(&Place, &Replaced),
    ) -> Result<RecordBatch, ArrowError> {
        let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let field = Field::new("", DataType::Struct(batch.schema().fields().clone()), false);
        let columns = batch.columns().to_vec();
        let array = StructArray::try_new_with_length(
            batch.schema().fields().clone(),
            columns,
            None,
            batch.num_rows(),
        )?;
        let (new, replaced) = redact_in(&field, &array, &self.job.columns, &mut self.redactor)?;
        for one in &replaced {
            let mut place = Place { row_group: Some(number), cell: one.cell.clone() };
            place.cell.row += self.totals.rows;
            found(&place, &one.replaced);
        }
        self.totals.replaced += replaced.len() as u64;
        self.totals.rows += batch.num_rows();
        let new = new.unwrap_or(Arc::new(array) as ArrayRef);
        let columns = new.as_struct().columns().to_vec();
        RecordBatch::try_new_with_options(Arc::clone(schema), columns, &rows)
    }
}

/// The compression of the first record batch that names one.
fn compression(input: &mut File) -> Result<Option<CompressionType>, FileError> {
    const SHOWN: u64 = 1 << 20;
    let mut head = Vec::new();
    Read::by_ref(input).take(SHOWN).read_to_end(&mut head)?;
    input.seek(SeekFrom::Start(0))?;
    let mut at = if head.starts_with(MAGIC) { 8 } else { 0 };
    // Each message: continuation marker, metadata length, metadata, body.
    while let Some(prefix) = head.get(at..at + 8) {
        let length = |bytes: &[u8]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        if length(prefix) != u32::MAX || length(&prefix[4..]) == 0 {
            break;
        }
        let size = length(&prefix[4..]) as usize;
        let Some(bytes) = head.get(at + 8..at + 8 + size) else { break };
        let Ok(message) = arrow_ipc::root_as_message(bytes) else { break };
        if let Some(batch) = message.header_as_record_batch() {
            return Ok(batch.compression().map(|one| one.codec()));
        }
        let body = usize::try_from(message.bodyLength()).unwrap_or(usize::MAX);
        at = (at + 8 + size).saturating_add(body);
    }
    Ok(None)
}
