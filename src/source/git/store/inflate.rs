//! Unpacks zlib streams into memory or a file, never beyond the announced size.

use flate2::{Decompress, FlushDecompress, Status};
use std::{fs::File, io::Write};

/// Maximum ratio of deflate (zlib's `algorithm.txt`); an announced size beyond it is false.
const MAX_RATIO: u64 = 1040;

/// Unpacks zlib streams.
#[derive(Debug)]
pub struct Inflater {
    zlib: Decompress,
}

impl Default for Inflater {
    fn default() -> Self {
        Self { zlib: Decompress::new(true) }
    }
}

impl Inflater {
    /// Unpacks the `size` bytes in `packed` into `unpacked`.
    ///
    /// # Errors
    /// Returns an error if the unpacked size is not exactly `size`.
    pub fn inflate(
        &mut self,
        packed: &[u8],
        size: u64,
        unpacked: &mut Vec<u8>,
    ) -> Result<(), String> {
        let wrong = || "its content is corrupt".to_string();
        if size > (packed.len() as u64).saturating_mul(MAX_RATIO) {
            return Err(wrong());
        }
        let size = usize::try_from(size).map_err(|_| wrong())?;
        // One extra byte, so that zlib reaches the end of its stream. The old content of the buffer
        // is overwritten, because clearing it first would cost as much as the unpacking.
        unpacked.resize(size + 1, 0);
        self.zlib.reset(true);
        let status =
            self.zlib.decompress(packed, unpacked, FlushDecompress::Finish).map_err(|_| wrong())?;
        unpacked.truncate(size);
        let is_whole = status == Status::StreamEnd && self.zlib.total_out() == size as u64;
        if is_whole { Ok(()) } else { Err(wrong()) }
    }

    /// The first bytes in `packed`, at most `most`. Later errors are not detected.
    pub fn beginning(&mut self, packed: &[u8], most: usize) -> Result<Vec<u8>, String> {
        let mut unpacked = Vec::with_capacity(most);
        self.zlib.reset(true);
        self.zlib
            .decompress_vec(packed, &mut unpacked, FlushDecompress::None)
            .map_err(|_| "its content is corrupt".to_string())?;
        unpacked.truncate(most);
        Ok(unpacked)
    }

    /// Unpacks `packed` piece by piece into an unnamed temporary file. The first `skipped` bytes
    /// are left out; exactly `size` bytes must follow.
    ///
    /// # Errors
    /// Returns an error if the unpacked size differs, or if the file cannot be written.
    pub fn spool(
        &mut self,
        packed: impl FnMut(&mut Vec<u8>) -> std::io::Result<()>,
        skipped: usize,
        size: u64,
    ) -> Result<File, String> {
        let mut file = tempfile::tempfile().map_err(|error| error.to_string())?;
        self.pieces(packed, skipped, size, &mut file)?;
        Ok(file)
    }

    /// Unpacks `packed` piece by piece into `out`, as [`spool`](Self::spool) does: memory is not
    /// reserved for a size that is only announced.
    ///
    /// # Errors
    /// Returns an error if the unpacked size differs, or if `out` cannot be written.
    pub fn pieces(
        &mut self,
        mut packed: impl FnMut(&mut Vec<u8>) -> std::io::Result<()>,
        skipped: usize,
        size: u64,
        out: &mut dyn Write,
    ) -> Result<(), String> {
        const AT_ONCE: usize = 256 << 10;
        let wrong = || "its content is corrupt".to_string();
        let capacity =
            usize::try_from(size).map_or(AT_ONCE, |size| AT_ONCE.min(skipped + size + 1));
        let (mut piece, mut unpacked) = (Vec::new(), Vec::with_capacity(capacity));
        let mut used = 0;
        let (mut skipped, mut written) = (skipped, 0_u64);
        self.zlib.reset(true);
        loop {
            if used == piece.len() {
                piece.clear();
                used = 0;
                packed(&mut piece).map_err(|error| error.to_string())?;
            }
            unpacked.clear();
            let before = self.zlib.total_in();
            let status = self
                .zlib
                .decompress_vec(&piece[used..], &mut unpacked, FlushDecompress::None)
                .map_err(|_| wrong())?;
            let taken = self.zlib.total_in() - before;
            used += usize::try_from(taken).unwrap_or(0);
            let left_out = skipped.min(unpacked.len());
            skipped -= left_out;
            out.write_all(&unpacked[left_out..]).map_err(|error| error.to_string())?;
            written += (unpacked.len() - left_out) as u64;
            if status == Status::StreamEnd && written == size {
                return Ok(());
            }
            let stuck = taken == 0 && unpacked.is_empty();
            if status == Status::StreamEnd || written > size || stuck && piece.is_empty() {
                return Err(wrong());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn exactly_what_is_announced_comes_out() {
        let text = b"abc".repeat(1000);
        let mut unpacked = Vec::new();
        let mut inflater = Inflater::default();
        inflater.inflate(&packed(&text), 3000, &mut unpacked).expect("well-formed");
        assert_eq!(unpacked, text);
        assert!(inflater.inflate(&packed(&text), 2999, &mut unpacked).is_err());
        assert!(inflater.inflate(&packed(&text), 3001, &mut unpacked).is_err());
        assert!(inflater.inflate(&packed(&text)[..20], 3000, &mut unpacked).is_err());
        inflater.inflate(&packed(b""), 0, &mut unpacked).expect("nothing is something");
    }

    #[test]
    fn a_large_object_goes_to_a_file_without_its_header() {
        use std::io::{Read, Seek};
        let text = b"blob 9\0content 9".repeat(50_000);
        let all = packed(&text);
        let mut pieces = all.chunks(1000);
        let next = |piece: &mut Vec<u8>| {
            piece.extend_from_slice(pieces.next().unwrap_or_default());
            Ok(())
        };
        let mut file =
            Inflater::default().spool(next, 7, text.len() as u64 - 7).expect("well-formed");
        let mut read = Vec::new();
        file.rewind().expect("a file");
        file.read_to_end(&mut read).expect("a file");
        assert_eq!(read, &text[7..]);
    }
}
