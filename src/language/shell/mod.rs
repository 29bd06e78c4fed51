//! Shell scripts: `sh`, Bash, zsh, ksh and, as far as they are similar, fish and csh.

mod ahead;
mod ansi;
mod body;
mod command;
mod declared;
mod environment;
mod expansion;
mod heredoc;
mod lexer;
mod list;
mod nested;
mod parser;
mod program;
mod simple;
mod word;

pub(crate) use declared::{
    Argument, read_arguments, read_declared, read_recipe, read_value, read_words,
};
pub(crate) use environment::read_lines;

use super::{
    comment_form::CommentForm,
    commented,
    extract::sort,
    files::Files,
    reader::{FileHead, Reader, Wanted},
};
use crate::model::{CommandPlace, Facts};
use parser::Parser;

/// Reads shell scripts, and the startup files of shells.
pub struct ShellReader;

impl Reader for ShellReader {
    fn name(&self) -> &'static str {
        "shell"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            names: &[
                ".bashrc",
                ".bash_profile",
                ".bash_login",
                ".bash_logout",
                ".bash_aliases",
                ".bash_history",
                ".zshrc",
                ".zshenv",
                ".zprofile",
                ".zlogin",
                ".zsh_history",
                ".profile",
                ".envrc",
                ".kshrc",
                ".cshrc",
                ".tcshrc",
                ".login",
                ".aliases",
                "bashrc",
                "pkgbuild",
                // Lines of words before each command.
                "crontab",
                "procfile",
                // Sections of commands, each after a line with its name.
                "singularity",
                "dot_bashrc",
                "dot_zshrc",
                "dot_profile",
                "dot_bashrc.tmpl",
                "dot_zshrc.tmpl",
                "dot_profile.tmpl",
            ],
            endings: &[
                "sh",
                "bash",
                "zsh",
                "ksh",
                "fish",
                "csh",
                "tcsh",
                "dash",
                "command",
                "slurm",
                "sbatch",
                "pbs",
                "bats",
                "zsh-theme",
                "def",
            ],
            accepts: |file| !file.ends_in(&["def"]) || builds_a_container(file.head),
            interpreters: &[
                "sh", "bash", "zsh", "ksh", "fish", "dash", "ash", "csh", "tcsh", "bats",
            ],
            interpreters_beat_endings: true,
            ..Files::NONE
        };
        &FILES
    }

    fn embeds(&self) -> bool {
        true
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>, wanted: Wanted<'_>) -> Facts {
        script(Parser::new(text, CommandPlace::Shell).near(wanted.places))
    }
}

/// `true` if a text is the definition of a container for Apptainer, rather than one of the other
/// formats with the extension `def`.
fn builds_a_container(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_start);
    let mark = b"bootstrap:";
    lines.any(|line| line.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
}

/// The facts of a shell script that runs in `place`.
///
/// Templates that are filled in before a shell reads the script (`${{ … }}`, `{{ … }}`) may occur
/// anywhere in it, and count as expansions.
pub fn read_shell(text: &[u8], place: CommandPlace) -> Facts {
    let mut facts = script(Parser::new(text, place));
    facts.embedded.extend(commented::code(&ShellReader, text, &facts.comments, "a.sh"));
    facts
}

fn script(mut parser: Parser<'_>) -> Facts {
    parser.first_line();
    parser.script();
    let mut facts = parser.facts;
    sort(&mut facts);
    facts
}

#[cfg(test)]
mod tests;
