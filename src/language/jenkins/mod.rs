//! Jenkins pipelines: the scripts of their steps, and the variables that they declare.

mod text;

use super::{
    batch::read_batch,
    comment_form::CommentForm,
    extract::sort,
    files::Files,
    groovy::is_pipeline,
    powershell::read_powershell,
    reader::{FileHead, Reader, Wanted},
    shell::{read_lines, read_shell},
};
use crate::model::{Binding, BindingContext, CommandPlace, Facts, Span, Value, ValueKind};
use text::GroovyText;

/// Maximum length in bytes of the arguments of a call whose result a name is bound to.
const MAX_CALL: usize = 512;

/// Reads Jenkinsfiles and other pipelines in Groovy.
pub struct JenkinsReader;

impl Reader for JenkinsReader {
    fn name(&self) -> &'static str {
        "jenkins"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::line("//"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            endings: &["jenkinsfile", "jenkins", "groovy"],
            accepts: |file| !file.ends_in(&["groovy"]) || is_pipeline(file.head),
            starts: &["jenkinsfile"],
            ..Files::NONE
        };
        &FILES
    }

    fn embeds(&self) -> bool {
        true
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>, _wanted: Wanted<'_>) -> Facts {
        let mut pipeline = Pipeline { text, ..Pipeline::default() };
        pipeline.read();
        sort(&mut pipeline.facts);
        pipeline.facts
    }
}

/// The use of the next text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Step {
    #[default]
    None,
    Shell,
    Batch,
    PowerShell,
    /// `withEnv(['A=b'])`
    Variables,
}

#[derive(Default)]
struct Pipeline<'a> {
    text: &'a [u8],
    at: usize,
    facts: Facts,
    step: Step,
    /// Number of parentheses and brackets opened since the start of the step.
    inside: usize,
    braces: usize,
    /// Number of open braces where `environment` opened its own.
    environment: Option<usize>,
    /// The last name, with or without `env.` before it.
    name: Option<Span>,
    /// The name to which the next value is bound.
    bound: Option<(Span, BindingContext)>,
    /// `true` if `environment` has just been read.
    declares: bool,
}

