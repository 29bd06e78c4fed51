//! Pieces divided among buckets at build time.

use super::grain::PIECE;
use std::borrow::Cow;

/// Pieces with their buckets, for vectors of one precision.
#[derive(Debug, Default)]
pub struct Packed {
    /// Each piece, [packed](pack), with its bucket, sorted.
    pub(super) pieces: Cow<'static, [(u64, u8)]>,
}

impl Packed {
    /// The pieces of a sorted table.
    pub const fn of_table(pieces: &'static [(u64, u8)]) -> Self {
        Self { pieces: Cow::Borrowed(pieces) }
    }

    /// `true` if this [packed](pack) piece is one of them.
    pub fn has(&self, packed: u64) -> bool {
        self.pieces.binary_search_by_key(&packed, |(piece, _)| *piece).is_ok()
    }

    /// The bucket of a piece.
    pub fn bucket(&self, piece: &[u8]) -> Option<usize> {
        let index = self.pieces.binary_search_by_key(&pack(piece), |(piece, _)| *piece).ok()?;
        Some(usize::from(self.pieces[index].1))
    }
}

/// Packs a piece into a number that sorts like its bytes.
pub fn pack(piece: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let len = piece.len().min(PIECE);
    bytes[..len].copy_from_slice(&piece[..len]);
    bytes[PIECE] = len as u8;
    u64::from_be_bytes(bytes)
}
