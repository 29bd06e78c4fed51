//! Wraps sentences without breaking code.

use textwrap::{Options, WordSeparator, WordSplitter};

/// Replaces each space between backquotes during wrapping. A private-use character, which no
/// sentence contains.
const JOINT: char = '\u{f8ff}';

/// The lines of `text`, each at most `room` columns wide unless a word is longer. Text between
/// backquotes is never broken, so that it can be copied. No line begins with `::`, which the runner of
/// GitHub Actions would interpret as a command.
pub fn wrapped(text: &str, room: usize) -> Vec<String> {
    let options = Options::new(room)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    let mut in_code = false;
    let closed = text.rfind('`').filter(|_| text.matches('`').count().is_multiple_of(2));
    let joined: String = text
        .char_indices()
        .map(|(at, one)| match one {
            '`' => {
                in_code = !in_code;
                one
            }
            ' ' if in_code && closed.is_some_and(|last| at < last) => JOINT,
            _ => one,
        })
        .collect();
    let lines = textwrap::wrap(&joined, options);
    let plain = |line: &str| match line.trim_start().strip_prefix("::") {
        Some(rest) => format!("\\x3a:{rest}"),
        None => line.to_string(),
    };
    lines.iter().map(|line| plain(&line.replace(JOINT, " "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_a_command() {
        let lines = wrapped("also at a.py, ::add-mask::b.py", 12);
        assert_eq!(lines, ["also at", "a.py,", r"\x3a:add-mask::b.py"]);
    }

    #[test]
    fn code_is_not_broken() {
        let lines = wrapped("run `git rm --cached .env` and `a-b`, then commit it", 14);
        assert_eq!(lines, ["run", "`git rm --cached .env`", "and `a-b`,", "then commit it"]);
        assert_eq!(wrapped("a lone ` is a word", 8), ["a lone `", "is a", "word"]);
    }
}
