//! What one programming language writes differently from the others.

/// The table by which the lexical engine reads one language.
pub struct Dialect {
    /// Its name in rules, hints and reports.
    pub name: &'static str,
    /// Endings of its files, without the dot.
    pub endings: &'static [&'static str],
    /// Names of files that have no ending of their own.
    pub file_names: &'static [&'static str],
    /// Programs that a `#!` line names.
    pub interpreters: &'static [&'static str],
    /// Longest opener first.
    pub comments: &'static [Comment],
    /// Longest opener first.
    pub quotes: &'static [Quote],
    /// Letters before a quote that change how the literal is read.
    pub prefixes: Prefixes,
    /// Where a line's end ends a statement.
    pub line_ends: LineEnds,
    /// Whether `"a" "b"` is one text.
    pub adjacent_texts_join: bool,
    /// Operators that add two texts.
    pub concatenation: &'static [super::token::Kind],
    /// How a call names its arguments.
    pub named_arguments: NamedArguments,
    /// Words before a name and `(` that open a list of parameters.
    pub definition_words: &'static [&'static str],
    /// Whether `) {` and `) =>` also say that the list held parameters.
    pub parameters_before_body: bool,
    /// Whether `(` can hold `key: value` or `"key" => value` of a mapping.
    pub round_mappings: bool,
    /// Whether `[` can hold the entries of a mapping.
    pub square_mappings: bool,
    /// What `{` opens.
    pub curly: Curly,
    /// What `=` means inside `{`.
    pub curly_equals: CurlyEquals,
    /// Calls that build a mapping of their arguments: `dict(token=…)`.
    pub mapping_calls: &'static [&'static str],
    /// Small traits of single languages.
    pub traits: Traits,
}

impl Dialect {
    /// A language with nothing but names, for tables to start from.
    pub const PLAIN: Dialect = Dialect {
        name: "",
        endings: &[],
        file_names: &[],
        interpreters: &[],
        comments: &[],
        quotes: &[],
        prefixes: Prefixes::None,
        line_ends: LineEnds::Nothing,
        adjacent_texts_join: false,
        concatenation: &[super::token::Kind::Plus],
        named_arguments: NamedArguments::None,
        definition_words: &[],
        parameters_before_body: false,
        round_mappings: false,
        square_mappings: false,
        curly: Curly::ByContext,
        curly_equals: CurlyEquals::Assignment,
        mapping_calls: &[],
        traits: Traits::of(&[]),
    };

    /// Whether the language has a trait.
    pub fn has(&self, wanted: Trait) -> bool {
        self.traits.0 & 1 << wanted as u32 != 0
    }
}

/// A set of traits, one bit each: they are asked for at every token.
#[derive(Debug, Clone, Copy)]
pub struct Traits(u32);

impl Traits {
    /// The set of those in `list`.
    pub const fn of(list: &[Trait]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < list.len() {
            bits |= 1 << list[at] as u32;
            at += 1;
        }
        Self(bits)
    }
}

/// A trait that one or a few languages have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trait {
    /// A text in statement position documents; `:` ends the head of a block.
    Python,
    /// `/…/` can be a pattern.
    Patterns,
    /// `<Tag name="…">` can stand in an expression.
    Markup,
    /// Code stands between `<?php` and `?>`.
    Php,
    /// `<<~EOT` opens a text that starts on the next line; calls need no brackets.
    Ruby,
    /// `<<<EOT` opens a text.
    Nowdoc,
    /// `[==[ … ]==]` is a text; `f"…"` and `f{…}` are calls.
    Lua,
    /// `'a` is a lifetime when no quote closes it.
    Lifetimes,
    /// `#define NAME value`, `#include`.
    Preprocessor,
    /// `CREATE SECRET`, `SET`, and `=` that compares.
    Sql,
    /// `?:` is one operator.
    Elvis,
    /// `{ "key", value }` is an entry.
    PairEntries,
    /// `var name type = value`.
    TypeAfterName,
    /// `:name` is a text, `name:` a key.
    Symbols,
    /// `\065` in a text is decimal.
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

