//! The texts of the built-in rule files.

use flate2::read::DeflateDecoder;
use std::io::Read;

/// The names of the built-in rule files, and the lengths of their texts in bytes.
const FILES: &[(&str, usize)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));
/// The texts, concatenated and compressed; only needed for people, tests and error messages.
const TEXTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.deflate"));

/// `true` if a built-in rule file has this name.
pub fn is_built_in_file(name: &str) -> bool {
    FILES.iter().any(|(file, _)| *file == name)
}

/// The built-in rule files: their names and their texts.
pub fn built_in_files() -> Vec<(&'static str, String)> {
    let mut texts = String::new();
    DeflateDecoder::new(TEXTS).read_to_string(&mut texts).expect("the build script wrote it");
    let mut rest = texts.as_str();
    FILES
        .iter()
        .map(|(name, length)| {
            let (text, after) = rest.split_at(*length);
            rest = after;
            (*name, text.to_string())
        })
        .collect()
}
