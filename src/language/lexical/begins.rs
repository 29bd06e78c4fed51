//! The kind of token that each byte can begin.

use super::{
    grammar::{Grammar, Trait},
    literal::Prefixes,
};

/// The kind of token that a byte can begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begins {
    /// No token: a blank.
    Blank,
    /// The next line.
    LineEnd,
    /// A name or a keyword.
    Name,
    /// A number.
    Number,
    /// A string or a comment, or else an operator.
    Special,
    /// An operator.
    Operator,
}

/// The kind of token that each byte can begin.
pub fn begins(grammar: &Grammar) -> [Begins; 256] {
    let mut table = [Begins::Operator; 256];
    for byte in 0..=u8::MAX {
        table[byte as usize] = match byte {
            b'\n' => Begins::LineEnd,
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c => Begins::Blank,
            b'0'..=b'9' => Begins::Number,
            b'_' | b'$' | 0x80.. => Begins::Name,
            byte if byte.is_ascii_alphabetic() => Begins::Name,
            _ => Begins::Operator,
        };
    }
    if grammar.has(Trait::AtNames) {
        table[b'@' as usize] = Begins::Name;
    }
    let openers = grammar.comments.iter().map(|comment| comment.open);
    for open in openers.chain(grammar.quotes.iter().map(|quote| quote.open)) {
        table[open.as_bytes()[0] as usize] = Begins::Special;
    }
    match grammar.prefixes {
        Prefixes::CSharp => {
            table[b'@' as usize] = Begins::Special;
            table[b'$' as usize] = Begins::Special;
        }
        Prefixes::Swift => table[b'#' as usize] = Begins::Special,
        _ => {}
    }
    if grammar.has(Trait::CharacterMarks) {
        table[b'?' as usize] = Begins::Special;
    }
    if grammar.has(Trait::LongBrackets) {
        table[b'[' as usize] = Begins::Special;
    }
    if grammar.has(Trait::Symbols) {
        table[b':' as usize] = Begins::Special;
        table[b'%' as usize] = Begins::Special;
    }
    if grammar.has(Trait::ArrowAssigns) {
        // `settings$token` of R
        table[b'$' as usize] = Begins::Operator;
    }
    table
}
