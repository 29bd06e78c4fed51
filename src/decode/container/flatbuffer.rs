//! Tables of FlatBuffers, in which Arrow writes its metadata.
//!
//! <https://flatbuffers.dev/internals/>. Every offset is checked before it is read; `None` means
//! that there is no value.

/// A table: fields by number.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
    fields: usize,
    field_count: usize,
}

impl<'a> Table<'a> {
    /// The root table of `bytes`.
    pub fn root(bytes: &'a [u8]) -> Option<Self> {
        Self::at(bytes, u32_at(bytes, 0)?)
    }

    fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        let back = i32::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
        let fields = usize::try_from(i64::try_from(at).ok()? - i64::from(back)).ok()?;
        let size = usize::from(u16_at(bytes, fields)?);
        Some(Self { bytes, at, fields: fields + 4, field_count: size.saturating_sub(4) / 2 })
    }

    /// The offset of a field's value; `None` if the field is absent.
    fn field(&self, number: usize) -> Option<usize> {
        if number >= self.field_count {
            return None;
        }
        match u16_at(self.bytes, self.fields + 2 * number)? {
            0 => None,
            offset => Some(self.at + usize::from(offset)),
        }
    }

    /// A byte.
    pub fn byte(&self, number: usize) -> Option<u8> {
        self.bytes.get(self.field(number)?).copied()
    }

    /// A number of four bytes.
    pub fn int(&self, number: usize) -> Option<i32> {
        Some(i32::from_le_bytes(*self.bytes.get(self.field(number)?..)?.first_chunk()?))
    }

    /// A number of eight bytes.
    pub fn long(&self, number: usize) -> Option<i64> {
        Some(i64::from_le_bytes(*self.bytes.get(self.field(number)?..)?.first_chunk()?))
    }

    /// Another table.
    pub fn table(&self, number: usize) -> Option<Self> {
        Self::at(self.bytes, self.target(number)?)
    }

    /// A list of tables, without those that are out of bounds.
    pub fn tables(&self, number: usize) -> impl Iterator<Item = Self> + use<'a> {
        let bytes = self.bytes;
        let list = self.structures::<4>(number).unwrap_or_default();
        // Each offset is relative to its own position.
        let place = list.as_ptr().addr().wrapping_sub(bytes.as_ptr().addr());
        list.iter().enumerate().filter_map(move |(index, offset)| {
            let offset = usize::try_from(u32::from_le_bytes(*offset)).ok()?;
            Self::at(bytes, place.checked_add(4 * index)?.checked_add(offset)?)
        })
    }

    /// A list of structures of `N` bytes each.
    pub fn structures<const N: usize>(&self, number: usize) -> Option<&'a [[u8; N]]> {
        let at = self.target(number)?;
        let count = u32_at(self.bytes, at)?;
        let all = self.bytes.get(at + 4..)?;
        all.get(..count.checked_mul(N)?).map(|list| list.as_chunks().0)
    }

    fn target(&self, number: usize) -> Option<usize> {
        let at = self.field(number)?;
        at.checked_add(u32_at(self.bytes, at)?)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?)).ok()
}
