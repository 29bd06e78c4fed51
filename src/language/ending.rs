//! The language of the many files whose ending tells it: asking every reader takes longer
//! than to look through a small file.

use super::{READERS, Reader, reader::FileHead};
use crate::model::SourcePath;
use std::{collections::HashMap, sync::LazyLock};

/// Endings that nearly all files have, in small letters.
const COMMON: [&str; 39] = [
    "bash", "c", "cc", "cjs", "cpp", "cs", "cts", "dart", "go", "h", "hpp", "html", "ipynb",
    "java", "jl", "js", "json", "jsonl", "jsx", "kt", "lua", "md", "mdx", "mjs", "mts", "php",
    "py", "pyi", "r", "rb", "rs", "scala", "sh", "sql", "swift", "ts", "tsx", "yaml", "yml",
];

/// What a name may begin with that tells more than its ending.
const TELLING: [&[u8]; 7] =
    [b"containerfile", b"dockerfile", b"dotenv", b"env", b"jenkinsfile", b"justfile", b"makefile"];

static BY_ENDING: LazyLock<HashMap<&str, &dyn Reader>> = LazyLock::new(|| {
    let reader_of = |ending: &&'static str| {
        let path = SourcePath::from_bytes(format!("a.{ending}"));
        let file = FileHead { path: &path, head: b"" };
        Some((*ending, *READERS.iter().find(|reader| reader.claims(file))?))
    };
    COMMON.iter().filter_map(reader_of).collect()
});

/// The reader for a file with a common ending, unless there may be more to its name or its
/// first bytes.
pub fn reader(file: FileHead<'_>) -> Option<&'static dyn Reader> {
    let name = file.path.file_name();
    let dot = memchr::memchr(b'.', name).filter(|dot| *dot > 0)?;
    let (stem, ending) = (&name[..dot], std::str::from_utf8(&name[dot + 1..]).ok()?);
    // A mark or a `#!` line may tell more.
    if matches!(file.head, [b'<' | 0xef, ..] | [b'#', b'!', ..]) {
        return None;
    }
    let tells = |start: &&[u8]| {
        stem.get(..start.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(start))
    };
    let reader = *BY_ENDING.get(ending)?;
    (!TELLING.iter().any(tells)).then_some(reader)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_common_ending_tells_what_all_readers_together_would() {
        const STEMS: [&str; 14] = [
            "a",
            "A-b_1",
            "env",
            "Dockerfile",
            "dockerfile_x",
            "Jenkinsfile",
            "Makefile",
            "dotenv",
            "package",
            "compose",
            "values",
            "settings",
            ".env",
            "a.b",
        ];
        const HEADS: [&str; 5] = ["", "#!/bin/sh\n", "<?xml ?>", "\u{feff}<?xml ?>", "{\"a\": 1}"];
        let mut known = 0;
        for ending in COMMON {
            for (stem, head) in STEMS.iter().flat_map(|stem| HEADS.map(|head| (stem, head))) {
                let path = SourcePath::from_bytes(format!("x/{stem}.{ending}"));
                let file = FileHead { path: &path, head: head.as_bytes() };
                let asked = READERS.iter().find(|reader| reader.claims(file));
                if let Some(told) = reader(file) {
                    known += 1;
                    let asked = asked.map(|reader| reader.name());
                    assert_eq!(Some(told.name()), asked, "{stem}.{ending} {head}");
                }
            }
        }
        assert!(known > COMMON.len() * HEADS.len());
    }
}
