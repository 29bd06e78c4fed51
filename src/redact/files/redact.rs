//! Redacts a file of any format.

use super::{
    arrow_file,
    error::FileError,
    job::{FileJob, Format, Place, Totals},
    json_lines, parquet, plain, separated,
};
use crate::redact::redactor::Replaced;
use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
};

/// Size of the read and write buffers in bytes.
const BUFFER: usize = 256 << 10;

/// Redacts `input` into `output`, and calls `found` for every replacement. Memory use does not
/// depend on the file size.
///
/// # Errors
/// Returns an error if the file is damaged or cannot be read, or the output cannot be written; the
/// caller must then discard the output.
pub fn redact_file(
    format: Format,
    input: File,
    output: &mut (dyn Write + Send),
    job: &FileJob<'_>,
    found: &mut dyn FnMut(&Place, &Replaced),
) -> Result<Totals, FileError> {
    let mut output = BufWriter::with_capacity(BUFFER, output);
    let totals = match format {
        Format::Parquet => parquet::redact(input, &mut output, job, found)?,
        Format::Arrow => arrow_file::redact(input, &mut output, job, found)?,
        Format::JsonLines => {
            json_lines::redact(BufReader::with_capacity(BUFFER, input), &mut output, job, found)?
        }
        Format::Separated(separator) => {
            let input = BufReader::with_capacity(BUFFER, input);
            separated::redact(separator, input, &mut output, job, found)?
        }
        Format::Text => plain::redact(input, &mut output, job, found)?,
    };
    output.flush()?;
    Ok(totals)
}
