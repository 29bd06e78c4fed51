//! Facts about a text, as a language reader yields them: bindings and commands.

use super::{join::join, span::Span, span_map::SpanMap};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// All facts of one text, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Names bound to values.
    pub bindings: Vec<Binding>,
    /// Programs and their arguments.
    pub commands: Vec<Command>,
    /// Modules the text imports, as written: `huggingface_hub`, `@huggingface/inference`.
    pub imports: Vec<String>,
    /// Comments and documentation strings.
    pub comments: Vec<Span>,
    /// The dialect of the file, if names have a special meaning in it: `github-actions`, `compose`,
    /// `kubernetes`. Rules and hints select it like a language.
    pub dialect: Option<&'static str>,
    /// Parts of the text whose facts depend only on their own bytes, such as a function or a fenced
    /// block, in order: those that were read and those that were skipped. Only a few languages have
    /// such parts.
    pub parts: Vec<Range<usize>>,
    /// Code in other languages that is still to be read.
    pub embedded: Vec<Embedded>,
}

impl Facts {
    /// Adds the facts of a text embedded in this one; `map` maps its spans to this text. The
    /// dialect and the parts stay unchanged.
    pub fn absorb(&mut self, mut inner: Facts, map: &SpanMap) {
        inner.for_each_span(|span| *span = map.to_source(*span));
        inner.embedded.iter_mut().for_each(|code| code.map = code.map.through(map));
        self.append(inner);
    }

    /// Sets the language of all facts that have none yet to `language`.
    pub fn embed(&mut self, language: &'static str) {
        let bindings = self.bindings.iter_mut().map(|one| &mut one.language);
        let commands = self.commands.iter_mut().map(|one| &mut one.language);
        bindings.chain(commands).for_each(|one| *one = one.or(Some(language)));
    }

    /// Marks all facts as commented out.
    pub fn comment_out(&mut self) {
        self.bindings.iter_mut().for_each(|one| one.commented = true);
        self.commands.iter_mut().for_each(|one| one.commented = true);
        self.embedded.iter_mut().for_each(|code| code.commented = true);
        self.comments.clear();
        self.imports.clear();
    }

    /// Adds other facts unchanged. The dialect and the parts stay those of `self`.
    pub fn append(&mut self, mut other: Facts) {
        for code in &mut other.embedded {
            code.commands_before += self.commands.len();
        }
        self.embedded.append(&mut other.embedded);
        join(&mut self.bindings, other.bindings);
        join(&mut self.commands, other.commands);
        join(&mut self.imports, other.imports);
        join(&mut self.comments, other.comments);
    }

    /// Calls `change` with every span of the facts.
    pub fn for_each_span(&mut self, mut change: impl FnMut(&mut Span)) {
        for binding in &mut self.bindings {
            change(&mut binding.key_span);
            change(&mut binding.span);
            change(&mut binding.value.span);
        }
        for Command { words, flags, outputs, span, .. } in &mut self.commands {
            change(span);
            words.iter_mut().chain(flags).chain(outputs).for_each(|word| change(&mut word.span));
        }
        self.comments.iter_mut().for_each(change);
    }
}

/// Code in another language: a fenced block, a here-document, the argument of `python -c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedded {
    /// The code, without the indentation, markers and escapes of the surrounding text.
    pub text: Vec<u8>,
    /// Maps bytes of `text` to the surrounding text.
    pub map: SpanMap,
    /// A file name with the extension of its language.
    pub file: String,
    /// The kind of the surrounding text.
    pub nesting: Nesting,
    /// `true` if a shell expands variables in it.
    pub expands: bool,
    /// The place of its commands; `None` keeps the place given by the code's own reader.
    pub place: Option<CommandPlace>,
    /// `true` if another program reads its output.
    pub captured: bool,
    /// `true` if it is commented out.
    pub commented: bool,
    /// Number of commands in the text before it.
    pub commands_before: usize,
}

/// The kind of a text that embeds code. It limits the languages of that code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// A document: any language but that of documents and notebooks.
    Document,
    /// A script: any language that embeds none itself.
    Script,
    /// A notebook: any language but that of notebooks. Python counts as the notebook's own.
    Notebook,
}

/// A name bound to a value: an argument, an assignment, an entry of a mapping, an `ENV`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The last part of the name, without quotes: `token`, `HF_TOKEN`. Empty for a positional
    /// argument.
    pub key: String,
    /// The names around it, outermost first, joined with `.`, the key last:
    /// `jobs.push.env.HF_TOKEN`, `client.token`. Entries of a list add `[0]`.
    pub path: String,
    /// The called function as written, if the binding is an argument: `huggingface_hub.login`,
    /// `InferenceClient`, `os.environ.setdefault`.
    pub callee: Option<String>,
    /// The index of a positional argument, from 0; `None` if it has a name.
    pub position: Option<usize>,
    /// The value.
    pub value: Value,
    /// How the binding is written.
    pub context: BindingContext,
    /// The key, without quotes; empty, at the value, if there is none.
    pub key_span: Span,
    /// The whole construct, from the key to the end of the value with its quotes.
    pub span: Span,
    /// Its language, if it is embedded in a text of another one: Python in a here-document.
    pub language: Option<&'static str>,
    /// `true` if it is in commented-out code.
    pub commented: bool,
}

