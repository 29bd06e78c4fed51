//! Lists of commands: operators, keywords, and the compound commands that they form.

use super::{lexer::Within, parser::Parser, simple::Simple, word::ShellWord};

/// Maximum nesting depth of compound commands that are distinguished; deeper ones are only counted.
const MAX_FRAMES: usize = 64;

/// An open compound command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compound {
    /// `( … )`
    Parentheses,
    /// `{ … }`
    Braces,
    /// `if … fi`
    If,
    /// `for … done`, `while … done`, and the compound commands of fish that end with `end`.
    Loop,
    /// `case … esac`
    Case,
}

/// The role of the next word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// A word of a command.
    Command,
    /// A part of the head of a loop or a function, up to the end of the line or `;`.
    Head,
    /// A part of the head of a `case`, up to `in`.
    CaseHead,
    /// A part of a pattern of a `case`, up to `)`.
    Pattern,
}

/// The state of one list of commands: a script, or the content of `$(…)`.
struct List {
    /// The open compound commands, with the number of commands before each.
    frames: Vec<(Compound, usize)>,
    /// Number of further open ones, which are not in `frames`.
    uncounted: usize,
    mode: Mode,
    simple: Simple,
    /// The index of the first command of the compound command that has just ended. A redirection
    /// that follows, as in `done > file`, applies to all of its commands.
    ended: Option<usize>,
}

impl List {
    fn open(&mut self, compound: Compound, commands: usize) {
        if self.frames.len() < MAX_FRAMES {
            self.frames.push((compound, commands));
        } else {
            self.uncounted += 1;
        }
    }

    /// Ends the innermost compound command of this kind. Returns `false` if there is none.
    fn close(&mut self, compound: Compound) -> bool {
        if self.uncounted > 0 {
            self.uncounted -= 1;
            return true;
        }
        let Some(index) = self.frames.iter().rposition(|(open, _)| *open == compound) else {
            return false;
        };
        self.ended = Some(self.frames[index].1);
        self.frames.truncate(index);
        self.mode = Mode::Command;
        true
    }

    fn is_in_case(&self) -> bool {
        self.frames.last().is_some_and(|(open, _)| *open == Compound::Case)
    }
}

/// Maximum number of bytes examined after a pipe, so that the time for many pipes stays
/// proportional.
const LONGEST_LINE: usize = 200;

/// Programs that write their input to their output, unchanged or in a reversible form.
const SHOWING: [&str; 8] = ["tee", "cat", "rev", "base64", "xxd", "od", "hexdump", "fold"];

