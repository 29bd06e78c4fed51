//! `hfscan fix`.

mod cases;
mod examples;
mod keeping;
mod mutations;
mod page;
pub mod parsers;
