//! Escaping of scanned text for terminals and logs.

use std::fmt::{self, Write};

/// Writes `bytes` with every character escaped that a terminal would interpret.
///
/// Control characters become `\n`, `\t` or `\x1b`, marks that hide text or change its direction
/// `\u{202e}`, and bytes that are not UTF-8 `\xff`. The third character of `##[` becomes `\x5b`,
/// since the GitHub Actions runner interprets `##[` as a command anywhere in a line
/// (<https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>). Everything
/// else is copied.
///
/// # Errors
/// Returns the errors of `out`.
pub fn write_escaped(out: &mut impl Write, bytes: &[u8]) -> fmt::Result {
    // The number of `#` in a row directly before the current character.
    let mut signs = 0;
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            let before = signs;
            signs = if character == '#' { before + 1 } else { 0 };
            match character {
                '[' if before >= 2 => out.write_str("\\x5b")?,
                '\n' => out.write_str("\\n")?,
                '\r' => out.write_str("\\r")?,
                '\t' => out.write_str("\\t")?,
                c if c.is_ascii_control() => write!(out, "\\x{:02x}", u32::from(c))?,
                c if is_deceptive(c) => write!(out, "{}", c.escape_unicode())?,
                c => out.write_char(c)?,
            }
        }
        for byte in chunk.invalid() {
            signs = 0;
            write!(out, "\\x{byte:02x}")?;
        }
    }
    Ok(())
}

/// `bytes` as [`write_escaped`] writes them.
pub fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    // Writing to a `String` cannot fail.
    let _ = write_escaped(&mut text, bytes);
    text
}

/// `true` if the character is invisible or changes how its neighbours are shown.
///
/// C1 controls (some terminals interpret them), line and paragraph separators, and the format
/// characters that change the direction of text or join it (Unicode 15, general category Cf).
pub fn is_deceptive(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_give_a_runner_a_command() {
        assert_eq!(escaped(b"a ##[error]x ###[group] #[x]"), r"a ##\x5berror]x ###\x5bgroup] #[x]");
    }
}
