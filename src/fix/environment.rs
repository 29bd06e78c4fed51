//! Statements that set a variable of the environment: to read the same variable there would assign
//! it to itself, and where it is not set some languages then write the text `undefined`.

use super::{
    draft::Draft,
    row,
    site::{Site, Text},
};
use crate::model::{Binding, BindingContext, Edit, Span};

/// What the variables of the environment are members of.
const ENVIRONMENTS: &[&str] =
    &["process.env", "Deno.env", "Bun.env", "_ENV", "_SERVER", "ENV", "sys.env"];
/// First words of a line whose statement depends on what stands before it.
const HEADS: &[&str] =
    &["if", "else", "elseif", "elsif", "for", "foreach", "while", "do", "case", "switch", "when"];

/// The fix of a secret that becomes the variable that would be read for it; `None` for any other.
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

/// `true` if a binding sets this variable of the environment.
fn sets(text: &Text<'_>, binding: &Binding, variable: &str) -> bool {
    if binding.key != variable {
        return false;
    }
    let callee = binding.callee.as_deref();
    let parent = binding.path.strip_suffix(variable).and_then(|path| path.strip_suffix('.'));
    let is_member = parent.is_some_and(|parent| ENVIRONMENTS.contains(&parent));
    let between = || text.slice(Span::new(binding.key_span.end, binding.value.span.start));
    match binding.context {
        // Of calls only those that set a variable are assignments.
        BindingContext::Assignment => callee.is_some() || is_member,
        // `process.env.HF_TOKEN ??= …`.
        BindingContext::Default => is_member && between().contains('='),
        BindingContext::Mapping => {
            callee == Some("Object.assign") && text.slice(text.lines(binding.span)).contains("env,")
        }
        _ => false,
    }
}

/// `true` if the line of a place is one statement that begins with the binding, and nothing before
/// it needs one.
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
    // Another value that is set in the same statement would be lost.
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

/// How often a text names Go's package `os`.
fn used(text: &Text<'_>) -> usize {
    memchr::memmem::find_iter(text.bytes, b"os.").count()
}

/// `true` if what stands before the line at `start` goes on in it, or is the head of it.
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
