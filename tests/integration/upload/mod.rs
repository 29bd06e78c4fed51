//! `hfscan upload`: the files that an upload to the Hub would send.

mod choice;
mod found;
