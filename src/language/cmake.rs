//! CMake: the variables that its commands set, and the programs that they start.

use super::{
    comment_form::CommentForm,
    extract::sort,
    files::Files,
    lookup::kind_of_text,
    reader::{FileHead, Reader, Wanted},
};
use crate::model::{
    Binding, BindingContext, Command, CommandPlace, Facts, Span, Value, ValueKind, Word,
};

/// Reads CMake.
pub struct CmakeReader;

impl Reader for CmakeReader {
    fn name(&self) -> &'static str {
        "cmake"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files =
            Files { names: &["cmakelists.txt"], endings: &["cmake"], ..Files::NONE };
        &FILES
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>, _wanted: Wanted<'_>) -> Facts {
        let mut script = Script { text, at: 0, facts: Facts::default() };
        script.read();
        sort(&mut script.facts);
        script.facts
    }
}

/// Words before the program of `execute_process` and `add_custom_command`.
const BEFORE_PROGRAM: &str = "COMMAND";

/// An argument without its quotes, with its span.
#[derive(Clone, Copy)]
struct Argument {
    span: Span,
}

struct Script<'a> {
    text: &'a [u8],
    at: usize,
    facts: Facts,
}

impl Script<'_> {
    fn read(&mut self) {
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'#' => self.comment(),
                b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.call(),
                _ => self.at += 1,
            }
        }
    }

    fn comment(&mut self) {
        let rest = &self.text[self.at..];
        let length = match rest.strip_prefix(b"#[[") {
            Some(block) => memchr::memmem::find(block, b"]]").map(|end| end + 5),
            None => memchr::memchr(b'\n', rest),
        };
        let end = self.at + length.unwrap_or(rest.len());
        self.facts.comments.push(Span::new(self.at, end));
        self.at = end;
    }

    /// Reads `name(arguments)`.
    fn call(&mut self) {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let length = self.text[self.at..].iter().take_while(is_part).count();
        let name = Span::new(self.at, self.at + length);
        self.at = name.end;
        self.blanks();
        if self.text.get(self.at) != Some(&b'(') {
            return;
        }
        self.at += 1;
        let arguments = self.arguments();
        let name = name.slice(self.text).to_ascii_lowercase();
        if name == b"set" && arguments.len() > 1 {
            self.bind(arguments[0].span, arguments[1].span);
        }
        for argument in &arguments {
            self.pair(*argument);
        }
        self.program(&arguments);
    }

    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    /// Reads arguments up to the `)` that closes the call.
    fn arguments(&mut self) -> Vec<Argument> {
        let (mut arguments, mut open) = (Vec::new(), 1usize);
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'#' => self.comment(),
                b'(' => (self.at, open) = (self.at + 1, open + 1),
                b')' => {
                    (self.at, open) = (self.at + 1, open - 1);
                    if open == 0 {
                        break;
                    }
                }
                b'"' => {
                    let start = self.at + 1;
                    let end = self.quote_end(start);
                    arguments.push(Argument { span: Span::new(start, end) });
                    self.at = (end + 1).min(self.text.len());
                }
                byte if byte.is_ascii_whitespace() => self.at += 1,
                _ => arguments.push(self.plain()),
            }
        }
        arguments
    }

    fn quote_end(&self, start: usize) -> usize {
        let mut at = start;
        while let Some(byte) = self.text.get(at) {
            match byte {
                b'"' => break,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        at.min(self.text.len())
    }

    /// Reads an argument that begins without a quote but may contain one: `A="b"`.
    fn plain(&mut self) -> Argument {
        let start = self.at;
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'"' => self.at = (self.quote_end(self.at + 1) + 1).min(self.text.len()),
                b'(' | b')' | b'#' => break,
                byte if byte.is_ascii_whitespace() => break,
                _ => self.at += 1,
            }
        }
        self.at = self.at.max(start + 1);
        Argument { span: Span::new(start, self.at) }
    }

    /// Adds the variable of `A=b`, `-DA=b` and `A="b"`.
    fn pair(&mut self, argument: Argument) {
        let word = argument.span.slice(self.text);
        let Some(equals) = memchr::memchr(b'=', word) else { return };
        let start = if word.starts_with(b"-D") { 2 } else { 0 };
        let is_name = equals > start
            && word[start..equals].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if is_name {
            let from = argument.span.start;
            let value = Span::new(from + equals + 1, argument.span.end);
            let quote = |byte: Option<&u8>| usize::from(byte == Some(&b'"'));
            let bytes = value.slice(self.text);
            let cut = quote(bytes.first());
            let value = Span::new(
                value.start + cut,
                (value.end - quote(bytes.last()).min(cut)).max(value.start + cut),
            );
            self.bind(Span::new(from + start, from + equals), value);
        }
    }

    /// Binds a name, `A` or `ENV{A}`, to a value.
    fn bind(&mut self, name: Span, value: Span) {
        let inside = name.slice(self.text).strip_prefix(b"ENV{");
        let (name, context) = match inside.and_then(|rest| rest.strip_suffix(b"}")) {
            Some(_) => (Span::new(name.start + 4, name.end - 1), BindingContext::Environment),
            None => (name, BindingContext::Assignment),
        };
        let text = |span: Span| String::from_utf8_lossy(span.slice(self.text)).into_owned();
        let key = text(name);
        let value_text = text(value);
        let kind = match value_text.contains("$ENV{") || value_text.contains("${") {
            true => ValueKind::Lookup,
            false => kind_of_text(&value_text),
        };
        self.facts.bindings.push(Binding {
            path: key.clone(),
            key,
            key_span: name,
            value: Value { kind, text: value_text, span: value },
            callee: None,
            position: None,
            context,
            span: name.joined(value),
            language: None,
            commented: false,
        });
    }

    /// Adds the programs that the call starts.
    fn program(&mut self, arguments: &[Argument]) {
        let is_mark = |one: &Argument| one.span.slice(self.text) == BEFORE_PROGRAM.as_bytes();
        let is_keyword = |one: &&Argument| {
            let word = one.span.slice(self.text);
            word.len() < 3 || !word.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
        };
        let starts = arguments.iter().enumerate().filter(|(_, one)| is_mark(one));
        let commands: Vec<Command> = starts
            .filter_map(|(at, _)| {
                let words = arguments[at + 1..].iter().take_while(is_keyword).map(|one| Word {
                    text: String::from_utf8_lossy(one.span.slice(self.text)).into_owned(),
                    span: one.span,
                    expands: memchr::memchr(b'$', one.span.slice(self.text)).is_some(),
                });
                Command::new(words.collect(), CommandPlace::Subprocess)
            })
            .collect();
        self.facts.commands.extend(commands);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourcePath;

    fn read(text: &str) -> Vec<String> {
        let path = SourcePath::from_bytes("CMakeLists.txt");
        let facts =
            CmakeReader.read(text.as_bytes(), FileHead { path: &path, head: b"" }, Wanted::ALL);
        let bindings = facts.bindings.iter().map(|one| {
            assert_eq!(one.value.span.slice(text.as_bytes()), one.value.text.as_bytes());
            format!("{:?} {} = {}", one.context, one.key, one.value.text)
        });
        let commands = facts.commands.iter().map(|one| {
            one.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join("|")
        });
        bindings.chain(commands).collect()
    }

    #[test]
    fn what_a_call_sets_is_bound_to_its_name() {
        for (text, expected) in [
            ("set(HF_TOKEN \"x\" CACHE STRING \"t\")", &["Assignment HF_TOKEN = x"][..]),
            ("SET( ENV{HF_TOKEN} x )", &["Environment HF_TOKEN = x"]),
            ("add_compile_definitions(A=\"x\" B=y)", &["Assignment A = x", "Assignment B = y"]),
            ("f(t ENVIRONMENT \"A=x\")", &["Assignment A = x"]),
            ("add_definitions(-DA=x)", &["Assignment A = x"]),
            ("execute_process(COMMAND hf auth \"x\" OUTPUT_VARIABLE o)", &["hf|auth|x"]),
            ("# set(A b)\n#[[ set(A b) ]]\nset(A)", &[]),
            ("set(A \"b", &["Assignment A = b"]),
            ("set(A b", &["Assignment A = b"]),
            ("set(", &[]),
            ("if(A=\")", &["Assignment A = )"]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
