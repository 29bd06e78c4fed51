//! Mutated and truncated files cause no panic and no excessive work.

use super::{artefacts, drain::drain, small_files, token};
use hfscan::internal::decode::container::{CONTAINERS, Container, identify};

/// Pseudo-random numbers, the same in every run (xorshift, G. Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).expect("it is below a usize")
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        const EXTREMES: [u8; 8] = [0, 1, 0x7f, 0x80, 0xff, 0xfe, b'.', b'('];
        for _ in 0..1 + self.below(8) {
            let at = self.below(bytes.len());
            match self.below(5) {
                0 => bytes.truncate(at),
                1 if !bytes.is_empty() => bytes[at] = EXTREMES[self.below(EXTREMES.len())],
                2 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                3 => {
                    let end = bytes.len().min(at + 8);
                    bytes[at..end].fill(0xff);
                }
                _ => {
                    let piece: Vec<u8> = bytes.iter().skip(at).take(64).copied().collect();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
            }
        }
    }
}

fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().expect("a folder");
    artefacts(folder.path(), &token());
    let read = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, std::fs::read(&path).expect("it can be read"))
    };
    small_files(folder.path()).into_iter().map(read).collect()
}

#[test]
fn a_changed_file_is_read_or_refused_but_never_crashes() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for (name, bytes) in samples() {
        let Some(container) = identify(&bytes) else { continue };
        assert!(drain(&bytes, container) > 0, "{name} has members before it is changed");
        for _ in 0..60 {
            let mut changed = bytes.clone();
            numbers.change(&mut changed);
            drain(&changed, container);
        }
    }
}

/// Minimised inputs from fuzzing, each covering a different path through a reader.
#[test]
fn what_fuzzing_found_is_no_trouble() {
    let seeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut read = 0;
    for container in CONTAINERS {
        for path in small_files(&seeds.join(container.name())) {
            let bytes = std::fs::read(&path).expect("it can be read");
            drain(&bytes, *container);
            if let Some(container) = identify(&bytes) {
                drain(&bytes, container);
            }
            read += 1;
        }
    }
    assert!(read >= 15 * CONTAINERS.len(), "{read}");
}

#[test]
fn every_reader_takes_every_file() {
    let mut numbers = Numbers(42);
    for (_, bytes) in samples() {
        let mut noise: Vec<u8> = bytes.iter().take(2000).copied().collect();
        numbers.change(&mut noise);
        for container in CONTAINERS {
            drain(&bytes[..bytes.len().min(20_000)], *container);
            drain(&noise, *container);
        }
    }
}

#[test]
fn a_file_that_is_cut_anywhere_is_no_trouble() {
    for (_, bytes) in samples() {
        let Some(container) = identify(&bytes) else { continue };
        let step = (bytes.len() / 40).max(1);
        for end in (0..bytes.len().min(300)).step_by(7).chain((0..bytes.len()).step_by(step)) {
            drain(&bytes[..end], container);
        }
    }
}

/// Headers of every container, followed by absurd numbers.
#[test]
fn absurd_numbers_after_a_head_are_no_trouble() {
    let heads: [&[u8]; 14] = [
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\x80\x04\x95",
        b"\x80\x02X",
        b"\x80\x04\x8e",
        b"\x93NUMPY\x02\0",
        b"GGUF\x03\0\0\0",
        b"SQLite format 3\0\x10\0\x01\x01\0@  ",
        b"PAR1",
        b"ARROW1\0\0\xff\xff\xff\xff",
        b":W&B\xe1\xbe\0",
        b"\x08\x07\x12\x02ab\x3a",
        b"\x28\xb5\x2f\xfd",
        b"\xfd7zXZ\0",
    ];
    let mut numbers = Numbers(7);
    for head in heads {
        for fill in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bytes = head.to_vec();
            bytes.resize(4096, fill);
            bytes.extend_from_slice(b"\xff\x0f\0\0PAR1");
            for _ in 0..20 {
                for container in CONTAINERS {
                    let container: &dyn Container = *container;
                    if container.claims(&bytes[..bytes.len().min(512)]) {
                        drain(&bytes, container);
                    }
                }
                numbers.change(&mut bytes);
            }
        }
    }
}
