//! Visits the texts in Arrow arrays, at any nesting depth.

use super::{
    cell::{Cell, Cells, Step},
    columns::{Columns, is_text},
    leaves::{Visit, leaf},
};
use crate::model::{IntervalIndex, Span};
use arrow_array::{Array, ArrayRef, OffsetSizeTrait, cast::AsArray, make_array};
use arrow_buffer::ArrowNativeType;
use arrow_data::ArrayData;
use arrow_schema::{ArrowError, DataType, Field};
use std::{cell::LazyCell, collections::HashMap, ops::Range};

/// Visits the texts of an array, and returns the array with replaced texts; `None` if nothing was
/// replaced. A record batch is an array of structs, and its name is not a column name, though
/// DuckDB sets one.
///
/// # Errors
/// Returns an error if a column would exceed the range of its offsets.
pub fn walk(
    field: &Field,
    array: &dyn Array,
    columns: &Columns,
    visit: &mut dyn Visit,
) -> Result<Option<ArrayRef>, ArrowError> {
    let is_batch = matches!(array.data_type(), DataType::Struct(_));
    let name = Some(field.name()).filter(|name| !is_batch && !name.is_empty());
    let mut walker = Walker { columns, visit, names: name.into_iter().cloned().collect() };
    walker.array(array, 0..array.len(), &|row, mut steps, found| {
        steps.extend(name.cloned().map(Step::Field));
        steps.reverse();
        found(Cell { row, steps });
    })
}

struct Walker<'w> {
    columns: &'w Columns,
    visit: &'w mut dyn Visit,
    /// The names of the enclosing fields.
    names: Vec<String>,
}

