//! Reads packed rule files.

use super::pack::{ARRAY, FALSE, FLOAT, INTEGER, PLACE, Packer, TABLE, TEXT, TRUE};
use serde::de::{
    self, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use std::{fmt, ops::Range};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// The packed form of a rule file's text, with the byte range of each value.
///
/// # Errors
/// Returns an error if the text is not TOML, or contains a date or a number that no rule may have.
pub fn packed(text: &str) -> Result<Vec<u8>, UnpackError> {
    let table = DeTable::parse(text)
        .map_err(|error| UnpackError { message: error.message().into(), at: error.span() })?;
    let mut packer = Packer::default();
    packer.place(table.span());
    pack_table(table.get_ref(), &mut packer)?;
    Ok(packer.bytes)
}

fn pack_table(table: &DeTable<'_>, packer: &mut Packer) -> Result<(), UnpackError> {
    packer.table(table.len());
    for (key, value) in table {
        packer.place(key.span());
        packer.text(key.get_ref());
        pack(value, packer)?;
    }
    Ok(())
}

fn pack(value: &Spanned<DeValue<'_>>, packer: &mut Packer) -> Result<(), UnpackError> {
    let at = value.span();
    packer.place(at.clone());
    let wrong = |message: &str| UnpackError { message: message.into(), at: Some(at.clone()) };
    match value.get_ref() {
        DeValue::String(text) => packer.text(text),
        DeValue::Boolean(value) => packer.boolean(*value),
        DeValue::Integer(number) => {
            let value = i64::from_str_radix(number.as_str(), number.radix());
            packer.integer(value.map_err(|_| wrong("the number is too large"))?);
        }
        DeValue::Float(number) => {
            let value = number.as_str().parse();
            packer.float(value.map_err(|_| wrong("the number is not valid"))?);
        }
        DeValue::Datetime(_) => return Err(wrong("a rule cannot contain a date")),
        DeValue::Array(items) => {
            packer.array(items.len());
            items.iter().try_for_each(|item| pack(item, packer))?;
        }
        DeValue::Table(table) => pack_table(table, packer)?,
    }
    Ok(())
}

/// Reads packed values, of the kinds that rules use.
#[derive(Debug)]
pub struct Unpacker<'de> {
    rest: &'de [u8],
    /// The byte range of the last value that has one.
    at: Range<usize>,
}

impl<'de> Unpacker<'de> {
    /// A reader of these bytes.
    pub fn new(bytes: &'de [u8]) -> Self {
        Self { rest: bytes, at: 0..0 }
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], UnpackError> {
        let (chunk, rest) = self.rest.split_first_chunk().ok_or_else(UnpackError::damaged)?;
        self.rest = rest;
        Ok(*chunk)
    }

    fn offset(&mut self) -> Result<usize, UnpackError> {
        usize::try_from(u64::from_le_bytes(self.chunk()?)).map_err(|_| UnpackError::damaged())
    }

    fn length(&mut self) -> Result<usize, UnpackError> {
        usize::try_from(u32::from_le_bytes(self.chunk()?)).map_err(|_| UnpackError::damaged())
    }

    fn text(&mut self) -> Result<&'de str, UnpackError> {
        let length = self.length()?;
        let (text, rest) = self.rest.split_at_checked(length).ok_or_else(UnpackError::damaged)?;
        self.rest = rest;
        std::str::from_utf8(text).map_err(|_| UnpackError::damaged())
    }

    /// The byte range written before the next value; empty if there is none.
    fn place(&mut self) -> Result<Range<usize>, UnpackError> {
        if self.rest.first() != Some(&PLACE) {
            return Ok(0..0);
        }
        self.chunk::<1>()?;
        self.at = self.offset()?..self.offset()?;
        Ok(self.at.clone())
    }

    /// The tag of the next value.
    fn tag(&mut self) -> Result<u8, UnpackError> {
        self.place()?;
        self.chunk().map(|[tag]| tag)
    }

    /// The error for a value whose tag is not the `expected` one.
    #[cold]
    fn wrong(&mut self, tag: u8, expected: &dyn Expected) -> UnpackError {
        let found = match tag {
            FALSE | TRUE => Unexpected::Bool(tag == TRUE),
            INTEGER => match self.chunk() {
                Ok(bytes) => Unexpected::Signed(i64::from_le_bytes(bytes)),
                Err(error) => return error,
            },
            FLOAT => match self.chunk() {
                Ok(bytes) => Unexpected::Float(f64::from_le_bytes(bytes)),
                Err(error) => return error,
            },
            TEXT => match self.text() {
                Ok(text) => Unexpected::Str(text),
                Err(error) => return error,
            },
            ARRAY => Unexpected::Seq,
            TABLE => Unexpected::Map,
            _ => return UnpackError::damaged(),
        };
        let error: UnpackError = de::Error::invalid_type(found, expected);
        error.or_at(&self.at)
    }
}

