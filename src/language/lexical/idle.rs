//! What of a text need not be cut into tokens: brackets and functions without a place
//! where facts are wanted.
//!
//! One quick pass looks at quotes, comments and brackets only. It asks the lexer where
//! each text and comment ends, so that both see the same brackets.

use super::{
    super::reader::Places,
    bracket::{DEEPEST, sort},
    dialect::{Dialect, Prefixes, Trait},
    lexer::{Begins, Lexer, starts_function},
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
            idle: Idle::default(),
        };
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
            match text[at] {
                b'\n' => self.line_end(),
                b'(' | b'[' | b'{' => self.opens(at),
                b')' | b']' | b'}' => self.closes(at),
                b'\\' => {
                    let is_line_end = matches!(self.lexer.peek(1), b'\n' | b'\r');
                    self.lexer.at += if is_line_end { 2 } else { 1 };
                }
                byte => self.special(at, byte),
            }
        }
    }

    /// The bytes that say something.
    fn stops(&self) -> [bool; 256] {
        let dialect = self.lexer.dialect;
        let mut stops = self.lexer.begins.map(|begins| begins == Begins::Special);
        for byte in b"()[]{}\\" {
            stops[*byte as usize] = true;
        }
        stops[b'\n' as usize] = self.lexer.ends_at_functions;
        stops[b'/' as usize] |= dialect.has(Trait::Patterns);
        stops[b'#' as usize] |= dialect.prefixes == Prefixes::Rust;
        stops
    }

    /// The end of a line of Python's.
    fn line_end(&mut self) {
        let lexer = &mut self.lexer;
        lexer.at += 1;
        lexer.starts_line = true;
        if !self.open.is_empty() {
            return;
        }
        lexer.skip_shell_lines();
        let start = lexer.at;
        if starts_function(lexer.text.get(start..).unwrap_or_default()) {
            self.look_before(start);
            let last = self.before.kind(0);
            if last.ends_value() || matches!(last, Kind::Semicolon | Kind::Colon) {
                self.idle.functions.push(start);
            }
        }
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

impl<'a> Lexer<'a> {
    /// Goes on behind the bracket that the last of `tokens` opens, if nothing in it is
    /// wanted, nor because of a name before it or a call behind it.
    pub(super) fn pass_idle(&mut self, tokens: &mut Tokens<'a>) -> bool {
        let open = tokens.len() - 1;
        let start = tokens.at(open).start;
        while self.idle.get(self.next_idle).is_some_and(|(next, _)| *next < start) {
            self.next_idle += 1;
        }
        let Some((next, close)) = self.idle.get(self.next_idle).copied() else { return false };
        if next != start || self.brackets.is_full() || self.is_named(tokens, open) {
            return false;
        }
        if self.is_called_on(close as usize + 1) {
            return false;
        }
        let inside = &self.text[start as usize + 1..close as usize];
        let blank = &inside[inside.trim_ascii_end().len()..];
        self.at = close as usize;
        self.spaced = !blank.is_empty();
        self.starts_line = blank.contains(&b'\n');
        let (kind, _) = operator(self.text, self.at, self.dialect);
        self.at += 1;
        self.push(tokens, kind, close as usize);
        tokens.list[open].link = open as u32 + 1;
        tokens.list[open + 1].link = open as u32;
        true
    }

    /// Whether a place is in the names before the bracket that the token at `open` opens,
    /// or in those before the brackets around it.
    pub(super) fn is_named(&self, tokens: &Tokens<'a>, open: usize) -> bool {
        let start = tokens.at(open).start as usize;
        self.brackets.is_named() || self.places.are_in(self.element_start(tokens, open)..start)
    }

    /// Where the element starts that ends with the token at `open`, or some byte before.
    fn element_start(&self, tokens: &Tokens<'a>, open: usize) -> usize {
        const MOST: usize = 64;
        const GO_ON: &[&str] =
            &["and", "as", "else", "in", "instanceof", "is", "or", "satisfies", "then"];
        let mut at = open;
        let mut in_types = false;
        for _ in 0..MOST {
            let Some(before) = at.checked_sub(1) else { return tokens.at(0).start as usize };
            let token = tokens.at(before);
            match token.kind {
                Kind::Comma if !in_types => return token.end as usize,
                Kind::Semicolon => return token.end as usize,
                Kind::Greater => in_types = true,
                Kind::Less => in_types = false,
                kind if kind.opens() && tokens.mate(before).is_none() => return token.end as usize,
                Kind::Name
                    if token.starts_line
                        && before > 0
                        && tokens.kind(before - 1).ends_value()
                        && self.brackets.are_statements()
                        && !tokens.is_name(before, GO_ON) =>
                {
                    return token.start as usize;
                }
                _ => {}
            }
            at = tokens.mate(before).filter(|mate| *mate < before).unwrap_or(before);
        }
        self.brackets.innermost().map_or(tokens.at(0), |open| tokens.at(open)).start as usize
    }

    /// Whether a place is in the calls that follow: `Command::new("hf").arg("…")` is one
    /// command.
    fn is_called_on(&self, close: usize) -> bool {
        const MOST: usize = 16;
        let skip_blanks = |at: usize| {
            let rest = self.text.get(at..).unwrap_or_default();
            at + (rest.len() - rest.trim_ascii_start().len())
        };
        let byte = |at: usize| self.text.get(at).copied().unwrap_or(0);
        let mut at = close;
        let mut next = self.next_idle + 1;
        for _ in 0..MOST {
            let dot = skip_blanks(at);
            match byte(dot) {
                b'.' => {}
                // A comment may stand before the dot.
                byte => {
                    return byte != 0
                        && self.begins[byte as usize] == Begins::Special
                        && matches!(byte, b'/' | b'#');
                }
            }
            let name = skip_blanks(dot + 1);
            let rest = self.text.get(name..).unwrap_or_default();
            let length = rest
                .iter()
                .take_while(|byte| {
                    self.begins[**byte as usize] == Begins::Name || byte.is_ascii_digit()
                })
                .count();
            let open = skip_blanks(name + length);
            if self.places.are_in(at..open) {
                return true;
            }
            if !matches!(byte(open), b'(' | b'[' | b'{') {
                return false;
            }
            while self.idle.get(next).is_some_and(|(start, _)| (*start as usize) < open) {
                next += 1;
            }
            match self.idle.get(next) {
                Some((start, close)) if *start as usize == open => at = *close as usize + 1,
                _ => return true,
            }
        }
        false
    }
}
