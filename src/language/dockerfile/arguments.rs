//! The arguments of an instruction: options, words, and lists in JSON.

use crate::{
    language::{
        extract::Extract,
        shell::{Argument, read_words},
    },
    model::{Span, Word},
};

/// The options `--name=value` from `from` on, and the offset after them.
pub(super) fn flags(line: &Extract, from: usize) -> (Vec<Word>, usize) {
    let mut flags = Vec::new();
    let mut at = from;
    loop {
        let word = first_word(&line.text, at);
        let text = word.slice(&line.text);
        if !text.starts_with(b"--") || text.len() == 2 {
            return (flags, at);
        }
        flags.push(Word {
            text: String::from_utf8_lossy(text).into_owned(),
            span: line.map.to_source(word),
            expands: text.contains(&b'$'),
        });
        at = word.end;
    }
}

/// The words of a line, with their spans in the source.
pub(super) fn plain_words(line: &Extract) -> Vec<Word> {
    let mut words = read_words(&line.text);
    for word in &mut words {
        word.span = line.map.to_source(word.span);
    }
    words
}

/// The texts of a list in JSON, if the line holds one from `from` on.
pub(super) fn json_arguments(line: &Extract, from: usize) -> Option<Vec<Argument>> {
    let text = &line.text;
    let mut at = skip_blanks(text, from);
    text.get(at).filter(|byte| **byte == b'[')?;
    at = skip_blanks(text, at + 1);
    let mut arguments = Vec::new();
    if text.get(at) == Some(&b']') {
        return Some(arguments);
    }
    loop {
        text.get(at).filter(|byte| **byte == b'"')?;
        let (argument, end) = json_text(line, at)?;
        arguments.push(argument);
        at = skip_blanks(text, end);
        match text.get(at)? {
            b',' => at = skip_blanks(text, at + 1),
            b']' => break,
            _ => return None,
        }
    }
    (skip_blanks(text, at + 1) == text.len()).then_some(arguments)
}

/// The text in JSON that starts with the quote at `start`, and the offset after it.
fn json_text(line: &Extract, start: usize) -> Option<(Argument, usize)> {
    let text = &line.text;
    let mut extract = Extract::default();
    let mut at = start + 1;
    loop {
        let rest = text.get(at..)?;
        let length = memchr::memchr2(b'"', b'\\', rest)?;
        extract.append(&line.part(Span::new(at, at + length)));
        at += length;
        if text[at] == b'"' {
            break;
        }
        let (character, length) = json_escape(&text[at..])?;
        let mut bytes = [0; 4];
        let source = line.map.to_source(Span::new(at, at + length));
        extract.replace(character.encode_utf8(&mut bytes).as_bytes(), source);
        at += length;
    }
    let span = line.map.to_source(Span::new(start, at + 1));
    let expands = extract.text.contains(&b'$');
    Some((Argument { extract, span, expands }, at + 1))
}

fn json_escape(text: &[u8]) -> Option<(char, usize)> {
    let plain = |character| Some((character, 2));
    match text.get(1)? {
        b'n' => plain('\n'),
        b't' => plain('\t'),
        b'r' => plain('\r'),
        b'b' => plain('\u{8}'),
        b'f' => plain('\u{c}'),
        b'u' => {
            let digits = std::str::from_utf8(text.get(2..6)?).ok()?;
            let number = u32::from_str_radix(digits, 16).ok()?;
            Some((char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER), 6))
        }
        byte @ (b'"' | b'\\' | b'/') => plain(char::from(*byte)),
        _ => None,
    }
}

fn skip_blanks(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// The first word of `text` from `from` on.
pub(super) fn first_word(text: &[u8], from: usize) -> Span {
    let rest = text.get(from..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_ascii_start().len();
    let length = rest[blanks..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
    Span::new(from + blanks, from + blanks + length)
}
