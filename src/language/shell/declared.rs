//! Shell syntax inside other languages: lists of variables and of arguments.

use super::{
    environment::binding_of,
    lexer::Within,
    parser::Parser,
    simple::Simple,
    word::{ShellWord, lossy},
};
use crate::{
    language::extract::{Extract, sort},
    model::{Binding, BindingContext, CommandPlace, Facts, Span, Value, ValueKind, Word},
};

/// One argument of a command that is already split into words, as in `["hf", "auth", "login"]`.
#[derive(Debug, Clone)]
pub(crate) struct Argument {
    /// Its text, with a map to the source.
    pub extract: Extract,
    /// Its span in the source, with its quotes.
    pub span: Span,
    /// `true` if a part of it is expanded.
    pub expands: bool,
}

/// The facts of a command that is already split into words.
pub(crate) fn read_arguments(arguments: Vec<Argument>, place: CommandPlace) -> Facts {
    let words = arguments
        .into_iter()
        .map(|argument| {
            let whole = Span::new(0, argument.extract.text.len());
            ShellWord {
                extract: argument.extract,
                span: argument.span,
                expansions: argument.expands.then_some(whole).into_iter().collect(),
                plain: None,
            }
        })
        .collect::<Vec<_>>();
    let mut parser = Parser::new(b"", place);
    parser.command(&words, &Simple::default(), false);
    sort(&mut parser.facts);
    parser.facts
}

/// The facts of a list of variables: `A=b C="d e"`, or `A b c`, which sets one variable to the rest
/// of the line.
///
/// Without `=`, a build argument has no value, and other variables have the second form.
pub(crate) fn read_declared(text: &[u8], context: BindingContext) -> Facts {
    let mut parser = Parser::new(text, CommandPlace::Shell);
    parser.skip_blanks();
    let mut is_first = true;
    while parser.peek(0).is_some() {
        let start = parser.at;
        let word = parser.word(Within::Condition);
        if parser.at == start {
            parser.skip(1);
        } else if let Some(parts) = word.pair() {
            parser.facts.bindings.push(binding_of(&word, parts, context));
        } else if context == BindingContext::BuildArgument {
            parser.facts.bindings.push(without_value(&word, context));
        } else if is_first {
            parser.skip_blanks();
            let value = parser.word(Within::Rest);
            parser.facts.bindings.push(with_rest(&word, &value, context));
        }
        is_first = false;
        parser.skip_blanks();
    }
    parser.facts.commands.clear();
    sort(&mut parser.facts);
    parser.facts
}

/// The facts of the command line of a recipe at `part`. For `make`, `$(A)` is a variable.
pub(crate) fn read_recipe(text: &[u8], part: Span, is_make: bool) -> Facts {
    let mut parser = recipe_parser(text, part, is_make);
    parser.script();
    parser.facts
}

/// The value at `part` that the file of a recipe binds to a name, and the facts in it.
pub(crate) fn read_value(text: &[u8], part: Span, is_make: bool) -> (Value, Facts) {
    let mut parser = recipe_parser(text, part, is_make);
    let value = parser.word(Within::Rest).value_from(0);
    (value, parser.facts)
}

fn recipe_parser(text: &[u8], part: Span, is_make: bool) -> Parser<'_> {
    let mut parser = Parser::new(text, CommandPlace::Recipe);
    parser.at = part.start.min(text.len());
    parser.end = part.end.min(text.len());
    parser.is_recipe = is_make;
    parser
}

/// The words of a line, separated only by blanks.
pub(crate) fn read_words(text: &[u8]) -> Vec<Word> {
    let mut parser = Parser::new(text, CommandPlace::Shell);
    let mut words = Vec::new();
    loop {
        parser.skip_blanks();
        let start = parser.at;
        match parser.peek(0) {
            None => return words,
            Some(_) => words.push(parser.word(Within::Condition).to_word()),
        }
        if parser.at == start {
            words.pop();
            parser.skip(1);
        }
    }
}

fn without_value(name: &ShellWord, context: BindingContext) -> Binding {
    let mut binding = with_rest(name, &ShellWord::new(name.span.end), context);
    binding.value.kind = ValueKind::Missing;
    binding
}

fn with_rest(name: &ShellWord, value: &ShellWord, context: BindingContext) -> Binding {
    Binding {
        key: lossy(name.text()),
        path: lossy(name.text()),
        callee: None,
        position: None,
        value: value.value_from(0),
        context,
        key_span: name.source_of(Span::new(0, name.text().len())),
        span: name.span.joined(value.span),
        language: None,
        commented: false,
    }
}
