//! Judgement: distinguishes a secret from text that only has its format.
//!
//! Each file implements one check of bytes. A rule's data selects the checks, and `detect` combines
//! their results.

mod algorithm;
pub mod alphabet;
mod bigrams;
pub mod boundary;
mod disguise;
pub mod entropy;
pub mod guessable;
pub mod known;
mod model_name;
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
