//! Unpacks the pages of Parquet and splits them into values.
//!
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/>

use super::{
    compressed::{Method, unpack},
    format::ContainerError,
    limits::Budget,
};
use std::io::Read;

/// Maximum number of values of a page: a width of 0 bits can encode any number of them.
const MAX_VALUES: usize = 4 << 20;
/// Maximum total size in bytes of the values of a page in which one value repeats parts of another.
const MAX_VALUE_BYTES: usize = 256 << 20;

/// The compression of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// None.
    Plain,
    /// Raw Snappy, without frames.
    Snappy,
    /// A method that is read as a stream.
    Stream(Method),
    /// Brotli.
    Brotli,
    /// One block of LZ4, with or without Hadoop's frame.
    Lz4,
}

impl Codec {
    /// The codec of this number.
    ///
    /// # Errors
    /// Returns an error if it is unknown.
    pub fn of(number: i64) -> Result<Self, ContainerError> {
        Ok(match number {
            0 => Codec::Plain,
            1 => Codec::Snappy,
            2 => Codec::Stream(Method::Gzip),
            4 => Codec::Brotli,
            5 | 7 => Codec::Lz4,
            6 => Codec::Stream(Method::Zstd),
            other => {
                return Err(ContainerError::Unsupported(format!("packed with codec {other}")));
            }
        })
    }

    /// The unpacked bytes, at most `len`.
    ///
    /// # Errors
    /// Returns an error if `packed` is not valid for the codec.
    pub fn unpack(
        self,
        budget: &Budget,
        packed: &[u8],
        len: usize,
    ) -> Result<Vec<u8>, ContainerError> {
        let malformed =
            |error: &dyn std::fmt::Display| ContainerError::malformed(error.to_string());
        let mut bytes = Vec::new();
        match self {
            Codec::Plain => bytes.extend_from_slice(packed),
            Codec::Snappy => {
                let said = snap::raw::decompress_len(packed).map_err(|error| malformed(&error))?;
                if said > len {
                    return Err(ContainerError::malformed("a page exceeds its declared size"));
                }
                bytes = snap::raw::Decoder::new()
                    .decompress_vec(packed)
                    .map_err(|error| malformed(&error))?;
            }
            Codec::Stream(method) => {
                unpack(budget, method, packed)?.take(len as u64).read_to_end(&mut bytes)?;
            }
            Codec::Brotli => {
                brotli_decompressor::Decompressor::new(packed, 16 << 10)
                    .take(len as u64)
                    .read_to_end(&mut bytes)?;
            }
            Codec::Lz4 => {
                let hadoop = packed.get(8..).filter(|_| hadoop_len(packed) == Some(len));
                bytes = lz4_flex::block::decompress(hadoop.unwrap_or(packed), len)
                    .map_err(|error| malformed(&error))?;
            }
        }
        Ok(bytes)
    }
}

/// The unpacked length in Hadoop's frame before a block of LZ4.
fn hadoop_len(packed: &[u8]) -> Option<usize> {
    let unpacked = u32::from_be_bytes(*packed.first_chunk()?);
    let inner = u32::from_be_bytes(*packed.get(4..)?.first_chunk()?);
    (usize::try_from(inner).ok()? == packed.len() - 8).then_some(usize::try_from(unpacked).ok()?)
}

/// The encoding of the values of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Each value after its length.
    Plain,
    /// Indices into the dictionary.
    Dictionary,
    /// All lengths, then all values.
    DeltaLength,
    /// Each value as its difference from the previous one.
    Delta,
    /// The first bytes of all values of one length, then the second ones, and so on.
    Split,
    /// An encoding for other types than byte arrays.
    Other,
}

impl Encoding {
    /// The encoding of this number.
    pub fn of(number: i64) -> Self {
        match number {
            0 => Encoding::Plain,
            2 | 8 => Encoding::Dictionary,
            6 => Encoding::DeltaLength,
            7 => Encoding::Delta,
            9 => Encoding::Split,
            _ => Encoding::Other,
        }
    }
}

/// The layout of the values in an unpacked page.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Their encoding.
    pub encoding: Encoding,
    /// Maximum number of values.
    pub count: usize,
    /// The common length of the values in bytes; 0 if lengths vary.
    pub length: usize,
    /// `true` if levels may precede them.
    pub has_levels: bool,
}