impl Pipeline<'_> {
    fn read(&mut self) {
        while let Some(byte) = self.text.get(self.at) {
            let rest = &self.text[self.at..];
            match byte {
                b'/' if rest.starts_with(b"//") || rest.starts_with(b"/*") => self.comment(),
                b'\'' | b'"' => {
                    let text = GroovyText::read(self.text, self.at);
                    self.at = text.span.end.max(self.at + 1);
                    self.text_token(&text);
                }
                b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.word(),
                _ => {
                    self.mark(*byte);
                    self.at += 1;
                }
            }
        }
    }

    fn comment(&mut self) {
        let rest = &self.text[self.at..];
        let length = if rest.starts_with(b"//") {
            memchr::memchr(b'\n', rest)
        } else {
            memchr::memmem::find(&rest[2..], b"*/").map(|end| end + 4)
        };
        let end = self.at + length.unwrap_or(rest.len());
        self.facts.comments.push(Span::new(self.at, end));
        self.at = end;
    }

    fn word(&mut self) {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_.".contains(byte);
        let length = self.text[self.at..].iter().take_while(is_part).count();
        let word = Span::new(self.at, self.at + length);
        self.at = word.end;
        if let Some((name, context)) = self.bound.take() {
            self.look_up(name, word, context);
        }
        let step = match word.slice(self.text) {
            b"sh" => Step::Shell,
            b"bat" => Step::Batch,
            b"powershell" | b"pwsh" => Step::PowerShell,
            b"withEnv" => Step::Variables,
            _ if self.inside > 0 => self.step,
            _ => Step::None,
        };
        if step != self.step {
            self.inside = 0;
        }
        self.step = step;
        self.declares = word.slice(self.text) == b"environment";
        self.name = Some(word);
    }

    fn mark(&mut self, byte: u8) {
        let next = self.text.get(self.at + 1).copied();
        let before = self.at.checked_sub(1).and_then(|at| self.text.get(at)).copied();
        match byte {
            b' ' | b'\t' | b'\r' => return,
            b'\n' => {
                if self.inside == 0 {
                    self.name = None;
                }
                return;
            }
            b'(' | b'[' => self.inside += usize::from(self.step != Step::None),
            b')' | b']' => {
                self.inside = self.inside.saturating_sub(1);
                if self.inside == 0 {
                    self.step = Step::None;
                }
            }
            b'{' => {
                if self.declares {
                    self.environment = Some(self.braces);
                }
                self.braces += 1;
                self.step = Step::None;
            }
            b'}' => {
                self.braces = self.braces.saturating_sub(1);
                if self.environment == Some(self.braces) {
                    self.environment = None;
                }
                self.step = Step::None;
            }
            b'=' if next != Some(b'=') && !matches!(before, Some(b'=' | b'!' | b'<' | b'>')) => {
                let context = if self.environment.is_some() {
                    BindingContext::Environment
                } else {
                    BindingContext::Assignment
                };
                self.bound = self.name.take().map(|name| (name, context));
                return;
            }
            b':' => {
                self.bound = self.name.take().map(|name| (name, BindingContext::Mapping));
                return;
            }
            _ => {}
        }
        self.bound = None;
        self.declares = false;
        self.name = None;
    }

    fn text_token(&mut self, text: &GroovyText) {
        let bound = self.bound.take();
        let argument = bound.map(|(name, _)| name.slice(self.text));
        if let Some((name, context)) = bound {
            self.bind(name, text.value(), text.span, context);
        }
        if argument.is_some_and(|name| name != b"script") {
            return;
        }
        let script = &text.extract.text;
        let place = CommandPlace::CiStep;
        let inner = match self.step {
            Step::None => return,
            Step::Shell => read_shell(script, place),
            Step::Batch => read_batch(script, place),
            Step::PowerShell => read_powershell(script, place),
            Step::Variables => read_lines(script),
        };
        text.extract.hand_over(inner, &mut self.facts);
    }

    /// Adds a name that is bound to a variable or the result of a call.
    fn look_up(&mut self, name: Span, word: Span, context: BindingContext) {
        let rest = &self.text[word.end..];
        let rest = &rest[..rest.len().min(MAX_CALL)];
        let line = memchr::memchr(b'\n', rest).map_or(rest, |length| &rest[..length]);
        let call = line.first().filter(|byte| **byte == b'(').and(memchr::memchr(b')', line));
        let span = Span::new(word.start, word.end + call.map_or(0, |close| close + 1));
        let text = String::from_utf8_lossy(span.slice(self.text)).into_owned();
        let kind = match text.as_str() {
            "true" | "false" | "null" => ValueKind::Constant,
            _ => ValueKind::Lookup,
        };
        self.bind(name, Value { kind, text, span }, span, context);
    }

    fn bind(&mut self, name: Span, value: Value, whole: Span, context: BindingContext) {
        let path = name.slice(self.text);
        let start = memchr::memrchr(b'.', path).map_or(0, |dot| dot + 1);
        let key_span = Span::new(name.start + start, name.end);
        let key = String::from_utf8_lossy(key_span.slice(self.text)).into_owned();
        let is_environment = path.starts_with(b"env.");
        self.facts.bindings.push(Binding {
            key,
            path: String::from_utf8_lossy(path).into_owned(),
            callee: None,
            position: None,
            value,
            context: if is_environment { BindingContext::Environment } else { context },
            key_span,
            span: key_span.joined(whole),
            language: None,
            commented: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourcePath;

    fn read(text: &str) -> Facts {
        let path = SourcePath::from_bytes("ci/Jenkinsfile.gpu");
        let file = FileHead { path: &path, head: b"" };
        assert_eq!(crate::language::identify(file).map(Reader::name), Some("jenkins"));
        JenkinsReader.read(text.as_bytes(), file, Wanted::ALL)
    }

    #[test]
    fn the_scripts_of_steps_are_read() {
        for (text, expected) in [
            ("sh 'hf a'\nsh \"hf ${b} $C\"\nfoo 'hf d'", &["hf|a", "hf|${b}|$C"][..]),
            ("sh '''\n  hf a \\\\\n    b\n  hf 'c'\n'''", &["hf|a|b", "hf|c"]),
            ("sh \"\"\"hf \\$A \\\"b\\\" \"\"\"", &["hf|$A|b"]),
            ("x = sh(label: 'hf z', script: 'hf a', returnStdout: true).trim()", &["hf|a"]),
            ("bat 'hf a'\npowershell(script: \"hf b\")", &["hf|a", "hf|b"]),
            ("// sh 'hf a'\n/* sh 'hf b' */", &[]),
            ("sh('hf a') { echo 'hf b' }", &["hf|a"]),
        ] {
            let facts = read(text);
            let shown = facts.commands.iter().map(|command| {
                assert_eq!(command.place, CommandPlace::CiStep);
                let words = command.words.iter().map(|word| word.text.as_str());
                words.collect::<Vec<_>>().join("|")
            });
            assert_eq!(shown.collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn names_are_bound_to_values() {
        for (text, expected) in [
            (
                "environment {\n  A = 'b'\n  C = \"x ${d}\"\n  E = credentials('f')\n}\ng = 'h'",
                &[
                    "A Literal Environment b",
                    "C Template Environment x ${d}",
                    "E Lookup Environment credentials('f')",
                    "g Literal Assignment h",
                ][..],
            ),
            (
                "withEnv(['A=b', \"C=${d}\"]) { sh 'e' }",
                &["A Literal Environment b", "C Lookup Environment ${d}"],
            ),
            ("env.A = 'b'\ndef c = d", &["A Literal Environment b", "c Lookup Assignment d"]),
            ("f(token: 'b')\nif (a == 'c') {}", &["token Literal Mapping b"]),
            ("sh 'export A=b'", &["A Literal Environment b"]),
        ] {
            let part =
                |span: Span| String::from_utf8_lossy(span.slice(text.as_bytes())).into_owned();
            let facts = read(text);
            let shown = facts.bindings.iter().map(|binding| {
                assert_eq!(part(binding.key_span), binding.key, "{text}");
                let Binding { key, value, context, .. } = binding;
                format!("{key} {:?} {context:?} {}", value.kind, part(value.span))
            });
            assert_eq!(shown.collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
