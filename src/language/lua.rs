//! Lua.

use super::lexical::{
    Comment, Curly, CurlyEquals, Dialect, Kind, Lexical, LineEnds, Quote, Trait, Traits,
};

/// Reads Lua.
pub static READER: Lexical = Lexical(&DIALECT);

static DIALECT: Dialect = Dialect {
    name: "lua",
    endings: &["lua", "luau", "rockspec"],
    interpreters: &["lua", "luajit", "luau"],
    comments: &[Comment::block("--[[", "]]"), Comment::block("--[=[", "]=]"), Comment::line("--")],
    quotes: &[Quote::new("\""), Quote::new("'")],
    line_ends: LineEnds::OutsideBrackets,
    concatenation: &[Kind::DotDot],
    definition_words: &["function"],
    curly: Curly::Mapping,
    curly_equals: CurlyEquals::Entry,
    traits: Traits::of(&[Trait::Lua, Trait::DecimalEscapes]),
    ..Dialect::PLAIN
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
