//! R.

use super::{
    files::Files,
    lexical::{
        Comment, Curly, Escapes, Fold, Form, Grammar, Lexical, LineEnds, Meaning, NamedArguments,
        On, Prefixes, Quote, Trait, Traits, Words, shared,
    },
};

/// Reads R.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "r",
    files: Files {
        names: &[".rprofile", "rprofile.site"],
        endings: &["r", "rprofile"],
        interpreters: &["Rscript", "R"],
        ..Files::NONE
    },
    comments: &[Comment::line("#")],
    quotes: &[
        Quote::new("\"").with_lines(),
        Quote::new("'").with_lines(),
        Quote::new("`").escaped(Escapes::None),
    ],
    prefixes: Prefixes::R,
    line_ends: LineEnds::OutsideRound,
    named_arguments: NamedArguments::Equals,
    definition_words: &["function"],
    curly: Curly::Statements,
    mapping_calls: &["list", "c"],
    traits: Traits::of(&[Trait::ArrowAssigns]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::SNAKE],
    calls: &[
        ("import", Meaning::ImportName),
        ("library", Meaning::ImportName),
        ("require", Meaning::ImportName),
        ("requireNamespace", Meaning::ImportName),
        ("setenv", Meaning::SetNamed),
        ("startsWith", Meaning::Compare),
        ("system", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("system2", Meaning::Start(Form::Words, On::Anything)),
    ],
    folds: &[("paste0", Fold::Concatenation)],
    constants: &["NULL", "TRUE", "FALSE", "NA"],
    defaults: &["unset"],
    programs: &["args", "cmd", "command"],
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
                    r#"login(token = "x")"#,
                    "argument login() token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (r#"token <- "x""#, "assignment token = literal x", "x", r#"token <- "x""#),
                (r#""x" -> token"#, "assignment token = literal x", "x", r#""x" -> token"#),
                (
                    r#"paste0("x") ->> cfg$token"#,
                    "assignment cfg.token = literal x",
                    "x",
                    r#"paste0("x") ->> cfg$token"#,
                ),
                (
                    r#"cfg$token <- "x""#,
                    "assignment cfg.token = literal x",
                    "x",
                    r#"cfg$token <- "x""#,
                ),
                (
                    r#"cfg[["token"]] <- "x""#,
                    "assignment cfg.token = literal x",
                    "x",
                    r#"cfg[["token"]] <- "x""#,
                ),
                (
                    r#"h <- list(Authorization = "x")"#,
                    "mapping h.Authorization = literal x",
                    "x",
                    r#"Authorization = "x""#,
                ),
                (
                    r#"GET(u, add_headers(Authorization = "x"))"#,
                    "argument add_headers() Authorization = literal x",
                    "x",
                    r#"Authorization = "x""#,
                ),
                (
                    r#"Sys.setenv(HF_TOKEN = "x")"#,
                    "assignment Sys.setenv() HF_TOKEN = literal x",
                    "x",
                    r#"HF_TOKEN = "x""#,
                ),
                (
                    r#"Sys.getenv("HF_TOKEN", unset = "x")"#,
                    "default Sys.getenv() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", unset = "x""#,
                ),
                (
                    r#"f <- function(token = "x") token"#,
                    "default token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"t <- paste0("a", "b")"#,
                    "assignment t = literal ab",
                    r#"a", "b"#,
                    r#"t <- paste0("a", "b")"#,
                ),
                (r#"t <- r"(a"b)""#, r#"assignment t = literal a"b"#, r#"a"b"#, r#"t <- r"(a"b)""#),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(&READER, &[(r#"system2("hf", c("auth", "login"))"#, &["hf|auth|login"])]);
    }
}
