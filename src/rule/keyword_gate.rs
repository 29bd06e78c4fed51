//! Expressions that decide whether a keyword counts.

use super::opening::Opening;
use regex_automata::{
    Input,
    hybrid::dfa::{Cache, DFA},
    nfa::thompson::{Config, NFA, WhichCaptures},
    util::{pool::Pool, syntax},
};
use std::sync::OnceLock;

/// An expression that must match a short text that starts with a keyword. Compiled on first use.
///
/// One automaton serves both the cheap rejection by [`Opening`] and the match, in one direction and
/// without captures: half of the instructions of a scan of one small file would otherwise compile
/// each of these expressions twice, and in ways that only pay on long texts.
#[derive(Debug)]
pub struct KeywordGate {
    source: String,
    compiled: OnceLock<Option<Compiled>>,
}

/// Creates the memory of a search.
type NewCache = Box<dyn Fn() -> Cache + Send + Sync>;

#[derive(Debug)]
struct Compiled {
    dfa: DFA,
    caches: Pool<Cache, NewCache>,
}

impl KeywordGate {
    /// Stores the text of an expression, valid as a [`Pattern`](super::Pattern).
    pub fn new(source: impl Into<String>) -> Self {
        Self { source: source.into(), compiled: OnceLock::new() }
    }

    /// The bytes that can follow `prefix` in a match that begins with it.
    pub fn opening(&self, prefix: &[u8]) -> Opening {
        self.compiled().map_or_else(Opening::default, |compiled| {
            Opening::behind(prefix, compiled.dfa.get_nfa())
        })
    }

    /// `true` if it matches anywhere in `text`; `false` for an invalid expression.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.compiled().is_some_and(|Compiled { dfa, caches }| {
            let found = dfa.try_search_fwd(&mut caches.get(), &Input::new(text).earliest(true));
            // It only fails with limits that are not set.
            !matches!(found, Ok(None))
        })
    }

    fn compiled(&self) -> Option<&Compiled> {
        self.compiled.get_or_init(|| compile(&self.source)).as_ref()
    }
}

fn compile(source: &str) -> Option<Compiled> {
    let dfa = DFA::builder()
        // The memory grows as needed; a gate that needs more than the default is slower.
        .configure(DFA::config().skip_cache_capacity_check(true))
        .build_from_nfa(nfa(source)?)
        .ok()?;
    let new_cache = {
        let dfa = dfa.clone();
        Box::new(move || dfa.create_cache()) as NewCache
    };
    Some(Compiled { dfa, caches: Pool::new(new_cache) })
}

/// The automaton of the expression `source`, with the syntax of a [`Pattern`](super::Pattern);
/// `None` if it is invalid.
pub fn nfa(source: &str) -> Option<NFA> {
    let config = Config::new().utf8(false).which_captures(WhichCaptures::None);
    let syntax = syntax::Config::new().unicode(false).utf8(false);
    NFA::compiler().configure(config).syntax(syntax).build(source).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Pattern, built_in};

    #[test]
    fn it_matches_where_a_pattern_with_its_text_does() {
        let rules = built_in(None).expect("the built-in rules are valid");
        let gates = rules.iter().filter_map(|rule| rule.keyword_gate.as_ref());
        let sources = gates.map(Pattern::as_str).chain(["a$", r"\bb+\b", "(?m)^c", "(?s)a.*b", ""]);
        let pieces = [
            "HF_TOKEN",
            "token",
            "=",
            " ",
            "\n",
            "\"",
            "abc",
            "sk-ant-api03-",
            "b",
            "0",
            "://",
            "x1".repeat(20).as_str(),
        ]
        .map(str::to_string);
        let mut random = fastrand::Rng::with_seed(9);
        let (mut matched, mut count) = (0, 0);
        for source in sources {
            let (gate, pattern) = (KeywordGate::new(source), Pattern::new(source));
            for _ in 0..300 {
                let text: String = (0..random.usize(0..9))
                    .filter_map(|_| random.choice(&pieces))
                    .cloned()
                    .collect();
                let is_match = gate.is_match(text.as_bytes());
                assert_eq!(is_match, pattern.is_match(text.as_bytes()), "{source} {text:?}");
                (matched, count) = (matched + usize::from(is_match), count + 1);
            }
        }
        assert!(matched > 500 && matched < count, "{matched} of {count}");
    }

    #[test]
    fn an_invalid_expression_matches_nothing() {
        let gate = KeywordGate::new("a[");
        assert!(!gate.is_match(b"a[") && gate.opening(b"a").admits(b""));
    }
}
