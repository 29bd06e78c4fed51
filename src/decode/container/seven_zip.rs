//! 7z archives.
//!
//! The format: <https://py7zr.readthedocs.io/en/latest/archive_format.html>, after the
//! `7zFormat.txt` of the LZMA SDK. Existing readers size allocations by numbers stored in the
//! archive, so headers are parsed here, and libraries only decompress.

use super::{
    compressed::{Method, unpack},
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    limits::Budget,
    seven_zip_header::{Coder, Entry, Folder, Header, Streams},
};
use lzma_rust2::{
    Lzma2Reader, LzmaReader,
    filter::{bcj::BcjReader, delta::DeltaReader},
};
use std::io::{self, BufRead, BufReader, Read};

/// 7z archives.
pub struct SevenZip;

const MAGIC: &[u8; 6] = b"7z\xbc\xaf\x27\x1c";
/// Size in bytes of the header before the packed bytes.
const START: u64 = 32;
/// Maximum size in bytes of an unpacked list of members.
const MAX_HEADER: u64 = 64 << 20;
/// Maximum size in bytes of a dictionary: `7z -mx=9` uses 64 MiB.
const MAX_DICTIONARY: u32 = 96 << 20;
/// Maximum number of chained coders; 7-Zip allows four.
const MAX_CODERS: usize = 4;

/// The work for each unpacked byte, relative to deflate: most archives use LZMA.
const LZMA_COST: u64 = 3;

impl Container for SevenZip {
    fn name(&self) -> &'static str {
        "7z"
    }

    fn claims(&self, head: &[u8]) -> bool {
        head.starts_with(MAGIC)
    }

    fn access(&self) -> Access {
        Access::Random
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut cursor = Cursor::new(input.content, 12, input.len);
        let (offset, len) = (cursor.u64()?, cursor.u64()?);
        if len == 0 {
            return Ok(());
        }
        let mut bytes = header_bytes(input, START.saturating_add(offset), len)?;
        // The list of members is itself packed, usually once.
        for _ in 0..MAX_CODERS {
            match Header::read(&bytes)? {
                Header::Packed(streams) => {
                    let Some(folder) = streams.folders.first() else {
                        return Err(ContainerError::malformed("its list of members is missing"));
                    };
                    let mut unpacked =
                        folder_reader(input, folder, streams.start())?.take(MAX_HEADER);
                    bytes = Vec::new();
                    unpacked.read_to_end(&mut bytes)?;
                }
                Header::Plain { streams, entries } => {
                    return members(input, &streams, entries, sink);
                }
            }
        }
        Err(ContainerError::malformed("its list of members is packed too many times"))
    }
}

fn header_bytes(input: Input<'_>, start: u64, len: u64) -> Result<Vec<u8>, ContainerError> {
    if len > MAX_HEADER {
        let what = format!("a list of members of {len} bytes");
        return Err(ContainerError::Unsupported(what));
    }
    Cursor::new(input.content, start, input.len).vec(usize::try_from(len).unwrap_or(usize::MAX))
}

/// Passes the members of every folder, which are packed as one stream, to `sink`.
fn members(
    input: Input<'_>,
    streams: &Streams,
    entries: Vec<Entry>,
    sink: &mut dyn MemberSink,
) -> Result<(), ContainerError> {
    let mut entries = entries.into_iter().filter(|entry| entry.has_stream);
    let mut next = Some(streams.start());
    for folder in &streams.folders {
        let names: Vec<String> =
            entries.by_ref().take(folder.sizes.len()).map(|entry| entry.name).collect();
        let start = next.unwrap_or(u64::MAX);
        next = start.checked_add(folder.packed);
        let first = names.first().map_or("", String::as_str);
        match folder_members(input, folder, start, &names, sink) {
            Err(error) if error.ends_document() => return Err(error),
            Err(error) => {
                sink.left_out(first, error);
                input.budget.entry()?;
            }
            Ok(()) => {}
        }
    }
    Ok(())
}

