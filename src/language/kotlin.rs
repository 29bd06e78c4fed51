//! Kotlin.

use super::{
    files::Files,
    lexical::{
        Comment, Curly, Escapes, Fill, Grammar, Import, Lexical, LineEnds, NamedArguments, Quote,
        Trait, Traits, Words, shared,
    },
};

/// Reads Kotlin.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "kotlin",
    files: Files { endings: &["kt", "kts"], interpreters: &["kotlin"], ..Files::NONE },
    comments: &[Comment::line("//"), Comment::nested("/*", "*/")],
    quotes: &[
        Quote::new("\"\"\"").with_lines().escaped(Escapes::None).filled(Fill::Dollar),
        Quote::new("\"").filled(Fill::Dollar),
        Quote::new("'"),
    ],
    line_ends: LineEnds::OutsideRound,
    named_arguments: NamedArguments::Equals,
    definition_words: &["fun", "class", "constructor"],
    round_mappings: true,
    curly: Curly::Statements,
    mapping_calls: &["mapOf", "hashMapOf", "mutableMapOf", "linkedMapOf", "buildMap"],
    traits: Traits::of(&[Trait::Elvis, Trait::Generics]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words =
    Words { shares: &[&shared::JVM], imports: &[("import", Import::Modules)], ..Words::NONE };

#[cfg(test)]
mod tests {
    use super::super::lexical::examples::check;
    use super::*;

    #[test]
    fn names_are_bound_to_values() {
        check(
            &READER,
            &[
                ("def token = 'x'\next.b = c", "assignment token = literal x", "x", "token = 'x'"),
                (
                    "buildConfigField(\"String\", \"HF_TOKEN\", 'x')",
                    "argument buildConfigField() #2 = literal x",
                    "x",
                    "'x'",
                ),
                (
                    r#"Client(token = "x")"#,
                    "argument Client() token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"val token: String = "x""#,
                    "assignment token = literal x",
                    "x",
                    r#"token: String = "x""#,
                ),
                (
                    r#"const val TOKEN = "x"
val b = 1"#,
                    "assignment TOKEN = literal x",
                    "x",
                    r#"TOKEN = "x""#,
                ),
                (
                    r#"val m = mapOf("token" to "x")"#,
                    "mapping m.token = literal x",
                    "x",
                    r#""token" to "x""#,
                ),
                (
                    r#"System.getenv("HF_TOKEN") ?: "x""#,
                    "default System.getenv() HF_TOKEN = literal x",
                    "x",
                    r#"System.getenv("HF_TOKEN") ?: "x""#,
                ),
                (
                    r#"fun f(token: String = "x") {}"#,
                    "default token = literal x",
                    "x",
                    r#"token: String = "x""#,
                ),
                (
                    r#"class A(val token: String = "x")"#,
                    "default token = literal x",
                    "x",
                    r#"token: String = "x""#,
                ),
                (r#"val t = if (c) "x" else b"#, "default t = literal x", "x", r#"t = if (c) "x""#),
                (
                    r#"val t = "a ${b["c"]} d""#,
                    r#"assignment t = template a ${b["c"]} d"#,
                    r#"a ${b["c"]} d"#,
                    r#"t = "a ${b["c"]} d""#,
                ),
                (
                    r#"val t = """a\n""""#,
                    r#"assignment t = literal a\n"#,
                    r#"a\n"#,
                    r#"t = """a\n""""#,
                ),
            ],
        );
    }
}
