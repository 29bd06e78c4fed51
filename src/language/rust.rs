//! Rust.

use super::{
    files::Files,
    lexical::{
        Comment, Curly, Form, Grammar, Import, Lexical, Meaning, On, Prefixes, Quote, Trait,
        Traits, Words, shared,
    },
};

/// Reads Rust.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "rust",
    files: Files { endings: &["rs"], interpreters: &["rust-script", "cargo"], ..Files::NONE },
    comments: &[Comment::line("//"), Comment::nested("/*", "*/")],
    quotes: &[Quote::new("\"").with_lines(), Quote::new("'")],
    prefixes: Prefixes::Rust,
    definition_words: &["fn"],
    curly: Curly::TypeName,
    traits: Traits::of(&[Trait::Lifetimes, Trait::Generics, Trait::PairTuples]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::SNAKE],
    calls: &[
        ("default_value", Meaning::Otherwise),
        ("get_or_default", Meaning::LookUp(0)),
        ("insert_header", Meaning::SetString),
        ("new", Meaning::Start(Form::Chained, On::One(&["Command"]))),
        ("set_var", Meaning::Set(0)),
        ("unwrap_or", Meaning::Otherwise),
        ("unwrap_or_else", Meaning::Otherwise),
    ],
    wrappers: &[
        "Some",
        "Ok",
        "Box",
        "Arc",
        "Rc",
        "Cow",
        "str",
        "CString",
        "OsString",
        "SecretString",
        "Secret",
    ],
    makers: &["from", "new", "from_str", "from_static"],
    transparent: &[
        "to_string",
        "to_owned",
        "into",
        "clone",
        "as_str",
        "as_bytes",
        "as_ref",
        "to_vec",
        "unwrap",
        "expect",
        "into_bytes",
        "into_boxed_str",
        "as_deref",
    ],
    constants: &["None"],
    setters: &["set_", "with_"],
    control: &["match", "await", "let", "as", "where", "async"],
    before_block: &[
        "struct", "enum", "impl", "trait", "for", "union", "match", "if", "while", "in", "mod",
    ],
    before_value: &["mut", "move", "await"],
    imports: &[("use", Import::Modules), ("extern", Import::Crate)],
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
                    r#"ApiBuilder::new().with_token(Some("x".into()))"#,
                    "argument with_token() #0 token = literal x",
                    "x",
                    r#"token(Some("x".into())"#,
                ),
                (
                    r#"HashMap::from([("MODEL", "m"), ("HF_TOKEN", "x")])"#,
                    "mapping HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"ApiBuilder::new()
    .with_token(Some(String::from("x")))
    .build()"#,
                    "argument with_token() #0 token = literal x",
                    "x",
                    r#"token(Some(String::from("x"))"#,
                ),
                (
                    r#"let token = "x".to_string();"#,
                    "assignment token = literal x",
                    "x",
                    r#"token = "x".to_string()"#,
                ),
                (
                    r#"pub(crate) const TOKEN: &str = "x";"#,
                    "assignment TOKEN = literal x",
                    "x",
                    r#"TOKEN: &str = "x""#,
                ),
                (
                    r#"let token: Option<String> = Some("x".to_owned());"#,
                    "assignment token = literal x",
                    "x",
                    r#"token: Option<String> = Some("x".to_owned())"#,
                ),
                (
                    r#"self.token = "x".into();"#,
                    "assignment self.token = literal x",
                    "x",
                    r#"self.token = "x".into()"#,
                ),
                (
                    r#"let c = Config { token: "x".into(), ..d };"#,
                    "mapping Config() c.token = literal x",
                    "x",
                    r#"token: "x".into()"#,
                ),
                (
                    r#"env::var("HF_TOKEN").unwrap_or("x".into())"#,
                    "default env::var() HF_TOKEN = literal x",
                    "x",
                    r#"env::var("HF_TOKEN").unwrap_or("x".into()"#,
                ),
                (
                    r#"env::var("HF_TOKEN").ok().unwrap_or_else(|_| "x".to_string())"#,
                    "default env::var() HF_TOKEN = literal x",
                    "x",
                    r#"env::var("HF_TOKEN").ok().unwrap_or_else(|_| "x".to_string()"#,
                ),
                (
                    r#"Arg::new("t").long("hf-token").default_value("x")"#,
                    "default long() hf-token = literal x",
                    "x",
                    r#"long("hf-token").default_value("x""#,
                ),
                (
                    r#"env::set_var("HF_TOKEN", "x")"#,
                    "assignment env::set_var() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (r#"if token == "x" {}"#, "comparison token = literal x", "x", r#"token == "x""#),
                (
                    r#"let t = concat!("a", "b");"#,
                    "assignment t = literal ab",
                    r#"a", "b"#,
                    r#"t = concat!("a", "b")"#,
                ),
                (
                    r##"let t = r#"a"b"#;"##,
                    r#"assignment t = literal a"b"#,
                    r#"a"b"#,
                    r##"t = r#"a"b"#"##,
                ),
                (
                    r#"fn f<'a>(b: &'a str) { let c = 'd'; let t = "x"; }"#,
                    "assignment t = literal x",
                    "x",
                    r#"t = "x""#,
                ),
                (r#"/* a /* b */ */ let t = "x";"#, "assignment t = literal x", "x", r#"t = "x""#),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(
            &READER,
            &[
                (
                    r#"Command::new("hf").arg("auth").env("A", "b").args(["--token", t])"#,
                    &["hf|auth|--token|t*"],
                ),
                (
                    r#"std::process::Command::new("/bin/sh").arg("-c").arg("hf x").spawn()"#,
                    &["sh|-c|hf x", "hf|x"],
                ),
            ],
        );
    }
}
