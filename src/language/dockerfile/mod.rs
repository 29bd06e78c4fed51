//! Dockerfiles and Containerfiles.

mod arguments;
mod instruction;

use super::{
    batch::read_batch,
    comment_form::CommentForm,
    embedded,
    extract::{Extract, sort},
    files::Files,
    powershell::read_powershell,
    reader::{FileHead, Reader, Wanted},
    shell::{read_arguments, read_declared, read_lines, read_shell},
};
use crate::model::{BindingContext, Command, CommandPlace, Facts, Nesting, Span, Word};
use arguments::{first_word, flags, json_arguments, plain_words};
use instruction::{Instruction, Instructions};
use regex::bytes::Regex;
use std::sync::LazyLock;

/// Maximum number of bytes of an instruction's options that are copied to each of its commands.
const MAX_FLAG_BYTES: usize = 4096;

/// Reads Dockerfiles.
pub struct DockerfileReader;

impl Reader for DockerfileReader {
    fn name(&self) -> &'static str {
        "dockerfile"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::own_line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            names: &["dockerfile", "containerfile", "earthfile"],
            endings: &["dockerfile", "containerfile"],
            starts: &[
                "dockerfile.",
                "dockerfile-",
                "dockerfile_",
                "containerfile.",
                "containerfile-",
                "containerfile_",
            ],
            except: &["dockerignore", "md", "py", "j2", "txt"],
            ..Files::NONE
        };
        &FILES
    }

    fn embeds(&self) -> bool {
        true
    }

    fn may_be_embedded(&self, text: &[u8]) -> bool {
        const NAMES: &str = "ocker|OCKER|ontainerfile|ONTAINERFILE|arthfile|ARTHFILE";
        static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(NAMES).ok());
        NAME.as_ref().is_none_or(|name| name.is_match(text))
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>, _wanted: Wanted<'_>) -> Facts {
        read_dockerfile(text)
    }
}

/// The facts of a Dockerfile.
///
/// The commands of `RUN` have the place [`CommandPlace::ImageBuild`] and the options of `RUN` among
/// their flags; `FROM`, `COPY` and `ADD` are commands of the build too. The commands of `CMD`,
/// `ENTRYPOINT` and `HEALTHCHECK` run at the start of a container.
pub fn read_dockerfile(text: &[u8]) -> Facts {
    let mut instructions = Instructions::new(text);
    let mut image = Image {
        text,
        escape: instructions.escape,
        shell: if instructions.escape == b'`' { Interpreter::Batch } else { Interpreter::Posix },
        facts: Facts::default(),
    };
    for instruction in instructions.by_ref() {
        image.instruction(&instruction);
    }
    image.facts.comments.append(&mut instructions.comments);
    sort(&mut image.facts);
    image.facts
}

/// The shell that runs `RUN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interpreter {
    Posix,
    PowerShell,
    Batch,
}

struct Image<'a> {
    text: &'a [u8],
    escape: u8,
    shell: Interpreter,
    facts: Facts,
}

