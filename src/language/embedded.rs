//! Code in one language embedded in text in another: fenced blocks, here-documents, `python -c`. A
//! reader only locates it; [`read`](super::read) reads it.

use super::extract::Extract;
use crate::model::{Embedded, Nesting};

/// Names of languages and programs, with the extensions of their files. An extension is its own
/// name.
#[rustfmt::skip]
const NAMES: &[(&str, &str)] = &[
    (".net", "cs"), ("c#", "cs"), ("c++", "cpp"), ("csharp", "cs"), ("golang", "go"),
    ("hocon", "conf"), ("ipython", "py"), ("ir", "r"), ("javascript", "js"), ("julia", "jl"),
    ("jsonl", "json"), ("kotlin", "kt"), ("make", "mk"), ("makefile", "mk"), ("node", "js"),
    ("nodejs", "js"), ("ojs", "js"), ("perl", "pl"), ("postgresql", "sql"), ("powershell", "ps1"),
    ("psql", "sql"), ("pwsh", "ps1"), ("py3", "py"), ("pycon", "py"), ("pypy", "py"),
    ("python", "py"), ("python3", "py"), ("python2", "py"), ("ruby", "rb"), ("rust", "rs"),
    ("docker", "dockerfile"), ("dotenv", "env"), ("react", "jsx"), ("terraform", "tf"),
    ("typescript", "ts"),
];

/// Programs that run code from an argument or from their input.
#[rustfmt::skip]
const PROGRAMS: &[(&str, &str)] = &[
    ("bun", "a.js"), ("ipython", "a.py"), ("julia", "a.jl"), ("lua", "a.lua"), ("node", "a.js"),
    ("nodejs", "a.js"), ("php", "a.php"), ("psql", "a.sql"), ("pypy", "a.py"), ("python", "a.py"),
    ("Rscript", "a.r"), ("ruby", "a.rb"),
];

/// A file name in the language of a fence's label or a cell's settings.
pub fn file_name(label: &str) -> String {
    let ending = NAMES.iter().find(|(name, _)| *name == label).map_or(label, |(_, ending)| ending);
    format!("a.{ending}")
}

/// A file name in the language that a program runs.
pub fn of_program(program: &str) -> Option<String> {
    let name = program.trim_end_matches(|end: char| end.is_ascii_digit() || end == '.');
    PROGRAMS.iter().find(|(known, _)| *known == name).map(|(_, file)| (*file).to_string())
}

/// The code in an extract, in the language of a file named `file`.
pub fn code(extract: &Extract, file: impl Into<String>, nesting: Nesting) -> Embedded {
    Embedded {
        text: extract.text.clone(),
        map: extract.map.clone(),
        file: file.into(),
        nesting,
        expands: false,
        place: None,
        captured: false,
        commented: false,
        commands_before: 0,
    }
}
