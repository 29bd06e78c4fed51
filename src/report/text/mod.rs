//! The report for people, in the style of a compiler.

mod groups;
mod line;
mod page;
mod paint;
mod wrap;

pub use page::Text;
