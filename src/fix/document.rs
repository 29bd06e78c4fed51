//! Documents: text and code blocks, which are not executed.

use super::{
    draft::Draft,
    prose::placeholder,
    row, shell,
    site::{Site, Text},
    url,
};
use crate::model::{CommandPlace, Span};

/// Info strings of code blocks with shell commands.
const SHELLS: &[&str] =
    &["bash", "console", "fish", "sh", "shell", "shell-session", "terminal", "zsh"];

/// The fix in a document: a placeholder, or the variable in an example command.
pub fn draft(text: &Text<'_>, site: Site<'_>) -> Draft {
    if let Some(draft) = url::draft(text, site, text.lines(site.span)) {
        return draft;
    }
    let is_command = text
        .command(site.span)
        .is_some_and(|(command, _)| command.place == CommandPlace::Documentation);
    let before = site.span.start.checked_sub(1).map_or(b' ', |at| text.byte(at));
    let line = text.lines(site.span);
    let is_word = matches!(before, b' ' | b'=' | b'"') && !text.slice(line).contains('\'');
    let start = text.slice(Span::new(line.start, site.span.start));
    // A function call is not a command, whatever language its block is parsed in.
    let is_call = start.rsplit([' ', '\t']).next().is_some_and(|word| word.contains('('));
    if is_command && is_word && !is_call && !sets(start, site.variable) {
        return Draft::replace(row::DOCUMENT, site.span, format!("${}", site.variable));
    }
    let is_bare = shell::quoting(text, line.start, site.span.start) == shell::Quoting::None;
    let fence = if is_bare { fence(text, line.start) } else { None };
    let is_shell = is_command
        || ["$ ", "export "].iter().any(|one| start.trim_start().starts_with(one))
        || fence.is_some_and(|language| SHELLS.contains(&language));
    let shown = match fence {
        // `<` would redirect input from a file.
        _ if is_bare && is_shell && matches!(before, b' ' | b'=') => {
            format!("\"{}\"", placeholder(site))
        }
        // An unquoted name stays unquoted.
        Some("py" | "python") if matches!(before, b' ' | b'=' | b'(' | b',') => {
            site.variable.to_string()
        }
        _ => placeholder(site),
    };
    Draft::replace(row::DOCUMENT, site.span, shown)
}

/// `true` if the start of a command line sets the variable, which must not be set to itself:
/// `export HF_TOKEN=`.
fn sets(start: &str, variable: &str) -> bool {
    let start = start.trim_end_matches(['"', '\'']);
    let Some(before) = start.strip_suffix('=').map(str::trim_end) else { return false };
    // The old name is replaced in the same document.
    let names = [variable, "HUGGING_FACE_HUB_TOKEN"];
    let Some(before) = names.iter().find_map(|name| before.strip_suffix(name)) else {
        return false;
    };
    let mut words = before.split_whitespace();
    words.all(|word| matches!(word, "export" | "$" | "!" | "declare" | "-x") || word.contains('='))
        && !before.ends_with(|one: char| one.is_alphanumeric() || "-_=".contains(one))
}

/// The language of the code block that contains a line, from its fence.
fn fence<'a>(text: &Text<'a>, line: usize) -> Option<&'a str> {
    let mut open: Option<(&str, &str)> = None;
    for line in text.slice(Span::new(0, line)).lines() {
        let line = line.trim_start();
        let end = line.find(|one| one != '`' && one != '~').unwrap_or(line.len());
        let (mark, info) = line.split_at(end);
        if mark.len() < 3 {
            continue;
        }
        open = match open {
            Some((opened, _)) if info.trim().is_empty() && mark.starts_with(opened) => None,
            Some(block) => Some(block),
            None => Some((mark, info)),
        };
    }
    let words = |one: char| !(one.is_alphanumeric() || one == '-');
    open?.1.trim().trim_start_matches(['{', '.']).split(words).next()
}
