//! Environment variables and other bindings of a script.

use super::{
    parser::Parser,
    word::{Assignment, ShellWord, is_name, lossy},
};
use crate::model::{Binding, BindingContext, Facts, Span, Value, ValueKind};

impl Parser<'_> {
    /// Adds the assignment in `word`, if it is one. With `quoted`, it may be in quotes.
    pub fn assignment(&mut self, word: &ShellWord, quoted: bool) {
        if let Some(parts) = word.assignment(quoted) {
            self.bind(binding_of(word, parts, BindingContext::Environment));
        }
    }

    /// Adds a binding, unless it may be dropped.
    pub fn bind(&mut self, binding: Binding) {
        if !self.places.may_drop(self.facts.bindings.len(), binding.span) {
            self.facts.bindings.push(binding);
        }
    }

    /// Adds an entry of the array whose assignment is `name` (`A=`).
    pub fn array_entry(&mut self, name: &ShellWord, entry: &ShellWord, index: usize) {
        let Some(array) = name.assignment(false) else { return };
        let path = lossy(array.path.slice(name.text()));
        let inside = entry.text().strip_prefix(b"[").and_then(|rest| {
            let close = memchr::memmem::find(rest, b"]=")?;
            Some((Span::new(1, close + 1), close + 3))
        });
        let binding = match inside {
            Some((key, value)) => {
                let parts = Assignment { key, path: key, value };
                let mut binding = binding_of(entry, parts, BindingContext::Mapping);
                binding.path = format!("{path}.{}", binding.key);
                binding
            }
            None => Binding {
                key: lossy(array.key.slice(name.text())),
                path: format!("{path}[{index}]"),
                callee: None,
                position: None,
                value: entry.value_from(0),
                context: BindingContext::Assignment,
                key_span: name.source_of(array.key),
                span: entry.span,
                language: None,
                commented: false,
            },
        };
        self.facts.bindings.push(binding);
    }

    /// Adds the bindings of `set -x A b`, `setenv A b` and `set A = b`, in which the name and the
    /// value are separate words.
    pub fn set_command(&mut self, words: &[ShellWord]) {
        let mut rest = words.get(1..).unwrap_or_default();
        let mut exports = words.first().is_some_and(|program| program.is("setenv"));
        while let Some(option) = rest.first()
            && option.text().starts_with(b"-")
        {
            if option.is("--") {
                // `set -- a b` sets the arguments of the script.
                return;
            }
            exports |= is_fish_option(option.text());
            rest = &rest[1..];
        }
        match rest {
            [word] if word.assignment(false).is_some() && !exports => self.assignment(word, false),
            [name, equals, value] if equals.is("=") => self.named(name, value),
            [name, value] | [name, value, ..] if exports => self.named(name, value),
            _ => {}
        }
    }

    fn named(&mut self, name: &ShellWord, value: &ShellWord) {
        if !is_name(name.text()) {
            return;
        }
        self.facts.bindings.push(Binding {
            key: lossy(name.text()),
            path: lossy(name.text()),
            callee: None,
            position: None,
            value: value.value_from(0),
            context: BindingContext::Environment,
            key_span: name.source_of(Span::new(0, name.text().len())),
            span: name.span.joined(value.span),
            language: None,
            commented: false,
        });
    }

    /// Adds the comparison in `[ "$A" = b ]` or `[[ $A == b ]]`, from its last three words.
    pub fn comparison(&mut self, words: &[ShellWord]) {
        let [.., name, operator, value] = words else { return };
        let is_equality = ["=", "==", "!="].iter().any(|known| operator.is(known));
        let text = name.text().strip_prefix(b"$").filter(|_| name.expands() && !value.expands());
        let Some(text) = text.filter(|_| is_equality) else { return };
        let braced = text.strip_prefix(b"{").and_then(|text| text.strip_suffix(b"}"));
        let key = braced.unwrap_or(text);
        if is_name(key) {
            let start = if braced.is_some() { 2 } else { 1 };
            self.facts.bindings.push(Binding {
                key: lossy(key),
                path: lossy(key),
                callee: None,
                position: None,
                value: value.value_from(0),
                context: BindingContext::Comparison,
                key_span: name.source_of(Span::new(start, start + key.len())),
                span: name.span.joined(value.span),
                language: None,
                commented: false,
            });
        }
    }
}

