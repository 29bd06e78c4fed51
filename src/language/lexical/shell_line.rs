//! Lines of a notebook that are not in its language.

use super::lexer::Lexer;

/// `%%` commands whose cell is not in Python. Source:
/// <https://ipython.readthedocs.io/en/stable/interactive/magics.html>
const FOREIGN_CELLS: &[&[u8]] = &[
    b"bash",
    b"sh",
    b"script",
    b"system",
    b"sx",
    b"cmd",
    b"html",
    b"HTML",
    b"javascript",
    b"js",
    b"latex",
    b"markdown",
    b"svg",
    b"SVG",
    b"perl",
    b"ruby",
];

impl Lexer<'_> {
    /// Skips `!command` and `%command`, and the whole cell of a `%%command` that runs another
    /// program.
    pub(super) fn skip_shell_lines(&mut self) {
        if !matches!(self.peek(0), b'!' | b'%') {
            return;
        }
        let start = self.at;
        self.skip_line();
        let line = self.text[start..self.at].trim_ascii();
        let program =
            line.strip_prefix(b"%%").and_then(|cell| cell.split(u8::is_ascii_whitespace).next());
        let is_foreign = program.is_some_and(|program| FOREIGN_CELLS.contains(&program));
        if is_foreign && self.text[..start].trim_ascii().is_empty() {
            self.at = self.text.len();
        }
    }
}
