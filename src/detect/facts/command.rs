//! Selects commands.

use super::{
    setting::{Match, Setting},
    value::Subjected,
};
use crate::{
    model::{Command, CommandPlace, Span, ValueKind, Word},
    rule::CommandMatcher,
};

impl Setting<'_> {
    /// The match of a selector with a command.
    pub fn command<'f>(&self, wanted: &'f CommandMatcher, fact: &'f Command) -> Option<Match<'f>> {
        let fits = (wanted.program.is_empty() || wanted.program.matches(fact.program()))
            && match wanted.place[..] {
                [] => fact.place != CommandPlace::Documentation,
                ref places => places.contains(&fact.place),
            }
            && (wanted.arguments.is_empty()
                || wanted.arguments.iter().any(|words| has_sequence(fact, words)))
            && !wanted.not_option.iter().any(|option| option_values(fact, option).next().is_some())
            && (wanted.output.is_empty()
                || fact.outputs.iter().any(|word| wanted.output.matches(&word.text)))
            && wanted.captured.is_none_or(|captured| captured == is_captured(fact));
        if !fits {
            return None;
        }
        let found = |secret| Match {
            names: vec![("{program}", fact.program())],
            span: fact.span,
            name_span: fact.words.first().map_or(fact.span, |word| word.span),
            says: &wanted.says,
            language: fact.language,
            secret,
        };
        let asks_value = !wanted.value.is_empty()
            || wanted.value_pattern.is_some()
            || wanted.not_value.is_some();
        let judged = |value: OptionValue<'_>| {
            let kind = if value.expands { ValueKind::Lookup } else { ValueKind::Literal };
            let subject = Subjected {
                source: self.text.bytes,
                kind,
                text: value.text,
                span: value.span,
                explains: self.explains,
            };
            subject.judged(&wanted.value, wanted.value_pattern.as_ref(), wanted.not_value.as_ref())
        };
        if !wanted.option.is_empty() {
            let mut values = wanted.option.iter().flat_map(|option| option_values(fact, option));
            let judged = values.find_map(judged)?;
            return Some(found(Some(judged)));
        }
        let secret = if asks_value {
            Some(fact.arguments().iter().map(OptionValue::of).find_map(judged)?)
        } else {
            None
        };
        Some(found(secret))
    }
}

/// `true` if the output of the command goes to a program or a file rather than a terminal.
fn is_captured(command: &Command) -> bool {
    let is_shown =
        |word: &Word| matches!(word.text.as_str(), "/dev/stdout" | "/dev/stderr" | "/dev/tty");
    command.captured || command.outputs.iter().any(|word| !is_shown(word))
}

/// The value of an option.
#[derive(Clone, Copy)]
struct OptionValue<'f> {
    text: &'f str,
    span: Span,
    expands: bool,
}

impl<'f> OptionValue<'f> {
    fn of(word: &'f Word) -> Self {
        Self { text: &word.text, span: word.span, expands: word.expands }
    }

    /// The part of a word from `at` on. Its span is that of the whole word, since quotes make
    /// the text and the source differ.
    fn from(word: &'f Word, at: usize) -> Self {
        Self { text: word.text.get(at..).unwrap_or_default(), ..Self::of(word) }
    }
}

/// The value of each occurrence of an option: the next word, the rest of its own word after
/// `=`, or for a short option the rest of its word. An option at the end has an empty value.
fn option_values<'f>(
    command: &'f Command,
    option: &'f str,
) -> impl Iterator<Item = OptionValue<'f>> {
    let words = command.arguments();
    words.iter().enumerate().filter_map(move |(place, word)| {
        let rest = word.text.strip_prefix(option)?;
        let is_short = option.len() == 2;
        match rest.as_bytes().first() {
            None => Some(
                words
                    .get(place + 1)
                    .map_or(OptionValue::from(word, word.text.len()), OptionValue::of),
            ),
            Some(b'=') => Some(OptionValue::from(word, option.len() + 1)),
            Some(_) if is_short => Some(OptionValue::from(word, option.len())),
            Some(_) => None,
        }
    })
}

/// `true` if the words are consecutive arguments, not counting options; after `^` they must be
/// the first ones.
fn has_sequence(command: &Command, words: &[String]) -> bool {
    let plain: Vec<&str> = command
        .arguments()
        .iter()
        .map(|word| word.text.as_str())
        .filter(|word| !word.starts_with('-'))
        .collect();
    let matches = |part: &[&str], words: &[String]| part.iter().zip(words).all(|(a, b)| a == b);
    match words {
        [mark, rest @ ..] if mark == "^" => plain.len() >= rest.len() && matches(&plain, rest),
        _ => plain.windows(words.len().max(1)).any(|part| matches(part, words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str]) -> Command {
        let word =
            |text: &&str| Word { text: (*text).to_string(), span: Span::new(0, 0), expands: false };
        Command::new(words.iter().map(word).collect(), CommandPlace::Shell).expect("has words")
    }

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_string).collect()
    }

    #[test]
    fn a_sequence_stands_anywhere_and_after_its_mark_only_first() {
        let login = command(&["hf", "--verbose", "auth", "--force", "login", "x"]);
        for (sequence, stands) in [
            ("auth login", true),
            ("login x", true),
            ("auth x", false),
            ("^ auth login", true),
            ("^ login", false),
            ("^ auth login x y", false),
        ] {
            assert_eq!(has_sequence(&login, &words(sequence)), stands, "{sequence}");
        }
    }

    #[test]
    fn output_is_captured_by_a_program_or_a_file_but_not_by_a_terminal() {
        let with_output = |path: &str| {
            let mut echo = command(&["echo", "x"]);
            let span = Span::new(0, 0);
            echo.outputs.push(Word { text: path.to_string(), span, expands: false });
            is_captured(&echo)
        };
        assert!(!is_captured(&command(&["echo", "x"])));
        assert!(with_output(".env") && !with_output("/dev/stderr"));
    }
}
