//! From the bytes of a document to the forms in which a secret can stand in them.

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
