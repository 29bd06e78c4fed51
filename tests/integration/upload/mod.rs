//! `hfscan upload`: the files that an upload to the Hub sends.

mod choice;
mod found;
