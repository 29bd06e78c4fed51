//! Files that the model will see: named in a command, in a prompt, or by a tool.

use super::shown::Shown;
use crate::{
    language::{self, FileHead, Wanted},
    model::SourcePath,
};

/// Programs that print the contents of their file arguments.
const PRINTING: [&str; 29] = [
    "awk",
    "base64",
    "bat",
    "batcat",
    "cat",
    "cut",
    "diff",
    "egrep",
    "fgrep",
    "gc",
    "get-content",
    "grep",
    "head",
    "hexdump",
    "jq",
    "less",
    "more",
    "nl",
    "od",
    "rg",
    "sed",
    "sort",
    "strings",
    "tac",
    "tail",
    "type",
    "uniq",
    "xxd",
    "yq",
];
/// Substrings in the names of tools that show files.
const SHOWING: [&str; 6] = ["read", "view", "open", "cat", "grep", "search"];

/// `true` if a tool of this name shows the files in its input.
pub fn is_showing(tool: &str) -> bool {
    let tool = tool.to_ascii_lowercase();
    SHOWING.iter().any(|word| tool.contains(word))
}

/// The words of a command that may name files which it prints.
pub fn of_command(command: &str) -> Vec<String> {
    let path = SourcePath::from_bytes("command.sh");
    let file = FileHead::of(&path, command.as_bytes());
    let Some(reader) = language::identify(file) else { return Vec::new() };
    let facts = language::read(reader, command.as_bytes(), file, Wanted::ALL);
    let mut files = redirected(command);
    for one in &facts.commands {
        let program = one.program().to_ascii_lowercase();
        let program = program.strip_suffix(".exe").unwrap_or(&program);
        // An edit in place prints nothing, and may remove the credential.
        let is_edit = program == "sed"
            && one
                .arguments()
                .iter()
                .any(|word| word.text.starts_with("-i") || word.text.starts_with("--in-place"));
        if is_edit || !PRINTING.contains(&program) || is_assigned(command, one.span.start) {
            continue;
        }
        let words = one.arguments().iter().filter(|word| !word.expands);
        let words = words.map(|word| word.text.as_str());
        files.extend(words.filter(|word| !word.starts_with('-')).map(str::to_string));
    }
    files
}

/// `true` if the output of the command that begins at `start` is assigned to a variable, and so not
/// printed: `HF_TOKEN=$(cat token)`.
fn is_assigned(command: &str, start: usize) -> bool {
    let before = command.get(..start).unwrap_or_default();
    before.strip_suffix("$(").is_some_and(|name| name.trim_end_matches('"').ends_with('='))
}

/// The files that a command reads with `<`.
fn redirected(command: &str) -> Vec<String> {
    let names = command.match_indices('<').filter_map(|(at, _)| {
        let rest = &command[at + 1..];
        let is_other = command[..at].ends_with('<') || rest.starts_with(['<', '(', '&']);
        let rest = rest.trim_start_matches([' ', '"', '\'']);
        let end = rest.find(|c: char| c.is_whitespace() || "\"';|&<>()".contains(c));
        let name = &rest[..end.unwrap_or(rest.len())];
        (!is_other && !name.is_empty()).then(|| name.to_string())
    });
    names.collect()
}

/// The files that a prompt references with `@`, which agents read without a tool call.
pub fn of_prompt(prompt: &str) -> Vec<Shown> {
    let mut files = Vec::new();
    for (at, _) in prompt.match_indices('@') {
        let is_start = prompt[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let rest = &prompt[at + 1..];
        let rest = rest.strip_prefix("file:").unwrap_or(rest);
        let name = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap_or_default(),
            None => {
                let end = rest.find(|c: char| c.is_whitespace() || "\"'`<>()[]{},;|".contains(c));
                rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ':', '!', '?'])
            }
        };
        if is_start && !name.is_empty() {
            files.push(of_mention(name));
        }
    }
    files
}

/// A file and the line range that a prompt references: `a.py#L3-9`.
fn of_mention(name: &str) -> Shown {
    let Some((file, lines)) = name.split_once("#L") else { return Shown::whole(name) };
    let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
    let ends = (first.parse().ok(), last.trim_start_matches('L').parse().ok());
    let lines = ends.0.zip(ends.1).map(|(first, last)| first..=last);
    Shown { file: file.into(), lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_a_command_prints_are_told() {
        for (command, files) in [
            ("cat .env", &[".env"][..]),
            ("cd x && cat -n a b | head -3", &["a", "b"]),
            ("sudo head -c 10 'a b'", &["10", "a b"]),
            ("Get-Content .env", &[".env"]),
            ("echo $(cat .env)", &[".env"]),
            ("bash -c 'cat .env'", &[".env"]),
            ("bash -c \"cat < .env\"", &[".env"]),
            ("while read l; do echo $l; done <.env", &[".env"]),
            ("HF_TOKEN=$(cat token) python a.py", &[]),
            ("export HF_TOKEN=\"$(cat token)\"", &[]),
            ("python <<EOF\nx\nEOF", &[]),
            ("sed -i s/a/b/ .env", &[]),
            ("rm .env; ls .env", &[]),
            ("cat $FILE", &[]),
        ] {
            let found = of_command(command);
            for file in files {
                assert!(found.iter().any(|one| one == file), "{command}: {found:?}");
            }
            assert_eq!(found.is_empty(), files.is_empty(), "{command}: {found:?}");
        }
    }

    #[test]
    fn files_that_a_prompt_names_are_told() {
        let whole =
            |names: &[&str]| names.iter().map(|name| Shown::whole(*name)).collect::<Vec<_>>();
        assert_eq!(of_prompt("look at @src/a.py, and @.env."), whole(&["src/a.py", ".env"]));
        assert_eq!(of_prompt("(@\"a b.txt\") @file:c.py"), whole(&["a b.txt", "c.py"]));
        for (name, lines) in [("#L3-9", 3..=9), ("#L3-L9", 3..=9), ("#L3", 3..=3)] {
            let shown = Shown { file: "d.py".into(), lines: Some(lines) };
            assert_eq!(of_prompt(&format!("@d.py{name}")), [shown]);
        }
        assert_eq!(of_prompt("@d.py#Lx"), whole(&["d.py"]));
        assert!(of_prompt("mail me@example.com or @ me").is_empty());
    }
}
