//! Shell scripts, and shell commands in other files.

use super::{
    draft::Draft,
    prose, row,
    site::{Site, Text},
    url,
};
use crate::model::{Applicability, Command, Edit, Span};

/// The quoting context of a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    /// Unquoted.
    None,
    /// In double quotes, which open at this offset.
    Double(usize),
    /// In single quotes, which open at this offset.
    Single(usize),
    /// In `$'…'`.
    Escaped,
}

/// The fix of a secret in a shell script.
pub fn draft(text: &Text<'_>, site: Site<'_>) -> Draft {
    if text.is_comment(site.span) || is_comment_line(text, site.span) {
        return prose::comment(site);
    }
    if let Some(draft) = url::draft(text, site, text.lines(site.span)) {
        return draft;
    }
    if let Some(is_expanded) = here_document(text, site.span) {
        return match is_expanded {
            true => Draft::replace(row::SHELL_VALUE, site.span, braced(text, site)),
            false => Draft::shown(row::SHELL_LITERAL),
        };
    }
    if let Some(draft) = assignment(text, site) {
        return draft;
    }
    if let Some((command, word)) = text.command(site.span) {
        if let Some(draft) = option(text, site, command, word) {
            return draft;
        }
        if let Some(edits) = without_login(text, command) {
            return Draft::new(row::LOGIN, edits);
        }
    }
    value(text, site, row::SHELL_VALUE)
}

fn is_comment_line(text: &Text<'_>, span: Span) -> bool {
    let line = &text.bytes[text.line_start(span.start)..span.start];
    line.trim_ascii_start().starts_with(b"#")
}

/// Replaces the secret in a word by the variable.
pub fn value(text: &Text<'_>, site: Site<'_>, row: &'static row::Row) -> Draft {
    let start = word_start(text, site.span.start);
    let edits = match quoting(text, start, site.span.start) {
        Quoting::None => vec![Edit::replace(site.span, format!("\"${}\"", site.variable))],
        Quoting::Double(_) => vec![Edit::replace(site.span, braced(text, site))],
        Quoting::Single(open) => single(text, site, open),
        Quoting::Escaped => return Draft::shown(row::SHELL_LITERAL),
    };
    Draft::new(row, edits)
}

/// A word in single quotes. They become double quotes if the content means the same in these;
/// otherwise they are closed around the variable.
fn single(text: &Text<'_>, site: Site<'_>, open: usize) -> Vec<Edit> {
    let close = memchr::memchr(b'\'', &text.bytes[site.span.end..]).map(|at| site.span.end + at);
    let splice = || vec![Edit::replace(site.span, format!("'\"${}\"'", site.variable))];
    let Some(close) = close else { return splice() };
    let content = Span::new(open + 1, close).slice(text.bytes);
    if content.iter().any(|byte| b"\"$`\\!".contains(byte)) {
        return splice();
    }
    vec![
        Edit::replace(Span::new(open, open + 1), "\""),
        Edit::replace(site.span, braced(text, site)),
        Edit::replace(Span::new(close, close + 1), "\""),
    ]
}

/// `$NAME`, or `${NAME}` before a letter.
fn braced(text: &Text<'_>, site: Site<'_>) -> String {
    let next = text.byte(site.span.end);
    let goes_on = next.is_ascii_alphanumeric() || matches!(next, b'_' | b'[');
    if goes_on { format!("${{{}}}", site.variable) } else { format!("${}", site.variable) }
}

/// The offset at which quotes are parsed from: the start of the word in the facts, or the line.
fn word_start(text: &Text<'_>, at: usize) -> usize {
    let word = text.command(Span::new(at, at + 1)).map(|(command, word)| command.words[word].span);
    word.map_or_else(|| text.line_start(at), |word| word.start)
}

/// The quoting context of the byte at `at`, for a shell that parses from `from`.
pub fn quoting(text: &Text<'_>, from: usize, at: usize) -> Quoting {
    let mut state = Quoting::None;
    let mut place = from;
    while place < at {
        let byte = text.byte(place);
        state = match (state, byte) {
            (Quoting::None | Quoting::Double(_), b'\\') => {
                place += 1;
                state
            }
            (Quoting::Escaped, b'\\') => {
                place += 1;
                state
            }
            (Quoting::None, b'"') => Quoting::Double(place),
            (Quoting::None, b'\'') if place > from && text.byte(place - 1) == b'$' => {
                Quoting::Escaped
            }
            (Quoting::None, b'\'') => Quoting::Single(place),
            (Quoting::Double(_), b'"') | (Quoting::Single(_) | Quoting::Escaped, b'\'') => {
                Quoting::None
            }
            _ => state,
        };
        place += 1;
    }
    state
}

/// `true` if a span is in a here-document with expansion, `false` if in one without, `None` if in
/// none.
fn here_document(text: &Text<'_>, span: Span) -> Option<bool> {
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&text.bytes[at..span.start], b"<<") {
        let mark = at + found + 2;
        at = mark;
        if text.byte(mark) == b'<' {
            at += 1;
            continue;
        }
        let rest = &text.bytes[mark..text.line_end(mark)];
        let rest = rest.strip_prefix(b"-").unwrap_or(rest).trim_ascii_start();
        let is_quoted = matches!(rest.first(), Some(b'\'' | b'"' | b'\\'));
        let word = rest.get(usize::from(is_quoted)..).unwrap_or_default();
        let word: Vec<u8> = word
            .iter()
            .copied()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            .collect();
        if word.is_empty() {
            continue;
        }
        let body = text.line_end(mark);
        let mut line = body;
        while line < text.bytes.len() {
            let end = text.line_end(line);
            if text.bytes[line..end].trim_ascii() == word {
                break;
            }
            line = end;
        }
        if body <= span.start && span.end <= line {
            return Some(!is_quoted);
        }
        at = line.min(span.start).max(at);
    }
    None
}

