//! Passing over what is idle.

use super::{
    begins::Begins,
    lexer::Lexer,
    operator::operator,
    token::{Kind, Tokens},
};

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
        let are_from = |first: usize| self.places.are_in(first..start);
        self.brackets.is_named()
            || are_from(self.around(tokens)) && are_from(self.element_start(tokens, open))
    }

    /// Where the innermost bracket opens, or else the run starts.
    fn around(&self, tokens: &Tokens<'a>) -> usize {
        tokens.at(self.brackets.innermost().unwrap_or(0)).start as usize
    }

    /// Where the element starts that ends with the token at `open`, or some byte before.
    fn element_start(&self, tokens: &Tokens<'a>, open: usize) -> usize {
        const MOST: usize = 24;
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
        self.around(tokens)
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
