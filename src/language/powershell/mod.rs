//! PowerShell scripts.

mod lexer;
mod word;

use super::{
    comment_form::CommentForm,
    extract::sort,
    files::Files,
    reader::{FileHead, Places, Reader, Wanted},
    shell::{Argument, read_arguments},
};
use crate::model::{
    Binding, BindingContext, Command, CommandPlace, Facts, Span, Value, ValueKind, Word,
};
use word::{PowerWord, lossy};

/// Maximum nesting depth of parentheses and braces that are distinguished; deeper ones only
/// separate statements.
const MAX_FRAMES: usize = 32;

/// Maximum nesting depth of `$(…)` in strings that are read.
const MAX_DEPTH: usize = 6;

/// Maximum number of words kept of one statement.
const MAX_WORDS: usize = 4096;

/// Maximum length in bytes of the name in `${…}`.
const MAX_BRACES: usize = 512;

/// Words that start a statement and are not commands.
const KEYWORDS: [&str; 22] = [
    "if", "elseif", "else", "while", "foreach", "for", "function", "filter", "param", "try",
    "catch", "finally", "switch", "do", "until", "in", "begin", "process", "end", "class", "using",
    "trap",
];

/// Reads PowerShell scripts.
pub struct PowerShellReader;

impl Reader for PowerShellReader {
    fn name(&self) -> &'static str {
        "powershell"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            endings: &["ps1", "psm1", "psd1"],
            interpreters: &["pwsh", "powershell"],
            interpreters_beat_endings: true,
            ..Files::NONE
        };
        &FILES
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>, wanted: Wanted<'_>) -> Facts {
        script(Reading { places: wanted.places, ..Reading::new(text, CommandPlace::Shell, 0) })
    }
}

/// The facts of a PowerShell script that runs in `place`.
pub fn read_powershell(text: &[u8], place: CommandPlace) -> Facts {
    script(Reading::new(text, place, 0))
}

fn script(mut reading: Reading<'_>) -> Facts {
    reading.script();
    sort(&mut reading.facts);
    reading.facts
}

/// The meaning of parentheses or braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// `( … )`, whose output the surrounding text uses.
    Group,
    /// The arguments of `[Environment]::SetEnvironmentVariable`.
    SetVariable,
    /// `@{ … }`
    Table,
    /// `{ … }`
    Block,
}

/// A statement while it is read.
#[derive(Debug, Default)]
struct Statement {
    words: Vec<PowerWord>,
    outputs: Vec<Word>,
    /// `true` if `&` calls the command in its first word, which may be quoted.
    is_called: bool,
}

struct Open {
    frame: Frame,
    start: usize,
    outer: Statement,
    first_command: usize,
}

struct Reading<'a> {
    text: &'a [u8],
    at: usize,
    place: CommandPlace,
    depth: usize,
    places: Places<'a>,
    facts: Facts,
    /// The offsets of the next `'` and the next `"`, if known.
    next_quote: [Option<usize>; 2],
}

impl<'a> Reading<'a> {
    fn new(text: &'a [u8], place: CommandPlace, depth: usize) -> Self {
        let (places, facts) = (Places::ALL, Facts::default());
        Self { text, at: 0, place, depth, places, facts, next_quote: [None; 2] }
    }

    fn peek(&self, by: usize) -> Option<u8> {
        self.text.get(self.at + by).copied()
    }

