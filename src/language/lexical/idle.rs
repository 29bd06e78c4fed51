//! What of a text need not be cut into tokens: brackets and functions without a place
//! where facts are wanted.
//!
//! One quick pass looks at quotes, comments and brackets only. It asks the lexer where
//! each text and comment ends, so that both see the same brackets.

use super::{
    super::reader::Places,
    begins::Begins,
    bracket::{DEEPEST, sort},
    dialect::{Dialect, Prefixes, Trait},
    lexer::{Lexer, next_function},
    operator::operator,
    token::{Kind, NOWHERE, Token, Tokens},
};
use std::collections::VecDeque;

/// So many brackets are noted; later ones are read in full.
const MOST: usize = 1 << 20;

/// Brackets without a wanted place, by the first byte and the last of each, in the order of
/// the text and none inside another. Those right inside `(` or `[` are not among them.
pub type Idle = Vec<(u32, u32)>;

impl Dialect {
    /// Whether what begins a text, a comment or a pattern can be told by the token before it.
    fn can_be_skimmed(&self) -> bool {
        ![
            Trait::Php,
            Trait::Ruby,
            Trait::Sql,
            Trait::Lua,
            Trait::Symbols,
            Trait::Nowdoc,
            Trait::Transpose,
            Trait::ArrowAssigns,
            Trait::Preprocessor,
        ]
        .iter()
        .any(|one| self.has(*one))
            && self.prefixes != Prefixes::Cpp
    }
}

/// Looks ahead of the lexer for what is idle.
pub struct Skim<'a> {
    lexer: Lexer<'a>,
    /// The token before `seen`, if it was looked for.
    before: Tokens<'a>,
    /// Up to here the text was looked at for the token before what follows.
    seen: usize,
    places: &'a [usize],
    /// How many of the places are behind.
    passed: usize,
    /// The brackets that are open: their kind, where they stand, and how many places
    /// were before.
    open: Vec<(Kind, usize, usize)>,
    counts: [usize; 3],
    too_deep: usize,
    /// The bytes that say something.
    stops: [bool; 256],
    /// Where the next of Python's functions may start.
    next_function: Option<usize>,
    /// Where functions of Python's start, outside of all brackets, that are still ahead.
    functions: VecDeque<usize>,
    idle: Idle,
}

impl<'a> Skim<'a> {
    /// Looks ahead from where `lexer` stands, which has read nothing yet; `None` if what is
    /// idle cannot be told for its language.
    pub fn new(lexer: Lexer<'a>, places: Places<'a>) -> Option<Self> {
        let list = places.list().filter(|_| lexer.dialect.can_be_skimmed())?;
        let mut skim = Self {
            before: Tokens::new(lexer.text),
            seen: lexer.at,
            stops: stops(&lexer),
            lexer,
            places: list,
            passed: 0,
            open: Vec::new(),
            counts: [0; 3],
            too_deep: 0,
            next_function: None,
            functions: VecDeque::new(),
            idle: Idle::new(),
        };
        skim.find_function(skim.lexer.at);
        Some(skim)
    }

    /// Where behind `start` the next of Python's functions starts, outside of all brackets,
    /// or else the text ends. What is idle up to there is in `idle` from then on.
    pub fn end_of_part(&mut self, start: usize, idle: &mut Idle) -> usize {
        std::mem::swap(idle, &mut self.idle);
        loop {
            while self.functions.front().is_some_and(|function| *function <= start) {
                self.functions.pop_front();
            }
            if !self.functions.is_empty() || self.lexer.at == self.lexer.text.len() {
                break;
            }
            self.run();
        }
        std::mem::swap(idle, &mut self.idle);
        self.functions.front().copied().unwrap_or(self.lexer.text.len())
    }

    /// Goes on at `at`, where a function of Python's starts: what is before is not looked at.
    pub fn pass(&mut self, at: usize) {
        if at <= self.lexer.at {
            return;
        }
        (self.lexer.at, self.seen) = (at, at);
        (self.lexer.starts_line, self.lexer.spaced) = (true, true);
        self.before.list.clear();
        self.before.texts.clear();
        self.open.clear();
        self.functions.clear();
        (self.counts, self.too_deep) = ([0; 3], 0);
        if self.next_function.is_some_and(|next| next <= at) {
            self.find_function(at);
        }
    }

    /// Looks at the text up to where a function was found, or the text ends.
    fn run(&mut self) {
        let text = self.lexer.text;
        while let Some(length) =
            text[self.lexer.at..].iter().position(|byte| self.stops[*byte as usize])
        {
            self.lexer.at += length;
            let at = self.lexer.at;
            self.functions_before(at);
            if !self.functions.is_empty() {
                return;
            }
            match text[at] {
                b'!' | b'%' => self.shell_line(at),
                b'(' | b'[' | b'{' => self.opens(at),
                b')' | b']' | b'}' => self.closes(at),
                b'\\' => {
                    let is_line_end = matches!(self.lexer.peek(1), b'\n' | b'\r');
                    self.lexer.at += if is_line_end { 2 } else { 1 };
                }
                byte => self.special(at, byte),
            }
        }
        self.lexer.at = text.len();
        self.functions_before(text.len());
    }

