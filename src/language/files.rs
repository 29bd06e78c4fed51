//! The names, extensions and marks by which a reader claims files.

use crate::model::{SourcePath, text_start};

/// A file's name and first bytes, by which its language is identified.
#[derive(Debug, Clone, Copy)]
pub struct FileHead<'a> {
    /// Its name.
    pub path: &'a SourcePath,
    /// Its first bytes, at most 4 KiB: enough for a `#!` line or a magic number.
    pub head: &'a [u8],
}

/// Maximum number of first bytes by which a language is identified.
const HEAD: usize = 4096;

impl<'a> FileHead<'a> {
    /// The head of a file with this name and content.
    pub fn of(path: &'a SourcePath, content: &'a [u8]) -> Self {
        Self { path, head: &content[..content.len().min(HEAD)] }
    }

    /// The program in its `#!` line, without folder and version: `bash`, `python`.
    pub fn interpreter(&self) -> Option<&str> {
        let line = self.head.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
        let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
        let first = words.next()?.rsplit('/').next()?;
        let name = if first == "env" {
            words.find(|word| !word.starts_with('-') && !word.contains('='))?
        } else {
            first
        };
        let name = name.rsplit('/').next().unwrap_or(name);
        Some(name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'))
    }

    /// `true` if the file's own name is one of `names`, case-insensitive.
    pub fn is_named(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.path.file_name().eq_ignore_ascii_case(name.as_bytes()))
    }

    /// `true` if the file's extension is one of `endings`, case-insensitive.
    pub fn ends_in(&self, endings: &[&str]) -> bool {
        self.path.extension().is_some_and(|ending| {
            endings.iter().any(|known| ending.eq_ignore_ascii_case(known.as_bytes()))
        })
    }

    /// `true` if the text begins with `<`.
    pub fn begins_as_markup(&self) -> bool {
        self.head[text_start(self.head)..].trim_ascii_start().starts_with(b"<")
    }
}

/// The files of a language. Names and extensions are in lower case and match case-insensitively.
pub struct Files {
    /// Whole names.
    pub names: &'static [&'static str],
    /// Extensions, without the dot.
    pub endings: &'static [&'static str],
    /// `false` for a file with one of the extensions whose first bytes show another format.
    pub accepts: fn(FileHead<'_>) -> bool,
    /// Ends of whole paths: `.git/config`.
    pub paths: &'static [&'static str],
    /// Starts of names.
    pub starts: &'static [&'static str],
    /// Inner parts of names, with their dots: `.toml.`.
    pub inside: &'static [&'static str],
    /// The only extensions with which `inside` applies; empty means any.
    pub only: &'static [&'static str],
    /// Extensions with which neither `starts` nor `inside` applies.
    pub except: &'static [&'static str],
    /// Programs of a `#!` line, without their version.
    pub interpreters: &'static [&'static str],
    /// `true` if a `#!` line takes precedence over an extension.
    pub interpreters_beat_endings: bool,
    /// `true` for a file whose first bytes identify the language, regardless of its name.
    pub mark: Option<fn(FileHead<'_>) -> bool>,
}

impl Files {
    /// No files; a base for tables.
    pub const NONE: Files = Files {
        names: &[],
        endings: &[],
        accepts: |_| true,
        paths: &[],
        starts: &[],
        inside: &[],
        only: &[],
        except: &[],
        interpreters: &[],
        interpreters_beat_endings: false,
        mark: None,
    };
}
