//! The human-readable report, in the style of a compiler.

mod groups;
mod line;
mod page;
mod paint;
mod wrap;

pub use page::Text;
