//! Dockerfiles: variables and arguments are deleted, and a `RUN` gets a secret mount.

use super::{
    draft::Draft,
    prose, row, shell,
    site::{Site, Text},
    url,
};
use crate::model::{Edit, Span};

/// Programs and words in a `RUN` that needs the token.
const NEEDS: &[&str] = &[
    "hf ",
    "huggingface-cli",
    "huggingface_hub",
    "from_pretrained",
    "load_dataset",
    "snapshot_download",
];

/// The fix of a secret in a Dockerfile.
pub fn draft(text: &Text<'_>, site: Site<'_>) -> Draft {
    if text.is_comment(site.span) {
        return prose::comment(site);
    }
    if let Some(draft) = url::draft(text, site, text.lines(site.span)) {
        return draft;
    }
    let instruction = instruction(text, site.span.start);
    let word = word_of(text, instruction).to_ascii_uppercase();
    match word.as_str() {
        "ENV" => environment(text, site, instruction),
        "ARG" => argument(text, site.variable, instruction),
        "RUN" if is_login_alone(text, site, instruction) => {
            let mut draft = argument(text, site.variable, instruction);
            draft.row = row::LOGIN;
            draft
        }
        "RUN" => {
            let mut draft = run(text, site);
            draft.edits.extend(mount(text, site.variable, instruction));
            draft
        }
        "LABEL" => Draft::shown(row::OTHER),
        _ => Draft::shown(row::OTHER),
    }
}

/// The fix of an `ARG` or `ENV` for a token without a value.
pub fn bare(text: &Text<'_>, span: Span, variable: &str) -> Option<Draft> {
    let instruction = instruction(text, span.start);
    let is_argument = word_of(text, instruction).eq_ignore_ascii_case("ARG");
    is_argument.then(|| argument(text, variable, instruction))
}

fn word_of<'a>(text: &Text<'a>, instruction: Span) -> &'a str {
    text.slice(instruction).split_whitespace().next().unwrap_or_default()
}

/// The instruction that contains a byte, with its continuation lines.
fn instruction(text: &Text<'_>, at: usize) -> Span {
    let mut start = text.line_start(at);
    while start > 0 && goes_on(text, text.line_start(start - 1)) {
        start = text.line_start(start - 1);
    }
    let mut end = text.line_end(at);
    let mut line = text.line_start(at);
    while goes_on(text, line) && end < text.bytes.len() {
        line = end;
        end = text.line_end(end);
    }
    Span::new(start, end)
}

/// `true` if the line at `start` continues on the next one.
fn goes_on(text: &Text<'_>, start: usize) -> bool {
    let line = text.bytes[start..text.line_end(start)].trim_ascii_end();
    line.ends_with(b"\\") || line.ends_with(b"`")
}

/// Deletes one pair of an `ENV`, or the whole instruction.
fn environment(text: &Text<'_>, site: Site<'_>, instruction: Span) -> Draft {
    let words = text.slice(instruction);
    let pairs = words.split_whitespace().skip(1).filter(|word| word.contains('=')).count();
    if pairs <= 1 {
        return Draft::new(row::DOCKER_ENV, vec![Edit::delete(instruction)]);
    }
    let bindings = text.bindings(site.span);
    let Some(binding) = bindings.first() else { return Draft::shown(row::OTHER) };
    let mut end = binding.value.span.end;
    end += usize::from(matches!(text.byte(end), b'"' | b'\''));
    let start = binding.key_span.start;
    let before = &text.bytes[instruction.start..start];
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let rest = text.slice(Span::new(end, text.line_end(end)));
    let line_before = text.slice(Span::new(text.line_start(start), start));
    let span = if line_before.trim().is_empty() && rest.trim() == "\\" {
        // The only pair on a continued line.
        text.lines(Span::new(start, end))
    } else if line_before.trim().is_empty() {
        return Draft::shown(row::OTHER);
    } else {
        Span::new(start - blanks, end)
    };
    Draft::new(row::DOCKER_ENV, vec![Edit::delete(span)])
}

/// Deletes an `ARG`, and mounts the secret in the stage's `RUN`s that need it.
fn argument(text: &Text<'_>, variable: &str, instruction: Span) -> Draft {
    let mut edits = vec![Edit::delete(instruction)];
    let mut at = instruction.end;
    while at < text.bytes.len() {
        let next = self::instruction(text, at);
        let words = text.slice(next);
        match word_of(text, next).to_ascii_uppercase().as_str() {
            "FROM" => break,
            "RUN" if NEEDS.iter().any(|one| words.contains(one)) || words.contains(variable) => {
                edits.extend(mount(text, variable, next));
            }
            _ => {}
        }
        at = next.end.max(at + 1);
    }
    Draft::new(row::DOCKER_ARG, edits)
}

/// `true` if a `RUN` contains only a login.
fn is_login_alone(text: &Text<'_>, site: Site<'_>, instruction: Span) -> bool {
    let Some((command, _)) = text.command(site.span) else { return false };
    let rest = text.slice(Span::new(command.span.end, instruction.end));
    let before = text.slice(Span::new(instruction.start, command.span.start));
    let is_whole = rest.trim().is_empty() && before.split_whitespace().count() == 1;
    is_whole && shell::is_login(command)
}

/// The fix of a secret in a `RUN`.
fn run(text: &Text<'_>, site: Site<'_>) -> Draft {
    let found = text.command(site.span);
    let option = found.and_then(|(command, word)| shell::option(text, site, command, word));
    let edits = match option {
        Some(draft) => draft.edits,
        None if found.is_some_and(|(command, _)| shell::is_login(command)) => {
            let command = found.map(|(command, _)| command);
            match command.and_then(|command| shell::without_login(text, command)) {
                Some(edits) => edits,
                None => return Draft::shown(row::OTHER),
            }
        }
        None => shell::value(text, site, row::DOCKER_RUN).edits,
    };
    if edits.is_empty() || text.slice(instruction(text, site.span.start)).contains("RUN [") {
        return Draft::shown(row::OTHER);
    }
    Draft::new(row::DOCKER_RUN, edits)
}

/// The edit that mounts the secret in a `RUN`, unless it is already mounted.
fn mount(text: &Text<'_>, variable: &str, run: Span) -> Option<Edit> {
    let words = text.slice(run);
    if words.contains(&format!("id={variable}")) {
        return None;
    }
    let indent = words.len() - words.trim_start().len();
    let at = run.start + indent + "RUN".len();
    let old = old_frontend(text).then(|| {
        format!(
            " --mount=type=secret,id={variable},required=true export {variable}=\"$(cat /run/secrets/{variable})\" &&"
        )
    });
    let new = format!(" --mount=type=secret,id={variable},env={variable},required=true");
    Some(Edit::insert(at, old.unwrap_or(new)))
}

/// `true` if the file selects a frontend that cannot mount a secret as a variable.
fn old_frontend(text: &Text<'_>) -> bool {
    let start = text.slice(Span::new(0, text.bytes.len().min(4096)));
    let version = start.lines().take(5).find_map(|line| {
        line.trim().strip_prefix("#")?.trim().strip_prefix("syntax=docker/dockerfile:1.")
    });
    let minor = version
        .and_then(|rest| rest.split(|one: char| !one.is_ascii_digit()).next()?.parse::<u32>().ok());
    minor.is_some_and(|minor| minor < 10)
}
