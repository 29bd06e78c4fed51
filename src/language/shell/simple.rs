//! Simple commands: their words, leading assignments and redirections.

use super::{heredoc::Heredoc, lexer::Within, parser::Parser, word::ShellWord};
use crate::model::Word;

/// Maximum number of words kept of one command. Real commands have far fewer; without a limit a
/// text of blanks and letters would take many times its size in memory.
const MAX_WORDS: usize = 4096;

/// A simple command while it is being read.
#[derive(Debug, Default)]
pub(super) struct Simple {
    pub words: Vec<ShellWord>,
    /// The assignments before the first word.
    pub assignments: Vec<ShellWord>,
    /// The files that its output is written to.
    pub outputs: Vec<Word>,
    /// The text of `<<<`.
    pub here_string: Option<ShellWord>,
    /// The index of the first pending here-document that feeds it, or the commands before it in its
    /// pipeline.
    pub heredocs_from: usize,
    /// `true` if it reads the output of another command.
    pub is_fed: bool,
}

impl Simple {
    /// A command at its start, with `pending` here-documents before it.
    pub fn new(pending: usize) -> Self {
        Self { heredocs_from: pending, ..Self::default() }
    }

    /// `true` if no part of it has been read.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.assignments.is_empty()
    }

    /// Records that the next command is not part of the pipeline, with `pending` here-documents
    /// before it.
    pub fn forget_pipeline(&mut self, pending: usize) {
        self.heredocs_from = pending;
        self.is_fed = false;
    }

    /// Adds a word, unless there are too many.
    pub fn push(&mut self, word: ShellWord) {
        if self.words.len() < MAX_WORDS {
            self.words.push(word);
        }
    }
}

impl Parser<'_> {
    /// Adds a word to a command: the number of a redirection, an assignment, the values of an
    /// array, or an ordinary word.
    pub fn simple_word(&mut self, simple: &mut Simple, word: ShellWord) {
        let next = self.peek(0);
        let is_digits = word.text().iter().all(u8::is_ascii_digit) && word.text().len() < 4;
        if word.plain.is_none() && is_digits && matches!(next, Some(b'<' | b'>')) {
            return self.numbered_redirection(simple, &word);
        }
        let assignment = word.assignment(false);
        if next == Some(b'(') && assignment.is_some_and(|parts| parts.value == word.text().len()) {
            return self.array(&word);
        }
        if simple.words.is_empty() && assignment.is_some() {
            if simple.assignments.len() < MAX_WORDS {
                simple.assignments.push(word);
            }
        } else {
            simple.push(word);
        }
    }

    /// Reads the values of `A=(…)`, each of which is bound to the name.
    fn array(&mut self, name: &ShellWord) {
        self.skip(1);
        let mut index = 0;
        loop {
            self.skip_blanks();
            match self.peek(0) {
                None => return,
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.comment(),
                Some(b')') => return self.skip(1),
                Some(_) => {
                    let start = self.at;
                    let word = self.word(Within::Line);
                    if self.at == start {
                        self.skip(1);
                        continue;
                    }
                    self.array_entry(name, &word, index);
                    index += 1;
                }
            }
        }
    }

    fn numbered_redirection(&mut self, simple: &mut Simple, number: &ShellWord) {
        let is_output = self.peek(0) == Some(b'>') && number.text() == b"1";
        let outputs = simple.outputs.len();
        self.redirection(simple, None);
        if !is_output {
            simple.outputs.truncate(outputs);
        }
    }

    /// Reads a redirection. After a compound command, it applies to the commands from index `ended`
    /// on.
    pub fn redirection(&mut self, simple: &mut Simple, ended: Option<usize>) {
        if self.sees(b"<(") || self.sees(b">(") {
            return self.process_substitution(simple);
        }
        if self.sees(b"<<<") {
            self.skip(3);
            simple.here_string = self.target();
        } else if self.sees(b"<<") {
            self.skip(2);
            self.heredoc();
        } else {
            let is_output = self.peek(0) != Some(b'<') && !self.sees(b">&-");
            while self.peek(0).is_some_and(|byte| b"<>&|!".contains(&byte)) {
                self.at += 1;
            }
            if let Some(target) = self.target()
                && is_output
            {
                self.output(simple, &target, ended);
            }
        }
    }

    fn output(&mut self, simple: &mut Simple, target: &ShellWord, ended: Option<usize>) {
        if target.text().iter().all(u8::is_ascii_digit) {
            // `>&2` copies a stream; no file named `2` is written.
            return;
        }
        // The last redirection receives the output.
        simple.outputs = vec![target.to_word()];
        if simple.is_empty() {
            for command in self.facts.commands.iter_mut().skip(ended.unwrap_or(usize::MAX)) {
                if command.outputs.is_empty() && !command.captured {
                    command.outputs = simple.outputs.clone();
                }
            }
        }
    }

    /// The word after a redirection's operator.
    fn target(&mut self) -> Option<ShellWord> {
        self.skip_blanks();
        let word = self.word(Within::Line);
        (!word.span.is_empty()).then_some(word)
    }

    fn process_substitution(&mut self, simple: &mut Simple) {
        let mut word = ShellWord::new(self.at);
        if self.substitution(2) {
            word.span.end = self.at;
            word.push_expansion(self.text, word.span);
            simple.push(word);
        } else {
            self.skip(2);
        }
    }

    /// Reads the rest of the operator and the delimiter of a here-document, whose body starts on
    /// the next line.
    fn heredoc(&mut self) {
        let strips_tabs = self.peek(0) == Some(b'-');
        self.skip(usize::from(strips_tabs));
        if let Some(delimiter) = self.target() {
            self.heredocs.push(Heredoc::new(&delimiter, strips_tabs));
        }
    }

    /// Ends a command and adds its facts.
    pub fn finish(&mut self, simple: &mut Simple, is_piped: bool) {
        let done = std::mem::replace(simple, Simple::new(simple.heredocs_from));
        for word in &done.assignments {
            self.assignment(word, false);
        }
        if !done.words.is_empty() {
            self.command(&done.words, &done, is_piped);
        }
    }
}
