//! `hfscan fix`.

mod cases;
mod examples;
mod keeping;
mod page;
pub mod parsers;
