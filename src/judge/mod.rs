//! Judgement: tells a secret from text that only has its format.
//!
//! Each file answers one question about bytes. A rule's data decides which questions are asked, and
//! `detect` combines the answers.

pub mod alphabet;
mod bigrams;
pub mod boundary;
pub mod entropy;
pub mod guessable;
pub mod known;
pub mod password;
pub mod place;
pub mod placeholder;
pub mod randomness;
pub mod sealed;
pub mod structure;
mod trigrams;
pub mod value;
pub mod word;
mod words;