/// How a binding is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BindingContext {
    /// `f(token=…)`, `f(…)`, `f({ token: … })` gives `Mapping` with a callee.
    Argument,
    /// `token = …`, `self.token = …`, `os.environ["HF_TOKEN"] = …`.
    Assignment,
    /// `"token": …`, `token: …`, in a mapping, an object, a document.
    Mapping,
    /// The declaration of an environment variable: `ENV`, `export`, `environment:`, `setx`.
    Environment,
    /// A build argument: `ARG`, `build.args`.
    BuildArgument,
    /// The default of a parameter or a look-up: `os.getenv("HF_TOKEN", …)`, `def f(token=…)`.
    Default,
    /// A comparison of the name with the value: `if token == …`.
    Comparison,
}

/// The value bound to a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The kind of value.
    pub kind: ValueKind,
    /// The text: of a literal as the program sees it, with escapes resolved and adjacent and added
    /// literals joined; of anything else as it is written.
    pub text: String,
    /// The span of the value without quotes; from the first piece to the last if it has several.
    pub span: Span,
}

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueKind {
    /// A complete text.
    Literal,
    /// A text with placeholders that the program fills in: an f-string, `"Bearer ${TOKEN}"`.
    Template,
    /// A value read from elsewhere: a variable, a call, `${{ secrets.X }}`, `!vault`.
    Lookup,
    /// A number.
    Number,
    /// `true`, `false`, `None`, `null` and their like.
    Constant,
    /// No value: `ARG HF_TOKEN`, `HF_TOKEN:`.
    Missing,
}

/// A program with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The program's name first, without its folder, then its arguments. Wrappers
    /// (`sudo`, `env`, `time`, `exec`, `uv run`, `python -m`) and leading
    /// assignments are not part of it. Never empty.
    pub words: Vec<Word>,
    /// Options of the instruction that runs it, as in a Dockerfile:
    /// `--mount=type=secret,id=HF_TOKEN` of a `RUN`.
    pub flags: Vec<Word>,
    /// The files that its output is written to: `"$GITHUB_ENV"` in `echo … >> "$GITHUB_ENV"`.
    pub outputs: Vec<Word>,
    /// `true` if a pipe or `$(…)` passes its output to another program, so that nobody sees it on a
    /// terminal.
    pub captured: bool,
    /// The place where it runs.
    pub place: CommandPlace,
    /// From the first to the last word.
    pub span: Span,
    /// Its language, if it is embedded in a text of another one.
    pub language: Option<&'static str>,
    /// `true` if it is in commented-out code.
    pub commented: bool,
}

impl Command {
    /// A command of these words; `None` if there are none. Its output is not captured.
    pub fn new(words: Vec<Word>, place: CommandPlace) -> Option<Self> {
        let span = words.first()?.span.joined(words.last()?.span);
        let (flags, outputs) = (Vec::new(), Vec::new());
        Some(Self {
            words,
            flags,
            outputs,
            captured: false,
            place,
            span,
            language: None,
            commented: false,
        })
    }

    /// The program's name.
    pub fn program(&self) -> &str {
        self.words.first().map_or("", |word| word.text.as_str())
    }

    /// The words after the program's name.
    pub fn arguments(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }
}

/// One word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word without quotes; expansions stay as they are written.
    pub text: String,
    /// Its span, with its quotes.
    pub span: Span,
    /// `true` if the shell expands part of it: `$HF_TOKEN`, `$(cat token)`, `%HF_TOKEN%`.
    pub expands: bool,
}

/// The place where a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommandPlace {
    /// An image build: `RUN`.
    ImageBuild,
    /// The start of a container: `CMD`, `ENTRYPOINT`, a Kubernetes `command`.
    ContainerStart,
    /// A step of a CI job.
    CiStep,
    /// A shell script, or a line meant for one.
    Shell,
    /// A cell of a notebook: `!hf auth login`, `%%bash`.
    NotebookCell,
    /// A recipe of a Makefile, a justfile or a package script.
    Recipe,
    /// A program that starts it: `subprocess.run`, `os.system`, `child_process.exec`.
    Subprocess,
    /// A text that instructs a reader to run it: a code block in a README.
    Documentation,
}