/// An assignment to the variable: deleted before a command, replaced by a check if alone.
fn assignment(text: &Text<'_>, site: Site<'_>) -> Option<Draft> {
    let bindings = text.bindings(site.span);
    let binding = bindings.iter().find(|one| one.key == site.variable)?;
    let line = text.lines(site.span);
    let line = Span::new(line.start, trimmed_end(text, line));
    // The quotes of the value are part of it.
    let mut end = binding.value.span.end;
    end += usize::from(matches!(text.byte(end), b'"' | b'\''));
    let before = text.slice(Span::new(line.start, binding.key_span.start)).trim_start();
    let after = text.slice(Span::new(end.min(line.end), line.end));
    let words: Vec<&str> = before.split_whitespace().collect();
    let is_alone = after.trim().is_empty() || after.trim_start().starts_with(['#', ';', '&']);
    let sets = ["export", "declare", "typeset", "readonly", "set", "setenv", "-x", "-gx", "-rx"];
    if binding.value.span != site.span {
        return None;
    }
    if is_alone && words.iter().all(|word| sets.contains(word)) {
        let start = binding.key_span.start - before.len();
        let is_fish_or_csh = words.iter().any(|word| matches!(*word, "set" | "setenv"));
        let edit = match is_fish_or_csh {
            true => Edit::delete(text.lines(site.span)),
            false => Edit::replace(
                Span::new(start, end),
                format!(": \"${{{0}:?set {0}}}\"", site.variable),
            ),
        };
        return Some(Draft::new(row::SHELL_EXPORT, vec![edit]));
    }
    let goes_on = after.starts_with([' ', '\t']) && !is_alone;
    let is_prefix = goes_on && words.iter().all(|word| word.contains('=') || *word == "env");
    is_prefix.then(|| {
        let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
        Draft::new(
            row::SHELL_PREFIX,
            vec![Edit::delete(Span::new(binding.key_span.start, end + blanks))],
        )
    })
}

fn trimmed_end(text: &Text<'_>, span: Span) -> usize {
    span.start + span.slice(text.bytes).trim_ascii_end().len()
}

/// `true` for a command that logs in to the Hub.
pub fn is_login(command: &Command) -> bool {
    let words: Vec<&str> = command.words.iter().take(3).map(|one| one.text.as_str()).collect();
    matches!(words[..], ["hf", "auth", "login"] | ["huggingface-cli", "login", ..])
}

/// Deletes a login command with its line, or with the operator that joins it to the next one;
/// `None` if it is inside another construct.
pub fn without_login(text: &Text<'_>, command: &Command) -> Option<Vec<Edit>> {
    if !is_login(command) || command.captured {
        return None;
    }
    let line =
        Span::new(text.line_start(command.span.start), text.line_end(command.span.end.max(1) - 1));
    let before = text.slice(Span::new(line.start, command.span.start));
    let after = text.slice(Span::new(command.span.end, line.end));
    let rest = after.trim_start_matches([' ', '\t']);
    let joined = ["&&", ";"].iter().find(|one| rest.starts_with(**one) && !rest.starts_with(";;"));
    if let Some(operator) = joined {
        let tail = &rest[operator.len()..];
        let next = tail.trim_start_matches([' ', '\t']);
        let is_continued = next.trim_end() == "\\";
        if !next.trim().is_empty() && !is_continued {
            let end = line.end - next.len();
            return Some(vec![Edit::delete(Span::new(command.span.start, end))]);
        }
        if is_continued && before.trim().is_empty() {
            return Some(vec![Edit::delete(line)]);
        }
        return None;
    }
    let is_alone = before.trim_start_matches(['!', ' ', '\t']).is_empty();
    if is_alone && rest.trim().is_empty() {
        return Some(vec![Edit::delete(line)]);
    }
    let head = before.trim_end_matches([' ', '\t']);
    let is_last = rest.trim().is_empty();
    let joined = ["&&", ";"].iter().find(|one| is_last && head.ends_with(**one))?;
    let head = head[..head.len() - joined.len()].trim_end_matches([' ', '\t']);
    let start = line.start + head.len();
    (!head.trim().is_empty()).then(|| vec![Edit::delete(Span::new(start, command.span.end))])
}

/// Deletes `--token T` of a command that reads `HF_TOKEN` by itself.
pub fn option(text: &Text<'_>, site: Site<'_>, command: &Command, word: usize) -> Option<Draft> {
    let is_hub = matches!(command.program(), "hf" | "huggingface-cli");
    let first = command.arguments().iter().find(|one| !one.text.starts_with('-'))?;
    let is_login = matches!(first.text.as_str(), "auth" | "login");
    if !is_hub || is_login || !site.is_implicit {
        return None;
    }
    let value = command.words.get(word)?;
    let start = if value.text.starts_with("--token=") {
        value.span.start
    } else {
        let option = command.words.get(word.checked_sub(1)?)?;
        if option.text != "--token" || value.text.len() != site.span.len() {
            return None;
        }
        option.span.start
    };
    // Including the blanks before it, but not a line continuation.
    let before = &text.bytes[..start];
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let is_at_start = before.len() == blanks || before[before.len() - blanks - 1] == b'\n';
    let span = match is_at_start {
        true => Span::new(start, value.span.end),
        false => Span::new(start - blanks, value.span.end),
    };
    let draft = Draft::new(row::HF_OPTION, vec![Edit::delete(span)]);
    let is_disabled = text.has("HF_HUB_DISABLE_IMPLICIT_TOKEN");
    Some(match is_disabled {
        true => draft.doubted(Applicability::Unsafe, "the file disables implicit tokens"),
        false => draft,
    })
}
