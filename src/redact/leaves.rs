//! Visits the texts of leaf arrays that may contain findings, and replaces them.

use super::cell::{Cell, Cells};
use crate::{detect::Rows, scan::Texts};
use arrow_array::{
    Array, ArrayRef, FixedSizeBinaryArray, GenericByteArray, GenericByteViewArray,
    builder::GenericByteViewBuilder,
    cast::AsArray,
    types::{
        BinaryType, BinaryViewType, ByteArrayType, ByteViewType, LargeBinaryType, LargeUtf8Type,
        StringViewType, Utf8Type,
    },
};
use arrow_buffer::{ArrowNativeType, Buffer, NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType};
use std::{ops::Range, sync::Arc};

/// Bytes of a column for each row that one prefilter pass over it may exclude: with more, the rows
/// are scanned one by one. The pass saves the fixed cost of a scan of each row without a keyword;
/// rows with one, and those of JSON with escapes, are read twice.
const PER_ROW: usize = 4 << 10;

/// An operation on every text that may contain findings.
pub trait Visit {
    /// The scanner of texts, which selects the rows to visit.
    fn texts(&self) -> &Texts<'_>;

    /// Visits a text, and returns its replacement, if any.
    fn text(&mut self, text: &[u8]) -> Option<Vec<u8>>;

    /// Called for each cell that contains the last visited text; a dictionary has several.
    fn cell(&mut self, cell: Cell);

    /// `true` if the last visited text has findings.
    fn has_findings(&self) -> bool;
}

/// Visits the texts of an array. Returns the array with replaced texts; `None` if nothing was
/// replaced.
///
/// # Errors
/// Returns an error if the array would exceed the range of its offsets.
pub fn leaf(
    array: &dyn Array,
    range: Range<usize>,
    visit: &mut dyn Visit,
    cells: &Cells<'_>,
) -> Result<Option<ArrayRef>, ArrowError> {
    let leaf = Leaf { visit, cells, changed: Vec::new() };
    match array.data_type() {
        DataType::Utf8 => leaf.bytes::<Utf8Type>(array.as_string(), range),
        DataType::LargeUtf8 => leaf.bytes::<LargeUtf8Type>(array.as_string(), range),
        DataType::Binary => leaf.bytes::<BinaryType>(array.as_binary(), range),
        DataType::LargeBinary => leaf.bytes::<LargeBinaryType>(array.as_binary(), range),
        DataType::Utf8View => leaf.views::<StringViewType>(array.as_string_view(), range),
        DataType::BinaryView => leaf.views::<BinaryViewType>(array.as_binary_view(), range),
        DataType::FixedSizeBinary(_) => leaf.fixed(array.as_fixed_size_binary(), range),
        _ => Ok(None),
    }
}

struct Leaf<'l> {
    visit: &'l mut dyn Visit,
    cells: &'l Cells<'l>,
    /// Changed rows in order, with their new texts.
    changed: Vec<(usize, Vec<u8>)>,
}

