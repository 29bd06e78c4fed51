//! Files of framed records: TFRecord, with TensorBoard's events, and Weights & Biases' `.wandb`,
//! which has the frames of LevelDB's log.
//!
//! <https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details>,
//! <https://github.com/google/leveldb/blob/main/doc/log_format.md>

use super::{
    cursor::Cursor,
    format::{Access, Body, Container, ContainerError, Input, Member, MemberSink},
    protobuf,
    strings::Strings,
};
use std::io::Read;

/// TFRecord files.
pub struct TfRecord;

/// The run logs of Weights & Biases.
pub struct Wandb;

/// Maximum size in bytes of a record that is read into memory; a longer one is a stream.
const MAX_RECORD: u64 = 16 << 20;
/// Size in bytes of a block of LevelDB's log.
const BLOCK: u64 = 32 << 10;
/// Size in bytes of a record header in such a block: checksum, length, kind.
const HEAD: u64 = 7;

impl Container for TfRecord {
    fn name(&self) -> &'static str {
        "tfrecord"
    }

    fn claims(&self, head: &[u8]) -> bool {
        let Some((length, rest)) = head.split_first_chunk::<8>() else { return false };
        // No record is gigabytes long. The test must be fast, since it runs on every file.
        length[4..] == [0; 4]
            && rest.first_chunk().is_some_and(|sum| masked_crc(length) == u32::from_le_bytes(*sum))
    }

    fn access(&self) -> Access {
        Access::Forward
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut cursor = Cursor::new(input.content, 0, input.len);
        let mut texts = Strings::default();
        for number in 0_u64.. {
            if cursor.ahead()?.is_empty() {
                break;
            }
            let length = cursor.array::<8>()?;
            let sum = cursor.u32()?;
            if masked_crc(&length) != sum {
                texts.flush("", sink)?;
                return Err(ContainerError::malformed("a record's checksum does not match"));
            }
            let length = u64::from_le_bytes(length);
            let source = cursor.position();
            let end = source.saturating_add(length);
            if length > MAX_RECORD {
                let mut record = (&mut cursor).take(length);
                let name = format!("record {number}");
                sink.member(Member { name: &name, body: Body::Stream(&mut record) })?;
            } else {
                let record = cursor.vec(usize::try_from(length).unwrap_or_default())?;
                give(&record, source, number, &mut texts, sink)?;
            }
            cursor.skip(end.saturating_sub(cursor.position()).saturating_add(4));
        }
        texts.flush("", sink)
    }
}

impl Container for Wandb {
    fn name(&self) -> &'static str {
        "wandb"
    }

    fn claims(&self, head: &[u8]) -> bool {
        head.starts_with(b":W&B")
    }

    fn access(&self) -> Access {
        Access::Forward
    }

    fn members(&self, input: Input<'_>, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        let mut cursor = Cursor::new(input.content, HEAD, input.len);
        let mut texts = Strings::default();
        let (mut record, mut source, mut number) = (Vec::new(), 0, 0);
        loop {
            let left = BLOCK - cursor.position() % BLOCK;
            if left < HEAD {
                cursor.skip(left);
            }
            if cursor.ahead()?.is_empty() {
                break;
            }
            let _checksum = cursor.u32()?;
            let length = u16::from_le_bytes(cursor.array()?);
            let kind = cursor.byte()?;
            // 0 fills the rest of a block; 1 is a whole record, 2 the first piece of one, 3 a
            // middle piece, 4 the last piece.
            if !(1..=4).contains(&kind) {
                cursor.skip(BLOCK - cursor.position() % BLOCK);
                continue;
            }
            if matches!(kind, 1 | 2) {
                record.clear();
                source = cursor.position();
            }
            let piece = cursor.vec(usize::from(length))?;
            if (record.len() + piece.len()) as u64 <= MAX_RECORD {
                record.extend_from_slice(&piece);
            }
            if matches!(kind, 1 | 4) {
                give(&record, source, number, &mut texts, sink)?;
                number += 1;
            }
        }
        texts.flush("", sink)
    }
}

/// Adds the texts of a record, or the whole record if it is not a protocol buffer.
fn give(
    record: &[u8],
    source: u64,
    number: u64,
    texts: &mut Strings,
    sink: &mut dyn MemberSink,
) -> Result<(), ContainerError> {
    if protobuf::message(record, source, texts, sink)? {
        return Ok(());
    }
    let name = format!("record {number}");
    sink.member(Member { name: &name, body: Body::Whole(record) })
}

/// The checksum of TFRecord: CRC-32C, rotated and offset.
fn masked_crc(bytes: &[u8]) -> u32 {
    crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// CRC-32C (Castagnoli), RFC 3720, appendix B.4. Computed bit by bit, so only suitable for the few
/// bytes of a length.
fn crc32c(bytes: &[u8]) -> u32 {
    let all = bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0x82f6_3b78 & (!(crc & 1)).wrapping_add(1))
        })
    });
    !all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
    }
}
