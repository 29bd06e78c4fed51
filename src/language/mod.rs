//! Language readers: each turns text in one language into facts.

mod batch;
mod c;
mod cmake;
mod comment_form;
mod commented;
mod csharp;
mod dart;
mod data;
mod dialect;
mod dockerfile;
mod dotenv;
mod embedded;
mod extract;
mod files;
mod go;
mod groovy;
mod hcl;
mod identify;
mod ini;
mod java;
mod javascript;
mod jenkins;
mod json;
pub mod json_row;
mod julia;
mod kotlin;
mod lexical;
mod literal_place;
pub mod lookup;
mod lua;
mod makefile;
mod markdown;
mod netrc;
pub mod notebook;
mod php;
mod powershell;
mod properties;
mod python;
mod r;
mod reader;
mod readers;
mod ruby;
mod rust;
mod scala;
mod share;
mod shell;
mod sql;
mod swift;
mod toml;
mod tree;
mod wanted;
mod whole;
mod xml;
mod yaml;

#[cfg(test)]
mod hostile_commands;
#[cfg(test)]
mod hostile_data;

pub use batch::read_batch;
pub use comment_form::CommentForm;
pub use files::Files;
pub use identify::identify;
pub use literal_place::{LiteralPlace, Slot};
pub use powershell::read_powershell;
pub use reader::{FileHead, Places, Reader, Wanted};
pub use readers::READERS;
pub use share::Share;
pub use shell::read_shell;
pub use whole::read;

/// `true` if a reader has this name. Other names are those of dialects.
pub fn is_language(name: &str) -> bool {
    READERS.iter().any(|reader| reader.name() == name)
}

/// `false` if `text`, in another language, cannot embed code in the language of this name.
pub fn may_be_embedded(language: &str, text: &[u8]) -> bool {
    let reader = READERS.iter().find(|reader| reader.name() == language);
    reader.is_none_or(|reader| reader.may_be_embedded(text))
}

/// The names of all dialects.
pub fn dialects() -> impl Iterator<Item = &'static str> {
    dialect::names()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourcePath;

    #[test]
    fn a_file_of_commands_is_known_by_its_name_or_its_first_line() {
        for (name, head, reader) in [
            ("a/run.sh", "", Some("shell")),
            (".envrc", "", Some("shell")),
            (".zshrc", "", Some("shell")),
            ("job.slurm", "", Some("shell")),
            ("bin/deploy", "#!/usr/bin/env bash\n", Some("shell")),
            ("bin/deploy", "#!/bin/sh -e\n", Some("shell")),
            ("crontab", "", Some("shell")),
            ("Procfile", "", Some("shell")),
            ("gpu.def", "# A\nBootstrap: docker\n", Some("shell")),
            ("lib.def", "EXPORTS\n", None),
            ("Dockerfile", "", Some("dockerfile")),
            ("Dockerfile.gpu", "", Some("dockerfile")),
            ("gpu.dockerfile", "", Some("dockerfile")),
            ("Containerfile", "", Some("dockerfile")),
            ("Dockerfile.dockerignore", "", None),
            ("Dockerfile.md", "", Some("markdown")),
            ("a.PS1", "", Some("powershell")),
            ("a.cmd", "", Some("batch")),
            ("Makefile", "", Some("makefile")),
            ("Makefile.am", "", Some("makefile")),
            ("justfile", "", Some("makefile")),
            ("Jenkinsfile.gpu", "", Some("jenkins")),
            ("README.md", "", Some("markdown")),
        ] {
            let path = SourcePath::from_bytes(name);
            let file = FileHead { path: &path, head: head.as_bytes() };
            assert_eq!(identify(file).map(Reader::name), reader, "{name} {head}");
        }
    }

    #[test]
    fn a_text_that_embeds_a_dockerfile_may_do_so() {
        let hosts = [
            ("a.md", "```dockerfile\nENV K=v\n```\n"),
            ("a.md", "```Docker\nENV K=v\n```\n"),
            ("a.md", "```DOCKERFILE\nENV K=v\n```\n"),
            ("a.md", "```containerfile\nENV K=v\n```\n"),
            (
                "a.ipynb",
                r#"{"cells":[{"cell_type":"code","source":["%%writefile Dockerfile\n","ENV K=v"]}]}"#,
            ),
        ];
        for (name, text) in hosts {
            let path = SourcePath::from_bytes(name);
            let file = FileHead { path: &path, head: text.as_bytes() };
            let reader = identify(file).expect(name);
            let facts = read(reader, text.as_bytes(), file, Wanted::ALL);
            let is_embedded = facts.bindings.iter().any(|one| one.language == Some("dockerfile"));
            assert!(is_embedded && may_be_embedded("dockerfile", text.as_bytes()), "{text}");
        }
        assert!(!may_be_embedded("dockerfile", b"```python\nENV = 1\n```\n"));
        assert!(may_be_embedded("python", b""));
    }
}
