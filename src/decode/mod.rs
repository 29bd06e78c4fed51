//! From the bytes of a document to the forms in which a secret can stand in them.

pub mod base64;
pub mod container;
pub mod encoding;
pub mod folded;
