//! Rules: data that says what to look for, and why, and what to write instead.

pub mod example;
pub mod schema;
