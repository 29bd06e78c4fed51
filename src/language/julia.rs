//! Julia.

use super::{
    files::Files,
    lexical::{
        Comment, Curly, Fill, Grammar, Import, Kind, Lexical, LineEnds, NamedArguments, Prefixes,
        Quote, Trait, Traits, Words, shared,
    },
};

/// Reads Julia.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "julia",
    files: Files { endings: &["jl"], interpreters: &["julia"], ..Files::NONE },
    comments: &[Comment::nested("#=", "=#"), Comment::line("#")],
    quotes: &[
        Quote::new("\"\"\"").with_lines().filled(Fill::Dollar),
        Quote::new("\"").with_lines().filled(Fill::Dollar),
        Quote::new("`").with_lines().filled(Fill::Dollar).command(),
        Quote::new("'"),
    ],
    prefixes: Prefixes::Raw,
    line_ends: LineEnds::OutsideRound,
    concatenation: &[Kind::Star],
    named_arguments: NamedArguments::Equals,
    definition_words: &["function", "macro"],
    round_mappings: true,
    square_mappings: true,
    curly: Curly::Statements,
    mapping_calls: &["Dict"],
    traits: Traits::of(&[Trait::Transpose, Trait::TypeAfterDots]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::SNAKE],
    constants: &["nothing"],
    control: &["let", "do"],
    imports: &[("using", Import::Modules), ("import", Import::Modules)],
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
                (
                    r#"headers = ["Authorization" => "x", "a" => b]"#,
                    "mapping headers.Authorization = literal x",
                    "x",
                    r#""Authorization" => "x""#,
                ),
                (r#"f(["x", "y"])"#, "mapping f() [0] = literal x", "x", r#""x""#),
                (r#"login(token="x")"#, "argument login() token = literal x", "x", r#"token="x""#),
                (
                    r#"token::String = "x""#,
                    "assignment token = literal x",
                    "x",
                    r#"token::String = "x""#,
                ),
                (
                    r#"ENV["HF_TOKEN"] = "x""#,
                    "assignment ENV.HF_TOKEN = literal x",
                    "x",
                    r#"ENV["HF_TOKEN"] = "x""#,
                ),
                (
                    r#"get(ENV, "HF_TOKEN", "x")"#,
                    "default get() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"h = Dict("token" => "x")"#,
                    "mapping h.token = literal x",
                    "x",
                    r#""token" => "x""#,
                ),
                (
                    r#"function f(; token="x")
end"#,
                    "default token = literal x",
                    "x",
                    r#"token="x""#,
                ),
                (r#"t = "a" * "b""#, "assignment t = literal ab", r#"a" * "b"#, r#"t = "a" * "b""#),
                (r#"t = "a $b""#, "assignment t = template a $b", "a $b", r#"t = "a $b""#),
                (r#"a = b'; t = "x""#, "assignment t = literal x", "x", r#"t = "x""#),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(&READER, &[("run(`hf auth --token $t`)", &["hf|auth|--token|$t*"])]);
    }
}
