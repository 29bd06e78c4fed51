//! Commands that a program starts.

use super::{
    call::Given,
    escape::Decoded,
    frame::Chain,
    grammar::Trait,
    literal::Fill,
    parser::Parser,
    token::{Kind, StringToken},
    words::{Form, Meaning, On},
};
use crate::{
    language::{
        extract::Extract,
        shell::{Argument, read_arguments, read_shell},
    },
    model::{CommandPlace, Facts, Span, SpanMap, ValueKind, Word},
};

/// Maximum number of words of a command; further words are dropped.
const MOST_WORDS: usize = 256;

impl Parser<'_> {
    /// Reads a call that may start a program with the arguments from `from` up to `close`.
    pub(super) fn start(
        &mut self,
        callee: Chain,
        (form, on): (Form, On),
        from: usize,
        close: usize,
    ) {
        if !self.is_made_on(callee, on) {
            return;
        }
        let mut given: Vec<Given> = self.given(from, close);
        let named_program = given.iter().position(|given| {
            given.name.is_some_and(|name| self.is_word(name, |words| words.programs))
        });
        if let Some(named) = named_program.filter(|named| *named > 0 || given.len() == 1) {
            given.swap(0, named);
            given.truncate(1);
        }
        given.retain(|given| given.name.is_none_or(|_| named_program.is_some()));
        if form == Form::WordsAfterFirst && !given.is_empty() {
            given.remove(0);
        }
        let Some(first) = given.first().copied() else { return };
        let texts =
            given.iter().filter(|given| self.tokens.kind(given.from) == Kind::String).count();
        let is_list = matches!(self.opener_of(first), Some(open) if open > 0);
        if form == Form::Line && !is_list && (texts < 2 || given.len() != texts) {
            self.command_line(first.from, first.to);
            return;
        }
        let mut words = Vec::new();
        let listed = if form == Form::Line && is_list { &given[..1] } else { &given[..] };
        for given in listed {
            self.words(given.from, given.to, &mut words);
        }
        if form == Form::Chained {
            self.chained_words(close, &mut words);
        }
        self.command(words);
    }

    /// `true` if the receiver of a call is one of `on`.
    pub(super) fn is_made_on(&self, callee: Chain, on: On) -> bool {
        let tokens = &self.tokens;
        let is_member = tokens.kind_before(callee.first).is_member_mark();
        let is_bare = callee.first == callee.last && !is_member;
        // `subprocess.run(…)`, `Runtime.getRuntime().exec(…)`
        let around = match callee.last > callee.first {
            true => callee.last - 2,
            false => tokens
                .mate(callee.first.wrapping_sub(2))
                .filter(|_| is_member)
                .map_or(usize::MAX, |open| open.wrapping_sub(1)),
        };
        match on {
            On::Anything => true,
            On::Runner => self.is_word(around, |words| words.runners),
            On::RunnerOrNothing => is_bare || self.is_word(around, |words| words.runners),
            On::One(names) => tokens.is_name(around, names),
        }
    }

    /// The bracket that a list of words opens with: `[…]`, `{…}`, `List.of(…)`, `c(…)`.
    fn opener_of(&self, given: Given) -> Option<usize> {
        let tokens = &self.tokens;
        let open =
            (given.from..given.to.min(given.from + 8)).find(|at| tokens.kind(*at).opens())?;
        let is_only = tokens.mate(open).is_some_and(|close| close + 1 == given.to);
        let is_text = (given.from..open).any(|at| tokens.kind(at) == Kind::String);
        let calls = self
            .tokens
            .is_name(open.wrapping_sub(1), &["of", "asList", "listOf", "c", "array", "split"]);
        let is_list = tokens.kind(open) != Kind::RoundOpen || calls || open == given.from;
        (is_only && !is_text && is_list).then_some(open)
    }

    /// Appends the words of an argument.
    fn words(&self, from: usize, to: usize, words: &mut Vec<Word>) {
        if words.len() >= MOST_WORDS || from >= to {
            return;
        }
        let given = Given { name: None, from, to };
        if let Some(open) = self.opener_of(given) {
            let close = to - 1;
            let mut at = open + 1;
            while at < close && words.len() < MOST_WORDS {
                let end = self.expressions().extent(at, false).end.min(close);
                if at < end {
                    words.push(self.one_word(at, end));
                }
                at = end + 1;
            }
            return;
        }
        words.push(self.one_word(from, to));
    }

    fn one_word(&self, from: usize, to: usize) -> Word {
        let span = self.tokens.span_of(from, to - 1);
        match self.expressions().value(from, to) {
            // The interpreter of the program itself.
            Some(value) if value.text == "sys.executable" => {
                Word { expands: false, text: "python".to_string(), span }
            }
            Some(value) => {
                Word { expands: value.kind != ValueKind::Literal, text: value.text, span }
            }
            None => Word { text: String::new(), span, expands: true },
        }
    }

    /// `.arg("…").args(["…"])` after the closer at `close`.
    fn chained_words(&self, close: usize, words: &mut Vec<Word>) {
        let tokens = &self.tokens;
        let mut at = close + 1;
        while tokens.kind(at) == Kind::Dot && words.len() < MOST_WORDS {
            let open = at + 2;
            let Some(end) = tokens.mate(open).filter(|_| tokens.kind(open) == Kind::RoundOpen)
            else {
                return;
            };
            if tokens.is_name(at + 1, &["arg", "args"]) {
                let from = open + 1 + usize::from(tokens.kind(open + 1) == Kind::Ampersand);
                self.words(from, end, words);
            }
            at = end + 1;
        }
    }

    /// Adds a command whose words are known separately.
    fn command(&mut self, words: Vec<Word>) {
        if words.first().is_some_and(|first| first.expands && first.text.is_empty()) {
            return;
        }
        let arguments = words.into_iter().map(argument).collect();
        let facts = read_arguments(arguments, CommandPlace::Subprocess);
        self.facts.commands.extend(facts.commands);
        self.facts.bindings.extend(facts.bindings);
    }

    /// A text in backticks or `%x(…)` is a command.
    pub(super) fn lone_string(&mut self, at: usize) {
        let before = at.wrapping_sub(1);
        if self.grammar.has(Trait::StringCalls)
            && self.grammar.words.meaning(self.tokens.bytes(before)) == Some(Meaning::Import)
        {
            self.imported_by_call(at, false);
        }
        let Some(literal) = self.tokens.string_at(at).copied() else { return };
        if literal.is_command {
            self.command_line(at, at + 1);
        }
        if literal.is_filled && self.grammar.has(Trait::CodeInStrings) && self.is_place_in(at, at) {
            self.note_code(&literal);
        }
    }

    /// Records the code in the placeholders of a string, which is read after this run of tokens.
    fn note_code(&mut self, literal: &StringToken) {
        let mut start = literal.content.start;
        while let Some(place) =
            next_fill(self.tokens.text, Span::new(start, literal.content.end), literal.fill)
        {
            if memchr::memchr(b'(', place.slice(self.tokens.text)).is_some() {
                self.code.push(Span::new(place.start + 1, place.end.saturating_sub(1)));
            }
            start = place.end.max(start + 1);
        }
    }

    /// Adds the commands of the command line that consists of the literals from `from` up to `to`.
    fn command_line(&mut self, from: usize, to: usize) {
        let mut decoded = Decoded { map: Some(SpanMap::default()), ..Decoded::default() };
        let mut filled = Vec::new();
        for at in from..to {
            match self.tokens.kind(at) {
                Kind::String => self.line_piece(at, &mut decoded, &mut filled),
                kind if self.grammar.concatenation.contains(&kind) => {}
                Kind::RoundOpen | Kind::RoundClose => {}
                // An operand that is not a literal is one word of the line, or a part of one.
                _ => {
                    let span = self.tokens.at(at).span();
                    fill(&mut decoded, self.tokens.text, span);
                    filled.push(span);
                }
            }
        }
        if !(from..to).any(|at| self.tokens.kind(at) == Kind::String) {
            return;
        }
        let Some(map) = decoded.map else { return };
        let mut facts = Facts::default();
        facts.absorb(read_shell(decoded.text.as_bytes(), CommandPlace::Subprocess), &map);
        for command in &mut facts.commands {
            for word in &mut command.words {
                let index = filled.partition_point(|filled: &Span| filled.end <= word.span.start);
                if filled.get(index).is_some_and(|filled| filled.overlaps(word.span)) {
                    word.expands = true;
                }
            }
        }
        self.facts.bindings.append(&mut facts.bindings);
        self.facts.commands.append(&mut facts.commands);
    }

    /// Appends one literal of a command line; `filled` receives the spans of its placeholders.
    fn line_piece(&self, at: usize, decoded: &mut Decoded, filled: &mut Vec<Span>) {
        let Some(literal) = self.tokens.string_at(at) else { return };
        if !literal.is_filled {
            decoded.push(self.tokens.text, literal, self.expressions().habits());
            return;
        }
        let content = literal.content;
        let mut start = content.start;
        while let Some(place) =
            next_fill(self.tokens.text, Span::new(start, content.end), literal.fill)
        {
            decoded.push_plain(self.tokens.text, Span::new(start, place.start));
            fill(decoded, self.tokens.text, place);
            filled.push(place);
            start = place.end.max(start + 1);
        }
        decoded.push_plain(self.tokens.text, Span::new(start, content.end));
    }
}

