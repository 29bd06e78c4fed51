//! Compressed single files: gzip, zstd, bzip2, xz, lz4.

use super::{
    ahead::read_ahead,
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    frames::{Beside, Lz4Frames, MAX_ZSTD_WINDOW, OnlyLzma, OnlyZlib, ZstdFrames},
    inflate::Inflate,
    limits::{Bounded, Budget},
    strings::Strings,
};
use bzip2::bufread::BzDecoder;
use lzma_rust2::{LzmaReader, XzReader};
use std::io::{self, BufRead, Read};

/// Maximum size of an xz dictionary in KiB: `xz -9` uses 64 MiB.
const MAX_XZ_KIB: u32 = 96 << 10;

/// Minimum number of packed bytes for a separate thread, so that unpacking takes longer than
/// starting the thread.
const WORTH_A_THREAD: u64 = 1 << 20;

/// A format that compresses one stream of bytes.
pub struct Compressed {
    name: &'static str,
    claims: fn(&[u8]) -> bool,
    method: Method,
}

/// A compression method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Raw deflate, as in zip.
    Deflate,
    /// Deflate in one zlib frame, as joblib writes it.
    Zlib,
    /// Deflate in one or more gzip frames.
    Gzip,
    /// Zstandard, in one or more frames.
    Zstd,
    /// bzip2, in one or more streams.
    Bzip2,
    /// xz.
    Xz,
    /// LZ4 in its frame format, in one or more frames.
    Lz4,
    /// LZMA in its own file format, the predecessor of xz.
    Lzma,
    /// LZMA as in zip.
    ZipLzma {
        /// The number of bytes when uncompressed.
        unpacked: u64,
    },
}

impl Method {
    /// The work for each unpacked byte, relative to deflate.
    fn cost(self) -> u64 {
        match self {
            Self::Deflate | Self::Zlib | Self::Gzip | Self::Zstd | Self::Lz4 => 1,
            Self::Xz | Self::Lzma | Self::ZipLzma { .. } => 3,
            Self::Bzip2 => 4,
        }
    }
}

/// RFC 1952.
pub const GZIP: Compressed = Compressed {
    name: "gzip",
    claims: |head| head.starts_with(&[0x1f, 0x8b, 8]),
    method: Method::Gzip,
};
/// RFC 1950. Its magic number is short, and a text may begin with `x^`, so part of it is unpacked
/// to confirm.
pub const ZLIB: Compressed = Compressed {
    name: "zlib",
    claims: |head| {
        matches!(head, [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..])
            && matches!(Inflate::new(head, true).read(&mut [0; 64]), Ok(1..))
    },
    method: Method::Zlib,
};
/// RFC 8878. Files of `pzstd` begin with a skippable frame.
pub const ZSTD: Compressed = Compressed {
    name: "zstd",
    claims: |head| match skippable(head) {
        Skippable::Within(rest) => rest.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]),
        // If it is LZ4 after all, the decoder reports an error.
        Skippable::Beyond => true,
    },
    method: Method::Zstd,
};
/// bzip2, identified by the magic number of its first block.
pub const BZIP2: Compressed = Compressed {
    name: "bzip2",
    claims: |head| {
        matches!(head, [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..])
    },
    method: Method::Bzip2,
};
/// <https://tukaani.org/xz/xz-file-format.txt>
pub const XZ: Compressed =
    Compressed { name: "xz", claims: |head| head.starts_with(b"\xfd7zXZ\0"), method: Method::Xz };
/// <https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md>, also its legacy frames.
pub const LZ4: Compressed = Compressed {
    name: "lz4",
    claims: |head| {
        let Skippable::Within(rest) = skippable(head) else { return false };
        matches!(rest, [0x04, 0x22, 0x4d, 0x18, ..] | [0x02, 0x21, 0x4c, 0x18, ..])
    },
    method: Method::Lz4,
};

