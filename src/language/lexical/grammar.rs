//! The grammar of one programming language, as far as it differs from the others.

use super::{
    super::files::Files,
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
    /// Longest opener first.
    pub comments: &'static [Comment],
    /// Longest opener first.
    pub quotes: &'static [Quote],
    /// Letters before a quote that change how the literal is read.
    pub prefixes: Prefixes,
    /// Where a line's end ends a statement.
    pub line_ends: LineEnds,
    /// `true` if `"a" "b"` is one text.
    pub adjacent_strings_join: bool,
    /// Operators that add two texts.
    pub concatenation: &'static [Kind],
    /// How a call names its arguments.
    pub named_arguments: NamedArguments,
    /// Words before a name and `(` that open a list of parameters.
    pub definition_words: &'static [&'static str],
    /// `true` if `) {` and `) =>` also say that the list held parameters.
    pub parameters_before_body: bool,
    /// `true` if `(` can hold `key: value` or `"key" => value` of a mapping.
    pub round_mappings: bool,
    /// `true` if `[` can hold the entries of a mapping.
    pub square_mappings: bool,
    /// The meaning of `{`.
    pub curly: Curly,
    /// The meaning of `=` inside `{`.
    pub curly_equals: CurlyEquals,
    /// Calls that build a mapping of their arguments: `dict(token=…)`.
    pub mapping_calls: &'static [&'static str],
    /// Small traits of single languages.
    pub traits: Traits,
    /// Its words, with those it shares with others.
    pub words: &'static Words,
}

impl Grammar {
    /// A language with nothing but names, for tables to start from.
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

/// A set of traits, one bit each: they are asked for at every token.
#[derive(Debug, Clone, Copy)]
pub struct Traits(u64);

impl Traits {
    /// The set of those in `list`.
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
    /// No line goes on because of an operator at its start or at the end of the one before.
    LinesStandAlone,
    /// `(a, b)` is a list.
    Tuples,
    /// `!command` and `%command` at a line's start are a notebook's.
    NotebookLines,
    /// A definition that starts at a line, outside of all brackets, can be read by itself.
    DefinitionsStandAlone,
    /// `/…/` can be a pattern.
    Patterns,
    /// `<Tag name="…">` can stand in an expression.
    Markup,
    /// Code stands between `<?php` and `?>`.
    Pages,
    /// `#[…]` is no comment.
    HashAttributes,
    /// `post url, token: "…"` is a call; `Words::statements` lists the words that call nothing.
    BareCalls,
    /// `f"…"` and `f{…}` are calls.
    StringCalls,
    /// `<<~EOT` opens a string whose content starts on the next line.
    LateHeredocs,
    /// `<<<EOT` opens a string.
    Heredocs,
    /// `%q(…)` is a string.
    PercentStrings,
    /// `=> {` opens a mapping.
    ArrowMappings,
    /// `[==[ … ]==]` is a string.
    LongBrackets,
    /// `a:b` is a member of `a`.
    ColonMembers,
    /// `@name` is a name.
    AtNames,
    /// `'a` is a lifetime when no quote closes it.
    Lifetimes,
    /// `#define NAME value`, `#include`.
    Preprocessor,
    /// `=` compares, except in a statement that sets; so does `<>`.
    EqualsCompares,
    /// A bracket after a name may hold columns.
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
    /// Code in the values that are filled into a string is read.
    CodeInStrings,
    /// `:` ends a value, except that of a `lambda`.
    ColonEndsValues,
    /// `var name type = value`.
    TypeAfterName,
    /// `:name` is a string, `name:` a key.
    Symbols,
    /// `\065` in a string is decimal.
    DecimalEscapes,
    /// `<-` assigns.
    ArrowAssigns,
    /// `'` transposes after a name or bracket.
    Transpose,
    /// `name::Type = value`.
    TypeAfterDots,
    /// `Name<A, B>` is one name.
    Generics,
    /// An unknown escape keeps its backslash.
    KeepsUnknownEscapes,
}

/// Where a line's end ends a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnds {
    /// Nowhere.
    Nothing,
    /// Outside all brackets.
    OutsideBrackets,
    /// Outside `(` and `[`.
    OutsideRound,
    /// Everywhere but after an operator or a comma.
    Everywhere,
}

/// How a call names its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedArguments {
    /// It does not.
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
    /// By context, and a mapping after a name without a blank: `Config{token: "…"}`.
    UnspacedName,
    /// By context, and a mapping after a type's name: `Config { token: "…" }`.
    TypeName,
    /// By context, and a mapping after `new Name` and `new Name(…)`.
    New,
}
