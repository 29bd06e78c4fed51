//! `hfscan upload`: what an upload to the Hub would take along.

mod choice;
mod found;