/// The skippable frames at the start of a file of zstd or LZ4.
enum Skippable<'a> {
    /// They end before these bytes; without any, these are all bytes.
    Within(&'a [u8]),
    /// They end after the given bytes.
    Beyond,
}

fn skippable(mut head: &[u8]) -> Skippable<'_> {
    while let [0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d, rest @ ..] = head {
        let len = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX);
        match rest.get(len..).filter(|rest| !rest.is_empty()) {
            Some(rest) => head = rest,
            None => return Skippable::Beyond,
        }
    }
    Skippable::Within(head)
}

/// LZMA's own format has no magic number. The conditions are those of `xz --format=auto`: the usual
/// properties, a dictionary of 2^n or 2^n + 2^(n-1) bytes, a plausible size, and the zero at the
/// start of the range coder's data.
pub const LZMA: Compressed = Compressed { name: "lzma", claims: is_lzma, method: Method::Lzma };

fn is_lzma(head: &[u8]) -> bool {
    const MOST: u64 = 1 << 38;
    let Some((header, rest)) = head.split_first_chunk::<13>() else { return false };
    let [properties, a, b, c, d, size @ ..] = *header;
    let dictionary = u32::from_le_bytes([a, b, c, d]);
    let size = u64::from_le_bytes(size);
    let is_usual = dictionary >= 1 << 12
        && (dictionary.is_power_of_two()
            || dictionary.is_multiple_of(3) && (dictionary / 3).is_power_of_two());
    properties == 0x5d && is_usual && (size == u64::MAX || size < MOST) && rest.first() == Some(&0)
}

impl Container for Compressed {
    fn name(&self) -> &'static str {
        self.name
    }

    fn claims(&self, head: &[u8]) -> bool {
        (self.claims)(head)
    }

    fn access(&self) -> Access {
        Access::Forward
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        if self.method == Method::Gzip {
            gzip_header(input, sink)?;
        }
        let beside = Beside::default();
        let scanned = self.unpacked(input, &beside, sink);
        match &scanned {
            Err(error) if error.ends_document() => scanned,
            _ => beside.give(sink).and(scanned),
        }
    }
}

impl Compressed {
    /// Passes the unpacked bytes to `sink`, and what is beside them to `beside`.
    fn unpacked(
        &self,
        input: Input<'_>,
        beside: &Beside,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        let cursor = Cursor::new(input.content, 0, input.len);
        let mut unpacked = input.budget.bounded(self.method.cost(), cursor, |packed| {
            unpack_file(input.budget, self.method, packed, beside)
        })?;
        let is_large = input.len.is_none_or(|len| len >= WORTH_A_THREAD);
        if !is_large || !input.budget.limits.read_ahead {
            return sink.member(Member { name: "", body: Body::Stream(&mut unpacked) });
        }
        read_ahead(unpacked, |unpacked| {
            sink.member(Member { name: "", body: Body::Stream(unpacked) })
        })
    }
}

/// Maximum number of bytes before the compressed ones that are scanned.
const MAX_HEADER: usize = 64 << 10;

/// Passes the texts in the header of a gzip file to `sink`: extra field, name and comment.
fn gzip_header(input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
    let mut header = vec![0; MAX_HEADER];
    let count = input.content.fill_at(0, &mut header)?;
    let flags = header.get(3).copied().unwrap_or_default();
    let mut rest = header[..count].get(10..).unwrap_or_default();
    let start = rest.len();
    if flags & 4 != 0
        && let Some((len, after)) = rest.split_first_chunk::<2>()
    {
        rest = after.get(usize::from(u16::from_le_bytes(*len))..).unwrap_or_default();
    }
    for _ in 0..(flags & 8).count_ones() + (flags & 16).count_ones() {
        let end = memchr::memchr(0, rest).map_or(rest.len(), |end| end + 1);
        rest = &rest[end..];
    }
    let len = start - rest.len();
    let mut texts = Strings::default();
    if len > 0 {
        texts.push("", &header[10..10 + len], 10);
    }
    texts.flush("", sink)
}