/// Calls `each` with every value of an unpacked page. Returns `false`, without calls, if the page
/// is not valid.
///
/// Levels may precede the values, each list after its length. They are skipped if the values end
/// with the page only then. Before plain values such a list is read as a value, which is harmless.
pub fn each_value(
    page: &[u8],
    Layout { encoding, count, length, has_levels }: Layout,
    each: &mut dyn FnMut(&[u8]),
) -> bool {
    let mut values = page;
    for _ in 0..3 {
        let understood = match encoding {
            Encoding::Plain if length > 0 => of_length(values, length, each),
            Encoding::Split if length > 0 => split(values, length, each),
            Encoding::Plain => plain(values, each),
            Encoding::DeltaLength => delta_length(values, count, each),
            Encoding::Delta => delta(values, count, each),
            Encoding::Dictionary | Encoding::Split | Encoding::Other => return false,
        };
        if understood.is_some() {
            return true;
        }
        match without_levels(values) {
            Some(rest) if has_levels => values = rest,
            _ => return false,
        }
    }
    false
}

fn without_levels(page: &[u8]) -> Option<&[u8]> {
    let length = u32::from_le_bytes(*page.first_chunk()?);
    page.get(4..)?.get(usize::try_from(length).ok()?..)
}

fn plain(page: &[u8], each: &mut dyn FnMut(&[u8])) -> Option<()> {
    let split = |rest: &mut &'_ [u8]| -> Option<(usize, usize)> {
        let at = page.len() - rest.len();
        let length = usize::try_from(u32::from_le_bytes(*rest.first_chunk()?)).ok()?;
        *rest = rest.get(4..)?.get(length..)?;
        Some((at + 4, at + 4 + length))
    };
    let mut rest = page;
    while !rest.is_empty() {
        split(&mut rest)?;
    }
    let mut rest = page;
    while !rest.is_empty() {
        let (start, end) = split(&mut rest)?;
        each(&page[start..end]);
    }
    Some(())
}

fn of_length(page: &[u8], length: usize, each: &mut dyn FnMut(&[u8])) -> Option<()> {
    let values = page.chunks_exact(length);
    values.remainder().is_empty().then(|| values.for_each(each))
}

fn split(page: &[u8], length: usize, each: &mut dyn FnMut(&[u8])) -> Option<()> {
    let count = page.len() / length;
    if count * length != page.len() {
        return None;
    }
    let mut value = vec![0; length];
    for number in 0..count {
        for (place, byte) in value.iter_mut().enumerate() {
            *byte = page[place * count + number];
        }
        each(&value);
    }
    Some(())
}

