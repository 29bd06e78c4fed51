//! The syntax of comments.

/// The comment syntax of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommentForm {
    /// The opening mark.
    pub open: &'static str,
    /// The closing mark; empty if the line end closes it.
    pub close: &'static str,
    /// `true` if a comment needs its own line: after a value it would be a part of the value.
    pub own_line: bool,
}

impl CommentForm {
    /// A comment from `open` to the end of the line.
    pub const fn line(open: &'static str) -> Self {
        Self { open, close: "", own_line: false }
    }

    /// A comment from `open` to the end of the line, which needs its own line.
    pub const fn own_line(open: &'static str) -> Self {
        Self { own_line: true, ..Self::line(open) }
    }

    /// A comment with these words, which contain no line end.
    pub fn written(&self, words: &str) -> String {
        let space = if self.close.is_empty() { "" } else { " " };
        format!("{} {words}{space}{}", self.open, self.close)
    }
}