/// How one sort of comment is written.
#[derive(Debug, Clone, Copy)]
pub struct Comment {
    /// What opens it.
    pub open: &'static str,
    /// What closes it; the line's end where nothing does.
    pub close: &'static str,
    /// Whether one may stand inside another.
    pub nests: bool,
    /// Whether it opens only at a line's start.
    pub at_line_start: bool,
}

impl Comment {
    /// From `open` to the end of the line.
    pub const fn line(open: &'static str) -> Self {
        Self { open, close: "", nests: false, at_line_start: false }
    }

    /// From `open` to the first `close`.
    pub const fn block(open: &'static str, close: &'static str) -> Self {
        Self { open, close, nests: false, at_line_start: false }
    }

    /// From `open` to the `close` that belongs to it.
    pub const fn nested(open: &'static str, close: &'static str) -> Self {
        Self { open, close, nests: true, at_line_start: false }
    }
}

/// `// …` and `/* … */`.
pub const C_COMMENTS: &[Comment] = &[Comment::line("//"), Comment::block("/*", "*/")];

/// How one sort of text literal is written.
#[derive(Debug, Clone, Copy)]
pub struct Quote {
    /// What opens it.
    pub open: &'static str,
    /// What closes it.
    pub close: &'static str,
    /// Whether it may span lines.
    pub lines: bool,
    /// How characters are escaped in it.
    pub escapes: Escapes,
    /// How values are filled in.
    pub fill: Fill,
    /// Whether it is run as a command.
    pub is_command: bool,
}

impl Quote {
    /// A text on one line with backslash escapes.
    pub const fn new(open: &'static str) -> Self {
        Self {
            open,
            close: open,
            lines: false,
            escapes: Escapes::Backslash,
            fill: Fill::None,
            is_command: false,
        }
    }

    /// The same, and it may span lines.
    pub const fn with_lines(self) -> Self {
        Self { lines: true, ..self }
    }

    /// The same with other escapes.
    pub const fn escaped(self, escapes: Escapes) -> Self {
        Self { escapes, ..self }
    }

    /// The same with values filled in.
    pub const fn filled(self, fill: Fill) -> Self {
        Self { fill, ..self }
    }

    /// The same, run as a command.
    pub const fn command(self) -> Self {
        Self { is_command: true, ..self }
    }
}

/// How characters are escaped in a text literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escapes {
    /// Not at all.
    None,
    /// With a backslash.
    Backslash,
    /// A backslash stands for itself, but keeps the quote after it from closing.
    Shielding,
    /// Only the quote and the backslash, with a backslash.
    QuoteOnly,
    /// A doubled quote stands for one.
    Doubled,
}

/// How values are filled into a text literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Not at all.
    None,
    /// `{name}`; `{{` is a brace.
    Braces,
    /// `${name}`.
    DollarBraces,
    /// `$name`, `${name}`, `$(name)`.
    Dollar,
    /// `#{name}`.
    HashBraces,
    /// `\(name)`.
    BackslashRound,
}

/// Which letters before a quote change how the literal is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefixes {
    /// None.
    None,
    /// `r`, `b`, `u`, `f`, `t` and pairs of them.
    Python,
    /// `b`, `c`, `r`, with `#` around raw texts.
    Rust,
    /// `L`, `u`, `u8`, `U`, and `R"name(…)name"`.
    Cpp,
    /// Any name: `s"$x"`, `f"…"`; `raw"…"`.
    Scala,
    /// `r`.
    Raw,
    /// `r"(…)"`, with dashes around the brackets.
    R,
    /// `@`, `$` and both.
    CSharp,
    /// `#` around the quotes.
    Swift,
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

/// What `=` means inside the `{` of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurlyEquals {
    /// A statement.
    Assignment,
    /// An entry: `{ token = "…" }`.
    Entry,
    /// What is taken when the entry is missing: `const { token = "…" } = settings`.
    Default,
}

/// What `{` opens.
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
