//! Text escaped for XML and HTML.

use crate::model::escape::{is_deceptive, is_mark_of_command};
use std::{borrow::Cow, fmt::Write};

/// `text` escaped for an element or a quoted attribute of XML 1.0 and HTML.
///
/// Line endings and tabs become character references, so that attributes preserve them. Characters
/// that XML 1.0 forbids even as references become U+FFFD. The `[` of a command of a CI runner becomes a
/// reference too.
pub fn escape(text: &str) -> Cow<'_, str> {
    let is_special = |one: char| replacement(one).is_some() || is_deceptive(one);
    if !text.chars().any(is_special) && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for (at, character) in text.char_indices() {
        match replacement(character) {
            Some(replacement) => escaped.push_str(replacement),
            // A parser restores it; a terminal that prints the file ignores it.
            None if is_deceptive(character) => {
                // Writing to a `String` cannot fail.
                let _ = write!(escaped, "&#x{:x};", u32::from(character));
            }
            None if character == '[' && is_mark_of_command(&text[..at]) => {
                escaped.push_str("&#91;")
            }
            None => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

fn replacement(character: char) -> Option<&'static str> {
    match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        '\n' => Some("&#10;"),
        '\r' => Some("&#13;"),
        '\t' => Some("&#9;"),
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => Some("\u{fffd}"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_can_be_taken_for_markup() {
        assert_eq!(escape("a<b>\"'&\n"), "a&lt;b&gt;&quot;&#39;&amp;&#10;");
        assert_eq!(escape("plain é 🤗"), "plain é 🤗");
        assert_eq!(escape("a\u{202e}b"), "a&#x202e;b");
    }

    #[test]
    fn characters_that_xml_forbids_are_replaced() {
        assert_eq!(escape("a\0\x1b[31m\u{ffff}"), "a\u{fffd}\u{fffd}[31m\u{fffd}");
    }
}