impl Walker<'_> {
    fn array(
        &mut self,
        array: &dyn Array,
        range: Range<usize>,
        cells: &Cells<'_>,
    ) -> Result<Option<ArrayRef>, ArrowError> {
        if range.is_empty() {
            return Ok(None);
        }
        let kind = array.data_type();
        if is_text(kind) {
            let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
            return match self.columns.contain(&names) {
                true => leaf(array, range, self.visit, cells),
                false => Ok(None),
            };
        }
        match kind {
            DataType::Struct(fields) => {
                let mut children = Vec::with_capacity(fields.len());
                for (field, child) in fields.iter().zip(array.as_struct().columns()) {
                    self.names.push(field.name().clone());
                    let step = Step::Field(field.name().clone());
                    let new = self.array(child, range.clone(), &|row, mut steps, found| {
                        steps.push(step.clone());
                        cells(row, steps, found);
                    });
                    self.names.pop();
                    children.push(new?);
                }
                with_children(array, children)
            }
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                self.list(array, list.values(), list.value_offsets(), range, cells)
            }
            DataType::LargeList(_) => {
                let list = array.as_list::<i64>();
                self.list(array, list.values(), list.value_offsets(), range, cells)
            }
            DataType::Map(..) => {
                let map = array.as_map();
                self.list(array, map.entries(), map.value_offsets(), range, cells)
            }
            DataType::FixedSizeList(_, size) => {
                let size = usize::try_from(*size).unwrap_or(0);
                let values = array.as_fixed_size_list().values();
                let new = self.array(
                    values,
                    range.start * size..range.end * size,
                    &|at, mut steps, found| {
                        steps.push(Step::Index(at % size));
                        cells(at / size, steps, found);
                    },
                )?;
                with_children(array, vec![new])
            }
            DataType::ListView(_) => {
                let list = array.as_list_view::<i32>();
                self.views(array, list.values(), (list.offsets(), list.sizes()), range, cells)
            }
            DataType::LargeListView(_) => {
                let list = array.as_list_view::<i64>();
                self.views(array, list.values(), (list.offsets(), list.sizes()), range, cells)
            }
            DataType::Dictionary(..) => self.dictionary(array, range, cells),
            DataType::RunEndEncoded(..) => self.runs(array, range, cells),
            _ => Ok(None),
        }
    }

    /// A list whose row `n` has the values from `offsets[n]` up to `offsets[n + 1]`.
    fn list<O: OffsetSizeTrait>(
        &mut self,
        array: &dyn Array,
        values: &dyn Array,
        offsets: &[O],
        range: Range<usize>,
        cells: &Cells<'_>,
    ) -> Result<Option<ArrayRef>, ArrowError> {
        let inside = offsets[range.start].as_usize()..offsets[range.end].as_usize();
        let new = self.array(values, inside, &|at, mut steps, found| {
            let after = offsets.partition_point(|offset| offset.as_usize() <= at);
            let row = after.saturating_sub(1);
            steps.push(Step::Index(at - offsets[row].as_usize()));
            cells(row, steps, found);
        })?;
        with_children(array, vec![new])
    }

    /// A list view whose row `n` has `sizes[n]` values from `offsets[n]` on; rows may share values.
    fn views<O: OffsetSizeTrait>(
        &mut self,
        array: &dyn Array,
        values: &dyn Array,
        (offsets, sizes): (&[O], &[O]),
        range: Range<usize>,
        cells: &Cells<'_>,
    ) -> Result<Option<ArrayRef>, ArrowError> {
        let rows = || range.clone().filter(|row| array.is_valid(*row) && !sizes[*row].is_zero());
        let of =
            |row: usize| Span::new(offsets[row].as_usize(), (offsets[row] + sizes[row]).as_usize());
        let start = rows().map(|row| of(row).start).min().unwrap_or(0);
        let end = rows().map(|row| of(row).end).max().unwrap_or(0);
        let index = LazyCell::new(|| {
            let mut index = IntervalIndex::default();
            rows().for_each(|row| index.insert(of(row), row));
            index
        });
        let new = self.array(values, start..end, &|at, steps, found| {
            for row in index.touching(Span::new(at, at + 1)) {
                let mut steps = steps.clone();
                steps.push(Step::Index(at - of(row).start));
                cells(row, steps, found);
            }
        })?;
        with_children(array, vec![new])
    }

    /// A dictionary: each value is visited once, even if several rows refer to it.
    fn dictionary(
        &mut self,
        array: &dyn Array,
        range: Range<usize>,
        cells: &Cells<'_>,
    ) -> Result<Option<ArrayRef>, ArrowError> {
        let Some(dictionary) = array.as_any_dictionary_opt() else { return Ok(None) };
        let values = dictionary.values();
        if values.is_empty() {
            return Ok(None);
        }
        let rows = LazyCell::new(|| {
            let keys = dictionary.normalized_keys();
            let mut rows: HashMap<usize, Vec<usize>> = HashMap::new();
            for row in range.filter(|row| array.is_valid(*row)) {
                rows.entry(keys[row]).or_default().push(row);
            }
            rows
        });
        let new = self.array(values, 0..values.len(), &|at, steps, found| {
            for row in rows.get(&at).into_iter().flatten() {
                cells(*row, steps.clone(), found);
            }
        })?;
        Ok(new.map(|values| dictionary.with_values(values)))
    }

    /// Run-length encoding: the value of each run is visited once.
    fn runs(
        &mut self,
        array: &dyn Array,
        range: Range<usize>,
        cells: &Cells<'_>,
    ) -> Result<Option<ArrayRef>, ArrowError> {
        let data = array.to_data();
        let [ends, values] = data.child_data() else { return Ok(None) };
        let (values, offset) = (make_array(values.clone()), data.offset());
        let ends = run_ends(ends);
        let new = self.array(&values, 0..values.len(), &|at, steps, found| {
            let start = at.checked_sub(1).map_or(0, |before| ends[before]).saturating_sub(offset);
            let end = ends[at].saturating_sub(offset);
            for row in start.max(range.start)..end.min(range.end) {
                cells(row, steps.clone(), found);
            }
        })?;
        with_children(array, vec![None, new])
    }
}

/// The ends of runs, for each possible index type.
fn run_ends(ends: &ArrayData) -> Vec<usize> {
    let (from, to) = (ends.offset(), ends.offset() + ends.len());
    match ends.data_type() {
        DataType::Int16 => {
            ends.buffer::<i16>(0)[..to - from].iter().map(|end| end.as_usize()).collect()
        }
        DataType::Int32 => {
            ends.buffer::<i32>(0)[..to - from].iter().map(|end| end.as_usize()).collect()
        }
        _ => ends.buffer::<i64>(0)[..to - from].iter().map(|end| end.as_usize()).collect(),
    }
}

/// The array with new children; `None` if no child changed.
fn with_children(
    array: &dyn Array,
    children: Vec<Option<ArrayRef>>,
) -> Result<Option<ArrayRef>, ArrowError> {
    if children.iter().all(Option::is_none) {
        return Ok(None);
    }
    let data = array.to_data();
    let old = data.child_data().to_vec();
    let new = old.into_iter().zip(children).map(|(old, new)| new.map_or(old, |new| new.to_data()));
    let new = new.collect();
    data.into_builder().child_data(new).build().map(|data| Some(make_array(data)))
}
