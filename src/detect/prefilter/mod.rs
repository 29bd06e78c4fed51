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
//!  candidate  an offset at which some bucket is left: 12 per KiB, with halves 150
//!      │
//!      ▼
//!  start      the first three bytes are those of a piece
//!      │
//!      ▼
//!  compare    hash of the bytes -> keywords with this piece -> whole keyword -> hit
//! ```
//!
//! The tables of AVX-512 take classes of bytes: at most 64, since values that no bucket
//! distinguishes share one. Those of AVX2 and NEON take the two halves of a byte, each with a table
//! of 16 entries. Without any of them, `search.rs` looks up one byte at a time.
//!
//! This is Teddy, by G. Langdale for Hyperscan, with more patterns. X. Wang and others, "Hyperscan:
//! a fast multi-pattern regex matcher for modern CPUs", NSDI 2019, describe a related matcher.

mod buckets;
mod commonness;
mod grain;
mod packed;
#[cfg(test)]
mod packing;
mod pieces;
#[cfg(test)]
mod sample;
mod search;
mod table;
mod vectors;

pub use search::Prefilter;