/// `true` for `-x`, `-gx`, `--export` and other options that only fish's `set` has, or that export
/// in any shell.
fn is_fish_option(option: &[u8]) -> bool {
    const LONG: [&[u8]; 5] = [b"--export", b"--global", b"--universal", b"--local", b"--unexport"];
    let letters = option.get(1..).unwrap_or_default();
    LONG.contains(&option)
        || (letters.iter().all(|letter| b"xgUlfu".contains(letter)) && !letters.is_empty())
}

/// The binding of `word`.
pub(super) fn binding_of(word: &ShellWord, parts: Assignment, context: BindingContext) -> Binding {
    Binding {
        key: lossy(parts.key.slice(word.text())),
        path: lossy(parts.path.slice(word.text())),
        callee: None,
        position: None,
        value: word.value_from(parts.value),
        context,
        key_span: word.source_of(parts.key),
        span: word.span,
        language: None,
        commented: false,
    }
}

/// The bindings of lines such as `A=b` and `export A="b c"`, as in a `.env` file.
pub(crate) fn read_lines(text: &[u8]) -> Facts {
    let mut facts = Facts::default();
    let mut start = 0;
    for line in text.split(|byte| *byte == b'\n') {
        facts.bindings.extend(line_binding(text, Span::new(start, start + line.len())));
        start += line.len() + 1;
    }
    facts
}

fn line_binding(text: &[u8], line: Span) -> Option<Binding> {
    let line = trimmed(text, line);
    let name = match line.slice(text).strip_prefix(b"export ") {
        Some(_) => trimmed(text, Span::new(line.start + 7, line.end)),
        None => line,
    };
    let equals = memchr::memchr(b'=', name.slice(text))?;
    let key_span = trimmed(text, Span::new(name.start, name.start + equals));
    let key = key_span.slice(text);
    if !is_name(key) {
        return None;
    }
    let written = trimmed(text, Span::new(name.start + equals + 1, name.end));
    let value = unquoted(text, written);
    Some(Binding {
        key: lossy(key),
        path: lossy(key),
        callee: None,
        position: None,
        value: Value {
            kind: kind_of(value.slice(text)),
            text: lossy(value.slice(text)),
            span: value,
        },
        context: BindingContext::Environment,
        key_span,
        span: Span::new(key_span.start, written.end),
        language: None,
        commented: false,
    })
}

/// The kind of a value, judged by its text alone.
fn kind_of(value: &[u8]) -> ValueKind {
    let rest = value.strip_prefix(b"$");
    let is_whole = rest.is_some_and(|rest| {
        is_name(rest)
            || (rest.starts_with(b"{") && memchr::memchr(b'}', rest) == Some(rest.len() - 1))
            || (rest.starts_with(b"{{")
                && memchr::memmem::find(rest, b"}}") == Some(rest.len() - 2))
            || (rest.starts_with(b"(") && memchr::memchr(b')', rest) == Some(rest.len() - 1))
    });
    match value {
        [] => ValueKind::Missing,
        _ if is_whole => ValueKind::Lookup,
        _ if memchr::memmem::find(value, b"$(").is_some()
            || memchr::memmem::find(value, b"${").is_some() =>
        {
            ValueKind::Template
        }
        _ if value
            .windows(2)
            .any(|pair| pair[0] == b'$' && (pair[1].is_ascii_alphabetic() || pair[1] == b'_')) =>
        {
            ValueKind::Template
        }
        _ => ValueKind::Literal,
    }
}

fn unquoted(text: &[u8], written: Span) -> Span {
    match written.slice(text) {
        [quote @ (b'"' | b'\''), .., last] if quote == last => {
            Span::new(written.start + 1, written.end - 1)
        }
        _ => written,
    }
}

fn trimmed(text: &[u8], span: Span) -> Span {
    let part = span.slice(text);
    let left = part.len() - part.trim_ascii_start().len();
    Span::new(span.start + left, span.start + left + part[left..].trim_ascii_end().len())
}
