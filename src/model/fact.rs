//! What a language reader says of a text: names bound to values, and commands.

use super::{span::Span, span_map::SpanMap};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Everything a reader found in one text, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Names bound to values.
    pub bindings: Vec<Binding>,
    /// Programs and their arguments.
    pub commands: Vec<Command>,
    /// Modules the text imports, as written: `huggingface_hub`, `@huggingface/inference`.
    pub imports: Vec<String>,
    /// Where comments and documentation strings stand: prose, not code.
    pub comments: Vec<Span>,
    /// What the file is for, where that gives its names a meaning of their own:
    /// `github-actions`, `compose`, `kubernetes`. Rules and hints name it like a language.
    pub dialect: Option<&'static str>,
    /// The parts of the text whose facts depend on nothing but their own bytes, such as a
    /// function or a fenced block: those that were read and those that were skipped, in order.
    /// Only few languages have such parts.
    pub parts: Vec<Range<usize>>,
}

impl Facts {
    /// Adds the facts of a text inside this one, whose places `map` leads back here.
    /// The dialect and the parts stay this one's.
    pub fn absorb(&mut self, mut inner: Facts, map: &SpanMap) {
        inner.for_each_span(|span| *span = map.to_source(*span));
        self.append(inner);
    }

    /// Marks the facts as being in `language`, unless they are in a language embedded in it.
    pub fn embed(&mut self, language: &'static str) {
        let bindings = self.bindings.iter_mut().map(|one| &mut one.language);
        let commands = self.commands.iter_mut().map(|one| &mut one.language);
        bindings.chain(commands).for_each(|one| *one = one.or(Some(language)));
    }

    /// Adds other facts, as they are. The dialect and the parts stay this one's.
    pub fn append(&mut self, other: Facts) {
        self.bindings.extend(other.bindings);
        self.commands.extend(other.commands);
        self.imports.extend(other.imports);
        self.comments.extend(other.comments);
    }

    /// Calls `change` with every place that is named.
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

/// A name bound to a value: an argument, an assignment, a mapping's entry, an `ENV`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The name's last part, without quotes: `token`, `HF_TOKEN`. Empty for a
    /// positional argument.
    pub key: String,
    /// The names around it, outermost first, joined with `.`, the key last:
    /// `jobs.push.env.HF_TOKEN`, `client.token`. Entries of a list give `[0]`.
    pub path: String,
    /// What is called, as written, when the binding is an argument:
    /// `huggingface_hub.login`, `InferenceClient`, `os.environ.setdefault`.
    pub callee: Option<String>,
    /// Which argument it is, from 0, when it has no name.
    pub position: Option<usize>,
    /// What the name is bound to.
    pub value: Value,
    /// How the binding is written.
    pub context: BindingContext,
    /// Where the key stands, without quotes; empty, at the value, when it has none.
    pub key_span: Span,
    /// The whole construct, from the key to the end of the value with its quotes.
    pub span: Span,
    /// Its language, if it is embedded in a text of another one: Python in a here-document.
    pub language: Option<&'static str>,
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
    /// An environment variable is declared: `ENV`, `export`, `environment:`, `setx`.
    Environment,
    /// A build argument: `ARG`, `build.args`.
    BuildArgument,
    /// A parameter's or a look-up's default: `os.getenv("HF_TOKEN", …)`, `def f(token=…)`.
    Default,
    /// The name is compared with the value or tests for it: `if token == …`.
    Comparison,
}

/// What a name is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What sort of value it is.
    pub kind: ValueKind,
    /// A literal as the program would see it: escapes resolved, adjacent and added
    /// literals joined. Anything else as it is written.
    pub text: String,
    /// Where the value stands, without quotes; from the first to the last piece
    /// when it has several.
    pub span: Span,
}

/// What sort of value a name is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueKind {
    /// A text that stands there in full.
    Literal,
    /// A text with places to be filled in: an f-string, `"Bearer ${TOKEN}"`.
    Template,
    /// Read from elsewhere: a variable, a call, `${{ secrets.X }}`, `!vault`.
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
    /// The files its output is written to: `"$GITHUB_ENV"` in `echo … >> "$GITHUB_ENV"`.
    pub outputs: Vec<Word>,
    /// Whether another program takes its output, by a pipe or by `$(…)`, so that it is
    /// shown to nobody.
    pub captured: bool,
    /// Where it runs.
    pub place: CommandPlace,
    /// From the first to the last word.
    pub span: Span,
    /// Its language, if it is embedded in a text of another one.
    pub language: Option<&'static str>,
}

impl Command {
    /// The command that `words` make up, unless there are none. Its output goes to
    /// whoever watches.
    pub fn new(words: Vec<Word>, place: CommandPlace) -> Option<Self> {
        let span = words.first()?.span.joined(words.last()?.span);
        let (flags, outputs) = (Vec::new(), Vec::new());
        Some(Self { words, flags, outputs, captured: false, place, span, language: None })
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
    /// The word after quotes are removed; expansions stay as they are written.
    pub text: String,
    /// Where it stands, with its quotes.
    pub span: Span,
    /// Whether the shell fills in part of it: `$HF_TOKEN`, `$(cat token)`, `%HF_TOKEN%`.
    pub expands: bool,
}

/// Where a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommandPlace {
    /// While an image is built: `RUN`.
    ImageBuild,
    /// When a container starts: `CMD`, `ENTRYPOINT`, a Kubernetes `command`.
    ContainerStart,
    /// A step of a CI job.
    CiStep,
    /// A shell script, or a line meant for one.
    Shell,
    /// A notebook's cell: `!hf auth login`, `%%bash`.
    NotebookCell,
    /// A recipe of a Makefile, justfile or package script.
    Recipe,
    /// Started by a program: `subprocess.run`, `os.system`, `child_process.exec`.
    Subprocess,
    /// The text only tells a person to run it: a code block in a README.
    Documentation,
}
