//! C and C++.

use super::{
    files::Files,
    lexical::{
        C_COMMENTS, CurlyEquals, Form, Grammar, Lexical, Meaning, On, Prefixes, Quote, Trait,
        Traits, Words, shared,
    },
};

/// Reads C and C++.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "c",
    files: Files {
        endings: &[
            "c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "ino", "cu", "cuh",
            "m", "mm",
        ],
        ..Files::NONE
    },
    comments: C_COMMENTS,
    quotes: &[Quote::new("\""), Quote::new("'")],
    prefixes: Prefixes::Cpp,
    adjacent_strings_join: true,
    parameters_before_body: true,
    curly_equals: CurlyEquals::Entry,
    traits: Traits::of(&[Trait::Preprocessor, Trait::PairEntries, Trait::Generics]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::C_LIKE, &shared::SNAKE, &shared::PASCAL],
    calls: &[
        ("popen", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("system", Meaning::Start(Form::Line, On::RunnerOrNothing)),
    ],
    wrappers: &["NSString", "TEXT", "_T", "strdup"],
    transparent: &["c_str", "data"],
    constants: &["NULL", "nullptr", "nil", "TRUE", "FALSE"],
    before_value: &["move"],
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
                (r#"hub_login("x");"#, "argument hub_login() #0 = literal x", "x", r#""x""#),
                (
                    r#"static const char *TOKEN = "x";"#,
                    "assignment TOKEN = literal x",
                    "x",
                    r#"TOKEN = "x""#,
                ),
                (
                    r#"const char token[] = "x";"#,
                    "assignment token = literal x",
                    "x",
                    r#"token[] = "x""#,
                ),
                (
                    r#"#define TOKEN "x"
int a;"#,
                    "assignment TOKEN = literal x",
                    "x",
                    r#"TOKEN "x""#,
                ),
                (
                    r#"struct c k = { .token = "x" };"#,
                    "mapping k.token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"std::map<std::string, std::string> h = {{"token", "x"}};"#,
                    "mapping h.token = literal x",
                    "x",
                    r#""token", "x""#,
                ),
                (
                    r#"this->token = "x";"#,
                    "assignment this.token = literal x",
                    "x",
                    r#"this->token = "x""#,
                ),
                (
                    r#"void f(std::string token = "x") {}"#,
                    "default token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"setenv("HF_TOKEN", "x", 1);"#,
                    "assignment setenv() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"putenv("HF_TOKEN=x");"#,
                    "assignment putenv() HF_TOKEN = literal x",
                    "x",
                    "HF_TOKEN=x",
                ),
                (
                    r#"auto t = std::string("a" "b");"#,
                    "assignment t = literal ab",
                    r#"a" "b"#,
                    r#"t = std::string("a" "b")"#,
                ),
                (
                    r#"auto t = R"y(a"b)y";"#,
                    r#"assignment t = literal a"b"#,
                    r#"a"b"#,
                    r#"t = R"y(a"b)y""#,
                ),
                (r#"if (token == "x") {}"#, "comparison token = literal x", "x", r#"token == "x""#),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(&READER, &[(r#"system("hf auth login");"#, &["hf|auth|login"])]);
    }

    #[test]
    fn includes_are_imports() {
        let text = b"#include <curl/curl.h>\n  #include \"hub.h\"\n";
        let facts = super::super::lexical::examples::facts_of(&READER, text);
        assert_eq!(facts.imports, ["curl/curl.h", "hub.h"]);
    }
}