fn delta_length(page: &[u8], count: usize, each: &mut dyn FnMut(&[u8])) -> Option<()> {
    let (lengths, mut rest) = delta_numbers(page, count)?;
    let sum = lengths
        .iter()
        .try_fold(0_usize, |sum, length| sum.checked_add(usize::try_from(*length).ok()?))?;
    if sum != rest.len() {
        return None;
    }
    for length in lengths {
        let (value, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        each(value);
        rest = after;
    }
    Some(())
}

fn delta(page: &[u8], count: usize, each: &mut dyn FnMut(&[u8])) -> Option<()> {
    let (prefixes, rest) = delta_numbers(page, count)?;
    let mut values = Vec::new();
    delta_length(rest, count, &mut |suffix| values.push(suffix.to_vec()))?;
    if values.len() != prefixes.len() {
        return None;
    }
    let (mut value, mut sum): (Vec<u8>, usize) = (Vec::new(), 0);
    for (prefix, suffix) in prefixes.iter().zip(values) {
        let prefix = usize::try_from(*prefix).ok()?;
        if prefix > value.len() || sum > MAX_VALUE_BYTES {
            return Some(());
        }
        value.truncate(prefix);
        value.extend_from_slice(&suffix);
        sum += value.len();
        each(&value);
    }
    Some(())
}

/// Numbers in `DELTA_BINARY_PACKED`, and the bytes after them. At most `max` numbers, so that a
/// width of 0 bits cannot encode more than a page has.
fn delta_numbers(page: &[u8], max: usize) -> Option<(Vec<i64>, &[u8])> {
    let mut rest = page;
    let block = usize::try_from(varint(&mut rest)?).ok()?;
    let minis = usize::try_from(varint(&mut rest)?).ok()?;
    let total = usize::try_from(varint(&mut rest)?).ok()?;
    let mut last = zigzag(varint(&mut rest)?);
    if total > max.min(MAX_VALUES)
        || minis == 0
        || minis > 512
        || block % minis != 0
        || block > 1 << 20
    {
        return None;
    }
    let per_mini = block / minis;
    let mut numbers = Vec::new();
    if total > 0 {
        numbers.push(last);
    }
    while numbers.len() < total {
        let least = zigzag(varint(&mut rest)?);
        let (widths, after) = rest.split_at_checked(minis)?;
        rest = after;
        for width in widths {
            if numbers.len() >= total {
                break;
            }
            let width = usize::from(*width);
            if width > 64 || per_mini == 0 {
                return None;
            }
            let (packed, after) = rest.split_at_checked((per_mini * width).div_ceil(8))?;
            rest = after;
            for place in 0..per_mini.min(total - numbers.len()) {
                let step = bits(packed, place * width, width);
                last = last.wrapping_add(least).wrapping_add(step.cast_signed());
                numbers.push(last);
            }
        }
    }
    Some((numbers, rest))
}

/// `width` bits from the bit at `start` on, least significant bit first.
fn bits(bytes: &[u8], start: usize, width: usize) -> u64 {
    let window: u128 = bytes
        .iter()
        .skip(start / 8)
        .take(9)
        .enumerate()
        .fold(0, |window, (place, byte)| window | u128::from(*byte) << (8 * place));
    let mask = (1_u128 << width) - 1;
    u64::try_from(window >> (start % 8) & mask).unwrap_or_default()
}

fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(page: &[u8], encoding: Encoding, count: usize) -> Option<Vec<String>> {
        each(page, Layout { encoding, count, length: 0, has_levels: true })
    }

    fn each(page: &[u8], layout: Layout) -> Option<Vec<String>> {
        let mut values = Vec::new();
        each_value(page, layout, &mut |value| {
            values.push(String::from_utf8_lossy(value).into_owned());
        })
        .then_some(values)
    }

    #[test]
    fn plain_values_are_found_behind_levels() {
        let page = b"\x02\0\0\0\x03\x01\x02\0\0\0ab\x01\0\0\0c";
        assert_eq!(
            values(page, Encoding::Plain, 2),
            Some(vec!["\u{3}\u{1}".into(), "ab".into(), "c".into()])
        );
        assert_eq!(values(b"\xff\xff\xff\xff", Encoding::Plain, 1), None);
    }

    #[test]
    fn lengths_that_are_told_as_differences_are_summed_up() {
        // Block size 128, 4 miniblocks, 3 values, first value 5; differences 1, -1, least -1, 2
        // bits each.
        let mut page = vec![0x80, 1, 4, 3, 10, 1, 2, 0, 0, 0];
        page.extend_from_slice(&[0b0010; 1]);
        page.extend_from_slice(&[0; 7]);
        page.extend_from_slice(b"HelloWorld!Again");
        let found = values(&page, Encoding::DeltaLength, 3);
        assert_eq!(found, Some(vec!["Hello".into(), "World!".into(), "Again".into()]));
    }

    #[test]
    fn values_of_one_length_need_no_lengths() {
        let layout = |encoding| Layout { encoding, count: 3, length: 2, has_levels: true };
        let expected = Some(vec!["ab".into(), "cd".into(), "ef".into()]);
        assert_eq!(each(b"abcdef", layout(Encoding::Plain)), expected);
        assert_eq!(each(b"acebdf", layout(Encoding::Split)), expected);
        assert_eq!(each(b"\x01\0\0\0\x03acebdf", layout(Encoding::Split)), expected);
        assert_eq!(each(b"abc", layout(Encoding::Split)), None);
    }

    #[test]
    fn absurd_counts_end_at_once() {
        let page = [0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0];
        assert_eq!(values(&page, Encoding::DeltaLength, usize::MAX), None);
        assert_eq!(
            values(
                &[128, 1, 4, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 0, 0],
                Encoding::Delta,
                usize::MAX
            ),
            None
        );
    }
}
