//! How a language writes its comments and its string literals.

/// How one sort of comment is written.
#[derive(Debug, Clone, Copy)]
pub struct Comment {
    /// The opening mark.
    pub open: &'static str,
    /// The closing mark; empty if the line's end closes it.
    pub close: &'static str,
    /// `true` if one may stand inside another.
    pub nests: bool,
    /// `true` if it opens only at a line's start.
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

/// How one sort of string literal is written.
#[derive(Debug, Clone, Copy)]
pub struct Quote {
    /// The opening mark.
    pub open: &'static str,
    /// The closing mark.
    pub close: &'static str,
    /// `true` if it may span lines.
    pub lines: bool,
    /// How characters are escaped in it.
    pub escapes: Escapes,
    /// How values are filled in.
    pub fill: Fill,
    /// `true` if it is run as a command.
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

/// How characters are escaped in a string literal.
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

/// How values are filled into a string literal.
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