/// An error in a rule file.
#[derive(Debug)]
pub struct UnpackError {
    /// The mistake.
    pub message: String,
    /// The byte range in the file; `None` if the file has no ranges.
    pub at: Option<Range<usize>>,
}

impl UnpackError {
    fn damaged() -> Self {
        Self { message: "the packed rules are damaged".into(), at: None }
    }

    /// The same error, at this range if it has none.
    fn or_at(self, at: &Range<usize>) -> Self {
        Self { at: self.at.or_else(|| Some(at.clone())), ..self }
    }
}

impl fmt::Display for UnpackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnpackError {}

impl de::Error for UnpackError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), at: None }
    }
}

impl<'de> Deserializer<'de> for &mut Unpacker<'de> {
    type Error = UnpackError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        let tag = self.tag()?;
        Err(self.wrong(tag, &visitor))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        match self.tag()? {
            tag @ (FALSE | TRUE) => visitor.visit_bool(tag == TRUE),
            tag => Err(self.wrong(tag, &visitor)),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        let value = match self.tag()? {
            INTEGER => visitor.visit_i64(i64::from_le_bytes(self.chunk()?)),
            FLOAT => visitor.visit_f64(f64::from_le_bytes(self.chunk()?)),
            tag => return Err(self.wrong(tag, &visitor)),
        };
        value.map_err(|error: UnpackError| error.or_at(&self.at))
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        let value = match self.tag()? {
            TEXT => visitor.visit_borrowed_str(self.text()?),
            tag => return Err(self.wrong(tag, &visitor)),
        };
        value.map_err(|error: UnpackError| error.or_at(&self.at))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, UnpackError> {
        let value = match self.tag()? {
            TEXT => visitor.visit_enum(self.text()?.into_deserializer()),
            tag => return Err(self.wrong(tag, &visitor)),
        };
        value.map_err(|error: UnpackError| error.or_at(&self.at))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        let tag = self.tag()?;
        if tag != ARRAY {
            return Err(self.wrong(tag, &visitor));
        }
        let (at, left) = (self.at.clone(), self.length()?);
        visitor.visit_seq(Items { from: self, left }).map_err(|error| error.or_at(&at))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, UnpackError> {
        self.deserialize_seq(visitor)
    }

    /// A [`Located`](super::located::Located): start, end and value.
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, UnpackError> {
        let at = self.place()?;
        visitor.visit_seq(Placed { from: self, offsets: [at.start, at.end].into_iter() })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        let tag = self.tag()?;
        if tag != TABLE {
            return Err(self.wrong(tag, &visitor));
        }
        let (at, left) = (self.at.clone(), self.length()?);
        visitor.visit_map(Items { from: self, left }).map_err(|error| error.or_at(&at))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, UnpackError> {
        self.deserialize_map(visitor)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 u8 u16 f32 char bytes byte_buf unit unit_struct newtype_struct ignored_any
    }
}

/// The items of an array, or the entries of a table.
struct Items<'u, 'de> {
    from: &'u mut Unpacker<'de>,
    left: usize,
}

impl Items<'_, '_> {
    /// `true` if there was another item.
    fn advance(&mut self) -> bool {
        let is_left = self.left > 0;
        self.left = self.left.saturating_sub(1);
        is_left
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = UnpackError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, UnpackError> {
        self.advance().then(|| seed.deserialize(&mut *self.from)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = UnpackError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, UnpackError> {
        self.advance().then(|| seed.deserialize(&mut *self.from)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, UnpackError> {
        seed.deserialize(&mut *self.from)
    }
}

/// The byte range of a value, as two items before it.
struct Placed<'u, 'de> {
    from: &'u mut Unpacker<'de>,
    offsets: std::array::IntoIter<usize, 2>,
}

impl<'de> SeqAccess<'de> for Placed<'_, 'de> {
    type Error = UnpackError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, UnpackError> {
        match self.offsets.next() {
            Some(offset) => seed.deserialize(offset.into_deserializer()),
            None => seed.deserialize(&mut *self.from),
        }
        .map(Some)
    }
}
