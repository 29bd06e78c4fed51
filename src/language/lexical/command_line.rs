//! A command line inside a program, split into words.

use crate::model::{Command, CommandPlace, Facts, Span, Word};

/// Programs that run the program named after them.
const WRAPPERS: &[&str] = &["sudo", "env", "time", "exec", "nohup", "command", "then", "do", "!"];

/// The commands of `text`, a line for a shell.
pub fn commands_in(text: &[u8], place: CommandPlace) -> Facts {
    let mut facts = Facts::default();
    let mut words = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b' ' | b'\t' | b'\r' => at += 1,
            b'\\' if text.get(at + 1) == Some(&b'\n') => at += 2,
            b'\n' | b';' | b'|' | b'&' | b'(' | b')' => {
                finish(&mut facts, std::mem::take(&mut words), place);
                at += 1;
            }
            b'#' => at += memchr::memchr(b'\n', &text[at..]).unwrap_or(text.len() - at),
            _ => {
                let (word, end) = word(text, at);
                words.push(word);
                at = end;
            }
        }
    }
    finish(&mut facts, words, place);
    facts
}

fn finish(facts: &mut Facts, words: Vec<Word>, place: CommandPlace) {
    let words = without_wrappers(words);
    facts.commands.extend(Command::new(words, place));
}

/// The word that starts at `start`, and where it ends.
fn word(text: &[u8], start: usize) -> (Word, usize) {
    let mut bytes = Vec::new();
    let mut expands = false;
    let mut quote = None;
    let mut at = start;
    while let Some(byte) = text.get(at).copied() {
        match (byte, quote) {
            (b'\\', None | Some(b'"')) if at + 1 < text.len() => {
                at += 1;
                bytes.push(text[at]);
            }
            (b'\'' | b'"', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            (b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b'(' | b')', None) => break,
            _ => {
                expands |= matches!(byte, b'$' | b'`') && quote != Some(b'\'');
                bytes.push(byte);
            }
        }
        at += 1;
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (Word { text, span: Span::new(start, at), expands }, at)
}

/// Drops what runs the program (`sudo`, `A=b`, `uv run`, `python -m`), and its folder.
pub fn without_wrappers(mut words: Vec<Word>) -> Vec<Word> {
    let mut skip = 0;
    while let Some(word) = words.get(skip) {
        let text = word.text.as_str();
        let next = words.get(skip + 1).map_or("", |next| next.text.as_str());
        let name = text.rsplit('/').next().unwrap_or(text);
        let is_python = name.starts_with("python") || text == "sys.executable";
        skip += match () {
            () if WRAPPERS.contains(&name) => 1,
            () if text.split_once('=').is_some_and(|(name, _)| is_variable(name)) => 1,
            () if matches!(name, "uv" | "poetry" | "pipenv") && next == "run" => 2,
            () if is_python && next == "-m" => 2,
            () => break,
        };
    }
    words.drain(..skip.min(words.len()));
    if let Some(program) = words.first_mut().filter(|program| !program.expands) {
        let name = program.text.rsplit('/').next().unwrap_or_default();
        if !name.is_empty() {
            program.text = name.to_string();
        }
    }
    words
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