    /// Perhaps a line of a notebook's.
    fn shell_line(&mut self, at: usize) {
        let starts_line = at == 0 || self.lexer.text[at - 1] == b'\n';
        if starts_line && self.open.is_empty() {
            self.lexer.skip_shell_lines();
        }
        self.lexer.at = self.lexer.at.max(at + 1);
    }

    /// Notes the functions that start before `at`, outside of texts and comments.
    fn functions_before(&mut self, at: usize) {
        while let Some(start) = self.next_function.filter(|start| *start <= at) {
            let line = &self.lexer.text[..start - 1];
            let is_continued = line.strip_suffix(b"\r").unwrap_or(line).ends_with(b"\\");
            if self.open.is_empty() && start >= self.seen && !is_continued {
                self.look_before(start);
                let last = self.before.kind(0);
                if last.ends_value() || matches!(last, Kind::Semicolon | Kind::Colon) {
                    self.functions.push_back(start);
                }
            }
            self.find_function(start);
        }
    }

    /// Finds the next function that starts behind the line at `from`.
    fn find_function(&mut self, from: usize) {
        let rest = self.lexer.text.get(from..).filter(|_| self.lexer.ends_at_functions);
        self.next_function = rest.and_then(next_function).map(|length| from + length);
    }

    fn opens(&mut self, at: usize) {
        self.saw_bracket(at);
        if self.open.len() >= DEEPEST {
            self.too_deep += 1;
            return;
        }
        let kind = self.before.kind(0);
        let passed = self.passed_at(at);
        self.open.push((kind, at, passed));
        self.counts[sort(kind)] += 1;
    }

    /// As [`Brackets::take`](super::bracket::Brackets::take) has it.
    fn closes(&mut self, at: usize) {
        self.saw_bracket(at);
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let sort_of_closer = sort(self.before.kind(0));
        if self.counts[sort_of_closer] == 0 {
            return;
        }
        while let Some((kind, start, passed)) = self.open.pop() {
            self.counts[sort(kind)] -= 1;
            if sort(kind) == sort_of_closer {
                // A call looks at all that it is given, whatever of it is wanted.
                let is_given = self.open.last().is_some_and(|(around, ..)| sort(*around) != 2);
                if self.passed_at(at) == passed && !is_given {
                    self.note(start, at);
                }
                return;
            }
        }
    }

    /// How many places stand before `at`.
    fn passed_at(&mut self, at: usize) -> usize {
        while self.places.get(self.passed).is_some_and(|place| *place < at) {
            self.passed += 1;
        }
        self.passed
    }

    fn note(&mut self, start: usize, end: usize) {
        let list = &mut self.idle;
        while list.last().is_some_and(|(inner, _)| *inner as usize > start) {
            list.pop();
        }
        if list.len() < MOST {
            list.push((start as u32, end as u32));
        }
    }

    fn saw_bracket(&mut self, at: usize) {
        let (kind, _) = operator(self.lexer.text, at, self.lexer.dialect);
        self.saw(kind, at, at + 1);
        self.lexer.at = at + 1;
        self.lexer.starts_line = false;
    }

    /// A quote, a comment, a pattern, or nothing of the sort.
    fn special(&mut self, at: usize, byte: u8) {
        let start = self.look_before(at);
        let mut comments = Vec::new();
        if let Some(start) = start
            && matches!(byte, b'"' | b'\'' | b'#')
            && self.lexer.dialect.prefixes != Prefixes::None
            && self.lexer.prefixed(&mut self.before, start)
        {
            return self.saw_text();
        }
        self.lexer.at = at;
        if self.lexer.comment(&mut comments) {
            self.seen = self.lexer.at;
            return;
        }
        if self.lexer.begins[byte as usize] == Begins::Special
            && self.lexer.quoted(&mut self.before)
        {
            return self.saw_text();
        }
        self.lexer.operator(&mut self.before);
        self.saw_text();
    }

    /// The lexer has read a token.
    fn saw_text(&mut self) {
        self.before.texts.clear();
        if let Some(last) = self.before.list.pop() {
            self.before.list.clear();
            self.before.list.push(last);
        }
        self.seen = self.lexer.at;
    }

