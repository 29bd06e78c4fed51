//! Decodes documents and the encodings in which they can contain a secret.

pub mod base64;
pub mod container;
pub mod decoder;
pub mod encoding;
pub mod escaped;
pub mod folded;
pub mod interrupted;
pub mod layered;
pub mod numbered;
pub mod pieced;
#[cfg(test)]
mod round_trip;

pub use decoder::{Decoder, View};
