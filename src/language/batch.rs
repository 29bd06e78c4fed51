//! Windows batch files.

use super::{
    comment_form::CommentForm,
    extract::{Extract, sort},
    files::Files,
    reader::{FileHead, Places, Reader, Wanted},
};
use crate::model::{
    Binding, BindingContext, Command, CommandPlace, Facts, Span, Value, ValueKind, Word,
};

/// Reads batch files.
pub struct BatchReader;

impl Reader for BatchReader {
    fn name(&self) -> &'static str {
        "batch"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::own_line("rem"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files { endings: &["bat", "cmd"], ..Files::NONE };
        &FILES
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>, wanted: Wanted<'_>) -> Facts {
        read_batch_near(text, CommandPlace::Shell, wanted.places)
    }
}

/// Maximum number of words kept of one command.
const MAX_WORDS: usize = 4096;

/// The facts of a batch file that runs in `place`.
pub fn read_batch(text: &[u8], place: CommandPlace) -> Facts {
    read_batch_near(text, place, Places::ALL)
}

fn read_batch_near(text: &[u8], place: CommandPlace, places: Places<'_>) -> Facts {
    let mut batch = Batch { text, place, places, facts: Facts::default() };
    let mut at = 0;
    while at < text.len() {
        at = batch.command(at);
    }
    sort(&mut batch.facts);
    batch.facts
}

struct Batch<'a> {
    text: &'a [u8],
    place: CommandPlace,
    places: Places<'a>,
    facts: Facts,
}

/// A word while its command is being read.
#[derive(Default)]
struct BatchWord {
    extract: Extract,
    span: Span,
}