/// Unpacks `packed` within a budget.
///
/// # Errors
/// Returns an error if its header is not valid for the method.
pub fn unpack_within<'a, P: BufRead + Send + 'a>(
    budget: &'a Budget,
    method: Method,
    packed: P,
) -> io::Result<Bounded<'a, Box<dyn Read + Send + 'a>>> {
    budget.bounded(method.cost(), packed, |packed| unpack(budget, method, packed))
}

/// Unpacks a whole file without a limit on the unpacked bytes.
fn unpack_file<'a>(
    budget: &'a Budget,
    method: Method,
    packed: impl BufRead + Send + 'a,
    beside: &'a Beside,
) -> io::Result<Box<dyn Read + Send + 'a>> {
    Ok(match method {
        Method::Zlib => Box::new(OnlyZlib(Inflate::new(packed, true))),
        Method::Lzma => {
            let reader = LzmaReader::new_mem_limit(packed, MAX_XZ_KIB, None)?;
            Box::new(OnlyLzma(Some(reader)))
        }
        Method::Zstd => Box::new(ZstdFrames::new(packed, beside)?),
        Method::Lz4 => Box::new(Lz4Frames::new(packed, Some(beside))),
        _ => unpack(budget, method, packed)?,
    })
}

/// Unpacks `packed` without a limit on the unpacked bytes.
///
/// # Errors
/// Returns an error if its header is not valid for the method.
pub fn unpack<'a>(
    budget: &'a Budget,
    method: Method,
    packed: impl BufRead + Send + 'a,
) -> io::Result<Box<dyn Read + Send + 'a>> {
    Ok(match method {
        Method::Deflate => Box::new(Inflate::new(packed, false)),
        Method::Zlib => Box::new(Inflate::new(packed, true)),
        Method::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Method::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
            decoder.window_log_max(MAX_ZSTD_WINDOW)?;
            Box::new(decoder)
        }
        Method::Bzip2 => Box::new(BzipStreams { decoder: Some(BzDecoder::new(packed)), budget }),
        Method::Xz => Box::new(XzReader::new_mem_limit(packed, true, MAX_XZ_KIB)),
        Method::Lz4 => Box::new(Lz4Frames::new(packed, None)),
        Method::Lzma => Box::new(LzmaReader::new_mem_limit(packed, MAX_XZ_KIB, None)?),
        Method::ZipLzma { unpacked } => Box::new(zip_lzma(packed, unpacked)?),
    })
}

/// LZMA in zip: two bytes of version, the length of the properties, the properties, and the
/// stream without a header (APPNOTE 5.8.8).
fn zip_lzma<P: BufRead>(mut packed: P, unpacked: u64) -> io::Result<LzmaReader<P>> {
    let mut header = [0; 9];
    packed.read_exact(&mut header)?;
    let [_, _, 5, 0, properties, dictionary @ ..] = header else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "unusual properties of LZMA"));
    };
    let dictionary = u32::from_le_bytes(dictionary);
    let memory = lzma_rust2::lzma_get_memory_usage_by_props(dictionary, properties)?;
    if memory > MAX_XZ_KIB {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its dictionary is too large"));
    }
    LzmaReader::new_with_props(packed, unpacked, properties, dictionary, None)
}

/// The work for each stream of bzip2, however short, in nanoseconds: its decoder takes 4 MB.
const BZIP2_STREAM: u64 = 100_000;

/// Streams of bzip2, one after the other.
struct BzipStreams<'b, P: BufRead> {
    /// `None` only within a call.
    decoder: Option<BzDecoder<P>>,
    budget: &'b Budget,
}

impl<P: BufRead> Read for BzipStreams<'_, P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let count = decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() || decoder.get_mut().fill_buf()?.is_empty() {
                return Ok(count);
            }
            self.budget.work(BZIP2_STREAM).map_err(io::Error::other)?;
            self.decoder = self.decoder.take().map(|done| BzDecoder::new(done.into_inner()));
        }
        Ok(0)
    }
}
