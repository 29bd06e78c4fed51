//! Columns of Arrow whose texts are not stored end to end: views, and values of fixed size.

use super::{flatbuffer::Table, format::ContainerError};

/// Maximum number of fields of a schema that are read: a table can be referenced twice.
const MAX_FIELDS: usize = 10_000;
/// The number of `FixedSizeBinary` in the union of types.
const FIXED_SIZE_BINARY: u8 = 15;
/// Maximum length in bytes of a text that is stored in its view.
const MAX_INLINE: usize = 12;

/// The widths of the columns of fixed size in a schema, each once.
pub fn fixed_widths(schema: Table<'_>) -> Vec<usize> {
    let mut widths = Vec::new();
    let mut waiting: Vec<Table<'_>> = schema.tables(1).take(MAX_FIELDS).collect();
    for _ in 0..MAX_FIELDS {
        let Some(field) = waiting.pop() else { break };
        if waiting.len() < MAX_FIELDS {
            waiting.extend(field.tables(5).take(MAX_FIELDS));
        }
        if field.byte(2) == Some(FIXED_SIZE_BINARY)
            && let Some(width) = field.table(3).and_then(|kind| kind.int(0))
            && let Ok(width) = usize::try_from(width)
            && width > 0
        {
            widths.push(width);
        }
    }
    widths.sort_unstable();
    widths.dedup();
    widths
}

/// A buffer of views: the texts of a column. Short texts are in the buffer itself, long ones in the
/// buffers that follow it.
#[derive(Debug)]
pub struct Views {
    /// The long texts, sorted: buffer, row, offset, length.
    long: Vec<(u32, u32, u32, u32)>,
    /// The number of buffers read after the views.
    followed: u32,
}

/// Called with the row, the offset and the bytes of each text.
type Each<'f> = &'f mut dyn FnMut(usize, usize, &[u8]) -> Result<(), ContainerError>;

impl Views {
    /// Reads the buffer as views; `None` if it cannot be one. At most `buffers` buffers follow it.
    /// Calls `each` with the row, offset and bytes of every short text.
    ///
    /// # Errors
    /// Returns the error of `each`.
    pub fn read(
        buffer: &[u8],
        buffers: usize,
        each: Each<'_>,
    ) -> Result<Option<Self>, ContainerError> {
        let views = buffer.as_chunks::<16>().0;
        if views.is_empty() || !views.iter().all(|view| is_view(view, buffers)) {
            return Ok(None);
        }
        let mut long = Vec::new();
        for (row, view) in views.iter().enumerate() {
            let length = number(view, 0);
            match usize::try_from(length) {
                Ok(length) if length <= MAX_INLINE => {
                    each(row, row * 16 + 4, &view[4..4 + length])?;
                }
                _ => {
                    let row = u32::try_from(row).unwrap_or(u32::MAX);
                    long.push((number(view, 8), row, number(view, 12), length));
                }
            }
        }
        long.sort_unstable();
        Ok(Some(Self { long, followed: 0 }))
    }

    /// Calls `each` with the row, offset and bytes of every text in the next buffer after the
    /// views. Returns `false` if no text is in a buffer this far after them.
    ///
    /// # Errors
    /// Returns the error of `each`.
    pub fn follow(&mut self, buffer: &[u8], each: Each<'_>) -> Result<bool, ContainerError> {
        let number = self.followed;
        self.followed += 1;
        let from = self.long.partition_point(|(buffer, ..)| *buffer < number);
        for (_, row, offset, length) in
            self.long[from..].iter().take_while(|(buffer, ..)| *buffer == number)
        {
            let (start, length) = (index(*offset), index(*length));
            if let Some(text) = buffer.get(start..start.saturating_add(length)) {
                each(index(*row), start, text)?;
            }
        }
        Ok(from < self.long.len())
    }
}

/// `true` if the view is well-formed: a short text is padded with zeros.
fn is_view(view: &[u8; 16], buffers: usize) -> bool {
    match index(number(view, 0)) {
        length @ 0..=MAX_INLINE => view[4 + length..].iter().all(|byte| *byte == 0),
        length => length <= i32::MAX as usize && index(number(view, 8)) < buffers,
    }
}

fn number(view: &[u8; 16], at: usize) -> u32 {
    view[at..].first_chunk().copied().map_or(0, u32::from_le_bytes)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(length: u32, rest: [u32; 3]) -> Vec<u8> {
        [length, rest[0], rest[1], rest[2]].iter().flat_map(|one| one.to_le_bytes()).collect()
    }

    #[test]
    fn texts_stand_in_their_views_or_in_the_buffer_that_these_name() {
        let short = [&5_u32.to_le_bytes()[..], b"short\0\0\0\0\0\0\0"].concat();
        let buffer = [short, view(14, [0, 1, 2]), view(13, [0, 0, 0])].concat();
        let mut found = Vec::new();
        let mut each = |row: usize, at: usize, text: &[u8]| {
            found.push((row, at, text.to_vec()));
            Ok(())
        };
        let views = Views::read(&buffer, 2, &mut each).expect("no error");
        let mut views = views.expect("they are views");
        assert!(views.follow(b"thirteen bytes", &mut each).expect("no error"));
        assert!(views.follow(b"..fourteen bytes", &mut each).expect("no error"));
        assert!(!views.follow(b"", &mut each).expect("no error"));
        assert_eq!(found.len(), 3);
        assert_eq!(found[0], (0, 4, b"short".to_vec()));
        assert_eq!(found[1], (2, 0, b"thirteen byte".to_vec()));
        assert_eq!(found[2], (1, 2, b"fourteen bytes".to_vec()));
        assert!(Views::read(&buffer, 1, &mut |_, _, _| Ok(())).expect("no error").is_none());
    }
}