/// Appends the source of a placeholder so that a shell reads it as part of one word.
fn fill(decoded: &mut Decoded, source: &[u8], place: Span) {
    for (index, byte) in place.slice(source).iter().enumerate() {
        let character = match byte {
            b'$' | b'#' if index == 0 => '$',
            byte if byte.is_ascii_alphanumeric() || b"_.{}".contains(byte) => char::from(*byte),
            _ => '_',
        };
        decoded.text.push(character);
        if let Some(map) = &mut decoded.map {
            map.push(1, Span::new(place.start + index, place.start + index + 1));
        }
    }
}

/// The next placeholder in the text of `within`.
fn next_fill(source: &[u8], within: Span, fill: Fill) -> Option<Span> {
    let bytes = within.slice(source);
    let mark = match fill {
        Fill::Braces => b'{',
        Fill::DollarBraces | Fill::Dollar => b'$',
        Fill::HashBraces => b'#',
        Fill::BackslashRound => b'\\',
        Fill::None => return None,
    };
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(mark, bytes.get(from..)?)?;
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        let opens = match fill {
            Fill::Braces if next == b'{' => {
                from = at + 2;
                continue;
            }
            Fill::Braces => true,
            Fill::BackslashRound => next == b'(',
            _ => next == b'{' || next == b'(' && fill == Fill::Dollar,
        };
        let start = at + 1 + usize::from(opens && fill != Fill::Braces);
        let length = if opens {
            closing(&bytes[start.min(bytes.len())..])
        } else {
            bytes[start..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count()
        };
        if !opens && length == 0 {
            from = at + 1;
            continue;
        }
        let end = (start + length).min(bytes.len());
        return Some(Span::new(within.start + at, within.start + end));
    }
}

/// Number of bytes up to and including the closer of the bracket opened before `bytes`.
fn closing(bytes: &[u8]) -> usize {
    let mut depth = 1usize;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' | b'(' => depth += 1,
            b'}' | b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    bytes.len()
}

/// A word of a list as an argument for the shell reader. Its text maps to the content of the quotes
/// if it is written without escapes, or else to the whole literal.
fn argument(word: Word) -> Argument {
    let quotes = word.span.len().saturating_sub(word.text.len());
    let map = if quotes == 2 {
        SpanMap::shifted(word.span.start + 1, word.text.len())
    } else {
        let mut map = SpanMap::default();
        map.push(word.text.len(), word.span);
        map
    };
    Argument {
        extract: Extract { text: word.text.into_bytes(), map },
        span: word.span,
        expands: word.expands,
    }
}
