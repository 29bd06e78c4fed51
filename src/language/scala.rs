//! Scala.

use super::{
    files::Files,
    lexical::{
        Comment, Curly, Escapes, Grammar, Import, Lexical, LineEnds, NamedArguments, Prefixes,
        Quote, Trait, Traits, Words, shared,
    },
};

/// Reads Scala.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "scala",
    files: Files {
        endings: &["scala", "sc", "sbt"],
        interpreters: &["scala", "scala-cli", "amm"],
        ..Files::NONE
    },
    comments: &[Comment::line("//"), Comment::nested("/*", "*/")],
    quotes: &[
        Quote::new("\"\"\"").with_lines().escaped(Escapes::None),
        Quote::new("\""),
        Quote::new("'"),
    ],
    prefixes: Prefixes::Scala,
    line_ends: LineEnds::OutsideRound,
    named_arguments: NamedArguments::Equals,
    definition_words: &["def", "class"],
    round_mappings: true,
    curly: Curly::Statements,
    mapping_calls: &["Map", "HashMap", "TreeMap"],
    traits: Traits::of(&[Trait::Lifetimes]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::JVM],
    constants: &["None", "Nil"],
    control: &["match"],
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
                    r#"val m = Map("token" -> "x")"#,
                    "mapping m.token = literal x",
                    "x",
                    r#""token" -> "x""#,
                ),
                (
                    r#"sys.env.getOrElse("HF_TOKEN", "x")"#,
                    "default sys.env.getOrElse() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"Option(System.getenv("HF_TOKEN")).getOrElse("x")"#,
                    "default System.getenv() HF_TOKEN = literal x",
                    "x",
                    r#"System.getenv("HF_TOKEN")).getOrElse("x""#,
                ),
                (
                    r#"def f(token: String = "x") = 1"#,
                    "default token = literal x",
                    "x",
                    r#"token: String = "x""#,
                ),
                (
                    r#"spark.conf.set("hf_token", "x")"#,
                    "assignment spark.conf.set() hf_token = literal x",
                    "x",
                    r#""hf_token", "x""#,
                ),
                (r#"val t = s"a $b""#, "assignment t = template a $b", "a $b", r#"t = s"a $b""#),
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