    /// Looks for the token before `at`. Where a name ends there, gives where it starts.
    fn look_before(&mut self, at: usize) -> Option<usize> {
        let text = self.lexer.text;
        let between = text.get(self.seen..at).unwrap_or_default();
        let plain = between.trim_ascii_end();
        self.lexer.spaced = plain.len() < between.len() || between.is_empty() && self.lexer.spaced;
        let (end, last) = (self.seen + plain.len(), *plain.last()?);
        let is_word =
            |byte: &u8| matches!(self.lexer.begins[*byte as usize], Begins::Name | Begins::Number);
        if !is_word(&last) {
            let kind = match last {
                b';' => Kind::Semicolon,
                b':' => Kind::Colon,
                _ => Kind::Other,
            };
            self.saw(kind, end - 1, end);
            self.seen = at;
            return None;
        }
        let length = plain.iter().rev().take_while(|byte| is_word(byte)).count();
        let start = end - length;
        let is_name = self.lexer.begins[text[start] as usize] == Begins::Name;
        self.saw(if is_name { Kind::Name } else { Kind::Number }, start, end);
        self.seen = at;
        (is_name && end == at).then_some(start)
    }

    fn saw(&mut self, kind: Kind, start: usize, end: usize) {
        let (start_32, end_32) = (start as u32, end as u32);
        let (starts_line, spaced) = (false, false);
        self.before.list.clear();
        self.before.list.push(Token {
            kind,
            starts_line,
            spaced,
            start: start_32,
            end: end_32,
            link: NOWHERE,
        });
        self.seen = end;
    }
}

/// The bytes that say something to who looks for brackets and functions.
fn stops(lexer: &Lexer<'_>) -> [bool; 256] {
    let mut stops = lexer.begins.map(|begins| begins == Begins::Special);
    for byte in b"()[]{}\\" {
        stops[*byte as usize] = true;
    }
    for byte in b"!%" {
        stops[*byte as usize] = lexer.ends_at_functions;
    }
    stops[b'/' as usize] |= lexer.dialect.has(Trait::Patterns);
    stops[b'#' as usize] |= lexer.dialect.prefixes == Prefixes::Rust;
    stops
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::{FileHead, identify},
        model::SourcePath,
    };

    /// The bindings of `text` near each place where `word` stands, as `key=value`.
    fn near(path: &str, text: &str, word: &str) -> Vec<String> {
        let path = SourcePath::from_bytes(path);
        let file = FileHead { path: &path, head: b"" };
        let places: Vec<usize> = text.match_indices(word).map(|(at, _)| at).collect();
        let reader = identify(file).expect("the language is known");
        let facts = reader.read_near(text.as_bytes(), file, Places::at(&places), None);
        facts.bindings.iter().map(|one| format!("{}={}", one.key, one.value.text)).collect()
    }

    #[test]
    fn functions_without_a_place_are_left_out_unless_a_text_or_bracket_only_looks_like_them() {
        let text = "\
def a():
    x = 'one'
def b():
    y = '''
def c():
    hf = 'two'
'''
    hf = 'three'
d = [
def e():
    4]
async def f(hf='five'):
    pass
";
        let found = near("a.py", text, "hf");
        let texts =
            ["y=\ndef c():\n    hf = 'two'\n", "hf=three", "d=[\ndef e():\n    4]", "hf=five"];
        assert_eq!(found, texts);
    }

    #[test]
    fn a_bracket_is_left_out_only_if_no_call_names_or_holds_or_continues_a_place() {
        for (text, found) in [
            ("f({ a: 'x' }); g({ hf: 'y' })", vec!["hf=y"]),
            ("hf({ a: 'x' }); g({ b: 'y' })", vec!["a=x"]),
            ("const s = \"a ' ( \"; f({ a: /[(]'/ }); g({ hf: 'y' })", vec!["hf=y"]),
            ("const s = `${f({ a: 'x' })} (`; /* ( */ g({ hf: 'y' }) // )", vec!["hf=y"]),
        ] {
            let mut names = near("a.js", text, "hf");
            names.retain(|name| !name.starts_with("s=") && !name.starts_with('='));
            assert_eq!(names, found, "{text}");
        }
        let names = near("a.js", "f('x').g('y').h({ hf: 'z' })", "hf");
        assert!(["=x", "=y", "hf=z"].iter().all(|one| names.iter().any(|name| name == one)));
    }

    #[test]
    fn a_pattern_is_told_from_a_division_by_what_stands_before_it() {
        for text in [
            "f({ a: x / 2, b: '/' }); g({ hf: 'y' })",
            "if (x) /[']/.test(y); f({ a: 'x' }); g({ hf: 'y' })",
            "return /* c */ /'(/.test(y); f({ a: 'x' }); g({ hf: 'y' })",
            "a = b\n/* c */ / 2 / '('; f({ a: 'x' }); g({ hf: 'y' })",
        ] {
            let names = near("a.js", text, "hf");
            assert!(names.contains(&"hf=y".to_string()), "{text} {names:?}");
            assert!(!names.iter().any(|name| name.starts_with("a=x")), "{text} {names:?}");
        }
    }
}
