//! The language of the many files whose ending tells it: asking every reader takes longer
//! than to look through a small file.

use super::{READERS, Reader, reader::FileHead};
use crate::model::SourcePath;
use std::{collections::HashMap, sync::LazyLock};

/// Endings that nearly all files have, in small letters; of some no reader reads anything.
const COMMON: [&str; 53] = [
    "adoc", "bash", "c", "cc", "cjs", "cpp", "cs", "css", "cts", "dart", "go", "h", "hpp", "html",
    "ipynb", "java", "jl", "js", "json", "jsonl", "jsx", "kt", "lua", "map", "md", "mdx", "mjs",
    "mts", "php", "po", "pot", "ps1", "py", "pyi", "r", "rb", "rs", "rst", "scala", "scss", "sh",
    "sql", "svelte", "svg", "swift", "toml", "ts", "tsv", "tsx", "txt", "vue", "yaml", "yml",
];

/// What a name may begin with that tells more than its ending.
const TELLING: [&[u8]; 7] =
    [b"containerfile", b"dockerfile", b"dotenv", b"env", b"jenkinsfile", b"justfile", b"makefile"];

/// What may stand before the ending and tells more than it: `a.toml.txt`.
const TELLING_INSIDE: [&[u8]; 5] = [b"env", b"properties", b"tf", b"tfvars", b"toml"];

/// Programs that no reader goes by where there is an ending.
const PLAIN: [&str; 5] = ["node", "perl", "php", "python", "ruby"];

static BY_ENDING: LazyLock<HashMap<&str, Option<&dyn Reader>>> = LazyLock::new(|| {
    let reader_of = |ending: &'static str| {
        let path = SourcePath::from_bytes(format!("a.{ending}"));
        let file = FileHead { path: &path, head: b"" };
        (ending, READERS.iter().copied().find(|reader| reader.claims(file)))
    };
    COMMON.into_iter().map(reader_of).collect()
});

/// The reader for a file with a common ending, if there is one; `None` if more than the ending
/// has to be asked, as there may be more to its name or its first bytes.
pub fn reader(file: FileHead<'_>) -> Option<Option<&'static dyn Reader>> {
    let name = file.path.file_name();
    let mut parts = name.split(|byte| *byte == b'.');
    let (stem, ending) = (parts.next()?, parts.next_back()?);
    // A mark, a declaration of XML or a `#!` line may tell more.
    let may_tell = match file.head {
        [0xef, ..] | [b'<', b'?', ..] => true,
        [b'#', b'!', ..] => !file.interpreter().is_some_and(|name| PLAIN.contains(&name)),
        _ => false,
    };
    if stem.is_empty() || may_tell {
        return None;
    }
    let begins = |start: &&[u8]| {
        stem.get(..start.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(start))
    };
    let stands_inside =
        |part: &[u8]| TELLING_INSIDE.iter().any(|telling| part.eq_ignore_ascii_case(telling));
    let reader = *BY_ENDING.get(std::str::from_utf8(ending).ok()?)?;
    (!TELLING.iter().any(begins) && !parts.any(stands_inside)).then_some(reader)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_common_ending_tells_what_all_readers_together_would() {
        const STEMS: [&str; 38] = [
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
            "a.d",
            "a.min",
            "a.2014-10-31.min",
            "docker-compose.override",
            "values.prod",
            "a.env",
            "a.ENV.b",
            "a.toml",
            "a.x.Toml",
            "a.tf",
            "a.tfvars",
            "a.properties",
            "a.json",
            "a.tfstate",
            "a.yaml",
            "a.sh",
            "a.conf",
            "a.ini",
            "a.xml",
            "a.config",
            "a.Dockerfile",
            "a.jenkinsfile",
            "a.makefile",
            "a..b",
        ];
        const HEADS: [&str; 8] = [
            "",
            "#!/bin/sh\n",
            "#!/usr/bin/python\n",
            "#!/usr/bin/env -S node --a\n",
            "<?xml ?>",
            "\u{feff}<?xml ?>",
            "{\"a\": 1}",
            "<a>",
        ];
        let mut known = 0;
        for ending in COMMON {
            for (stem, head) in STEMS.iter().flat_map(|stem| HEADS.map(|head| (stem, head))) {
                let path = SourcePath::from_bytes(format!("x/{stem}.{ending}"));
                let file = FileHead { path: &path, head: head.as_bytes() };
                let asked = READERS.iter().find(|reader| reader.claims(file));
                if let Some(told) = reader(file) {
                    known += 1;
                    let name = |reader: &dyn Reader| reader.name();
                    let (told, asked) = (told.map(name), asked.map(|reader| reader.name()));
                    assert_eq!(told, asked, "{stem}.{ending} {head}");
                }
            }
        }
        assert!(known > COMMON.len() * STEMS.len());
    }
}
