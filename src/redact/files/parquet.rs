//! Parquet, by column chunk: a chunk without credentials is copied unchanged; one with credentials
//! is rewritten with dictionary, statistics, page index and bloom filter.

use super::{
    error::FileError,
    job::{FileJob, Known, METADATA_KEY, Place, Totals},
    parquet_paths::text_paths,
};
use crate::redact::{
    columns::ColumnPath,
    redactor::{Redactor, Replaced},
};
use parquet::{
    bloom_filter::Sbbf,
    column::{
        reader::{ColumnReaderImpl, get_typed_column_reader},
        writer::ColumnCloseResult,
    },
    data_type::{ByteArray, ByteArrayType},
    file::{
        metadata::{KeyValue, PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader},
        properties::{EnabledStatistics, WriterProperties, WriterVersion},
        reader::{FileReader, RowGroupReader},
        serialized_reader::SerializedFileReader,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
};
use std::{fs::File, io::Write, sync::Arc};

/// Number of rows per batch. Their values share the pages that they were read from.
const ROWS: usize = 256;
/// The key of Arrow's schema in base64, which is optional.
const ARROW_SCHEMA: &str = "ARROW:schema";

/// Redacts a Parquet file.
///
/// # Errors
/// Returns an error if reading or writing fails, for a damaged file, and for an unknown column.
pub fn redact(
    input: File,
    output: &mut (dyn Write + Send),
    job: &FileJob<'_>,
    found: &mut dyn FnMut(&Place, &Replaced),
) -> Result<Totals, FileError> {
    let metadata = ParquetMetaDataReader::new()
        .with_page_index_policy(PageIndexPolicy::Optional)
        .parse_and_finish(&input)?;
    let schema = metadata.file_metadata().schema_descr();
    let paths = text_paths(schema);
    let there: Vec<ColumnPath> = paths.iter().flatten().cloned().collect();
    job.columns.check(&there)?;
    let is_meant = |path: &Option<ColumnPath>| {
        path.as_ref().filter(|path| job.columns.contain(&path.names())).cloned()
    };
    let meant: Vec<Option<ColumnPath>> = paths.iter().map(is_meant).collect();
    let reader = SerializedFileReader::new(input.try_clone()?)?;
    let properties = Arc::new(properties(&metadata));
    let root = schema.root_schema_ptr();
    let mut writer = SerializedFileWriter::new(&mut *output, root, properties)?;
    let mut chunks = Chunks {
        input: &input,
        metadata: &metadata,
        redactor: job.redactor(),
        known: Known::default(),
        totals: Totals::default(),
    };
    for group in 0..metadata.num_row_groups() {
        let rows = reader.get_row_group(group)?;
        let mut out = writer.next_row_group()?;
        for (column, path) in meant.iter().enumerate() {
            let has_credentials = match path {
                Some(_) => chunks.has_credentials(&*rows, column)?,
                None => false,
            };
            match path {
                Some(path) if has_credentials => {
                    chunks.rewrite((&*rows, group), column, path, &mut out, found)?;
                }
                _ => chunks.copy(group, column, &mut out)?,
            }
        }
        out.close()?;
        chunks.totals.rows += usize::try_from(metadata.row_group(group).num_rows()).unwrap_or(0);
    }
    for pair in key_values(&metadata, &mut chunks.redactor, &chunks.known) {
        writer.append_key_value_metadata(pair);
    }
    let about = KeyValue::new(METADATA_KEY.into(), job.metadata());
    writer.append_key_value_metadata(about);
    writer.close()?;
    Ok(chunks.totals)
}

/// The properties of the written file, taken from the columns of the first row group.
fn properties(metadata: &ParquetMetaData) -> WriterProperties {
    let version = match metadata.file_metadata().version() {
        1 => WriterVersion::PARQUET_1_0,
        _ => WriterVersion::PARQUET_2_0,
    };
    let created_by = format!("hfscan version {}", env!("CARGO_PKG_VERSION"));
    let mut builder = WriterProperties::builder()
        .set_writer_version(version)
        .set_created_by(created_by)
        .set_key_value_metadata(None);
    let Some(group) = metadata.row_groups().first() else { return builder.build() };
    builder = builder.set_sorting_columns(group.sorting_columns().cloned());
    for column in group.columns() {
        let path = column.column_path().clone();
        let statistics = match (column.column_index_offset(), column.statistics()) {
            (Some(_), _) => EnabledStatistics::Page,
            (None, Some(_)) => EnabledStatistics::Chunk,
            (None, None) => EnabledStatistics::None,
        };
        let has_dictionary = column.dictionary_page_offset().is_some();
        builder = builder
            .set_column_compression(path.clone(), column.compression())
            .set_column_dictionary_enabled(path.clone(), has_dictionary)
            .set_column_statistics_enabled(path.clone(), statistics)
            .set_column_bloom_filter_enabled(path, column.bloom_filter_offset().is_some());
    }
    builder.build()
}

/// The key-value metadata of the file, with credentials redacted.
fn key_values(
    metadata: &ParquetMetaData,
    redactor: &mut Redactor<'_>,
    known: &Known,
) -> Vec<KeyValue> {
    let pairs = metadata.file_metadata().key_value_metadata();
    let mut kept = Vec::new();
    for pair in pairs.into_iter().flatten().filter(|pair| pair.key != METADATA_KEY) {
        let Some(value) = &pair.value else {
            kept.push(pair.clone());
            continue;
        };
        let redacted = redactor.redact(value.as_bytes());
        let text = match redacted {
            // A redacted schema is no longer valid base64; without it, readers use Parquet's
            // schema.
            Some(_) if pair.key == ARROW_SCHEMA => continue,
            Some(redaction) => String::from_utf8_lossy(&redaction.text).into_owned(),
            None => value.clone(),
        };
        // Secrets that only their column identifies are not found in metadata text, so they are
        // searched.
        if !known.stand_in(text.as_bytes()) {
            kept.push(KeyValue::new(pair.key.clone(), text));
        }
    }
    kept
}

struct Chunks<'c> {
    input: &'c File,
    metadata: &'c ParquetMetaData,
    redactor: Redactor<'c>,
    known: Known,
    totals: Totals,
}

