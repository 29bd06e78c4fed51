//! What wraps one file: gzip, zstd, bzip2, xz, lz4.

use super::{
    ahead::read_ahead,
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, Sink},
};
use std::io::{self, BufRead, Read};

/// The largest dictionary of xz that is taken, in KiB: `xz -9` makes 64 MiB.
const MAX_XZ_KIB: u32 = 96 << 10;
/// The largest window of zstd, as its logarithm: what `zstd` itself takes, 128 MiB.
const MAX_ZSTD_WINDOW: u32 = 27;

/// So many packed bytes take longer to unpack than a thread to begin.
const WORTH_A_THREAD: u64 = 1 << 20;

/// A way to pack one stream of bytes.
pub struct Compressed {
    name: &'static str,
    claims: fn(&[u8]) -> bool,
    method: Method,
}

/// How a stream is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Deflate without a frame, as in zip.
    Deflate,
    /// Deflate in one frame of zlib, as joblib writes it.
    Zlib,
    /// Deflate in frames of gzip, one or more.
    Gzip,
    /// Zstandard, one or more frames.
    Zstd,
    /// bzip2, one or more streams.
    Bzip2,
    /// xz.
    Xz,
    /// LZ4 in its frame format.
    Lz4,
}

/// RFC 1952.
pub const GZIP: Compressed = Compressed {
    name: "gzip",
    claims: |head| head.starts_with(&[0x1f, 0x8b, 8]),
    method: Method::Gzip,
};
/// RFC 1950. Its mark is short, and `x^` may begin a text: so a part of it is unpacked.
pub const ZLIB: Compressed = Compressed {
    name: "zlib",
    claims: |head| {
        matches!(head, [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..])
            && matches!(flate2::bufread::ZlibDecoder::new(head).read(&mut [0; 64]), Ok(1..))
    },
    method: Method::Zlib,
};
/// RFC 8878.
pub const ZSTD: Compressed = Compressed {
    name: "zstd",
    claims: |head| head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]),
    method: Method::Zstd,
};
/// bzip2, told by the mark of its first block.
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
/// <https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md>
pub const LZ4: Compressed = Compressed {
    name: "lz4",
    claims: |head| head.starts_with(&[0x04, 0x22, 0x4d, 0x18]),
    method: Method::Lz4,
};

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

    fn members(&self, input: Input<'_>, sink: &mut dyn Sink) -> Result<(), ContainerError> {
        let cursor = Cursor::new(input.content, 0, input.len);
        let mut unpacked = input.budget.bounded(cursor, |packed| unpack(self.method, packed))?;
        let is_large = input.len.is_none_or(|len| len >= WORTH_A_THREAD);
        if !is_large || !input.budget.limits.read_ahead {
            return sink.member(Member { name: "", body: Body::Stream(&mut unpacked) });
        }
        read_ahead(unpacked, |unpacked| {
            sink.member(Member { name: "", body: Body::Stream(unpacked) })
        })
    }
}

/// What `packed` unpacks to.
///
/// # Errors
/// That it does not begin as the method has it.
pub fn unpack<'a>(
    method: Method,
    packed: impl BufRead + Send + 'a,
) -> io::Result<Box<dyn Read + Send + 'a>> {
    Ok(match method {
        Method::Deflate => Box::new(flate2::bufread::DeflateDecoder::new(packed)),
        Method::Zlib => Box::new(flate2::bufread::ZlibDecoder::new(packed)),
        Method::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Method::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
            decoder.window_log_max(MAX_ZSTD_WINDOW)?;
            Box::new(decoder)
        }
        Method::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
        Method::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(packed, true, MAX_XZ_KIB)),
        Method::Lz4 => Box::new(lz4_flex::frame::FrameDecoder::new(packed)),
    })
}
