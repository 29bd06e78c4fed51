//! Compressed files: the frames of zstd and LZ4 with what decoders skip between them, and the bytes
//! after formats of one stream.

use super::{
    format::{ContainerError, MemberSink},
    inflate::Inflate,
    strings::Strings,
};
use lzma_rust2::LzmaReader;
use std::{
    io::{self, BufRead, Read},
    sync::{Mutex, PoisonError},
};
use zstd::stream::raw::{DParameter, Decoder, Operation};

/// Maximum size of a zstd window, as its binary logarithm: the limit of `zstd` itself, 128 MiB.
pub const MAX_ZSTD_WINDOW: u32 = 27;
/// Maximum number of bytes that are kept of all frames that decoders skip.
const MAX_BESIDE: usize = 4 << 20;
/// Minimum length in bytes of the content of such a frame; shorter ones hold no secret. `pzstd`
/// writes one with a number before each frame.
const MIN_BESIDE: usize = 16;
/// Maximum number of bytes after the only stream of a file that are ignored: they hold no secret.
const MAX_REST: u64 = 16;

/// The content of frames that decoders skip. It is no part of the unpacked bytes, which may be an
/// archive with such a frame in its middle.
#[derive(Debug, Default)]
pub struct Beside(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    texts: Strings,
    size: usize,
    is_cut: bool,
}

impl Beside {
    /// Reads the content of a frame of `len` bytes.
    fn take(&self, packed: &mut Placed<impl BufRead>, len: u64) -> io::Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, room) = (packed.at, (MAX_BESIDE - kept.size) as u64);
        let mut bytes = Vec::new();
        packed.take(len.min(room)).read_to_end(&mut bytes)?;
        kept.is_cut |= len > room;
        if bytes.len() >= MIN_BESIDE && bytes.iter().any(|byte| *byte != 0) {
            kept.size += bytes.len();
            kept.texts.push("", &bytes, at);
        }
        skip(packed, len - bytes.len() as u64)
    }

    /// Passes the content of all frames to `sink`.
    ///
    /// # Errors
    /// Returns the error of `sink`.
    pub fn give(self, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut kept = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if kept.is_cut {
            let what = format!("more than {MAX_BESIDE} bytes in frames that decoders skip");
            sink.left_out("", ContainerError::Unsupported(what));
        }
        kept.texts.flush("", sink)
    }
}

fn skip(packed: &mut impl BufRead, len: u64) -> io::Result<()> {
    match io::copy(&mut packed.take(len), &mut io::sink())? == len {
        true => Ok(()),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Compressed bytes with the position of the next one.
#[derive(Debug)]
struct Placed<P> {
    packed: P,
    at: u64,
}

impl<P: Read> Read for Placed<P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.packed.read(buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl<P: BufRead> BufRead for Placed<P> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.packed.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.at += count as u64;
        self.packed.consume(count);
    }
}

/// Frames of zstd, one after the other.
pub struct ZstdFrames<'b, P> {
    decoder: Decoder<'static>,
    packed: Placed<P>,
    beside: &'b Beside,
    /// The bytes of a frame's magic number that the decoder has not read yet.
    magic: Vec<u8>,
    is_within: bool,
}

impl<'b, P: BufRead> ZstdFrames<'b, P> {
    /// Unpacks `packed`; the content of frames that decoders skip is added to `beside`.
    ///
    /// # Errors
    /// Returns an error if there is no memory for a decoder.
    pub fn new(packed: P, beside: &'b Beside) -> io::Result<Self> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(MAX_ZSTD_WINDOW))?;
        let packed = Placed { packed, at: 0 };
        Ok(Self { decoder, packed, beside, magic: Vec::new(), is_within: false })
    }

