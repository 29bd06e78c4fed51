//! Go.

use super::{
    files::Files,
    lexical::{
        C_COMMENTS, Curly, Escapes, Fold, Form, Grammar, Import, Lexical, LineEnds, Meaning, On,
        Quote, Trait, Traits, Words, shared,
    },
};

/// Reads Go.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "go",
    files: Files { endings: &["go"], ..Files::NONE },
    comments: C_COMMENTS,
    quotes: &[
        Quote::new("\""),
        Quote::new("`").with_lines().escaped(Escapes::None),
        Quote::new("'"),
    ],
    line_ends: LineEnds::Everywhere,
    definition_words: &["func"],
    curly: Curly::UnspacedName,
    traits: Traits::of(&[Trait::TypeAfterName]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::PASCAL, &shared::CAMEL],
    calls: &[
        ("Command", Meaning::Start(Form::Words, On::One(&["exec"]))),
        ("CommandContext", Meaning::Start(Form::WordsAfterFirst, On::One(&["exec"]))),
        ("String", Meaning::Flag(0)),
        ("StringP", Meaning::Flag(0)),
        ("StringVar", Meaning::Flag(1)),
    ],
    folds: &[("Join", Fold::JoinWithLast)],
    wrappers: &["byte", "new", "aws", "pointer", "ptr"],
    makers: &["String"],
    constants: &["nil"],
    control: &["switch", "case", "select"],
    imports: &[("import", Import::Strings)],
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
                    r#"hub.WithToken("x")"#,
                    "argument hub.WithToken() #0 Token = literal x",
                    "x",
                    r#"Token("x""#,
                ),
                (
                    r#"[]corev1.EnvVar{{Name: "HF_TOKEN", Value: "x"}}"#,
                    "mapping HF_TOKEN = literal x",
                    "x",
                    r#"Name: "HF_TOKEN", Value: "x""#,
                ),
                (r#"token := "x""#, "assignment token = literal x", "x", r#"token := "x""#),
                (
                    r#"var token string = "x""#,
                    "assignment token = literal x",
                    "x",
                    r#"token string = "x""#,
                ),
                (
                    r#"const (
	A = 1
	Token string = "x"
)"#,
                    "assignment Token = literal x",
                    "x",
                    r#"Token string = "x""#,
                ),
                (
                    "const (
	A = 1
	Token = `x`
)",
                    "assignment Token = literal x",
                    "x",
                    "Token = `x`",
                ),
                (
                    r#"a, token := "y", "x""#,
                    "assignment token = literal x",
                    "x",
                    r#"token := "y", "x""#,
                ),
                (
                    r#"m := map[string]string{"token": "x"}"#,
                    "mapping m.token = literal x",
                    "x",
                    r#""token": "x""#,
                ),
                (
                    r#"c := hub.Config{
	Token: "x",
}"#,
                    "mapping hub.Config() c.Token = literal x",
                    "x",
                    r#"Token: "x""#,
                ),
                (
                    r#"f(Config{Token: "x"})"#,
                    "mapping Config() Token = literal x",
                    "x",
                    r#"Token: "x""#,
                ),
                (
                    r#"getEnv("HF_TOKEN", "x")"#,
                    "default getEnv() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"flag.String("hf-token", "x", "usage")"#,
                    "default flag.String() hf-token = literal x",
                    "x",
                    r#""hf-token", "x""#,
                ),
                (
                    r#"flag.StringVar(&t, "token", "x", "usage")"#,
                    "default flag.StringVar() token = literal x",
                    "x",
                    r#""token", "x""#,
                ),
                (
                    r#"os.Setenv("HF_TOKEN", "x")"#,
                    "assignment os.Setenv() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"req.Header.Set("Authorization", "Bearer x")"#,
                    "assignment req.Header.Set() Authorization = literal Bearer x",
                    "Bearer x",
                    r#""Authorization", "Bearer x""#,
                ),
                (
                    r#"if token == "x" {
}"#,
                    "comparison token = literal x",
                    "x",
                    r#"token == "x""#,
                ),
                (
                    r#"if f("x") {
}"#,
                    "argument f() #0 = literal x",
                    "x",
                    r#""x""#,
                ),
                (
                    r#"t := "a" +
	"b""#,
                    "assignment t = literal ab",
                    r#"a" +
	"b"#,
                    r#"t := "a" +
	"b""#,
                ),
                (r#"t := []byte("x")"#, "assignment t = literal x", "x", r#"t := []byte("x")"#),
                (
                    r#"t := strings.Join([]string{"a", "b"}, "")"#,
                    "assignment t = literal ab",
                    r#"a", "b"#,
                    r#"t := strings.Join([]string{"a", "b"}, "")"#,
                ),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(
            &READER,
            &[
                (r#"exec.Command("hf", "auth", "--token", t)"#, &["hf|auth|--token|t*"]),
                (r#"exec.CommandContext(ctx, "hf", "x")"#, &["hf|x"]),
            ],
        );
    }
}
