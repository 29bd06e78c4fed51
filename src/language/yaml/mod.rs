//! YAML, read line by line: an error or a template only affects its own lines.
//!
//! Anchors, aliases and merge keys are never expanded, so the result cannot grow beyond the file.

mod block;
mod flow;
mod literal;
mod plain;

pub use block::tree;

#[cfg(test)]
mod tests;

use super::{comment_form::CommentForm, data::Data, files::Files, reader::CodeFrame, tree::Tree};

/// All kinds of YAML.
pub struct Yaml;

impl Data for Yaml {
    fn name(&self) -> &'static str {
        "yaml"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            names: &["yarnrc.yml", ".clang-format", ".clang-tidy", ".gemrc", ".prettierrc"],
            endings: &["yaml", "yml", "eyaml", "cff", "clang-format", "sls"],
            inside: &[".yaml.", ".yml."],
            only: &[
                "j2", "jinja", "jinja2", "tpl", "tmpl", "gotmpl", "erb", "template", "example",
                "sample", "dist", "bak", "orig", "old", "dec", "enc", "local",
            ],
            ..Files::NONE
        };
        &FILES
    }

    fn code_frames(&self) -> &'static [CodeFrame] {
        // The entries of a list are variables by the name of the list: `# - DB_PASSWORD=…`.
        &[("", ""), ("environment:\n", "")]
    }

    fn tree<'t>(&self, text: &'t [u8]) -> Tree<'t> {
        tree(text)
    }
}
