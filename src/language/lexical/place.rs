//! Positions of string literals in a program, with the syntax that edits of them need.

use super::{
    grammar::{Grammar, Trait},
    lexer::Lexer,
    token::{Kind, Tokens},
};
use crate::language::literal_place::{LiteralPlace, Slot};

/// Maximum length in bytes of a statement's head; a longer one is truncated.
const LONGEST_HEAD: usize = 200;

impl Grammar {
    /// The literals that contain the bytes at `places`, which are in ascending order.
    pub fn literals_at(&'static self, text: &[u8], places: &[usize]) -> Vec<Option<LiteralPlace>> {
        let mut found = vec![None; places.len()];
        let mut lexer = Lexer::new(text, 0, self);
        // A run must not end inside a statement.
        lexer.ends_at_functions = false;
        let (mut tokens, mut comments) = (Tokens::new(text), Vec::new());
        let mut first = 0;
        while first < places.len() && lexer.next_run(&mut tokens, &mut comments) {
            let statements = statements(&tokens);
            while let Some(place) = places.get(first).filter(|place| **place < lexer.at) {
                found[first] = literal_at(&tokens, &statements, *place, self);
                first += 1;
            }
        }
        found
    }

    /// The number of unmatched brackets in a text.
    pub fn unmatched_brackets(&'static self, text: &[u8]) -> usize {
        let mut lexer = Lexer::new(text, 0, self);
        lexer.ends_at_functions = false;
        let (mut tokens, mut comments) = (Tokens::new(text), Vec::new());
        let mut count = 0;
        while lexer.next_run(&mut tokens, &mut comments) {
            let is_bracket = |index: &usize| {
                let kind = tokens.kind(*index);
                kind.opens() || kind.closes()
            };
            let all = (0..tokens.len()).filter(is_bracket);
            count += all.filter(|index| tokens.mate(*index).is_none()).count();
        }
        count
    }

    /// The offset at which an import may be inserted: the first token after the file's
    /// documentation and its `from __future__` lines, or the end of the text.
    pub fn import_place(&'static self, text: &[u8]) -> usize {
        let mut lexer = Lexer::new(text, 0, self);
        lexer.ends_at_functions = false;
        let (mut tokens, mut comments) = (Tokens::new(text), Vec::new());
        lexer.next_run(&mut tokens, &mut comments);
        let mut is_first = true;
        for statement in statements(&tokens) {
            let is_documentation = is_first
                && self.has(Trait::DocStrings)
                && (statement.clone()).all(|index| tokens.kind(index) == Kind::String);
            let is_future = tokens.is_name(statement.start, &["from"])
                && tokens.is_name(statement.start + 1, &["__future__"]);
            if !is_documentation && !is_future {
                return tokens.at(statement.start).start as usize;
            }
            is_first = false;
        }
        text.len()
    }
}

/// The statements of a run, as ranges of tokens.
fn statements(tokens: &Tokens<'_>) -> Vec<std::ops::Range<usize>> {
    let (mut list, mut start, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        let kind = tokens.kind(at);
        at = tokens.after(at);
        if kind == Kind::Semicolon {
            list.push(start..at - 1);
            start = at;
        } else if at < tokens.len() && tokens.at(at).starts_line {
            list.push(start..at);
            start = at;
        }
    }
    list.push(start..tokens.len());
    list.retain(|range| !range.is_empty());
    list
}

fn literal_at(
    tokens: &Tokens<'_>,
    statements: &[std::ops::Range<usize>],
    place: usize,
    grammar: &Grammar,
) -> Option<LiteralPlace> {
    let index = tokens.list.partition_point(|token| token.end as usize <= place);
    let token = tokens.list.get(index).filter(|token| token.start as usize <= place)?;
    let string = *tokens.string_at(index)?;
    let is_joined = |index: usize| tokens.kind(index) == Kind::String;
    let statement = statements.iter().find(|range| range.contains(&index))?;
    let suite = suite_start(tokens, statement);
    let whole = tokens.span_of(suite, statement.end - 1);
    let is_mapping = tokens.kind(index + 1) == Kind::Colon
        && !grammar.has(Trait::Elvis)
        && matches!(tokens.kind_before(index), Kind::Comma | Kind::CurlyOpen);
    Some(LiteralPlace {
        outer: token.span(),
        content: string.content,
        is_filled: string.is_filled,
        is_command: string.is_command,
        has_neighbour: is_joined(index + 1) || index > 0 && is_joined(index - 1),
        is_key: is_mapping || tokens.kind(index + 1) == Kind::FatArrow,
        slot: slot(tokens, index),
        statement: whole,
        head: head(tokens, suite, statement.end),
        is_call: is_call(tokens, suite, statement.end),
        is_alone: (suite..statement.end).all(|index| tokens.kind(index) == Kind::String),
    })
}

/// The first token after the head of a compound statement on the same line: `if x: login()`.
fn suite_start(tokens: &Tokens<'_>, statement: &std::ops::Range<usize>) -> usize {
    const HEADS: [&str; 11] =
        ["if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class"];
    if !tokens.is_name(statement.start, &HEADS) {
        return statement.start;
    }
    let mut at = statement.start;
    while at < statement.end {
        if tokens.kind(at) == Kind::Colon {
            return if at + 1 < statement.end { at + 1 } else { statement.start };
        }
        at = tokens.after(at);
    }
    statement.start
}

