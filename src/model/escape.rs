//! Escaping of scanned text for terminals and logs.

use std::fmt::{self, Write};

/// Writes `bytes` with every character escaped that a terminal would interpret.
///
/// Control characters become `\n`, `\t` or `\x1b`, marks that hide text or change its direction
/// `\u{202e}`, and bytes that are not UTF-8 `\xff`. The last character of `##[` and `##vso[` becomes
/// `\x5b`, since the runners of GitHub Actions and Azure Pipelines interpret these as commands
/// anywhere in a line
/// (<https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>,
/// <https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>). Everything else is
/// copied.
///
/// # Errors
/// Returns the errors of `out`.
pub fn write_escaped(out: &mut impl Write, bytes: &[u8]) -> fmt::Result {
    for chunk in bytes.utf8_chunks() {
        for (at, character) in chunk.valid().char_indices() {
            match character {
                '[' if is_mark_of_command(&chunk.valid()[..at]) => out.write_str("\\x5b")?,
                '\n' => out.write_str("\\n")?,
                '\r' => out.write_str("\\r")?,
                '\t' => out.write_str("\\t")?,
                c if c.is_ascii_control() => write!(out, "\\x{:02x}", u32::from(c))?,
                c if is_deceptive(c) => write!(out, "{}", c.escape_unicode())?,
                c => out.write_char(c)?,
            }
        }
        for byte in chunk.invalid() {
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

/// `true` if a `[` after this text would begin a command of the runner of GitHub Actions (`##[`) or of
/// Azure Pipelines (`##vso[`).
pub fn is_mark_of_command(before: &str) -> bool {
    let before = before.as_bytes();
    let signs = match before.split_last_chunk::<3>() {
        Some((signs, last)) if last.eq_ignore_ascii_case(b"vso") => signs,
        _ => before,
    };
    signs.ends_with(b"##")
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
        assert_eq!(escaped(b"##vso[a.b]##VSO[x]##vs[x]"), r"##vso\x5ba.b]##VSO\x5bx]##vs[x]");
        assert_eq!(escaped(b"##v##vso[x]#vso[x]##vso#[x]"), r"##v##vso\x5bx]#vso[x]##vso#[x]");
    }
}
