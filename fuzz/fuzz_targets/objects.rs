//! The history of a repository with arbitrary commits, trees, tags and deltas.
//!
//! Run like `containers`. Unlike in `packs`, the pack is valid up to the content of its entries: an
//! input is a byte of options and the entries, each with its type (a byte), its length (two bytes,
//! the least significant first) and its content. The name of an entry is its number, from 1, twenty
//! times. The content of a delta begins with a byte that identifies its base. The branch points to
//! the first entry.
#![cfg_attr(fuzzing, no_main)]

#[cfg(not(fuzzing))]
mod plain;
mod repository;

/// Types of deltas.
const BEFORE: u8 = 6;
const NAMED: u8 = 7;

fn check(bytes: &[u8]) {
    let Some((flags, mut rest)) = bytes.split_first() else { return };
    let (mut pack, mut offsets) = (b"PACK\0\0\0\x02".to_vec(), Vec::new());
    pack.extend([0; 4]);
    while let Some(([sort, low, high], after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(after.len());
        let (content, after) = after.split_at(length);
        rest = after;
        if offsets.len() == 255 {
            break;
        }
        offsets.push(pack.len());
        entry(&mut pack, *sort, content, &offsets);
    }
    pack[8..12].copy_from_slice(&(offsets.len() as u32).to_be_bytes());
    pack.extend([0; 20]);
    repository::scan(&index(&offsets), &pack, &[1; 20], *flags);
}

/// Appends an entry. The upper bits of its type make the size in its header wrong.
fn entry(pack: &mut Vec<u8>, sort: u8, content: &[u8], offsets: &[usize]) {
    let (base, content) = match sort & 7 {
        BEFORE | NAMED => content.split_first().unwrap_or((&0, &[])),
        _ => (&0, content),
    };
    let size = content.len() + usize::from(sort >> 5);
    pack.push((sort & 7) << 4 | 0x80 | (size & 0x0f) as u8);
    pack.push((size >> 4 & 0x7f) as u8 | 0x80);
    pack.push((size >> 11) as u8);
    match sort & 7 {
        BEFORE => {
            let own = offsets.len() - 1;
            let base = offsets[own.saturating_sub(usize::from(*base).max(1))];
            pack.extend(distance(offsets[own] - base));
        }
        NAMED => pack.extend([*base; 20]),
        _ => {}
    }
    // A zlib stream of one stored block, with its checksum (RFC 1950 and 1951).
    let length = content.len() as u16;
    pack.extend([0x78, 0x01, 0x01]);
    pack.extend(length.to_le_bytes());
    pack.extend((!length).to_le_bytes());
    pack.extend(content);
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in content {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    pack.extend((b << 16 | a).to_be_bytes());
}

/// A distance in the encoding of packs.
fn distance(mut value: usize) -> Vec<u8> {
    let mut bytes = vec![(value & 0x7f) as u8];
    while value > 0x7f {
        value = (value >> 7) - 1;
        bytes.insert(0, (value & 0x7f) as u8 | 0x80);
    }
    bytes
}

/// The index, of version 2.
fn index(offsets: &[usize]) -> Vec<u8> {
    let count = offsets.len() as u32;
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for first in 0..256 {
        index.extend(count.min(first).to_be_bytes());
    }
    for number in 1..=count {
        index.extend([number as u8; 20]);
    }
    index.extend(vec![0; offsets.len() * 4]);
    for offset in offsets {
        index.extend((*offset as u32).to_be_bytes());
    }
    index.extend([0; 40]);
    index
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));

#[cfg(not(fuzzing))]
fn main() {
    plain::run(check);
}
