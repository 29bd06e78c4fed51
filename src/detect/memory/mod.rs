//! Results remembered for a version of a file, so that a later version is only read where the two
//! differ.

mod gates;
mod hits;
mod parts;
mod version;

pub use parts::add_known;
pub use version::{Remembered, Version};