impl Batch<'_> {
    /// Reads the command that starts at `start`, and returns the start of the next one.
    fn command(&mut self, start: usize) -> usize {
        let blanks = |byte: &&u8| b" \t\r\n@(),;".contains(byte);
        let start = start + self.text[start..].iter().take_while(blanks).count();
        if self.is_comment(start) {
            let end = self.line_end(start);
            self.facts.comments.push(Span::new(start, end));
            return end;
        }
        let mut words = Vec::new();
        let mut at = start;
        loop {
            match self.text.get(at) {
                None => break,
                Some(b'\n' | b')' | b'&' | b'|') => break,
                Some(b' ' | b'\t' | b'\r') => at += 1,
                Some(b'(') => {
                    let span = Span::new(at, at + 1);
                    let mut word = BatchWord { span, ..BatchWord::default() };
                    word.extract.copy(self.text, span);
                    words.push(word);
                    words.truncate(MAX_WORDS);
                    at += 1;
                }
                Some(b'^') if self.is_continuation(at) => at = self.line_end(at) + 1,
                Some(b'>' | b'<') => {
                    at = self.redirection(at);
                }
                Some(_) => {
                    let word = self.word(at);
                    at = word.span.end.max(at + 1);
                    if words.len() < MAX_WORDS {
                        words.push(word);
                    }
                }
            }
        }
        let is_piped = self.text.get(at) == Some(&b'|') && self.text.get(at + 1) != Some(&b'|');
        self.finish(&words, at, is_piped);
        (at + 1).min(self.text.len())
    }

    fn is_comment(&self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or_default();
        let is_rem = rest.get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"rem"))
            && rest.get(3).is_none_or(u8::is_ascii_whitespace);
        is_rem || rest.starts_with(b"::")
    }

    fn is_continuation(&self, at: usize) -> bool {
        let rest = self.text.get(at + 1..).unwrap_or_default();
        rest.starts_with(b"\n") || rest.starts_with(b"\r\n")
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(self.text.len(), |offset| from + offset)
    }

    fn redirection(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let mut length = rest.iter().take_while(|byte| b"<>&".contains(byte)).count();
        length += rest[length..].iter().take_while(|byte| b" \t".contains(byte)).count();
        if rest.get(length).is_none_or(|next| b"\r\n&|)".contains(next)) {
            return at + length;
        }
        self.word(at + length).span.end.max(at + length)
    }

    /// The word at `start`. Inside quotes, which end with the line, blanks and operators belong to
    /// it; `^` protects the next byte or line end.
    fn word(&self, start: usize) -> BatchWord {
        let mut word = BatchWord::default();
        let mut is_quoted = false;
        let mut at = start;
        while let Some(byte) = self.text.get(at) {
            match byte {
                b'\n' => break,
                b'"' => is_quoted = !is_quoted,
                b'^' if !is_quoted => {
                    at += 1 + usize::from(self.text[at + 1..].starts_with(b"\r\n"));
                    if let Some(next) = self.text.get(at)
                        && *next != b'\n'
                    {
                        word.extract.copy(self.text, Span::new(at, at + 1));
                    }
                    at = (at + 1).min(self.text.len());
                    continue;
                }
                b' ' | b'\t' | b'\r' | b'&' | b'|' | b'<' | b'>' | b')' if !is_quoted => break,
                b'\r' if self.text.get(at + 1) == Some(&b'\n') => break,
                _ => word.extract.copy(self.text, Span::new(at, at + 1)),
            }
            at += 1;
        }
        word.span = Span::new(start, at);
        word
    }

    fn finish(&mut self, words: &[BatchWord], end: usize, is_piped: bool) {
        let words = without_keywords(words);
        let shown = words
            .iter()
            .map(|word| Word {
                text: lossy(&word.extract.text),
                span: word.span,
                expands: expands(&word.extract.text),
            })
            .collect::<Vec<_>>();
        let Some(mut command) = Command::new(shown, self.place) else { return };
        let name = command.program().rsplit(['/', '\\']).next().unwrap_or_default();
        let name = name.strip_suffix(".exe").unwrap_or(name).to_owned();
        let lower = name.to_ascii_lowercase();
        if let Some(program) = command.words.first_mut() {
            program.text = name;
        }
        command.captured = is_piped;
        if !self.places.may_drop(self.facts.commands.len(), command.span) {
            self.facts.commands.push(command);
        }
        match lower.as_str() {
            "set" => self.set(words, end),
            "setx" => self.setx(words),
            _ => {}
        }
    }

    /// Adds the binding of `set A=b`, whose value extends to the end of the command, or of
    /// `set "A=b"`.
    fn set(&mut self, words: &[BatchWord], end: usize) {
        let Some(first) = words.get(1) else { return };
        if first.extract.text.starts_with(b"/") {
            // `/a` calculates, `/p` prompts.
            return;
        }
        let is_quoted = self.text.get(first.span.start) == Some(&b'"');
        let start = first.span.start + usize::from(is_quoted);
        let end = if is_quoted {
            let rest = &self.text[start..first.span.end.max(start)];
            memchr::memrchr(b'"', rest).map_or(first.span.end, |offset| start + offset)
        } else {
            end
        };
        let part = self.text.get(start..end).unwrap_or_default();
        let Some(equals) = memchr::memchr(b'=', part) else { return };
        let value = part[equals + 1..].trim_ascii_end();
        let outer = Span::new(start + equals + 1, start + equals + 1 + value.len());
        let inner = match value {
            [b'"', .., b'"'] => Span::new(outer.start + 1, outer.end - 1),
            _ => outer,
        };
        let key = Span::new(start, start + part[..equals].trim_ascii_end().len());
        self.bind(key, inner, Span::new(key.start, outer.end));
    }

    /// Adds the binding of `setx A b /M`.
    fn setx(&mut self, words: &[BatchWord]) {
        let mut plain = words.iter().skip(1).filter(|word| !word.extract.text.starts_with(b"/"));
        if let (Some(name), Some(value)) = (plain.next(), plain.next()) {
            let inside = |word: &BatchWord| {
                let whole = Span::new(0, word.extract.text.len());
                word.extract.map.to_source(whole)
            };
            self.bind(inside(name), inside(value), name.span.joined(value.span));
        }
    }

    fn bind(&mut self, key: Span, value: Span, span: Span) {
        let name = lossy(key.slice(self.text));
        if name.is_empty() || name.contains(|letter: char| letter.is_whitespace()) {
            return;
        }
        if self.places.may_drop(self.facts.bindings.len(), span) {
            return;
        }
        let text = value.slice(self.text);
        self.facts.bindings.push(Binding {
            path: name.clone(),
            key: name,
            callee: None,
            position: None,
            value: Value { kind: kind_of(text), text: lossy(text), span: value },
            context: BindingContext::Environment,
            key_span: key,
            span,
            language: None,
            commented: false,
        });
    }
}

/// The words after `if …`, `call`, `else`, `do` and the like, as far as names alone distinguish
/// those from a command.
fn without_keywords(words: &[BatchWord]) -> &[BatchWord] {
    let mut rest = words;
    while let Some(first) = rest.first() {
        let is = |word: &str| first.extract.text.eq_ignore_ascii_case(word.as_bytes());
        let skipped = if is("(") || is("call") || is("else") || is("do") || is("start") {
            1
        } else if is("if") {
            condition_length(rest)
        } else if is("for") {
            let is_do = |word: &BatchWord| word.extract.text.eq_ignore_ascii_case(b"do");
            rest.iter().position(is_do).map_or(rest.len(), |at| at + 1)
        } else {
            return rest;
        };
        rest = rest.get(skipped..).unwrap_or_default();
    }
    rest
}

