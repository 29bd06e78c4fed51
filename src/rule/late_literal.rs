//! The first literal of an expression that begins with classes of bytes.

use memchr::memmem::Finder;
use regex_syntax::{
    ParserBuilder,
    hir::{Class, Hir, HirKind},
};

/// The first literal of an expression, and the bytes that every match has before it:
/// `[0-9a-f]{32}\.` of `[0-9a-f]{32}\.[A-Za-z0-9]{16}`.
///
/// A search for an expression without a literal at its start visits every byte, one at a time; the
/// literal is found 20 times as fast.
#[derive(Debug)]
pub struct LateLiteral {
    literal: Finder<'static>,
    /// `true` for each value that the bytes directly before the literal can have.
    class: Box<[bool; 256]>,
    /// The number of these bytes.
    count: usize,
}

impl LateLiteral {
    /// `None` if the expression has no such literal.
    pub fn of(source: &str) -> Option<Self> {
        let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(source).ok()?;
        let HirKind::Concat(parts) = hir.kind() else { return None };
        let first = parts.iter().position(|part| !is_class(part))?;
        let HirKind::Literal(literal) = parts[first].kind() else { return None };
        let (class, count) = repeated(parts.get(first.checked_sub(1)?)?)?;
        let class = Box::new(std::array::from_fn(|byte| has(class, byte as u8)));
        Some(Self { literal: Finder::new(&literal.0).into_owned(), class, count })
    }

    /// `true` if `text` contains the literal with such bytes before it.
    pub fn is_in(&self, text: &[u8]) -> bool {
        self.literal.find_iter(text).any(|at| {
            let before = at.checked_sub(self.count).map(|start| &text[start..at]);
            before.is_some_and(|before| before.iter().rev().all(|byte| self.class[*byte as usize]))
        })
    }
}

/// `true` for a class, also a repeated one.
fn is_class(part: &Hir) -> bool {
    repeated(part).is_some()
}

/// The class of a part of an expression, and how often it is repeated at least.
fn repeated(part: &Hir) -> Option<(&Class, usize)> {
    match part.kind() {
        HirKind::Class(class) => Some((class, 1)),
        HirKind::Repetition(repetition) => match repetition.sub.kind() {
            HirKind::Class(class) => Some((class, usize::try_from(repetition.min).ok()?)),
            _ => None,
        },
        _ => None,
    }
}

/// `true` if a class has this byte.
fn has(class: &Class, byte: u8) -> bool {
    match class {
        Class::Bytes(bytes) => {
            bytes.ranges().iter().any(|range| (range.start()..=range.end()).contains(&byte))
        }
        // A character beyond ASCII may begin or end with any byte beyond ASCII.
        Class::Unicode(characters) => {
            !byte.is_ascii()
                || characters
                    .ranges()
                    .iter()
                    .any(|range| (range.start()..=range.end()).contains(&char::from(byte)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Matcher, Pattern, built_in, example::expand};

    #[test]
    fn the_literal_needs_the_bytes_of_a_match_before_it() {
        for (source, yes, no) in [
            (r"[0-9a-f]{2}\.[a-z]{3}", &["0a.abc", "x.f0a."][..], &["0a", "a.abc", "0x.abc"][..]),
            (r"[A-Z]{2,9}[0-9]{1,3}-x(?<secret>y)", &["AB1-x", "1-x"], &["AB-x", "1-y"]),
            (r"[a-z]*==", &["==", "a=="], &["a="]),
            (r"[\x80-\xff]{2}=", &["é="], &["e="]),
        ] {
            let literal = LateLiteral::of(source).expect(source);
            assert!(yes.iter().all(|text| literal.is_in(text.as_bytes())), "{source}");
            assert!(!no.iter().any(|text| literal.is_in(text.as_bytes())), "{source}");
        }
    }

    #[test]
    fn other_expressions_have_none() {
        for source in ["hf_[a-z]", r"\b[a-z]{3}=", "[a-z]+|x=", "(?:a|bc)=", "[a-z]{3}", "[", ""] {
            assert!(LateLiteral::of(source).is_none(), "{source}");
        }
    }

    #[test]
    fn it_is_in_all_examples_that_a_built_in_pattern_matches() {
        let rules = built_in(None).expect("the built-in rules are valid");
        let (mut count, mut found) = (0, 0);
        for rule in &rules {
            let Matcher::Pattern { patterns, .. } = &rule.matcher else { continue };
            let literals = patterns.iter().map(|one| (one, LateLiteral::of(one.as_str())));
            for (pattern, literal) in literals.filter_map(|(one, found)| Some((one, found?))) {
                let source = pattern.as_str();
                count += 1;
                for example in &rule.examples {
                    let text = expand(&example.text);
                    let is_match = Pattern::new(source).is_match(text.as_bytes());
                    found += usize::from(is_match);
                    assert!(!is_match || literal.is_in(text.as_bytes()), "{source}: {text}");
                }
            }
        }
        assert!(count >= 4 && found >= 4, "{count} {found}");
    }
}