fn folder_members(
    input: Input<'_>,
    folder: &Folder,
    start: u64,
    names: &[String],
    sink: &mut dyn MemberSink,
) -> Result<(), ContainerError> {
    let mut unpacked = folder_reader(input, folder, start)?;
    for (number, size) in folder.sizes.iter().enumerate() {
        let name = names.get(number).map_or("", String::as_str);
        let mut member = (&mut unpacked).take(*size);
        sink.member(Member { name, body: Body::Stream(&mut member) })?;
        // Skips the rest of this member, after which the next one begins.
        io::copy(&mut member, &mut io::sink())?;
    }
    Ok(())
}

/// A reader of the unpacked bytes of the folder whose packed bytes begin at `start`.
fn folder_reader<'a>(
    input: Input<'a>,
    folder: &Folder,
    start: u64,
) -> Result<impl Read + Send + 'a, ContainerError> {
    let coders = folder.chain()?;
    if coders.len() > MAX_CODERS {
        return Err(ContainerError::malformed("it is packed too many times"));
    }
    let end = start.checked_add(folder.packed).filter(|end| *end <= input.len.unwrap_or(*end));
    let end = end.ok_or_else(|| ContainerError::malformed("its bytes end too early"))?;
    let packed = Cursor::new(input.content, start, Some(end));
    let mut error = None;
    let bounded = input.budget.bounded(LZMA_COST, packed, |packed| {
        let mut reader: Box<dyn BufRead + Send> = Box::new(packed);
        for (coder, size) in coders {
            match unpacked(input.budget, coder, size, reader) {
                Ok(next) => reader = Box::new(BufReader::new(next)),
                Err(unknown) => {
                    error = Some(unknown);
                    return Err(io::Error::other("unknown"));
                }
            }
        }
        Ok(reader)
    });
    match error {
        Some(error) => Err(error),
        None => Ok(bounded?),
    }
}

/// A reader of the bytes that one coder unpacks from `packed`; `size` is their number.
fn unpacked<'a>(
    budget: &'a Budget,
    coder: &Coder,
    size: u64,
    packed: Box<dyn BufRead + Send + 'a>,
) -> Result<Box<dyn Read + Send + 'a>, ContainerError> {
    let properties = &coder.properties;
    Ok(match coder.method.as_slice() {
        [0] => packed,
        [0x21] => {
            let bits = u32::from(*properties.first().unwrap_or(&u8::MAX));
            // 2 or 3 times a power of two, from 4 KiB on.
            let size = (2 | bits & 1).checked_shl(bits / 2 + 11).filter(|_| bits < 40);
            Box::new(Lzma2Reader::new(packed, dictionary(size)?, None))
        }
        [3, 1, 1] => {
            let Some([mode, bits @ ..]) = properties.first_chunk::<5>() else {
                return Err(ContainerError::malformed("LZMA without its properties"));
            };
            let dictionary = dictionary(Some(u32::from_le_bytes(*bits)))?;
            Box::new(LzmaReader::new_with_props(packed, size, *mode, dictionary, None)?)
        }
        [4, 1, 8] => unpack(budget, Method::Deflate, packed)?,
        [4, 2, 2] => unpack(budget, Method::Bzip2, packed)?,
        [4, 0xf7, 0x11, 1] => unpack(budget, Method::Zstd, packed)?,
        [4] | [3, 3, 1, 3] => Box::new(BcjReader::new_x86(packed, 0)),
        [0xa] => Box::new(BcjReader::new_arm64(packed, 0)),
        [3] => {
            Box::new(DeltaReader::new(packed, usize::from(*properties.first().unwrap_or(&0)) + 1))
        }
        [6, 0xf1, 7, 1] => return Err(ContainerError::Encrypted),
        other => {
            let number: String = other.iter().map(|byte| format!("{byte:02x}")).collect();
            return Err(ContainerError::Unsupported(format!("packed with method {number} of 7z")));
        }
    })
}

fn dictionary(size: Option<u32>) -> Result<u32, ContainerError> {
    size.filter(|size| *size <= MAX_DICTIONARY)
        .ok_or_else(|| ContainerError::Unsupported("a dictionary of more than 96 MiB".into()))
}
