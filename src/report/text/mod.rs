//! The report for people, in the manner of compilers.

mod groups;
mod line;
mod page;
mod paint;
mod wrap;

pub use page::Text;
