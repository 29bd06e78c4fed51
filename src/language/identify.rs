//! Identifies the language of a file, by a table of the declarations of all readers.

use super::{
    reader::{FileHead, Reader},
    readers::READERS,
};
use std::{collections::HashMap, sync::LazyLock};

/// `true` if the first bytes of a file identify its language.
type Mark = fn(FileHead<'_>) -> bool;

/// The declarations of all readers. A number is an index into [`READERS`]; the lowest wins.
struct Table {
    names: HashMap<&'static str, usize>,
    endings: HashMap<&'static str, Vec<usize>>,
    interpreters: HashMap<&'static str, usize>,
    paths: Vec<(&'static str, usize)>,
    starts: Vec<(&'static str, usize)>,
    inside: Vec<(&'static str, usize)>,
    marks: Vec<(Mark, usize)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        names: HashMap::new(),
        endings: HashMap::new(),
        interpreters: HashMap::new(),
        paths: Vec::new(),
        starts: Vec::new(),
        inside: Vec::new(),
        marks: Vec::new(),
    };
    for (index, reader) in READERS.iter().enumerate() {
        let files = reader.files();
        for name in files.names {
            table.names.entry(name).or_insert(index);
        }
        for ending in files.endings {
            table.endings.entry(ending).or_default().push(index);
        }
        for program in files.interpreters {
            table.interpreters.entry(program).or_insert(index);
        }
        let numbered = |list: &'static [&'static str]| list.iter().map(move |one| (*one, index));
        table.paths.extend(numbered(files.paths));
        table.starts.extend(numbered(files.starts));
        table.inside.extend(numbered(files.inside));
        table.marks.extend(files.mark.map(|mark| (mark, index)));
    }
    table
});

/// The reader for a file, if its language is known.
pub fn identify(file: FileHead<'_>) -> Option<&'static dyn Reader> {
    const LONGEST: usize = 256;
    let table = &*TABLE;
    let mut buffer = [0; LONGEST];
    let name = file.path.file_name();
    let name = buffer.get_mut(..name.len()).map(|lower| {
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        &*lower
    })?;
    let name = std::str::from_utf8(name).unwrap_or_default();
    let ending = file.path.extension().map_or("", |ending| {
        name.get(name.len().saturating_sub(ending.len())..).unwrap_or_default()
    });
    let mut best = table.names.get(name).copied().unwrap_or(usize::MAX);
    let by_ending = table.endings.get(ending).into_iter().flatten();
    let accepted = by_ending.copied().find(|index| (READERS[*index].files().accepts)(file));
    best = best.min(accepted.unwrap_or(usize::MAX));
    let by_program = file.interpreter().and_then(|program| table.interpreters.get(program));
    let counts = |index: &usize| {
        file.path.extension().is_none() || READERS[*index].files().interpreters_beat_endings
    };
    best = best.min(by_program.copied().filter(counts).unwrap_or(usize::MAX));
    let allowed = |index: usize| {
        let files = READERS[index].files();
        !files.except.contains(&ending)
    };
    let starts = |(start, index): &&(&str, usize)| {
        *index < best && name.starts_with(start) && allowed(*index)
    };
    best = table.starts.iter().find(starts).map_or(best, |(_, index)| *index);
    if name.bytes().filter(|byte| *byte == b'.').count() > 1 {
        let is_inside = |(part, index): &&(&str, usize)| {
            let only = READERS[*index].files().only;
            *index < best
                && name.contains(part)
                && allowed(*index)
                && (only.is_empty() || only.contains(&ending))
        };
        best = table.inside.iter().find(is_inside).map_or(best, |(_, index)| *index);
    }
    let path = file.path.as_bytes();
    let is_path = |(end, index): &&(&str, usize)| {
        let rest = path.strip_suffix(end.as_bytes());
        *index < best && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(b"/"))
    };
    best = table.paths.iter().find(is_path).map_or(best, |(_, index)| *index);
    let is_marked = |(mark, index): &&(Mark, usize)| *index < best && mark(file);
    best = table.marks.iter().find(is_marked).map_or(best, |(_, index)| *index);
    READERS.get(best).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourcePath;

    fn language(name: &str, head: &str) -> Option<&'static str> {
        let path = SourcePath::from_bytes(name);
        identify(FileHead { path: &path, head: head.as_bytes() }).map(Reader::name)
    }

    #[test]
    fn more_than_its_ending_may_tell_the_language_of_a_file() {
        for (name, head, wanted) in [
            ("a.py", "#!/bin/sh\n", Some("shell")),
            ("a.sh", "#!/usr/bin/python\n", Some("shell")),
            ("a", "#!/usr/bin/env -S node --a\n", Some("javascript")),
            ("a.txt", "#!/usr/bin/python\n", None),
            ("a.py", "<?xml ?>", Some("xml")),
            ("a.py", "\u{feff}<?xml ?>", Some("xml")),
            ("web.config", "<a>", Some("xml")),
            ("app.config", "[a]", Some("ini")),
            ("httpd.conf", "<VirtualHost>", None),
            ("x/.git/config", "[a]", Some("ini")),
            ("x/config", "", None),
            ("a", "{\"a\": 1}", Some("json")),
            ("a.txt", "{\"a\": 1}", None),
            ("a.json.bak", "", Some("json")),
            ("a.json.py", "", Some("python")),
            ("values.yaml.gotmpl", "", Some("yaml")),
            ("a.tf.bak", "", Some("hcl")),
            ("a.tf.json", "", Some("json")),
            ("a.env.prod", "", Some("dotenv")),
            ("A.ENV.Prod", "", Some("dotenv")),
            ("home/.Renviron", "", Some("dotenv")),
            ("rootfs/etc/environment", "", Some("dotenv")),
            ("environment", "", None),
            ("Tiltfile", "", Some("python")),
            ("app/build.gradle", "", Some("groovy")),
            (".env.py", "", Some("python")),
            ("env.d", "", None),
            ("Dockerfile_x", "", Some("dockerfile")),
            ("dockerfilex", "", None),
        ] {
            assert_eq!(language(name, head), wanted, "{name} {head}");
        }
    }

    #[test]
    fn what_readers_declare_is_in_lower_case() {
        for reader in READERS {
            let files = reader.files();
            let all = [files.names, files.endings, files.starts, files.inside];
            let is_lower = |one: &&str| !one.bytes().any(|byte| byte.is_ascii_uppercase());
            assert!(all.concat().iter().all(is_lower), "{}", reader.name());
        }
    }
}
