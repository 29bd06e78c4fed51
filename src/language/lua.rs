//! Lua.

use super::{
    files::Files,
    lexical::{
        Comment, Curly, CurlyEquals, Fold, Form, Grammar, Kind, Lexical, LineEnds, Meaning, On,
        Quote, Trait, Traits, Words, shared,
    },
};

/// Reads Lua.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "lua",
    files: Files {
        endings: &["lua", "luau", "rockspec"],
        interpreters: &["lua", "luajit", "luau"],
        ..Files::NONE
    },
    comments: &[Comment::block("--[[", "]]"), Comment::block("--[=[", "]=]"), Comment::line("--")],
    quotes: &[Quote::new("\""), Quote::new("'")],
    line_ends: LineEnds::OutsideBrackets,
    concatenation: &[Kind::DotDot],
    definition_words: &["function"],
    curly: Curly::Mapping,
    curly_equals: CurlyEquals::Entry,
    traits: Traits::of(&[
        Trait::LongBrackets,
        Trait::StringCalls,
        Trait::ColonMembers,
        Trait::DecimalEscapes,
    ]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::SNAKE],
    calls: &[
        ("execute", Meaning::Start(Form::Line, On::One(&["os"]))),
        ("popen", Meaning::Start(Form::Line, On::Runner)),
        ("require", Meaning::Import),
    ],
    folds: &[("char", Fold::Codes)],
    runners: &["io"],
    constants: &["nil"],
    control: &["and", "or", "not", "until", "do"],
    statements: &[
        "if", "while", "until", "return", "else", "end", "do", "and", "or", "not", "then", "in",
        "for", "local", "function", "repeat", "break",
    ],
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
                (r#"login("x")"#, "argument login() #0 = literal x", "x", r#""x""#),
                (r#"client:login("x")"#, "argument client:login() #0 = literal x", "x", r#""x""#),
                (r#"login "x""#, "argument login() #0 = literal x", "x", r#""x""#),
                (r#"local token = "x""#, "assignment token = literal x", "x", r#"token = "x""#),
                (
                    r#"local h = { token = "x", ["a-b"] = "y" }"#,
                    "mapping h.token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"local h = { token = "x", ["a-b"] = "y" }"#,
                    "mapping h.a-b = literal y",
                    "y",
                    r#""a-b"] = "y""#,
                ),
                (r#"f{ token = "x" }"#, "mapping f() token = literal x", "x", r#"token = "x""#),
                (
                    r#"t = os.getenv("HF_TOKEN") or "x""#,
                    "default os.getenv() HF_TOKEN = literal x",
                    "x",
                    r#"os.getenv("HF_TOKEN") or "x""#,
                ),
                (
                    r#"t = "a" .. "b""#,
                    "assignment t = literal ab",
                    r#"a" .. "b"#,
                    r#"t = "a" .. "b""#,
                ),
                (
                    r#"t = "\104\105""#,
                    "assignment t = literal hi",
                    r#"\104\105"#,
                    r#"t = "\104\105""#,
                ),
                (
                    r#"--[[ a = "b" ]] t = [==[x]==]"#,
                    "assignment t = literal x",
                    "x",
                    "t = [==[x]==]",
                ),
                (
                    r#"if token ~= "x" then end"#,
                    "comparison token = literal x",
                    "x",
                    r#"token ~= "x""#,
                ),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(&READER, &[(r#"os.execute("hf auth login")"#, &["hf|auth|login"])]);
    }
}
