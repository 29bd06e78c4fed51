//! Swift.

use super::{
    files::Files,
    lexical::{
        Comment, Curly, Fill, Form, Grammar, Import, Lexical, LineEnds, Meaning, NamedArguments,
        On, Prefixes, Quote, Trait, Traits, Words, shared,
    },
};

/// Reads Swift.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "swift",
    files: Files { endings: &["swift"], interpreters: &["swift"], ..Files::NONE },
    comments: &[Comment::line("//"), Comment::nested("/*", "*/")],
    quotes: &[
        Quote::new("\"\"\"").with_lines().filled(Fill::BackslashRound),
        Quote::new("\"").filled(Fill::BackslashRound),
    ],
    prefixes: Prefixes::Swift,
    line_ends: LineEnds::OutsideRound,
    named_arguments: NamedArguments::Colon,
    definition_words: &["func", "init"],
    square_mappings: true,
    curly: Curly::Statements,
    traits: Traits::of(&[Trait::Generics]),
    words: &WORDS,
    code_frames: &[("", ""), ("f(", ")")],
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::C_LIKE],
    calls: &[("run", Meaning::Start(Form::Words, On::One(&["Process"])))],
    wrappers: &["NSString"],
    makers: &["init"],
    transparent: &["data"],
    constants: &["nil"],
    control: &["guard", "let"],
    imports: &[("import", Import::Modules)],
    ..Words::NONE
};

#[cfg(test)]
mod tests {
    use super::super::lexical::examples::check;
    use super::*;

    #[test]
    fn names_are_bound_to_values() {
        check(
            &READER,
            &[
                (
                    r#"Client(token: "x")"#,
                    "argument Client() token = literal x",
                    "x",
                    r#"token: "x""#,
                ),
                (
                    r#"let token: String = "x""#,
                    "assignment token = literal x",
                    "x",
                    r#"token: String = "x""#,
                ),
                (
                    r#"let h = ["Authorization": "Bearer x"]"#,
                    "mapping h.Authorization = literal Bearer x",
                    "Bearer x",
                    r#""Authorization": "Bearer x""#,
                ),
                (
                    r#"env["HF_TOKEN"] ?? "x""#,
                    "default env.HF_TOKEN = literal x",
                    "x",
                    r#"env["HF_TOKEN"] ?? "x""#,
                ),
                (
                    r#"func f(token: String = "x") {}"#,
                    "default token = literal x",
                    "x",
                    r#"token: String = "x""#,
                ),
                (
                    r#"setenv("HF_TOKEN", "x", 1)"#,
                    "assignment setenv() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"let t = "a \(b("c")) d""#,
                    r#"assignment t = template a \(b("c")) d"#,
                    r#"a \(b("c")) d"#,
                    r#"t = "a \(b("c")) d""#,
                ),
                (
                    r##"let t = #"a"b"#"##,
                    r#"assignment t = literal a"b"#,
                    r#"a"b"#,
                    r##"t = #"a"b"#"##,
                ),
            ],
        );
    }
}