impl Chunks<'_> {
    /// `true` if a value of a column chunk contains a credential.
    fn has_credentials(
        &mut self,
        rows: &dyn RowGroupReader,
        column: usize,
    ) -> Result<bool, FileError> {
        let mut batches = Batches::of(rows, column)?;
        while batches.next()? {
            if batches.values.iter().any(|value| self.redactor.redact(value.data()).is_some()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Copies a column chunk with its index and bloom filter, byte for byte.
    fn copy<W: Write + Send>(
        &self,
        group: usize,
        column: usize,
        out: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), FileError> {
        let rows = self.metadata.row_group(group);
        let chunk = rows.column(column);
        let index = self.metadata.page_index();
        let close = ColumnCloseResult {
            bytes_written: u64::try_from(chunk.compressed_size()).unwrap_or(0),
            rows_written: u64::try_from(rows.num_rows()).unwrap_or(0),
            metadata: chunk.clone(),
            bloom_filter: Sbbf::read_from_column_chunk(chunk, self.input)?,
            column_index: index.and_then(|one| one.column_index(group, column)).cloned(),
            offset_index: index.and_then(|one| one.offset_index(group, column)).cloned(),
        };
        Ok(out.append_column(self.input, close)?)
    }

    /// Rewrites a column chunk with its credentials replaced.
    fn rewrite<W: Write + Send>(
        &mut self,
        (rows, group): (&dyn RowGroupReader, usize),
        column: usize,
        path: &ColumnPath,
        out: &mut SerializedRowGroupWriter<'_, W>,
        found: &mut dyn FnMut(&Place, &Replaced),
    ) -> Result<(), FileError> {
        let mut batches = Batches::of(rows, column)?;
        let Some(mut writer) = out.next_column()? else { return Ok(()) };
        while batches.next()? {
            let mut values = std::mem::take(&mut batches.values);
            let mut levels = batches.levels();
            for value in &mut values {
                levels.next_value();
                let Some(redaction) = self.redactor.redact(value.data()) else { continue };
                let cell = path.cell(self.totals.rows + levels.row, &levels.indices);
                let place = Place { row_group: Some(group), cell };
                redaction.replaced.iter().for_each(|one| found(&place, one));
                self.totals.replaced += redaction.replaced.len() as u64;
                self.known.add(value.data(), &redaction.edits);
                *value = ByteArray::from(redaction.text);
            }
            writer.typed::<ByteArrayType>().write_batch(
                &values,
                (batches.max_definition > 0).then_some(&batches.definitions[..]),
                (batches.max_repetition > 0).then_some(&batches.repetitions[..]),
            )?;
            batches.values = values;
        }
        Ok(writer.close()?)
    }
}

/// The values of a column chunk in batches of rows.
struct Batches {
    reader: ColumnReaderImpl<ByteArrayType>,
    values: Vec<ByteArray>,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
    max_definition: i16,
    max_repetition: i16,
    /// Number of rows before this batch in the chunk.
    before: usize,
    rows: usize,
}

impl Batches {
    fn of(rows: &dyn RowGroupReader, column: usize) -> Result<Self, FileError> {
        let chunk = rows.metadata().column(column);
        let descriptor = chunk.column_descr();
        let reader = get_typed_column_reader(rows.get_column_reader(column)?);
        Ok(Self {
            reader,
            values: Vec::new(),
            definitions: Vec::new(),
            repetitions: Vec::new(),
            max_definition: descriptor.max_def_level(),
            max_repetition: descriptor.max_rep_level(),
            before: 0,
            rows: 0,
        })
    }

    /// Reads the next batch; returns `false` at the end.
    fn next(&mut self) -> Result<bool, FileError> {
        self.before += self.rows;
        self.values.clear();
        self.definitions.clear();
        self.repetitions.clear();
        let (rows, _, levels) = self.reader.read_records(
            ROWS,
            (self.max_definition > 0).then_some(&mut self.definitions),
            (self.max_repetition > 0).then_some(&mut self.repetitions),
            &mut self.values,
        )?;
        self.rows = rows;
        Ok(rows > 0 || levels > 0)
    }

    /// The positions of the values in this batch.
    fn levels(&self) -> Levels<'_> {
        let lists = usize::try_from(self.max_repetition).unwrap_or(0);
        Levels { batches: self, next: 0, row: self.before, indices: vec![0; lists] }
    }
}

/// The position of a value, from its levels
/// (<https://github.com/apache/parquet-format/blob/master/README.md#nested-encoding>).
struct Levels<'b> {
    batches: &'b Batches,
    /// Index of the level after that of the value.
    next: usize,
    /// Row of the value in the chunk.
    row: usize,
    /// Index of the value in each enclosing list, outermost first.
    indices: Vec<usize>,
}

impl Levels<'_> {
    /// Advances to the next non-null value.
    fn next_value(&mut self) {
        loop {
            let level = self.next;
            self.next += 1;
            let repeated = self.batches.repetitions.get(level).copied().unwrap_or(0);
            match usize::try_from(repeated).unwrap_or(0).checked_sub(1) {
                Some(list) => {
                    self.indices[list] += 1;
                    self.indices[list + 1..].fill(0);
                }
                None => {
                    self.row += usize::from(level > 0);
                    self.indices.fill(0);
                }
            }
            let definition = self.batches.definitions.get(level);
            if definition.is_none_or(|definition| *definition == self.batches.max_definition) {
                return;
            }
        }
    }
}
