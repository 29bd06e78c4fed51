//! The compact protocol of Thrift, in which Parquet writes its metadata.
//!
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>

/// Maximum nesting depth of structures.
const MAX_DEPTH: usize = 16;

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A boolean, which is stored in the field's header.
    Bool(bool),
    /// One byte.
    Byte,
    /// An integer.
    Int,
    /// A floating-point number of eight bytes.
    Double,
    /// Text or bytes.
    Binary,
    /// A list or a set.
    List,
    /// Keys with values.
    Map,
    /// A structure.
    Struct,
}

/// Reads values in sequence. `None` means that the bytes are not valid.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The number of remaining bytes.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// Calls `field` with the number and kind of each field of a structure. It returns `true` if it
    /// read the value; other values are skipped.
    pub fn structure(
        &mut self,
        field: &mut dyn FnMut(&mut Self, i64, Kind) -> Option<bool>,
    ) -> Option<()> {
        let mut number = 0_i64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            number = match head >> 4 {
                0 => self.int()?,
                step => number.checked_add(i64::from(step))?,
            };
            let kind = kind_of(head & 15)?;
            if !field(self, number, kind)? {
                self.skip(kind, MAX_DEPTH)?;
            }
        }
    }

    /// An integer.
    pub fn int(&mut self) -> Option<i64> {
        let number = self.varint()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// Text or bytes.
    pub fn binary(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.varint()?).ok()?;
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    /// The kind and the number of a list's values, which follow.
    pub fn list(&mut self) -> Option<(Kind, u64)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.varint()?,
            count => u64::from(count),
        };
        Some((kind_of(head & 15)?, count))
    }

    /// Skips a value.
    fn skip(&mut self, kind: Kind, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            Kind::Bool(_) => {}
            Kind::Byte => drop(self.byte()?),
            Kind::Int => drop(self.varint()?),
            Kind::Double => self.rest = self.rest.get(8..)?,
            Kind::Binary => drop(self.binary()?),
            Kind::List => {
                let (kind, count) = self.list()?;
                for _ in 0..count {
                    self.skip_element(kind, depth)?;
                }
            }
            Kind::Map => {
                let count = self.varint()?;
                if count > 0 {
                    let kinds = self.byte()?;
                    let (key, value) = (kind_of(kinds >> 4)?, kind_of(kinds & 15)?);
                    for _ in 0..count {
                        self.skip_element(key, depth)?;
                        self.skip_element(value, depth)?;
                    }
                }
            }
            Kind::Struct => loop {
                let head = self.byte()?;
                if head == 0 {
                    break;
                }
                if head >> 4 == 0 {
                    self.varint()?;
                }
                self.skip(kind_of(head & 15)?, depth)?;
            },
        }
        Some(())
    }

    /// Skips a value of a list, in which a boolean is a byte of its own.
    fn skip_element(&mut self, kind: Kind, depth: usize) -> Option<()> {
        match kind {
            Kind::Bool(_) => self.byte().map(drop),
            kind => self.skip(kind, depth),
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

fn kind_of(code: u8) -> Option<Kind> {
    Some(match code {
        1 => Kind::Bool(true),
        2 => Kind::Bool(false),
        3 => Kind::Byte,
        4..=6 => Kind::Int,
        7 => Kind::Double,
        8 => Kind::Binary,
        9 | 10 => Kind::List,
        11 => Kind::Map,
        12 => Kind::Struct,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_and_others_passed_over() {
        // 1: i32 = -3, 2: list of two structures, 3: "ab", end.
        let bytes = [0x15, 5, 0x19, 0x2c, 0x15, 2, 0, 0, 0x18, 2, b'a', b'b', 0];
        let mut seen = Vec::new();
        let mut reader = Reader::new(&bytes);
        let read = reader.structure(&mut |reader, number, kind| {
            match (number, kind) {
                (1, Kind::Int) => seen.push(reader.int()?.to_string()),
                (3, Kind::Binary) => seen.push(String::from_utf8_lossy(reader.binary()?).into()),
                _ => return Some(false),
            }
            Some(true)
        });
        assert_eq!((read, reader.left()), (Some(()), 0));
        assert_eq!(seen, ["-3", "ab"]);
    }

    #[test]
    fn bytes_that_make_no_sense_end_at_once() {
        for bytes in [&[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x7f][..], &[0x1c; 5000], &[0x1f]] {
            assert_eq!(Reader::new(bytes).structure(&mut |_, _, _| Some(false)), None);
        }
    }
}
