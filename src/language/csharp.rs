//! C#.

use super::{
    files::Files,
    lexical::{
        C_COMMENTS, Curly, CurlyEquals, Escapes, Fold, Form, Grammar, Import, Lexical, Meaning,
        NamedArguments, On, Prefixes, Quote, Trait, Traits, Words, shared,
    },
};

/// Reads C#.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "csharp",
    files: Files {
        endings: &["cs", "csx", "cshtml", "razor"],
        interpreters: &["dotnet-script"],
        ..Files::NONE
    },
    comments: C_COMMENTS,
    quotes: &[
        Quote::new("\"\"\"").with_lines().escaped(Escapes::None),
        Quote::new("\""),
        Quote::new("'"),
    ],
    prefixes: Prefixes::CSharp,
    named_arguments: NamedArguments::Colon,
    parameters_before_body: true,
    curly: Curly::New,
    curly_equals: CurlyEquals::Entry,
    traits: Traits::of(&[Trait::PairEntries, Trait::Generics]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::C_LIKE, &shared::PASCAL],
    calls: &[
        ("GetEnvironmentVariable", Meaning::LookUp(0)),
        ("Option", Meaning::Option),
        ("SetEnvironmentVariable", Meaning::Set(0)),
        ("Start", Meaning::Start(Form::Words, On::One(&["Process"]))),
    ],
    folds: &[("Join", Fold::JoinWithLast), ("Concat", Fold::Concatenation)],
    control: &["foreach", "using", "lock", "select", "and", "or", "not"],
    imports: &[("using", Import::Modules)],
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
                    r#"var a = $@"b {c["d"]} e"; Login(token: "x");"#,
                    "argument Login() token = literal x",
                    "x",
                    r#"token: "x""#,
                ),
                (
                    r#"new Client(token: "x");"#,
                    "argument Client() token = literal x",
                    "x",
                    r#"token: "x""#,
                ),
                (
                    r#"new Options { Token = "x" };"#,
                    "mapping Options() Token = literal x",
                    "x",
                    r#"Token = "x""#,
                ),
                (
                    r#"public string Token { get; set; } = "x";"#,
                    "assignment Token = literal x",
                    "x",
                    r#"Token { get; set; } = "x""#,
                ),
                (
                    r#"const string Token = "x";"#,
                    "assignment Token = literal x",
                    "x",
                    r#"Token = "x""#,
                ),
                (
                    r#"var d = new Dictionary<string, string> { ["token"] = "x" };"#,
                    "mapping Dictionary() d.token = literal x",
                    "x",
                    r#""token"] = "x""#,
                ),
                (
                    r#"var d = new Dictionary<string, string> { { "token", "x" } };"#,
                    "mapping Dictionary() d.token = literal x",
                    "x",
                    r#""token", "x""#,
                ),
                (
                    r#"var t = Environment.GetEnvironmentVariable("HF_TOKEN") ?? "x";"#,
                    "default Environment.GetEnvironmentVariable() HF_TOKEN = literal x",
                    "x",
                    r#"Environment.GetEnvironmentVariable("HF_TOKEN") ?? "x""#,
                ),
                (
                    r#"Environment.SetEnvironmentVariable("HF_TOKEN", "x");"#,
                    "assignment Environment.SetEnvironmentVariable() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"void F(string token = "x") { }"#,
                    "default token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"var t = @"a""b";"#,
                    r#"assignment t = literal a"b"#,
                    r#"a""b"#,
                    r#"t = @"a""b""#,
                ),
                (
                    r#"var t = $"a {b}";"#,
                    "assignment t = template a {b}",
                    "a {b}",
                    r#"t = $"a {b}""#,
                ),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(&READER, &[(r#"Process.Start("hf", "auth");"#, &["hf|auth"])]);
    }
}
