//! One pass over the raw bytes that finds every keyword of every rule.
//!
//! ```text
//!  keywords   HF_TOKEN   hf_   client_secret …      of each, the rarest five bytes
//!      │                                            are its piece: `F_TOK`   (pieces.rs)
//!      ▼
//!  pieces     F_TOK  hf_  t_sec …                   divided among 16 buckets, similar pieces
//!      │                                            together                 (buckets.rs)
//!      ▼
//!  tables     for each of the five positions in a piece, and each value of a byte:
//!             16 bits, one for each bucket that has a piece with this byte there
//!
//!  text       … e x p o r t   H F _ T O K E N = …
//!                                 ▲▲▲▲▲             at every offset, the tables are looked up
//!      │                                            for the five bytes and combined by AND;
//!      ▼                                            64 offsets per step       (vectors/)
//!  candidate  an offset at which some bucket is left: 15 per KiB, with 32 classes 44
//!      │
//!      ▼
//!  start      the first three bytes are those of a piece
//!      │
//!      ▼
//!  compare    hash of the bytes -> keywords with this piece -> whole keyword -> hit
//! ```
//!
//! Vectors look up the class of each byte first, then the buckets of each class. AVX-512 has at most
//! 64 classes, since values that no bucket distinguishes share one; AVX2 and NEON have 32, which
//! `partition.rs` chose so that few other texts match. Without any of them, `search.rs` looks up one
//! byte at a time.
//!
//! This is Teddy, by G. Langdale for Hyperscan, with more patterns. X. Wang and others, "Hyperscan:
//! a fast multi-pattern regex matcher for modern CPUs", NSDI 2019, describe a related matcher.

mod buckets;
mod commonness;
mod grain;
mod packed;
#[cfg(test)]
mod packing;
#[cfg(test)]
mod partition;
mod pieces;
#[cfg(test)]
mod sample;
mod search;
mod table;
mod vectors;

pub use search::Prefilter;