impl Leaf<'_> {
    fn row(&mut self, row: usize, text: &[u8]) {
        let new = self.visit.text(text);
        self.changed.extend(new.map(|new| (row, new)));
        if self.visit.has_findings() {
            let visit = &mut *self.visit;
            (self.cells)(row, Vec::new(), &mut |cell| visit.cell(cell));
        }
    }

    /// Texts in one contiguous buffer: if they are short, one prefilter pass excludes those without
    /// keywords.
    fn bytes<T: ByteArrayType>(
        mut self,
        array: &GenericByteArray<T>,
        range: Range<usize>,
    ) -> Result<Option<ArrayRef>, ArrowError> {
        let offsets = &array.value_offsets()[range.start..=range.end];
        let at = |row: usize| offsets[row].as_usize();
        let base = at(0);
        let buffer = &array.value_data()[base..at(range.len())];
        let mut rows = ColumnRows { offsets, base, awake: vec![0; range.len()] };
        for row in 0..range.len() {
            let text = &buffer[at(row) - base..at(row + 1) - base];
            rows.awake[row] = u8::from(Texts::is_nested(text));
        }
        let asleep = memchr::memchr_iter(0, &rows.awake).count();
        if buffer.len() >= PER_ROW * asleep {
            rows.awake.fill(1);
        } else {
            self.visit.texts().mark_awake(buffer, &mut rows);
        }
        for row in memchr::memchr_iter(1, &rows.awake) {
            if array.is_valid(range.start + row) {
                self.row(range.start + row, &buffer[at(row) - base..at(row + 1) - base]);
            }
        }
        if self.changed.is_empty() {
            return Ok(None);
        }
        let mut changed = self.changed.into_iter().peekable();
        let mut offsets = Vec::with_capacity(array.len() + 1);
        let mut values = Vec::with_capacity(buffer.len());
        offsets.push(T::Offset::default());
        for row in 0..array.len() {
            match changed.next_if(|(changed, _)| *changed == row) {
                Some((_, new)) => values.extend_from_slice(&new),
                None if array.is_null(row) => {}
                None => {
                    let value: &T::Native = array.value(row);
                    values.extend_from_slice(value.as_ref());
                }
            }
            let end = T::Offset::from_usize(values.len())
                .ok_or_else(|| ArrowError::OffsetOverflowError(values.len()))?;
            offsets.push(end);
        }
        let offsets = OffsetBuffer::new(offsets.into());
        let nulls = array.nulls().cloned();
        let new = GenericByteArray::<T>::try_new(offsets, Buffer::from_vec(values), nulls)?;
        Ok(Some(Arc::new(new)))
    }

    /// Texts in any buffers.
    fn views<T: ByteViewType>(
        mut self,
        array: &GenericByteViewArray<T>,
        range: Range<usize>,
    ) -> Result<Option<ArrayRef>, ArrowError> {
        for row in range.filter(|row| array.is_valid(*row)) {
            let value: &T::Native = array.value(row);
            self.row(row, value.as_ref());
        }
        if self.changed.is_empty() {
            return Ok(None);
        }
        // The old buffers still contain the secrets, so none of them is reused.
        let mut builder = GenericByteViewBuilder::<T>::with_capacity(array.len());
        let mut changed = self.changed.into_iter().peekable();
        for row in 0..array.len() {
            match changed.next_if(|(changed, _)| *changed == row) {
                Some((_, new)) => append::<T>(&mut builder, &new)?,
                None if array.is_null(row) => builder.append_null(),
                None => builder.append_value(array.value(row)),
            }
        }
        Ok(Some(Arc::new(builder.finish())))
    }

    /// Fixed-size values: a replacement is truncated or padded to the size.
    fn fixed(
        mut self,
        array: &FixedSizeBinaryArray,
        range: Range<usize>,
    ) -> Result<Option<ArrayRef>, ArrowError> {
        for row in range.filter(|row| array.is_valid(*row)) {
            self.row(row, array.value(row));
        }
        if self.changed.is_empty() {
            return Ok(None);
        }
        let size = usize::try_from(array.value_length()).unwrap_or(0);
        let mut values = Vec::with_capacity(array.len() * size);
        let mut changed = self.changed.into_iter().peekable();
        for row in 0..array.len() {
            match changed.next_if(|(changed, _)| *changed == row) {
                Some((_, mut new)) => {
                    new.resize(size, b'*');
                    values.extend_from_slice(&new);
                }
                None => values.extend_from_slice(array.value(row)),
            }
        }
        let nulls: Option<NullBuffer> = array.nulls().cloned();
        let new = FixedSizeBinaryArray::try_new(array.value_length(), values.into(), nulls)?;
        Ok(Some(Arc::new(new)))
    }
}

/// Appends a value to a view column.
fn append<T: ByteViewType>(
    builder: &mut GenericByteViewBuilder<T>,
    value: &[u8],
) -> Result<(), ArrowError> {
    let invalid = |_| ArrowError::InvalidArgumentError("a replacement is not UTF-8".into());
    // Only `T` can construct its native value, here from an array with one value.
    let one: ArrayRef = match T::DATA_TYPE {
        DataType::Utf8View => {
            let text = std::str::from_utf8(value).map_err(invalid)?;
            Arc::new(arrow_array::StringViewArray::from_iter_values([text]))
        }
        _ => Arc::new(arrow_array::BinaryViewArray::from_iter_values([value])),
    };
    builder.append_value(one.as_byte_view::<T>().value(0));
    Ok(())
}

/// The values of a column, located by their offsets.
struct ColumnRows<'c, O> {
    offsets: &'c [O],
    /// The first offset.
    base: usize,
    /// 1 for each row to visit.
    awake: Vec<u8>,
}

impl<O: ArrowNativeType> Rows for ColumnRows<'_, O> {
    fn asleep_at(&self, at: usize) -> Option<(usize, Range<usize>)> {
        let at = at + self.base;
        let row = self.offsets.partition_point(|offset| offset.as_usize() <= at).checked_sub(1)?;
        if *self.awake.get(row)? == 1 {
            return None;
        }
        let (start, end) = (self.offsets[row].as_usize(), self.offsets.get(row + 1)?.as_usize());
        Some((row, start - self.base..end - self.base))
    }

    fn mark(&mut self, row: usize) {
        self.awake[row] = 1;
    }
}
