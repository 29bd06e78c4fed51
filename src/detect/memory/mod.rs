//! Results for a version of a file, reused so that a version that descends from it is only read
//! where the two differ.

mod gates;
mod hits;
mod parts;
mod version;

pub use parts::add_known;
pub use version::{Remembered, Version};
