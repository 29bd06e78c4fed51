//! `hfscan fix`.

mod cases;
mod examples;
mod page;
mod parsers;
