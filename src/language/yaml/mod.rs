//! YAML, read line by line: what is broken or a template costs its own lines only.
//!
//! Anchors, aliases and merge keys are names here and never expanded, so a file cannot
//! grow in the reading.

mod block;
mod flow;
mod literal;
mod plain;

pub use block::tree;

#[cfg(test)]
mod tests;

use super::{data::Data, reader::FileHead, tree::Tree};

/// YAML, whatever is written in it.
pub struct Yaml;

impl Data for Yaml {
    fn name(&self) -> &'static str {
        "yaml"
    }

    fn claims(&self, file: FileHead<'_>) -> bool {
        file.ends_in(&["yaml", "yml", "eyaml", "cff", "clang-format", "sls"])
            || file.is_named(&[
                "yarnrc.yml",
                ".clang-format",
                ".clang-tidy",
                ".gemrc",
                ".prettierrc",
            ])
            || is_template_of(file)
    }

    fn tree<'t>(&self, text: &'t [u8]) -> Tree<'t> {
        tree(text)
    }
}

/// `values.yaml.gotmpl`, `config.yml.j2`, `secrets.yaml.example`.
fn is_template_of(file: FileHead<'_>) -> bool {
    let name = file.path.file_name().to_ascii_lowercase();
    let Some(ending) = file.path.extension() else { return false };
    let stem = &name[..name.len() - ending.len() - 1];
    let is_template = file.ends_in(&[
        "j2", "jinja", "jinja2", "tpl", "tmpl", "gotmpl", "erb", "template", "example", "sample",
        "dist", "bak", "orig", "old", "dec", "enc", "local",
    ]);
    is_template && (stem.ends_with(b".yaml") || stem.ends_with(b".yml"))
}
