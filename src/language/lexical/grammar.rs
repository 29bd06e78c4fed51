//! The grammar table of a programming language.

use super::{
    super::{files::Files, reader::CodeFrame},
    literal::{Comment, Prefixes, Quote},
    token::Kind,
    words::Words,
};

/// The table by which the lexical engine reads one language.
pub struct Grammar {
    /// Its name in rules, hints and reports.
    pub name: &'static str,
    /// Its files.
    pub files: Files,
    /// Its comments, longest opener first.
    pub comments: &'static [Comment],
    /// Its string literals, longest opener first.
    pub quotes: &'static [Quote],
    /// Letters before a quote that change the syntax of the literal.
    pub prefixes: Prefixes,
    /// The line ends that end a statement.
    pub line_ends: LineEnds,
    /// `true` if `"a" "b"` is one text.
    pub adjacent_strings_join: bool,
    /// Operators that concatenate two texts.
    pub concatenation: &'static [Kind],
    /// The syntax of named arguments in a call.
    pub named_arguments: NamedArguments,
    /// Words before a name and `(` that begin a list of parameters.
    pub definition_words: &'static [&'static str],
    /// `true` if `) {` and `) =>` also show that the list held parameters.
    pub parameters_before_body: bool,
    /// `true` if `(` can hold `key: value` or `"key" => value` entries of a mapping.
    pub round_mappings: bool,
    /// `true` if `[` can hold the entries of a mapping.
    pub square_mappings: bool,
    /// The meaning of `{`.
    pub curly: Curly,
    /// The meaning of `=` inside `{`.
    pub curly_equals: CurlyEquals,
    /// Calls that build a mapping of their arguments: `dict(token=…)`.
    pub mapping_calls: &'static [&'static str],
    /// The frames in which commented-out code is read, as in
    /// [`Reader::code_frames`](crate::language::Reader::code_frames).
    pub code_frames: &'static [CodeFrame],
    /// Traits of single languages.
    pub traits: Traits,
    /// Its words, including those shared with other languages.
    pub words: &'static Words,
}

impl Grammar {
    /// A language with names only; a base for tables.
    pub const PLAIN: Grammar = Grammar {
        name: "",
        files: Files::NONE,
        comments: &[],
        quotes: &[],
        prefixes: Prefixes::None,
        line_ends: LineEnds::Nothing,
        adjacent_strings_join: false,
        concatenation: &[Kind::Plus],
        named_arguments: NamedArguments::None,
        code_frames: &[("", ""), ("({", "})")],
        definition_words: &[],
        parameters_before_body: false,
        round_mappings: false,
        square_mappings: false,
        curly: Curly::ByContext,
        curly_equals: CurlyEquals::Assignment,
        mapping_calls: &[],
        traits: Traits::of(&[]),
        words: &Words::NONE,
    };

    /// `true` if the language has a trait.
    pub fn has(&self, wanted: Trait) -> bool {
        self.traits.0 & 1 << wanted as u32 != 0
    }
}

/// A set of traits, one bit each, because they are tested at every token.
#[derive(Debug, Clone, Copy)]
pub struct Traits(u64);

impl Traits {
    /// The set of the traits in `list`.
    pub const fn of(list: &[Trait]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < list.len() {
            bits |= 1u64 << list[at] as u32;
            at += 1;
        }
        Self(bits)
    }
}

/// A trait that one or a few languages have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trait {
    /// A string in statement position is documentation.
    DocStrings,
    /// An operator at the start or the end of a line does not continue it.
    LinesStandAlone,
    /// `(a, b)` is a list.
    Tuples,
    /// `!command` and `%command` at the start of a line belong to a notebook.
    NotebookLines,
    /// A definition that starts a line, outside all brackets, can be read on its own.
    DefinitionsStandAlone,
    /// `/…/` can be a regular expression.
    Patterns,
    /// `<Tag name="…">` can be part of an expression.
    Markup,
    /// Code is between `<?php` and `?>`.
    Pages,
    /// `#[…]` is not a comment.
    HashAttributes,
    /// `post url, token: "…"` is a call; `Words::statements` lists the words that do not call.
    BareCalls,
    /// `f"…"` and `f{…}` are calls.
    StringCalls,
    /// `<<~EOT` begins a string whose content starts on the next line.
    LateHeredocs,
    /// `<<<EOT` begins a string.
    Heredocs,
    /// `%q(…)` is a string.
    PercentStrings,
    /// `=> {` begins a mapping.
    ArrowMappings,
    /// `[==[ … ]==]` is a string.
    LongBrackets,
    /// `a:b` is a member of `a`.
    ColonMembers,
    /// `@name` is a name.
    AtNames,
    /// `'a` is a lifetime if no quote closes it.
    Lifetimes,
    /// `#define NAME value`, `#include`.
    Preprocessor,
    /// `=` compares, except in a statement that sets; so does `<>`.
    EqualsCompares,
    /// A bracket after a name may contain column names.
    Columns,
    /// `CREATE SECRET (…)`, `OPTIONS (…)` and `SET name value`.
    Clauses,
    /// `?:` is one operator.
    Elvis,
    /// `{ "key", value }` is an entry.
    PairEntries,
    /// `("key", value)` in a list is an entry.
    PairTuples,
    /// `["key", value]` in a list is an entry.
    PairLists,
    /// `?x` is a character.
    CharacterMarks,
    /// Code in the placeholders of a string is read.
    CodeInStrings,
    /// `:` ends a value, except the `:` of a `lambda`.
    ColonEndsValues,
    /// `var name type = value`.
    TypeAfterName,
    /// `:name` is a string, `name:` a key.
    Symbols,
    /// `\065` in a string is decimal.
    DecimalEscapes,
    /// `<-` assigns.
    ArrowAssigns,
    /// `'` transposes after a name or a bracket.
    Transpose,
    /// `name::Type = value`.
    TypeAfterDots,
    /// `Name<A, B>` is one name.
    Generics,
    /// An unknown escape keeps its backslash.
    KeepsUnknownEscapes,
}

/// The line ends that end a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnds {
    /// None.
    Nothing,
    /// Those outside all brackets.
    OutsideBrackets,
    /// Those outside `(` and `[`.
    OutsideRound,
    /// All except after an operator or a comma.
    Everywhere,
}

/// The syntax of named arguments in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedArguments {
    /// There is none.
    None,
    /// `f(name=value)`.
    Equals,
    /// `f(name: value)`.
    Colon,
}

/// The meaning of `=` inside the `{` of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurlyEquals {
    /// A statement.
    Assignment,
    /// An entry: `{ token = "…" }`.
    Entry,
    /// The default of an entry: `const { token = "…" } = settings`.
    Default,
}

/// The meaning of `{`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curly {
    /// A mapping wherever a value is expected, statements elsewhere.
    ByContext,
    /// Always a mapping or a list.
    Mapping,
    /// Always statements.
    Statements,
    /// As `ByContext`, and a mapping directly after a name: `Config{token: "…"}`.
    UnspacedName,
    /// As `ByContext`, and a mapping after the name of a type: `Config { token: "…" }`.
    TypeName,
    /// As `ByContext`, and a mapping after `new Name` and `new Name(…)`.
    New,
}
