//! Arrays of texts: visits those that may hold something, and puts others in their place.

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

/// What is done with every text that may hold something.
pub trait Visit {
    /// Texts as they are scanned, to tell which rows to visit.
    fn texts(&self) -> &Texts<'_>;

    /// Sees a text, and gives what is to stand in its place, if anything is.
    fn text(&mut self, text: &[u8]) -> Option<Vec<u8>>;

    /// Is told of a cell that holds the text last seen; several do in a dictionary.
    fn cell(&mut self, cell: Cell);

    /// `true` if the text last seen has something to tell of.
    fn has_findings(&self) -> bool;
}

/// Visits the texts of an array. Gives the array with those that were to be replaced; `None`
/// if none was.
///
/// # Errors
/// Returns an error if the array would hold more bytes than its offsets can count.
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
    /// Rows, in order, and what is to stand there.
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

    /// Texts that stand one after the other: what wakes none of them is told in one pass.
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
        self.visit.texts().mark_awake(buffer, &mut rows);
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

    /// Texts that stand anywhere.
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
        // The old buffers hold what was replaced, so that none of them is kept.
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

    /// Texts of one length: what replaces one is cut or filled up to it.
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

/// Appends a value to a column of views.
fn append<T: ByteViewType>(
    builder: &mut GenericByteViewBuilder<T>,
    value: &[u8],
) -> Result<(), ArrowError> {
    let invalid = |_| ArrowError::InvalidArgumentError("a replacement is not UTF-8".into());
    // Only `T` knows its values, so that one is made of an array of one.
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

/// Values of a column, by their offsets.
struct ColumnRows<'c, O> {
    offsets: &'c [O],
    /// The first offset.
    base: usize,
    /// 1 for every row that is to be visited.
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
