//! The name at the end of an expression that is assigned to, compared, or looked up.

use super::{frame::Chain, grammar::Trait, token::Kind, value::Expressions};
use crate::model::Span;

/// Maximum number of parts of a name that are read, from the right.
const MOST_PARTS: usize = 32;
/// Maximum length in bytes of a key; a longer one is truncated.
const LONGEST_KEY: usize = 200;

/// A name that can be bound.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its last part.
    pub key: String,
    /// The span of the last part.
    pub key_span: Span,
    /// All its parts, joined with `.`.
    pub path: String,
    /// The callee, if the name is a call's first argument.
    pub callee: Option<Chain>,
    /// Its first token.
    pub first: usize,
}

impl Expressions<'_, '_> {
    /// The name that ends with the token at `last`.
    pub fn target(&self, mut last: usize) -> Option<Target> {
        let tokens = self.tokens;
        for _ in 0..MOST_PARTS {
            match tokens.kind(last) {
                Kind::Bang | Kind::Question => last = last.checked_sub(1)?,
                Kind::Name => return Some(self.named_target(last)),
                Kind::SquareClose => return self.subscript(last),
                Kind::RoundClose => {
                    let open = tokens.mate(last)?;
                    let name =
                        open.checked_sub(1).filter(|name| tokens.kind(*name) == Kind::Name)?;
                    let chain = self.chain_before(name);
                    if let Some((key, key_span)) = self.name_in_string(open + 1) {
                        let path = key.clone();
                        return Some(Target {
                            key,
                            key_span,
                            path,
                            callee: Some(chain),
                            first: chain.first,
                        });
                    }
                    // `Optional.ofNullable(System.getenv("HF_TOKEN"))`
                    let inner = last.checked_sub(1).and_then(|inner| tokens.mate(inner));
                    let inner =
                        inner.and_then(|inner| inner.checked_sub(1)).filter(|inner| *inner > open);
                    if inner.is_some_and(|inner| self.chain_before(inner).first == open + 1) {
                        last -= 1;
                        continue;
                    }
                    // `env::var("HF_TOKEN").ok()`
                    let is_member = tokens.kind_before(chain.first).is_member_mark();
                    if !is_member {
                        return Some(self.named_target(name));
                    }
                    last = chain.first.checked_sub(2)?;
                }
                // `string Token { get; set; } = "…"`
                Kind::CurlyClose => {
                    let name = tokens.mate(last)?.checked_sub(1)?;
                    return (tokens.kind(name) == Kind::Name).then(|| self.named_target(name));
                }
                _ => return None,
            }
        }
        None
    }

    /// The qualified name that ends with the name at `last`.
    pub fn chain_before(&self, last: usize) -> Chain {
        let tokens = self.tokens;
        let mut first = last;
        for _ in 0..MOST_PARTS {
            let mark = tokens.kind_before(first);
            let is_mark = mark.is_member_mark() && !self.grammar.concatenation.contains(&mark)
                || mark == Kind::Colon
                    && self.grammar.has(Trait::ColonMembers)
                    && first != last + 1;
            match first.checked_sub(2) {
                Some(before) if is_mark && tokens.kind(before) == Kind::Name => first = before,
                _ => break,
            }
        }
        Chain { first, last }
    }

    /// The name of the token at `index`, without `$`, `@` or quotes, and its span.
    pub fn key(&self, index: usize) -> (String, Span) {
        if let Some(literal) = self.tokens.string_at(index) {
            let value = self.literal(index);
            return (cut(value.text), literal.content);
        }
        let span = self.tokens.at(index).span();
        let bytes = span.slice(self.tokens.text);
        let sigils = bytes.iter().take(2).take_while(|byte| matches!(byte, b'$' | b'@')).count();
        let sigils = if sigils == bytes.len() { 0 } else { sigils };
        let bytes = &bytes[sigils..];
        let bytes = &bytes[..bytes.len().min(LONGEST_KEY)];
        (String::from_utf8_lossy(bytes).into_owned(), Span::new(span.start + sigils, span.end))
    }

    /// The literal at `index` as a name, if it can be one: `HF_TOKEN`, `hf.token`, `hf-token`.
    pub fn name_in_string(&self, index: usize) -> Option<(String, Span)> {
        let literal = self.tokens.string_at(index)?;
        let bytes = literal.content.slice(self.tokens.text);
        let is_name = !bytes.is_empty()
            && bytes.len() <= LONGEST_KEY
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(byte));
        is_name.then(|| self.key(index))
    }

    fn named_target(&self, last: usize) -> Target {
        let chain = self.chain_before(last);
        let (key, key_span) = self.key(last);
        Target { path: self.path(chain), key, key_span, callee: None, first: chain.first }
    }

    /// `name["key"]`
    fn subscript(&self, last: usize) -> Option<Target> {
        let tokens = self.tokens;
        let open = tokens.mate(last)?;
        let base = open.checked_sub(1)?;
        let mut target = match tokens.kind(base) {
            Kind::Name => self.named_target(base),
            // `a["b"]["c"]`, `f()["c"]`
            Kind::SquareClose | Kind::RoundClose => {
                let outer = tokens.mate(base)?;
                let name = outer.checked_sub(1).filter(|name| tokens.kind(*name) == Kind::Name);
                let mut target = match name {
                    Some(name) => self.named_target(name),
                    None => Target {
                        key: String::new(),
                        key_span: tokens.at(outer).span(),
                        path: String::new(),
                        callee: None,
                        first: outer,
                    },
                };
                if outer + 2 == base && matches!(tokens.kind(outer + 1), Kind::String | Kind::Name)
                {
                    target.path = joined(&target.path, &self.key(outer + 1).0);
                }
                target
            }
            _ => return None,
        };
        // R's `settings[["token"]]`
        let is_double =
            tokens.kind(open + 1) == Kind::SquareOpen && tokens.mate(open + 1) == Some(last - 1);
        let (open, last) = if is_double { (open + 1, last - 1) } else { (open, last) };
        let is_key = open + 2 == last && matches!(tokens.kind(open + 1), Kind::String | Kind::Name);
        if is_key {
            (target.key, target.key_span) = self.key(open + 1);
            target.path = joined(&target.path, &target.key);
        }
        (!target.key.is_empty()).then_some(target)
    }

    /// The parts of a name, joined with `.`.
    fn path(&self, chain: Chain) -> String {
        let mut path = String::new();
        for index in (chain.first..=chain.last).step_by(2) {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&self.key(index).0);
            if path.len() > LONGEST_KEY {
                break;
            }
        }
        path
    }
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_string() } else { format!("{path}.{key}") }
}

fn cut(mut text: String) -> String {
    if text.len() > LONGEST_KEY {
        let end = (0..=LONGEST_KEY).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
    }
    text
}
