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

/// So many brackets are noted; later ones are read in full.
const MOST: usize = 1 << 20;

/// Brackets and starts of functions, in the order of the text.
#[derive(Debug, Default)]
pub struct Idle {
    /// The first byte and the last of brackets without a wanted place, none inside another.
    /// Those right inside `(` or `[` are not among them.
    pub brackets: Vec<(u32, u32)>,
    /// Where Python's functions start, outside of all brackets.
    pub functions: Vec<usize>,
}

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

impl Idle {
    /// What is idle from where `lexer` stands, which has read nothing yet; `None` if that
    /// cannot be told for its language.
    pub fn of(lexer: Lexer<'_>, places: Places<'_>) -> Option<Self> {
        let list = places.list().filter(|_| lexer.dialect.can_be_skimmed())?;
        let mut skim = Skim {
            before: Tokens::new(lexer.text),
            seen: lexer.at,
            lexer,
            places: list,
            passed: 0,
            open: Vec::new(),
            counts: [0; 3],
            too_deep: 0,
            next_function: None,
            idle: Idle::default(),
        };
        skim.find_function(skim.lexer.at);
        skim.run();
        Some(skim.idle)
    }
}

struct Skim<'a> {
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
    /// Where the next of Python's functions may start.
    next_function: Option<usize>,
    idle: Idle,
}

impl Skim<'_> {
    fn run(&mut self) {
        let stops = self.stops();
        let text = self.lexer.text;
        while let Some(length) = text[self.lexer.at..].iter().position(|byte| stops[*byte as usize])
        {
            self.lexer.at += length;
            let at = self.lexer.at;
            self.functions_before(at);
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
        self.functions_before(text.len());
    }

    /// The bytes that say something.
    fn stops(&self) -> [bool; 256] {
        let dialect = self.lexer.dialect;
        let mut stops = self.lexer.begins.map(|begins| begins == Begins::Special);
        for byte in b"()[]{}\\" {
            stops[*byte as usize] = true;
        }
        for byte in b"!%" {
            stops[*byte as usize] = self.lexer.ends_at_functions;
        }
        stops[b'/' as usize] |= dialect.has(Trait::Patterns);
        stops[b'#' as usize] |= dialect.prefixes == Prefixes::Rust;
        stops
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
                    self.idle.functions.push(start);
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
        let list = &mut self.idle.brackets;
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
