//! Dart.

use super::{
    files::Files,
    lexical::{
        Comment, CurlyEquals, Fill, Form, Grammar, Import, Lexical, Meaning, NamedArguments, On,
        Prefixes, Quote, Trait, Traits, Words, shared,
    },
};

/// Reads Dart.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "dart",
    files: Files { endings: &["dart"], interpreters: &["dart"], ..Files::NONE },
    comments: &[Comment::line("//"), Comment::nested("/*", "*/")],
    quotes: &[
        Quote::new("\"\"\"").with_lines().filled(Fill::Dollar),
        Quote::new("'''").with_lines().filled(Fill::Dollar),
        Quote::new("\"").filled(Fill::Dollar),
        Quote::new("'").filled(Fill::Dollar),
    ],
    prefixes: Prefixes::Raw,
    adjacent_strings_join: true,
    named_arguments: NamedArguments::Colon,
    parameters_before_body: true,
    curly_equals: CurlyEquals::Default,
    traits: Traits::of(&[Trait::Generics]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::C_LIKE],
    calls: &[
        ("run", Meaning::Start(Form::Words, On::One(&["Process"]))),
        ("start", Meaning::Start(Form::Words, On::One(&["Process"]))),
    ],
    imports: &[("import", Import::Strings), ("part", Import::Strings)],
    ..Words::NONE
};

#[cfg(test)]
mod tests {
    use super::super::lexical::examples::{check, check_commands};
    use super::*;

    #[test]
    fn names_are_bound_to_values() {
        check(
            &READER,
            &[
                ("Client(token: 'x');", "argument Client() token = literal x", "x", "token: 'x'"),
                ("final String token = 'x';", "assignment token = literal x", "x", "token = 'x'"),
                (
                    "f(headers: {'Authorization': 'x'});",
                    "mapping f() headers.Authorization = literal x",
                    "x",
                    "'Authorization': 'x'",
                ),
                (
                    "final t = Platform.environment['HF_TOKEN'] ?? 'x';",
                    "default Platform.environment.HF_TOKEN = literal x",
                    "x",
                    "Platform.environment['HF_TOKEN'] ?? 'x'",
                ),
                (
                    "void f({String token = 'x'}) {}",
                    "default token = literal x",
                    "x",
                    "token = 'x'",
                ),
                ("final t = 'a' 'b';", "assignment t = literal ab", "a' 'b", "t = 'a' 'b'"),
                ("final t = 'a $b';", "assignment t = template a $b", "a $b", "t = 'a $b'"),
                ("final t = r'a$b';", "assignment t = literal a$b", "a$b", "t = r'a$b'"),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(&READER, &[("Process.run('hf', ['auth', t]);", &["hf|auth|t*"])]);
    }
}
