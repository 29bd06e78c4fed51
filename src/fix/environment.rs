//! Statements that set an environment variable. A read of the same variable would assign it to
//! itself, and if it is unset, some languages would store the text `undefined`.

use super::{
    draft::Draft,
    row,
    site::{Site, Text},
};
use crate::model::{Binding, BindingContext, Edit, Span};

/// The objects that contain environment variables as members.
const ENVIRONMENTS: &[&str] =
    &["process.env", "Deno.env", "Bun.env", "_ENV", "_SERVER", "ENV", "sys.env"];
/// First words of a line whose statement depends on the line before.
const HEADS: &[&str] =
    &["if", "else", "elseif", "elsif", "for", "foreach", "while", "do", "case", "switch", "when"];

/// The fix of a secret assigned to the variable from which it would be read; `None` otherwise.
pub fn draft(text: &Text<'_>, site: Site<'_>) -> Option<Draft> {
    let bindings = text.bindings(site.span);
    let binding = bindings.iter().find(|one| sets(text, one, site.variable))?;
    match is_statement(text, binding, site.span) {
        true => {
            let line = text.lines(site.span);
            Some(Draft::new(row::ENVIRONMENT_SET, vec![Edit::delete(line)]))
        }
        false => Some(Draft::shown(row::ENVIRONMENT_SET)),
    }
}

/// `true` if a binding sets this environment variable.
fn sets(text: &Text<'_>, binding: &Binding, variable: &str) -> bool {
    if binding.key != variable {
        return false;
    }
    let callee = binding.callee.as_deref();
    let parent = binding.path.strip_suffix(variable).and_then(|path| path.strip_suffix('.'));
    let is_member = parent.is_some_and(|parent| ENVIRONMENTS.contains(&parent));
    let between = || text.slice(Span::new(binding.key_span.end, binding.value.span.start));
    match binding.context {
        // Of calls, only those that set a variable are assignments.
        BindingContext::Assignment => callee.is_some() || is_member,
        // `process.env.HF_TOKEN ??= …`.
        BindingContext::Default => is_member && between().contains('='),
        BindingContext::Mapping => {
            callee == Some("Object.assign") && text.slice(text.lines(binding.span)).contains("env,")
        }
        _ => false,
    }
}

/// `true` if the line is a single statement that begins with the binding, and the code before it
/// needs no statement there.
fn is_statement(text: &Text<'_>, binding: &Binding, place: Span) -> bool {
    let line = text.lines(place);
    let words = text.slice(line).trim();
    let begins = match &binding.callee {
        Some(callee) => {
            let inner = words.strip_prefix("unsafe {").unwrap_or(words).trim_start();
            inner.starts_with(callee.as_str())
        }
        None => {
            !words.starts_with(['(', '!']) && !is_head(words) && binding.span.start >= line.start
        }
    };
    // Other values set in the same statement would be lost.
    let is_alone = binding.context != BindingContext::Mapping && words.matches('=').count() <= 1;
    let count = |one: char| words.matches(one).count();
    let is_balanced = [('(', ')'), ('[', ']'), ('{', '}')]
        .iter()
        .all(|(open, close)| count(*open) == count(*close));
    let is_one = count(';') <= 1 && !words.contains("&&") && !words.contains("||");
    let ends = words.ends_with([';', ')', '"', '\'', '}']);
    let is_used = text.language() != "go" || text.slice(line).matches("os.").count() < used(text);
    begins
        && is_alone
        && is_balanced
        && is_one
        && ends
        && is_used
        && !needs_statement(text, line.start)
}

/// Number of uses of Go's package `os` in a text.
fn used(text: &Text<'_>) -> usize {
    memchr::memmem::find_iter(text.bytes, b"os.").count()
}

/// `true` if the code before the line at `start` continues in it, or is its head.
fn needs_statement(text: &Text<'_>, start: usize) -> bool {
    let before = text.slice(Span::new(0, start)).trim_end();
    let last = before.rsplit('\n').next().unwrap_or_default().trim();
    let is_open = last.ends_with(['(', '[', ',', '=', '+', '&', '|', '.', '\\', '?', '>']);
    let is_closed = last.ends_with(['{', '}', ';']);
    is_open || is_head(last) && !is_closed
}

fn is_head(words: &str) -> bool {
    let first = words.trim_start_matches(['}', ' ', '\u{feff}']);
    let end = first.find(|one: char| !one.is_alphanumeric()).unwrap_or(first.len());
    HEADS.contains(&&first[..end])
}
