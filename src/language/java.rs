//! Java.

use super::{
    files::Files,
    lexical::{
        C_COMMENTS, Grammar, Import, Lexical, NamedArguments, Quote, Trait, Traits, Words, shared,
    },
};

/// Reads Java.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "java",
    files: Files { endings: &["java"], interpreters: &["java", "jbang"], ..Files::NONE },
    comments: C_COMMENTS,
    quotes: &[Quote::new("\"\"\"").with_lines(), Quote::new("\""), Quote::new("'")],
    named_arguments: NamedArguments::Equals,
    parameters_before_body: true,
    traits: Traits::of(&[Trait::Generics]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words =
    Words { shares: &[&shared::JVM], imports: &[("import", Import::Modules)], ..Words::NONE };

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
                    r#"Hub.builder().token("x").build();"#,
                    "argument token() #0 token = literal x",
                    "x",
                    r#"token("x""#,
                ),
                (
                    r#"client.setHfToken("x");"#,
                    "argument client.setHfToken() #0 HfToken = literal x",
                    "x",
                    r#"HfToken("x""#,
                ),
                (
                    r#"Map.of("MODEL", "m", "HF_TOKEN", "x")"#,
                    "mapping Map.of() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"private static final String TOKEN = "x";"#,
                    "assignment TOKEN = literal x",
                    "x",
                    r#"TOKEN = "x""#,
                ),
                (
                    r#"void f() { this.token = "x"; }"#,
                    "assignment this.token = literal x",
                    "x",
                    r#"this.token = "x""#,
                ),
                (
                    r#"@Foo(token = "x") class A {}"#,
                    "argument Foo() token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"f(Optional.of("x"));"#,
                    "argument f() #0 = literal x",
                    "x",
                    r#"Optional.of("x")"#,
                ),
                (r#"new Client("x") { };"#, "argument Client() #0 = literal x", "x", r#""x""#),
                (
                    r#"System.getenv().getOrDefault("HF_TOKEN", "x");"#,
                    "default getOrDefault() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"Optional.ofNullable(System.getenv("HF_TOKEN")).orElse("x");"#,
                    "default System.getenv() HF_TOKEN = literal x",
                    "x",
                    r#"System.getenv("HF_TOKEN")).orElse("x""#,
                ),
                (
                    r#"System.setProperty("HF_TOKEN", "x");"#,
                    "assignment System.setProperty() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"map.put("token", "x");"#,
                    "assignment map.put() token = literal x",
                    "x",
                    r#""token", "x""#,
                ),
                (
                    r#"if (token.equals("x")) {}"#,
                    "comparison token.equals() #0 token = literal x",
                    "x",
                    r#""x""#,
                ),
                (
                    r#"String t = "a"
  + "b";"#,
                    "assignment t = literal ab",
                    r#"a"
  + "b"#,
                    r#"t = "a"
  + "b""#,
                ),
                (
                    r#"String t = """
  x""";"#,
                    "assignment t = literal 
  x",
                    "
  x",
                    r#"t = """
  x""""#,
                ),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(
            &READER,
            &[
                (r#"Runtime.getRuntime().exec("hf auth login");"#, &["hf|auth|login"]),
                (r#"new ProcessBuilder("hf", "auth", token).start();"#, &["hf|auth|token*"]),
                (r#"new ProcessBuilder(List.of("hf", "x"));"#, &["hf|x"]),
            ],
        );
    }
}
