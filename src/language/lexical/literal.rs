//! The syntax of a language's comments and string literals.

/// The syntax of a kind of comment.
#[derive(Debug, Clone, Copy)]
pub struct Comment {
    /// The opening mark.
    pub open: &'static str,
    /// The closing mark; empty if the line end closes it.
    pub close: &'static str,
    /// `true` if comments of this kind nest.
    pub nests: bool,
    /// `true` if it is only opened at the start of a line.
    pub at_line_start: bool,
}

impl Comment {
    /// A comment from `open` to the end of the line.
    pub const fn line(open: &'static str) -> Self {
        Self { open, close: "", nests: false, at_line_start: false }
    }

    /// A comment from `open` to the first `close`.
    pub const fn block(open: &'static str, close: &'static str) -> Self {
        Self { open, close, nests: false, at_line_start: false }
    }

    /// A comment from `open` to the matching `close`.
    pub const fn nested(open: &'static str, close: &'static str) -> Self {
        Self { open, close, nests: true, at_line_start: false }
    }
}

/// `// …` and `/* … */`.
pub const C_COMMENTS: &[Comment] = &[Comment::line("//"), Comment::block("/*", "*/")];

/// The syntax of a kind of string literal.
#[derive(Debug, Clone, Copy)]
pub struct Quote {
    /// The opening mark.
    pub open: &'static str,
    /// The closing mark.
    pub close: &'static str,
    /// `true` if it may span lines.
    pub lines: bool,
    /// The escapes in it.
    pub escapes: Escapes,
    /// The placeholders in it.
    pub fill: Fill,
    /// `true` if the program runs it as a command.
    pub is_command: bool,
}

impl Quote {
    /// A literal on one line, with backslash escapes.
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

    /// The same literal on several lines.
    pub const fn with_lines(self) -> Self {
        Self { lines: true, ..self }
    }

    /// The same literal with other escapes.
    pub const fn escaped(self, escapes: Escapes) -> Self {
        Self { escapes, ..self }
    }

    /// The same literal with placeholders.
    pub const fn filled(self, fill: Fill) -> Self {
        Self { fill, ..self }
    }

    /// The same literal, run as a command.
    pub const fn command(self) -> Self {
        Self { is_command: true, ..self }
    }
}

/// The escapes of a string literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escapes {
    /// None.
    None,
    /// With a backslash.
    Backslash,
    /// A backslash is literal, but a quote after it does not close the string.
    Shielding,
    /// With a backslash, only for the quote and the backslash.
    QuoteOnly,
    /// Only a doubled quote, which represents one quote.
    Doubled,
}

/// The placeholders of a string literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// None.
    None,
    /// `{name}`; `{{` is a literal brace.
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

/// The letters before a quote that change the syntax of the literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefixes {
    /// None.
    None,
    /// `r`, `b`, `u`, `f`, `t` and pairs of them.
    Python,
    /// `b`, `c`, `r`, with `#` around raw strings.
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