impl Image<'_> {
    fn instruction(&mut self, instruction: &Instruction) {
        let line = &instruction.line;
        let mut keyword = first_word(&line.text, 0);
        if keyword.slice(&line.text).eq_ignore_ascii_case(b"ONBUILD") {
            keyword = first_word(&line.text, keyword.end);
        }
        let (flags, rest) = flags(line, keyword.end);
        match keyword.slice(&line.text).to_ascii_uppercase().as_slice() {
            b"ENV" => self.declared(line, keyword.end, BindingContext::Environment),
            b"ARG" => self.declared(line, keyword.end, BindingContext::BuildArgument),
            b"LABEL" => self.declared(line, keyword.end, BindingContext::Mapping),
            b"RUN" => self.run(instruction, flags, rest),
            b"CMD" | b"ENTRYPOINT" => {
                self.commands(line, rest, CommandPlace::ContainerStart, flags);
            }
            b"HEALTHCHECK" => {
                let command = first_word(&line.text, rest);
                if command.slice(&line.text).eq_ignore_ascii_case(b"CMD") {
                    self.commands(line, command.end, CommandPlace::ContainerStart, flags);
                }
            }
            b"SHELL" => self.choose_shell(line, rest),
            b"FROM" | b"COPY" | b"ADD" => self.build_step(instruction, keyword, rest, flags),
            _ => {}
        }
    }

    fn declared(&mut self, line: &Extract, from: usize, context: BindingContext) {
        let list = self.as_shell_words(line, from);
        list.hand_over(read_declared(&list.text, context), &mut self.facts);
    }

    /// The line from `from` on in shell syntax: the escape of the file becomes a backslash, and
    /// characters without a special meaning in Docker are escaped.
    fn as_shell_words(&self, line: &Extract, from: usize) -> Extract {
        let mut words = Extract::default();
        let mut start = from;
        let other = if self.escape == b'`' { b'\\' } else { b'`' };
        for at in memchr::memchr2_iter(b'`', b'\\', line.text.get(from..).unwrap_or_default()) {
            let at = from + at;
            let source = line.map.to_source(Span::new(at, at + 1));
            words.append(&line.part(Span::new(start, at)));
            if line.text[at] == other {
                words.replace(&[b'\\', other], source);
            } else {
                words.replace(b"\\", source);
            }
            start = at + 1;
        }
        words.append(&line.part(Span::new(start, line.text.len())));
        words
    }

    fn run(&mut self, instruction: &Instruction, flags: Vec<Word>, rest: usize) {
        let line = &instruction.line;
        let first = self.facts.commands.len();
        let only_document = line.text.get(rest..).unwrap_or_default().trim_ascii();
        match instruction.documents.as_slice() {
            [] => self.commands(line, rest, CommandPlace::ImageBuild, flags.clone()),
            [document]
                if only_document.starts_with(b"<<")
                    && first_word(only_document, 0).end == only_document.len() =>
            {
                let body = document.body.slice(self.text);
                let interpreter = body
                    .strip_prefix(b"#!")
                    .map(|rest| rest.split(|byte| *byte == b'\n').next().unwrap_or_default());
                if interpreter.is_none_or(|line| line.trim_ascii().ends_with(b"sh")) {
                    let mut script = Extract::default();
                    script.copy(self.text, document.body);
                    self.script(&script, CommandPlace::ImageBuild);
                } else {
                    self.document(document.body, "script");
                }
            }
            documents => {
                let mut script = line.part(Span::new(rest, line.text.len()));
                let end = documents.first().map_or(0, |document| document.whole.start);
                script.replace(b"\n", Span::new(end, end));
                for document in documents {
                    script.copy(self.text, document.whole);
                }
                self.script(&script, CommandPlace::ImageBuild);
            }
        }
        self.flag(first, &flags);
    }

    /// Reads a command line, or a list of words in JSON.
    fn commands(&mut self, line: &Extract, rest: usize, place: CommandPlace, flags: Vec<Word>) {
        let first = self.facts.commands.len();
        match json_arguments(line, rest) {
            Some(arguments) => {
                let inner = read_arguments(arguments, place);
                self.facts.bindings.extend(inner.bindings);
                self.facts.commands.extend(inner.commands);
            }
            None => self.script(&line.part(Span::new(rest, line.text.len())), place),
        }
        self.flag(first, &flags);
    }

    fn script(&mut self, script: &Extract, place: CommandPlace) {
        let inner = match self.shell {
            Interpreter::Posix => read_shell(&script.text, place),
            Interpreter::PowerShell => read_powershell(&script.text, place),
            Interpreter::Batch => read_batch(&script.text, place),
        };
        script.hand_over(inner, &mut self.facts);
    }

    /// Adds the options of their instruction to the commands from `first` on.
    fn flag(&mut self, first: usize, flags: &[Word]) {
        let mut bytes = 0;
        let kept = flags.iter().take_while(|flag| {
            bytes += flag.text.len();
            bytes <= MAX_FLAG_BYTES
        });
        let kept = kept.cloned().collect::<Vec<_>>();
        for command in self.facts.commands.iter_mut().skip(first) {
            command.flags.clone_from(&kept);
        }
    }

    fn choose_shell(&mut self, line: &Extract, rest: usize) {
        let arguments = json_arguments(line, rest).unwrap_or_default();
        let Some(program) = arguments.first() else { return };
        let name = program.extract.text.to_ascii_lowercase();
        let names = |part: &[u8]| memchr::memmem::find(&name, part).is_some();
        self.shell = if names(b"powershell") || names(b"pwsh") {
            Interpreter::PowerShell
        } else if names(b"cmd") {
            Interpreter::Batch
        } else {
            Interpreter::Posix
        };
    }

    /// Adds `FROM`, `COPY` or `ADD` as a command with the destination as its output.
    fn build_step(
        &mut self,
        instruction: &Instruction,
        keyword: Span,
        rest: usize,
        flags: Vec<Word>,
    ) {
        let line = &instruction.line;
        let name = keyword.slice(&line.text).to_ascii_uppercase();
        let mut words = vec![Word {
            text: String::from_utf8_lossy(&name).into_owned(),
            span: line.map.to_source(keyword),
            expands: false,
        }];
        match json_arguments(line, rest) {
            Some(arguments) => words.extend(arguments.into_iter().map(|argument| Word {
                text: String::from_utf8_lossy(&argument.extract.text).into_owned(),
                span: argument.span,
                expands: argument.expands,
            })),
            None => words.extend(plain_words(&self.as_shell_words(line, rest))),
        }
        let is_copy = words.len() > 2 && name != b"FROM";
        let output = if is_copy { words.pop() } else { None };
        let target = output.as_ref().map(|word| word.text.clone()).unwrap_or_default();
        if let Some(mut command) = Command::new(words, CommandPlace::ImageBuild) {
            command.flags = flags;
            command.outputs.extend(output);
            self.facts.commands.push(command);
        }
        let file = target.rsplit('/').next().unwrap_or_default();
        if let [document] = instruction.documents.as_slice() {
            if file.starts_with(".env") || file.ends_with(".env") {
                let mut body = Extract::default();
                body.copy(self.text, document.body);
                body.hand_over(read_lines(&body.text), &mut self.facts);
            } else {
                self.document(document.body, file);
            }
        }
    }

    /// Reads the body of a here-document as a file named `file`.
    fn document(&mut self, body: Span, file: &str) {
        let mut code = Extract::default();
        code.copy(self.text, body);
        self.facts.embedded.push(embedded::code(&code, file, Nesting::Script));
    }
}

#[cfg(test)]
mod tests;