    /// Reads the magic number of the next frame that is not skipped. Returns `false` at the end.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            self.magic.clear();
            self.packed.by_ref().take(4).read_to_end(&mut self.magic)?;
            match self.magic[..] {
                [] => return Ok(false),
                [0x50..=0x5f, 0x2a, 0x4d, 0x18] => {
                    let mut len = [0; 4];
                    self.packed.read_exact(&mut len)?;
                    self.beside.take(&mut self.packed, u64::from(u32::from_le_bytes(len)))?;
                }
                _ => return Ok(true),
            }
        }
    }
}

impl<P: BufRead> Read for ZstdFrames<'_, P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() {
            if !self.is_within && !self.begin()? {
                break;
            }
            let is_magic = !self.magic.is_empty();
            let input = if is_magic { &self.magic[..] } else { self.packed.fill_buf()? };
            let is_end = input.is_empty();
            let status = self.decoder.run_on_buffers(input, buffer)?;
            if is_magic {
                self.magic.drain(..status.bytes_read);
            } else {
                self.packed.consume(status.bytes_read);
            }
            self.is_within = status.remaining > 0;
            if status.bytes_written > 0 {
                return Ok(status.bytes_written);
            }
            if is_end && self.is_within {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(0)
    }
}

/// Frames of LZ4, one after the other: the decoder stops at the end of each.
pub struct Lz4Frames<'b, P: Read> {
    decoder: lz4_flex::frame::FrameDecoder<Placed<P>>,
    beside: Option<&'b Beside>,
}

impl<'b, P: BufRead> Lz4Frames<'b, P> {
    /// Unpacks `packed`; the content of frames that decoders skip is added to `beside`.
    pub fn new(packed: P, beside: Option<&'b Beside>) -> Self {
        let packed = Placed { packed, at: 0 };
        Self { decoder: lz4_flex::frame::FrameDecoder::new(packed), beside }
    }
}

impl<P: BufRead> Read for Lz4Frames<'_, P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.decoder.read(buffer) {
                Err(error) => {
                    let len = skippable_len(&error).ok_or(error)?;
                    let packed = self.decoder.get_mut();
                    match self.beside {
                        Some(beside) => beside.take(packed, len)?,
                        None => skip(packed, len)?,
                    }
                }
                Ok(0) => {}
                Ok(count) => return Ok(count),
            }
            if buffer.is_empty() || self.decoder.get_mut().fill_buf()?.is_empty() {
                return Ok(0);
            }
        }
    }
}

/// The length of the skippable frame whose header the decoder has read, if this is its error.
fn skippable_len(error: &io::Error) -> Option<u64> {
    match error.get_ref()?.downcast_ref()? {
        lz4_flex::frame::Error::SkippableFrame(len) => Some(u64::from(*len)),
        _ => None,
    }
}

/// A file of one zlib stream. If it is not whole, or more follows, that is an error, so that the file
/// is scanned as it is too.
pub struct OnlyZlib<P>(pub Inflate<P>);

impl<P: BufRead> Read for OnlyZlib<P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            if !self.0.is_whole() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            check_end(0, self.0.packed())?;
        }
        Ok(count)
    }
}

/// A file of one LZMA stream. If more follows, that is an error, so that the file is scanned as it is
/// too.
pub struct OnlyLzma<P>(pub Option<LzmaReader<P>>);

impl<P: BufRead> Read for OnlyLzma<P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(reader) = &mut self.0 else { return Ok(0) };
        let count = reader.read(buffer)?;
        if count == 0
            && !buffer.is_empty()
            && let Some(reader) = self.0.take()
        {
            // A stream of known size may have an end marker too, which is not read.
            let (mut packed, rest) = reader.into_parts();
            check_end(rest.len() as u64, &mut packed)?;
        }
        Ok(count)
    }
}

/// Returns an error if more than a few bytes are left: `rest`, and those of `packed`.
fn check_end(rest: u64, packed: &mut impl BufRead) -> io::Result<()> {
    match rest + io::copy(&mut packed.take(MAX_REST + 1), &mut io::sink())? > MAX_REST {
        true => {
            Err(io::Error::new(io::ErrorKind::InvalidData, "more follows the compressed bytes"))
        }
        false => Ok(()),
    }
}
