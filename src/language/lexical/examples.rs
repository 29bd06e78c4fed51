//! Checks a reader against a table of small programs.

use crate::{
    language::reader::{FileHead, Reader, Wanted},
    model::{Binding, Facts, SourcePath},
};

/// A program, one of its bindings, the source text of its value, and that of the whole construct.
pub type Example<'a> = (&'a str, &'a str, &'a str, &'a str);

/// The facts that `reader` finds in `text`.
pub fn facts_of(reader: &dyn Reader, text: &[u8]) -> Facts {
    let path = SourcePath::from_bytes("example");
    reader.read(text, FileHead { path: &path, head: text }, Wanted::ALL)
}

/// Checks that every example's binding occurs once, at its position, and that the span of every key
/// covers the key.
pub fn check(reader: &dyn Reader, examples: &[Example<'_>]) {
    for (text, expected, value, whole) in examples {
        let facts = facts_of(reader, text.as_bytes());
        let described: Vec<String> = facts.bindings.iter().map(describe).collect();
        let found: Vec<&Binding> =
            facts.bindings.iter().filter(|binding| describe(binding) == *expected).collect();
        assert_eq!(found.len(), 1, "{text}\nwants {expected}\nhas {described:#?}");
        let slice = |span: crate::model::Span| {
            String::from_utf8_lossy(span.slice(text.as_bytes())).into_owned()
        };
        assert_eq!(slice(found[0].value.span), *value, "value in {text}");
        assert_eq!(slice(found[0].span), *whole, "whole in {text}");
        for binding in facts.bindings.iter().filter(|binding| !binding.key.starts_with('[')) {
            assert_eq!(
                slice(binding.key_span),
                binding.key,
                "key of {} in {text}",
                describe(binding)
            );
        }
    }
}

/// Checks that each program gives exactly these commands, in order, their words joined by `|`.
/// Words that the shell or the program expands end in `*`.
pub fn check_commands(reader: &dyn Reader, examples: &[(&str, &[&str])]) {
    for (text, expected) in examples {
        let facts = facts_of(reader, text.as_bytes());
        let commands: Vec<String> = facts
            .commands
            .iter()
            .map(|command| {
                let words = command.words.iter();
                let mark = |expands| if expands { "*" } else { "" };
                words
                    .map(|word| format!("{}{}", word.text, mark(word.expands)))
                    .collect::<Vec<_>>()
                    .join("|")
            })
            .collect();
        assert_eq!(commands, *expected, "{text}");
    }
}

/// A binding as a line: context, callee, position, path, kind and text of its value.
fn describe(binding: &Binding) -> String {
    let context = format!("{:?}", binding.context).to_lowercase();
    let callee = binding.callee.as_deref().map(|callee| format!(" {callee}()")).unwrap_or_default();
    let position = binding.position.map(|position| format!(" #{position}")).unwrap_or_default();
    let path = if binding.path.is_empty() { String::new() } else { format!(" {}", binding.path) };
    let kind = format!("{:?}", binding.value.kind).to_lowercase();
    format!("{context}{callee}{position}{path} = {kind} {}", binding.value.text)
}
