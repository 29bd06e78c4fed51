//! Judgement: what tells a secret from what only has its shape.
//!
//! Each file answers one question about bytes; which questions a rule asks is its own
//! data, and `detect` puts them together.

mod bigrams;
pub mod boundary;
pub mod guessable;
pub mod known;
pub mod place;
pub mod placeholder;
pub mod randomness;
pub mod structure;
pub mod value;
pub mod word;
