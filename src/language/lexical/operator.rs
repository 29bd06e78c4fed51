//! Operators and brackets.

use super::{
    grammar::{Grammar, Trait},
    token::Kind,
};

/// The kind and the length of the longest known operator at byte `at`.
pub fn operator(text: &[u8], at: usize, grammar: &Grammar) -> (Kind, usize) {
    let byte = |ahead: usize| text.get(at + ahead).copied().unwrap_or(0);
    match byte(0) {
        b'(' => (Kind::RoundOpen, 1),
        b'[' => (Kind::SquareOpen, 1),
        b'{' => (Kind::CurlyOpen, 1),
        b')' => (Kind::RoundClose, 1),
        b']' => (Kind::SquareClose, 1),
        b'}' => (Kind::CurlyClose, 1),
        b',' => (Kind::Comma, 1),
        b';' => (Kind::Semicolon, 1),
        b'@' => (Kind::At, 1),
        b':' => match byte(1) {
            b':' => (Kind::PathDots, 2),
            b'=' => (Kind::Define, 2),
            _ => (Kind::Colon, 1),
        },
        b'.' => match (byte(1), byte(2)) {
            (b'.', b'.') => (Kind::Spread, 3),
            (b'.', _) => (Kind::DotDot, 2),
            _ => (Kind::Dot, 1),
        },
        b'=' => match (byte(1), byte(2)) {
            (b'=', b'=') => (Kind::Equal, 3),
            (b'=' | b'~', _) => (Kind::Equal, 2),
            (b'>', _) => (Kind::FatArrow, 2),
            _ => (Kind::Assign, 1),
        },
        _ => other_operator([byte(0), byte(1), byte(2)], grammar),
    }
}

fn other_operator(bytes: [u8; 3], grammar: &Grammar) -> (Kind, usize) {
    match bytes {
        [b'!', b'=', b'='] => (Kind::Equal, 3),
        [b'!' | b'~', b'=', _] => (Kind::Equal, 2),
        [b'!', ..] => (Kind::Bang, 1),
        [b'<', b'<', b'-'] if grammar.has(Trait::ArrowAssigns) => (Kind::LeftArrow, 3),
        [b'<', b'-', _] if grammar.has(Trait::ArrowAssigns) => (Kind::LeftArrow, 2),
        [b'-', b'>', b'>'] if grammar.has(Trait::ArrowAssigns) => (Kind::RightArrow, 3),
        [b'-', b'>', _] if grammar.has(Trait::ArrowAssigns) => (Kind::RightArrow, 2),
        [b'$', ..] if grammar.has(Trait::ArrowAssigns) => (Kind::Dot, 1),
        [b'<', b'>', _] if grammar.has(Trait::EqualsCompares) => (Kind::Equal, 2),
        [b'<' | b'>', b'=', _] => (Kind::Other, 2),
        [b'<', b'<', _] => (Kind::Other, 2),
        [b'<', ..] => (Kind::Less, 1),
        [b'>', ..] => (Kind::Greater, 1),
        [b'-', b'>', _] => (Kind::ThinArrow, 2),
        [b'?', b'?', b'='] | [b'|', b'|', b'='] => (Kind::AssignIfMissing, 3),
        [b'?', b'?', _] => (Kind::Coalesce, 2),
        // Only if no digit follows: `a?.5:b`.
        [b'?', b'.', after] if !after.is_ascii_digit() => (Kind::SafeDot, 2),
        [b'?', b'-', b'>'] => (Kind::SafeDot, 3),
        [b'?', b':', _] if grammar.has(Trait::Elvis) => (Kind::Elvis, 2),
        [b'?', ..] => (Kind::Question, 1),
        [b'|', b'|', _] => (Kind::OrOr, 2),
        [b'&', b'&', _] => (Kind::AndAnd, 2),
        [b'*', b'*', b'='] => (Kind::AssignMore, 3),
        [b'*', b'*', _] => (Kind::StarStar, 2),
        [b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^', b'=', _] => (Kind::AssignMore, 2),
        [b'+', b'+', _] => (Kind::Other, 2),
        [b'+', ..] => (Kind::Plus, 1),
        [b'-', b'-', _] => (Kind::Other, 2),
        [b'-', ..] => (Kind::Minus, 1),
        [b'*', ..] => (Kind::Star, 1),
        [b'/', ..] => (Kind::Slash, 1),
        [b'%', ..] => (Kind::Percent, 1),
        [b'&', ..] => (Kind::Ampersand, 1),
        _ => (Kind::Other, 1),
    }
}