    fn line_end(&self) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(self.text.len(), |offset| self.at + offset)
    }

    /// Reads a part of the text as a script whose output is part of a word.
    fn inner(&mut self, part: Span) {
        if self.depth < MAX_DEPTH {
            let mut inner = Reading::new(part.slice(self.text), self.place, self.depth + 1);
            inner.script();
            for command in &mut inner.facts.commands {
                command.captured = true;
            }
            let map = crate::model::SpanMap::shifted(part.start, part.len());
            self.facts.absorb(inner.facts, &map);
        }
    }

    fn script(&mut self) {
        let mut open: Vec<Open> = Vec::new();
        let mut statement = Statement::default();
        while let Some(byte) = self.peek(0) {
            let frame = open.last().map(|open| open.frame);
            match byte {
                b'#' => self.comment(self.line_end()),
                b'<' if self.peek(1) == Some(b'#') => {
                    let rest = &self.text[self.at..];
                    let end = memchr::memmem::find(rest, b"#>").map_or(rest.len(), |at| at + 2);
                    self.comment(self.at + end);
                }
                b'`' if matches!(self.peek(1), Some(b'\r' | b'\n')) => {
                    self.at = (self.line_end() + 1).min(self.text.len());
                }
                b'\n' if matches!(frame, Some(Frame::Group | Frame::SetVariable)) => self.at += 1,
                b'\n' | b';' | b'|' => {
                    let is_piped = byte == b'|' && self.peek(1) != Some(b'|');
                    self.finish(&mut statement, frame, is_piped);
                    self.at += 1;
                }
                b'&' => {
                    if self.peek(1) == Some(b'&') {
                        self.finish(&mut statement, frame, false);
                        self.at += 1;
                    }
                    statement.is_called = statement.words.is_empty();
                    self.at += 1;
                }
                b'(' | b'{' => self.open(&mut open, &mut statement, byte == b'{'),
                b'@' if matches!(self.peek(1), Some(b'{' | b'(')) => {
                    self.at += 1;
                }
                b')' | b'}' => self.close(&mut open, &mut statement),
                b'>' => self.redirection(&mut statement),
                b'<' | b',' => self.at += 1,
                b'=' if statement.words.len() == 1 => self.operator(&mut statement, 1),
                b'+' if statement.words.len() == 1 && self.peek(1) == Some(b'=') => {
                    self.operator(&mut statement, 2);
                }
                _ if byte.is_ascii_whitespace() => self.at += 1,
                _ => self.next_word(&mut statement, frame),
            }
        }
        self.finish(&mut statement, open.last().map(|open| open.frame), false);
        while let Some(mut unclosed) = open.pop() {
            self.finish(&mut unclosed.outer, open.last().map(|open| open.frame), false);
        }
    }

    fn comment(&mut self, end: usize) {
        self.facts.comments.push(Span::new(self.at, end));
        self.at = end;
    }

    fn next_word(&mut self, statement: &mut Statement, frame: Option<Frame>) {
        let start = self.at;
        let is_key = frame == Some(Frame::Table) && statement.words.is_empty();
        let word = self.word(is_key);
        if self.at == start {
            self.at += 1;
        } else if statement.words.len() < MAX_WORDS {
            statement.words.push(word);
        }
    }

    fn operator(&mut self, statement: &mut Statement, length: usize) {
        let mut word = PowerWord::new(self.at);
        word.extract.copy(self.text, Span::new(self.at, self.at + length));
        word.is_operator = true;
        self.at += length;
        word.span.end = self.at;
        statement.words.push(word);
    }

    fn redirection(&mut self, statement: &mut Statement) {
        while self.peek(0).is_some_and(|byte| b">& ".contains(&byte)) {
            self.at += 1;
        }
        let target = self.word(false);
        if !target.span.is_empty() && target.text() != b"1" {
            statement.outputs = vec![shown(&target)];
        }
    }

    fn open(&mut self, open: &mut Vec<Open>, statement: &mut Statement, is_brace: bool) {
        let start = self.at;
        self.at += 1;
        let before = start.checked_sub(1).and_then(|at| self.text.get(at));
        let sets_variable = statement.words.last().is_some_and(|word| {
            let name = word.text().to_ascii_lowercase();
            name.ends_with(b"::setenvironmentvariable")
        });
        let frame = match (is_brace, before) {
            (true, Some(b'@')) => Frame::Table,
            (true, _) => Frame::Block,
            (false, _) if sets_variable => Frame::SetVariable,
            (false, _) => Frame::Group,
        };
        if open.len() < MAX_FRAMES {
            let outer = std::mem::take(statement);
            let first_command = self.facts.commands.len();
            open.push(Open { frame, start, outer, first_command });
        } else {
            self.finish(statement, None, false);
        }
    }

    /// Closes the innermost parenthesis or brace, which becomes a word of the enclosing statement.
    fn close(&mut self, open: &mut Vec<Open>, statement: &mut Statement) {
        self.finish(statement, open.last().map(|open| open.frame), false);
        self.at += 1;
        let Some(closed) = open.pop() else { return };
        *statement = closed.outer;
        if closed.frame != Frame::Block {
            for command in self.facts.commands.iter_mut().skip(closed.first_command) {
                command.captured = true;
            }
        }
        let mut word = PowerWord::new(closed.start);
        word.span.end = self.at;
        word.push_expansion(self.text, word.span);
        if statement.words.len() < MAX_WORDS {
            statement.words.push(word);
        }
    }

    /// Ends a statement and adds its facts.
    fn finish(&mut self, statement: &mut Statement, frame: Option<Frame>, is_piped: bool) {
        let done = std::mem::take(statement);
        let mut words = done.words.as_slice();
        if frame == Some(Frame::SetVariable) {
            if let [name, value, ..] = words {
                self.bind(
                    name,
                    Span::new(0, name.text().len()),
                    value,
                    BindingContext::Environment,
                );
            }
            return;
        }
        if let [name, operator, value @ ..] = words
            && operator.is_operator
        {
            self.assigned(name, value, frame);
            // The right side of `=` may be a command.
            if !value.first().is_some_and(is_command) {
                return;
            }
            words = value;
        }
        while words.first().is_some_and(|word| word.is("return") || word.is("exit") || word.is("."))
        {
            words = &words[1..];
        }
        let Some(first) = words.first() else { return };
        if KEYWORDS.iter().any(|keyword| first.is(keyword)) || frame == Some(Frame::Table) {
            return;
        }
        if is_command(first) || (done.is_called && first.filled == 0) {
            let is_assigned = done.words.get(1).is_some_and(|word| word.is_operator);
            self.command(words, &done.outputs, is_piped || is_assigned);
        }
    }

    fn assigned(&mut self, name: &PowerWord, value: &[PowerWord], frame: Option<Frame>) {
        let Some(first) = value.first() else { return };
        let mut joined = first.clone();
        if value.len() > 1 {
            // Expressions are not evaluated, so their first piece alone is not the value.
            joined.span = first.span.joined(value.last().map_or(first.span, |last| last.span));
            joined.filled = joined.text().len().max(1);
        }
        let whole = Span::new(0, name.text().len());
        match name.variable() {
            Some((variable, span)) => {
                let colon = memchr::memchr(b':', variable).map_or(0, |colon| colon + 1);
                let is_environment = variable[..colon].eq_ignore_ascii_case(b"env:");
                let context = if is_environment {
                    BindingContext::Environment
                } else {
                    BindingContext::Assignment
                };
                self.bind(name, Span::new(span.start + colon, span.end), &joined, context);
            }
            None if frame == Some(Frame::Table) => {
                self.bind(name, whole, &joined, BindingContext::Mapping);
            }
            None => {}
        }
    }

    fn command(&mut self, words: &[PowerWord], outputs: &[Word], is_captured: bool) {
        self.set_item(words);
        let arguments = words.iter().map(|word| Argument {
            extract: word.extract.clone(),
            span: word.span,
            expands: word.filled > 0,
        });
        let inner = read_arguments(arguments.collect(), self.place);
        let add_context = |mut command: Command| {
            command.outputs = outputs.to_vec();
            command.captured |= is_captured;
            command
        };
        let (places, commands) = (self.places, self.facts.commands.len());
        let is_kept = |command: &Command| {
            let outputs = command.outputs.iter();
            let whole = outputs.fold(command.span, |all, one| all.joined(one.span));
            !places.may_drop(commands, whole)
        };
        let inner_commands = inner.commands.into_iter().map(add_context).filter(is_kept);
        self.facts.commands.extend(inner_commands);
        self.facts.bindings.extend(inner.bindings);
    }

    /// Adds the binding of `Set-Item -Path Env:A -Value b`.
    fn set_item(&mut self, words: &[PowerWord]) {
        if !["Set-Item", "New-Item", "si", "ni"].iter().any(|known| words[0].is(known)) {
            return;
        }
        let is_name = |word: &PowerWord| {
            word.text().get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"env:"))
        };
        let Some(at) = words.iter().position(is_name) else { return };
        let option = words.iter().position(|word| word.is("-Value"));
        if let Some(value) = words.get(option.unwrap_or(at) + 1) {
            let name = &words[at];
            let start = if name.text().get(4) == Some(&b'\\') { 5 } else { 4 };
            let mut value = value.clone();
            // A bare word is a text here.
            value.is_quoted = true;
            let key = Span::new(start, name.text().len());
            self.bind(name, key, &value, BindingContext::Environment);
        }
    }

    fn bind(&mut self, name: &PowerWord, key: Span, value: &PowerWord, context: BindingContext) {
        let text = lossy(key.slice(name.text()));
        let Value { kind, .. } = value.value();
        if text.is_empty() || (context == BindingContext::Mapping && kind == ValueKind::Missing) {
            return;
        }
        let key_span = name.extract.map.to_source(key);
        if self.places.may_drop(self.facts.bindings.len(), key_span.joined(value.span)) {
            return;
        }
        self.facts.bindings.push(Binding {
            path: text.clone(),
            key: text,
            callee: None,
            position: None,
            value: value.value(),
            context,
            key_span,
            span: key_span.joined(value.span),
            language: None,
            commented: false,
        });
    }
}

/// `true` if a statement that starts with `word` runs a command.
fn is_command(word: &PowerWord) -> bool {
    !word.is_quoted
        && word.filled == 0
        && !word.is_operator
        && word.text().first().is_some_and(|first| {
            first.is_ascii_alphabetic() || b"./\\_~".contains(first) || !first.is_ascii()
        })
}

fn shown(word: &PowerWord) -> Word {
    Word { text: lossy(word.text()), span: word.span, expands: word.filled > 0 }
}

#[cfg(test)]
mod tests;