fn head(tokens: &Tokens<'_>, first: usize, end: usize) -> String {
    let mut head = String::new();
    for index in first..end {
        if tokens.kind(index).opens() || head.len() > LONGEST_HEAD {
            break;
        }
        if tokens.kind(index) != Kind::String {
            head.push_str(&String::from_utf8_lossy(tokens.bytes(index)));
        }
    }
    head
}

fn is_call(tokens: &Tokens<'_>, first: usize, end: usize) -> bool {
    let open = (first..end).find(|index| tokens.kind(*index).opens());
    open.is_some_and(|open| {
        tokens.kind(open) == Kind::RoundOpen
            && tokens.after(open) == end
            && (first..open).all(|index| {
                tokens.kind(index) == Kind::Name || tokens.kind(index).is_member_mark()
            })
    })
}

/// The argument or entry that contains the token at `index`.
fn slot(tokens: &Tokens<'_>, index: usize) -> Option<Slot> {
    let mut first = index;
    let (open, comma_before) = loop {
        let before = first.checked_sub(1)?;
        let kind = tokens.kind(before);
        if kind.opens() {
            break (before, None);
        }
        if kind == Kind::Comma {
            break (enclosing(tokens, before)?, Some(tokens.at(before).span()));
        }
        first = match tokens.mate(before) {
            Some(mate) if kind.closes() => mate,
            _ => before,
        };
    };
    let mut end = index + 1;
    while end < tokens.len() && tokens.kind(end) != Kind::Comma && !tokens.kind(end).closes() {
        end = tokens.after(end);
    }
    let has_comma = tokens.kind(end) == Kind::Comma;
    let next = end + usize::from(has_comma);
    let is_named = tokens.kind(first) == Kind::Name && tokens.kind(first + 1) == Kind::Assign;
    let value = first + 2 * usize::from(is_named);
    Some(Slot {
        span: tokens.span_of(first, end - 1),
        name: is_named.then(|| tokens.at(first).span()),
        comma_before,
        comma_after: has_comma.then(|| tokens.at(end).span()),
        next: tokens.at(next).start as usize,
        open: tokens.at(open).start as usize,
        is_only: comma_before.is_none() && tokens.kind(next).closes(),
        is_whole: value == index && end == index + 1,
    })
}

/// The bracket around the token at `index`.
fn enclosing(tokens: &Tokens<'_>, index: usize) -> Option<usize> {
    let mut at = index;
    loop {
        let before = at.checked_sub(1)?;
        if tokens.kind(before).opens() {
            return Some(before);
        }
        at = match tokens.mate(before) {
            Some(mate) if tokens.kind(before).closes() => mate,
            _ => before,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::{READERS, Reader},
        model::Span,
    };

    fn python() -> &'static dyn Reader {
        *READERS.iter().find(|reader| reader.name() == "python").expect("Python is known")
    }

    fn place(text: &str) -> LiteralPlace {
        let place = text.find('T').expect("the text has a T");
        let found = python().literals_at(text.as_bytes(), &[place]);
        found.into_iter().next().flatten().expect("a literal stands there")
    }

    fn shown(text: &str, span: Span) -> &str {
        std::str::from_utf8(span.slice(text.as_bytes())).expect("it is UTF-8")
    }

    #[test]
    fn a_literal_is_found_with_its_letters_and_quotes() {
        for (text, outer) in [
            ("f(rb'T')", "rb'T'"),
            ("x = f\"Bearer T{a}\" # 'b'", "f\"Bearer T{a}\""),
            ("x = '''a\nT'''", "'''a\nT'''"),
        ] {
            assert_eq!(shown(text, place(text).outer), outer, "{text}");
        }
    }

    #[test]
    fn an_argument_knows_its_commas_and_its_statement() {
        let text = "if x: a.login(b, (c, d), token='T', e=f); g()\n";
        let found = place(text);
        let slot = found.slot.expect("it is an argument");
        assert_eq!(shown(text, slot.span), "token='T'");
        assert_eq!(slot.name.map(|name| shown(text, name)), Some("token"));
        assert!(slot.comma_before.is_some() && slot.comma_after.is_some() && slot.is_whole);
        assert_eq!(&text[slot.next..slot.next + 3], "e=f");
        assert_eq!(shown(text, found.statement), "a.login(b, (c, d), token='T', e=f)");
        assert_eq!((found.head.as_str(), found.is_call), ("a.login", true));
    }

    #[test]
    fn an_import_goes_after_the_documentation_and_the_future() {
        for (text, before) in [
            (
                "#!/x\n# c\n\"\"\"Doc.\n\"\"\"\nfrom __future__ import (\n  a,\n)\n\nimport b\n",
                "import b",
            ),
            ("\u{feff}x = 1\n", "x = 1"),
            ("", ""),
        ] {
            let at = python().import_place(text.as_bytes());
            assert!(text[at..].starts_with(before), "{text}: {at}");
        }
    }
}
