//! The names, endings and marks by which a reader claims files.

use crate::model::SourcePath;

/// A file's name and first bytes, by which its language is identified.
#[derive(Debug, Clone, Copy)]
pub struct FileHead<'a> {
    /// Its name.
    pub path: &'a SourcePath,
    /// Its first bytes, at most 4 KiB: enough for a `#!` line or a format's mark.
    pub head: &'a [u8],
}

impl FileHead<'_> {
    /// The program its `#!` line names, without folder and version: `bash`, `python`.
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

    /// `true` if the file's own name, in any case, is one of `names`.
    pub fn is_named(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.path.file_name().eq_ignore_ascii_case(name.as_bytes()))
    }

    /// `true` if the file's ending, in any case and without its dot, is one of `endings`.
    pub fn ends_in(&self, endings: &[&str]) -> bool {
        self.path.extension().is_some_and(|ending| {
            endings.iter().any(|known| ending.eq_ignore_ascii_case(known.as_bytes()))
        })
    }
}

/// The files of a language. Names and endings are in lower case, and those of a file are
/// compared in any case.
pub struct Files {
    /// Whole names.
    pub names: &'static [&'static str],
    /// Endings, without the dot.
    pub endings: &'static [&'static str],
    /// `false` for a file that has one of the endings, but is something else by its first bytes.
    pub accepts: fn(FileHead<'_>) -> bool,
    /// Ends of whole paths: `.git/config`.
    pub paths: &'static [&'static str],
    /// Starts of names.
    pub starts: &'static [&'static str],
    /// Inner parts of names, with the dots around them: `.toml.`.
    pub inside: &'static [&'static str],
    /// The only endings with which `inside` counts; any if there are none.
    pub only: &'static [&'static str],
    /// Endings with which neither `starts` nor `inside` counts.
    pub except: &'static [&'static str],
    /// Programs of a `#!` line, without their version.
    pub interpreters: &'static [&'static str],
    /// `true` if a `#!` line counts in a file with an ending too.
    pub interpreters_beat_endings: bool,
    /// `true` for a file whose first bytes tell the language whatever it is called.
    pub mark: Option<fn(FileHead<'_>) -> bool>,
}

impl Files {
    /// No files, for tables to start from.
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