impl Parser<'_> {
    /// Reads the whole text.
    pub fn script(&mut self) {
        while self.at < self.end {
            self.commands(false);
        }
    }

    /// Reads commands up to the end of the part being read or, with `closes`, up to and including
    /// the first unmatched `)`.
    pub fn commands(&mut self, closes: bool) {
        let mut list = List {
            frames: Vec::new(),
            uncounted: 0,
            mode: Mode::Command,
            simple: Simple::new(self.heredocs.len()),
            ended: None,
        };
        loop {
            self.skip_blanks();
            let Some(byte) = self.peek(0) else { break };
            match byte {
                b'#' => self.comment(),
                b'\n' => self.end_of_line(&mut list),
                b';' | b'&' | b'|' if !self.sees(b"&>") => self.operator(&mut list),
                b'(' => self.open_parenthesis(&mut list),
                b')' if self.close_parenthesis(&mut list, closes) => return,
                b')' => {}
                b'<' | b'>' | b'&' => self.redirection(&mut list.simple, list.ended),
                _ => self.list_word(&mut list),
            }
        }
        self.finish(&mut list.simple, false);
    }

    fn end_of_line(&mut self, list: &mut List) {
        self.end_command(list, false);
        self.at += 1;
        self.bodies();
        list.simple.forget_pipeline(self.heredocs.len());
    }

    /// Ends the current command; `is_piped` if a pipe passes its output on.
    fn end_command(&mut self, list: &mut List, is_piped: bool) {
        if let Some(first) = list.ended.take()
            && is_piped
        {
            self.capture_from(first);
        }
        self.finish(&mut list.simple, is_piped);
        match list.mode {
            Mode::Head => list.mode = Mode::Command,
            // In fish, `case` has no `in`, and is a clause of a `switch`.
            Mode::CaseHead => drop(list.close(Compound::Case)),
            Mode::Command | Mode::Pattern => {}
        }
    }

    fn operator(&mut self, list: &mut List) {
        let is_piped = self.peek(0) == Some(b'|') && self.peek(1) != Some(b'|');
        let ends_case =
            self.sees(b";;") || self.sees(b";&") || (self.sees(b";|") && list.is_in_case());
        if list.mode == Mode::Pattern {
            return self.skip(1);
        }
        self.end_command(list, is_piped && !self.is_passed_on());
        list.simple.is_fed = is_piped;
        if ends_case {
            self.skip(if self.sees(b";;&") { 3 } else { 2 });
            if list.is_in_case() {
                list.mode = Mode::Pattern;
            }
        } else {
            let is_double = self.peek(1).is_some_and(|next| Some(next) == self.peek(0));
            self.skip(if is_double || self.sees(b"|&") { 2 } else { 1 });
        }
        if !is_piped {
            list.simple.forget_pipeline(self.heredocs.len());
        }
    }

    /// `true` if the program after the pipe prints its input, as `tee` does.
    fn is_passed_on(&self) -> bool {
        let rest = self.text.get(self.at + 1..self.end).unwrap_or_default();
        let rest = &rest[..rest.len().min(LONGEST_LINE)];
        let rest = rest.strip_prefix(b"&").unwrap_or(rest).trim_ascii_start();
        let line = rest.split(|byte| matches!(byte, b'\n' | b';')).next().unwrap_or_default();
        // A later pipe may still capture the output.
        SHOWING.iter().any(|name| {
            line.strip_prefix(name.as_bytes())
                .is_some_and(|after| after.is_empty() || after.starts_with(b" "))
        }) && !line.iter().any(|byte| matches!(byte, b'|' | b'>' | b')' | b'`'))
    }

    fn open_parenthesis(&mut self, list: &mut List) {
        if list.mode == Mode::Pattern {
            return self.skip(1);
        }
        if self.sees(b"((") && self.is_arithmetic(self.at) {
            return self.arithmetic();
        }
        if self.peek(1) == Some(b')') {
            // The preceding words are the name of a function.
            list.simple = Simple::new(self.heredocs.len());
            list.mode = Mode::Command;
            return self.skip(2);
        }
        if list.simple.words.is_empty() || list.mode != Mode::Command {
            list.open(Compound::Parentheses, self.facts.commands.len());
            return self.skip(1);
        }
        // Only in fish: the output is a word.
        let mut word = ShellWord::new(self.at);
        if self.substitution(1) {
            word.span.end = self.at;
            word.push_expansion(self.text, word.span);
            list.simple.push(word);
        } else {
            self.skip(1);
        }
    }

    /// Reads `)`. Returns `true` if it ends the list.
    fn close_parenthesis(&mut self, list: &mut List, closes: bool) -> bool {
        self.skip(1);
        if list.mode == Mode::Pattern {
            list.mode = Mode::Command;
            return false;
        }
        self.end_command(list, false);
        !list.close(Compound::Parentheses) && closes
    }

    fn list_word(&mut self, list: &mut List) {
        let is_first = list.mode == Mode::Command && list.simple.is_empty();
        if is_first && self.is_condition() {
            return self.condition();
        }
        let start = self.at;
        let word = self.word(Within::Line);
        if self.at == start {
            // No word starts with this byte here; skipping it ensures that the loop ends.
            return self.skip(1);
        }
        match list.mode {
            Mode::CaseHead if word.is("in") => list.mode = Mode::Pattern,
            Mode::Pattern if word.is("esac") => {
                list.close(Compound::Case);
            }
            Mode::Head if word.is("do") => list.mode = Mode::Command,
            Mode::Head if word.is("{") => {
                list.mode = Mode::Command;
                list.open(Compound::Braces, self.facts.commands.len());
            }
            Mode::Head | Mode::CaseHead | Mode::Pattern => {}
            Mode::Command => {
                if !is_first || !self.keyword(list, &word) {
                    self.simple_word(&mut list.simple, word);
                }
            }
        }
    }

    /// Handles `word` as a keyword, if it is one.
    fn keyword(&mut self, list: &mut List, word: &ShellWord) -> bool {
        if word.plain.is_some() {
            return false;
        }
        let commands = self.facts.commands.len();
        let was_ended = list.ended.take();
        match word.text() {
            b"then" | b"do" | b"else" | b"elif" | b"!" | b"and" | b"or" | b"not" => {}
            b"if" => list.open(Compound::If, commands),
            b"while" | b"until" | b"begin" => list.open(Compound::Loop, commands),
            b"for" | b"foreach" | b"select" => {
                list.open(Compound::Loop, commands);
                list.mode = Mode::Head;
            }
            b"function" => list.mode = Mode::Head,
            b"{" => {
                list.open(Compound::Braces, commands);
            }
            b"case" => {
                list.open(Compound::Case, commands);
                list.mode = Mode::CaseHead;
            }
            b"}" => drop(list.close(Compound::Braces)),
            b"fi" => drop(list.close(Compound::If)),
            b"done" => drop(list.close(Compound::Loop)),
            b"esac" => drop(list.close(Compound::Case)),
            b"end" => drop(list.close(Compound::Loop) || list.close(Compound::If)),
            _ => {
                list.ended = was_ended;
                return false;
            }
        }
        true
    }

    fn is_condition(&self) -> bool {
        self.sees(b"[[") && self.peek(2).is_none_or(|next| next.is_ascii_whitespace())
    }

    fn ends_condition(&self) -> bool {
        let ends = |next: u8| next.is_ascii_whitespace() || b";&|)".contains(&next);
        self.sees(b"]]") && self.peek(2).is_none_or(ends)
    }

    /// Reads `[[ … ]]`, up to the end of its line if it is unclosed.
    fn condition(&mut self) {
        let mut words = Vec::new();
        self.skip(2);
        loop {
            self.skip_blanks();
            let goes_on = words
                .last()
                .is_none_or(|word: &ShellWord| word.is("&&") || word.is("||") || word.is("("));
            match self.peek(0) {
                Some(b'\n') if goes_on => self.at += 1,
                None | Some(b'\n') => break,
                Some(b']') if self.ends_condition() => {
                    self.skip(2);
                    break;
                }
                Some(_) => {
                    words.push(self.word(Within::Condition));
                    words.drain(..words.len().saturating_sub(3));
                    self.comparison(&words);
                }
            }
        }
    }
}
