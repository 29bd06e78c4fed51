//! Python, including cells of notebooks.

#[cfg(test)]
mod tests;

use super::{
    files::Files,
    lexical::{
        Comment, Curly, Fold, Form, Grammar, Import, Kind, Lexical, LineEnds, Meaning,
        NamedArguments, On, Prefixes, Quote, Trait, Traits, Words, shared,
    },
};

/// Reads Python.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "python",
    files: Files {
        names: &["sconstruct", "sconscript", "build.bazel", "wscript", "snakefile", "tiltfile"],
        endings: &["py", "pyi", "pyw", "pyx", "pxd", "bzl", "star", "ipy", "smk"],
        interpreters: &["python", "pypy", "ipython", "uv"],
        ..Files::NONE
    },
    comments: &[Comment::line("#")],
    quotes: &[
        Quote::new("\"\"\"").with_lines(),
        Quote::new("'''").with_lines(),
        Quote::new("\""),
        Quote::new("'"),
    ],
    prefixes: Prefixes::Python,
    line_ends: LineEnds::OutsideBrackets,
    adjacent_strings_join: true,
    concatenation: &[Kind::Plus],
    named_arguments: NamedArguments::Equals,
    definition_words: &["def", "class"],
    curly: Curly::Mapping,
    mapping_calls: &["dict"],
    traits: Traits::of(&[
        Trait::DocStrings,
        Trait::LinesStandAlone,
        Trait::Tuples,
        Trait::NotebookLines,
        Trait::DefinitionsStandAlone,
        Trait::PairTuples,
        Trait::ColonEndsValues,
        Trait::CodeInStrings,
        Trait::KeepsUnknownEscapes,
    ]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::SNAKE],
    calls: &[
        ("DEFINE_string", Meaning::Flag(0)),
        ("Field", Meaning::Field),
        ("Option", Meaning::Option),
        ("Popen", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("add_argument", Meaning::Option),
        ("add_option", Meaning::Option),
        ("call", Meaning::Start(Form::Line, On::Runner)),
        ("check_call", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("check_output", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("create_subprocess_exec", Meaning::Start(Form::Words, On::Anything)),
        ("create_subprocess_shell", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("execlp", Meaning::Start(Form::Words, On::Anything)),
        ("getattr", Meaning::LookUp(1)),
        ("getoutput", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("getstatusoutput", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("popen", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("run", Meaning::Start(Form::Line, On::Runner)),
        ("setattr", Meaning::Set(1)),
        ("setdefault", Meaning::Set(0)),
        ("spawn", Meaning::Start(Form::Words, On::RunnerOrNothing)),
        ("system", Meaning::Start(Form::Line, On::RunnerOrNothing)),
    ],
    folds: &[
        ("Field", Fold::Default),
        ("bytearray", Fold::CodeList),
        ("bytes", Fold::CodeList),
        ("chr", Fold::Codes),
        ("field", Fold::Default),
        ("fromhex", Fold::Hex),
        ("unhexlify", Fold::Hex),
    ],
    runners: &["subprocess", "sp", "asyncio", "os", "pexpect", "sh", "shell", "sys"],
    wrappers: &["str", "bytes", "bytearray", "unicode", "Secret", "SecretBytes", "SecretStr"],
    makers: &["from_token"],
    transparent: &["encode", "decode"],
    constants: &["None", "True", "False"],
    control: &[
        "elif", "and", "or", "not", "match", "case", "await", "yield", "async", "except", "raise",
        "is", "as", "with",
    ],
    heads: &["elif", "except", "finally", "lambda", "match"],
    before_mapping: &["yield", "in", "await", "and", "or"],
    before_value: &["await", "yield"],
    imports: &[("import", Import::Modules), ("from", Import::ModuleOfNames)],
    defaults: &["unset"],
    aliases: &["alias", "validation_alias", "env"],
    programs: &["args", "cmd", "command"],
    ..Words::NONE
};
