//! PDF: the file itself, its packed streams, and the text that pages draw.
//!
//! ISO 32000-1. Objects are found by their keywords only: cross-reference tables are ignored, and
//! replaced content that is still in the file is read as well.

use super::{
    compressed::{Method, unpack_within},
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    pdf_text,
};
use crate::model::ReadAt;
use std::io::{self, BufReader, Read};

/// PDF documents.
pub struct Pdf;

const MARK: &[u8] = b"%PDF-";
/// Number of bytes searched for streams at once.
const BLOCK: usize = 256 << 10;
/// Maximum size in bytes of the dictionary before a stream.
const MAX_DICTIONARY: usize = 2048;
/// Maximum size in bytes of a page's content. A longer stream is scanned, but its text is not
/// joined.
const MAX_PAGE: u64 = 4 << 20;
/// Maximum number of damaged streams of a document that are reported.
const MAX_FAILURES: usize = 1000;
/// Number of bytes of a stream read at once: a document may have a stream every few bytes.
const PACKED_BLOCK: usize = 4 << 10;

impl Container for Pdf {
    fn name(&self) -> &'static str {
        "pdf"
    }

    fn claims(&self, head: &[u8]) -> bool {
        head.starts_with(MARK)
    }

    fn access(&self) -> Access {
        Access::Random
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let len = input.len.unwrap_or_default();
        // Omits the magic number, so that the member is not identified as a PDF again.
        let start = MARK.len() as u64;
        sink.member(Member {
            name: "",
            body: Body::Part { start, len: len.saturating_sub(start) },
        })?;
        let mut block = vec![0; BLOCK];
        let mut failures = Failures::default();
        let (mut from, mut searched) = (0_u64, 0_u64);
        while from < len {
            let count = input.content.fill_at(from, &mut block)?;
            let bytes = &block[..count];
            failures.is_encrypted |= has_encryption(bytes);
            for at in memchr::memmem::find_iter(bytes, b"stream") {
                let here = from + at as u64;
                let Some(head) = Head::before(&bytes[..at]).filter(|_| here >= searched) else {
                    continue;
                };
                let after = here + b"stream".len() as u64;
                searched = stream(input, sink, &head, after, &mut failures)?;
            }
            if count < BLOCK {
                break;
            }
            from += (count - MAX_DICTIONARY) as u64;
            searched = searched.max(from + MAX_DICTIONARY as u64 - b"stream".len() as u64 + 1);
        }
        failures.report(sink);
        Ok(())
    }
}

/// Streams that could not be unpacked. They are reported at the end, because the trailer, which
/// marks a document as encrypted, may follow all of them.
#[derive(Default)]
struct Failures {
    is_encrypted: bool,
    streams: Vec<(String, ContainerError)>,
}

impl Failures {
    fn add(&mut self, name: &str, error: ContainerError) {
        if self.streams.len() < MAX_FAILURES {
            self.streams.push((name.to_string(), error));
        }
    }

    /// Reports an encrypted document once, or each damaged stream of any other document.
    fn report(self, sink: &mut dyn MemberSink) {
        if self.is_encrypted {
            return sink.left_out("", ContainerError::Encrypted);
        }
        for (name, error) in self.streams {
            sink.left_out(&name, error);
        }
    }
}

/// `true` if a trailer in `bytes` names an encryption dictionary.
fn has_encryption(bytes: &[u8]) -> bool {
    const KEY: &[u8] = b"/Encrypt";
    memchr::memmem::find_iter(bytes, KEY).any(|at| {
        let value = bytes[at + KEY.len()..].trim_ascii_start();
        value.first().is_some_and(u8::is_ascii_digit) || value.starts_with(b"<<")
    })
}

/// The description of a stream that precedes it.
struct Head {
    /// `12 0 obj`.
    name: String,
    is_ascii85: bool,
}

impl Head {
    /// The description of the stream whose keyword follows `before`; `None` unless it is packed and
    /// may hold text.
    fn before(before: &[u8]) -> Option<Self> {
        let before = &before[before.len().saturating_sub(MAX_DICTIONARY)..];
        let object = memchr::memmem::rfind(before, b" obj")?;
        let dictionary = &before[object..];
        let has = |name: &[u8]| memchr::memmem::find(dictionary, name).is_some();
        // Also excludes `endstream`, which does not follow a dictionary.
        let is_text = dictionary.trim_ascii_end().ends_with(b">>")
            && (has(b"/FlateDecode") || has(b"/Fl "))
            && !has(b"/Image")
            && !has(b"/Predictor");
        let number = |byte: &&u8| byte.is_ascii_digit() || **byte == b' ';
        let digits = before[..object].iter().rev().take(20).take_while(number).count();
        let name = String::from_utf8_lossy(before[object - digits..object].trim_ascii());
        is_text.then(|| Self { name: format!("{name} obj"), is_ascii85: has(b"/ASCII85Decode") })
    }
}

/// Passes the content of the stream that begins after `start` to `sink`. Returns the offset after
/// the bytes that were read.
fn stream(
    input: Input<'_>,
    sink: &mut dyn MemberSink,
    head: &Head,
    start: u64,
    failures: &mut Failures,
) -> Result<u64, ContainerError> {
    let mut packed =
        BufReader::with_capacity(PACKED_BLOCK, Bytes { content: input.content, at: start });
    skip_line_end(&mut packed)?;
    let decoded =
        if head.is_ascii85 { Some(pdf_text::ascii85(&mut packed, input.budget)?) } else { None };
    let stream: &mut (dyn io::BufRead + Send) = match &decoded {
        Some(bytes) => &mut bytes.as_slice(),
        None => &mut packed,
    };
    let mut unpacked = unpack_within(input.budget, Method::Zlib, stream)?;
    let mut first = Vec::new();
    let read = (&mut unpacked).take(MAX_PAGE).read_to_end(&mut first);
    if first.is_empty() {
        if let Err(error) = read {
            let error = ContainerError::from(error);
            if error.ends_document() {
                return Err(error);
            }
            failures.add(&head.name, error);
        }
        return Ok(start);
    }
    let text = pdf_text::drawn(&first);
    if !text.is_empty() {
        sink.member(Member { name: &head.name, body: Body::Whole(&text) })?;
    }
    let mut all = first.as_slice().chain(&mut unpacked);
    sink.member(Member { name: &head.name, body: Body::Stream(&mut all) })?;
    drop(unpacked);
    Ok(packed.get_ref().at - packed.buffer().len() as u64)
}

fn skip_line_end(packed: &mut impl io::BufRead) -> io::Result<()> {
    for end in [b'\r', b'\n'] {
        if packed.fill_buf()?.first() == Some(&end) {
            packed.consume(1);
        }
    }
    Ok(())
}

/// The bytes of a container from an offset on.
struct Bytes<'a> {
    content: &'a dyn ReadAt,
    at: u64,
}

impl Read for Bytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.content.fill_at(self.at, buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}