/// Number of words of an `if` with its condition.
fn condition_length(words: &[BatchWord]) -> usize {
    let is = |at: usize, name: &str| {
        words.get(at).is_some_and(|word| word.extract.text.eq_ignore_ascii_case(name.as_bytes()))
    };
    let mut at = 1;
    while is(at, "/i") || is(at, "not") {
        at += 1;
    }
    let is_operator = |at: usize| {
        ["==", "equ", "neq", "lss", "leq", "gtr", "geq"].iter().any(|known| is(at, known))
    };
    if is(at, "exist") || is(at, "defined") || is(at, "errorlevel") {
        at + 2
    } else if is_operator(at + 1) {
        at + 3
    } else {
        at + 1
    }
}

/// `true` if the command processor expands part of `text`: `%A%`, `%1`, `!A!`, or a template that
/// another tool fills in first.
fn expands(text: &[u8]) -> bool {
    kind_of(text) != ValueKind::Literal && !text.is_empty()
}

fn kind_of(text: &[u8]) -> ValueKind {
    let is_name = |name: &[u8]| {
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    let between = |mark: u8| match text {
        [first, name @ .., last] if *first == mark && *last == mark => is_name(name),
        _ => false,
    };
    let has_pair = |mark: u8| {
        let mut parts = text.split(|byte| *byte == mark).skip(1).peekable();
        let mut found = false;
        while let Some(part) = parts.next() {
            found |= parts.peek().is_some() && is_name(part);
        }
        found
    };
    let template = memchr::memmem::find(text, b"{{")
        .is_some_and(|start| memchr::memmem::find(&text[start..], b"}}").is_some());
    match text {
        [] => ValueKind::Missing,
        _ if between(b'%') || between(b'!') => ValueKind::Lookup,
        [b'%', b'0'..=b'9'] => ValueKind::Lookup,
        _ if template && text.starts_with(b"${{") && text.ends_with(b"}}") => ValueKind::Lookup,
        _ if template || has_pair(b'%') || has_pair(b'!') => ValueKind::Template,
        _ => ValueKind::Literal,
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bindings(file: &str) -> Vec<String> {
        let part = |span: Span| String::from_utf8_lossy(span.slice(file.as_bytes())).into_owned();
        read_batch(file.as_bytes(), CommandPlace::Shell)
            .bindings
            .iter()
            .map(|binding| {
                assert_eq!(part(binding.key_span), binding.key, "{file}");
                format!("{} {:?} {}", binding.key, binding.value.kind, part(binding.value.span))
            })
            .collect()
    }

    #[test]
    fn set_and_setx_bind_names_to_values() {
        for (file, expected) in [
            ("set A=b c\r\n", &["A Literal b c"][..]),
            ("@SET \"A=b c\" & rem x", &["A Literal b c"]),
            ("set A=\"b\"", &["A Literal b"]),
            (
                "set A=%B%\nset C=!D!\nset E=x-%F%",
                &["A Lookup %B%", "C Lookup !D!", "E Template x-%F%"],
            ),
            ("setx A \"b c\" /M", &["A Literal b c"]),
            ("setx /M A b", &["A Literal b"]),
            ("if not defined A set A=b", &["A Literal b"]),
            ("if \"%A%\"==\"\" (\n  set A=b\n)", &["A Literal b"]),
            ("set A=\nset B\nset /p C=Name?\n:: set D=e", &["A Missing "]),
        ] {
            assert_eq!(bindings(file), expected, "{file}");
        }
    }

    #[test]
    fn commands_are_told_apart() {
        let file = "@echo off\r\ncall hf auth login --token %T% ^\r\n  \"a b\" > nul\r\nrem x\r\na | b && c:\\d\\hf.exe e";
        let facts = read_batch(file.as_bytes(), CommandPlace::Shell);
        let block = read_batch(b"if \"%A%\"==\"\" (\n  a\n) else (b)", CommandPlace::Shell);
        let programs = block.commands.iter().map(Command::program).collect::<Vec<_>>();
        assert_eq!(programs, ["a", "b"]);
        let shown = facts
            .commands
            .iter()
            .map(|command| {
                let words = command.words.iter().map(|word| word.text.as_str());
                words.collect::<Vec<_>>().join("|")
            })
            .collect::<Vec<_>>();
        assert_eq!(shown, ["echo|off", "hf|auth|login|--token|%T%|a b", "a", "b", "hf|e"]);
        assert!(facts.commands[1].words[4].expands);
        assert!(facts.commands[2].captured);
    }
}
