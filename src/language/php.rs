//! PHP.

use super::{
    files::Files,
    lexical::{
        Comment, Curly, Escapes, Fill, Fold, Form, Grammar, Import, Kind, Lexical, Meaning,
        NamedArguments, On, Quote, Trait, Traits, Words, shared,
    },
};

/// Reads PHP.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "php",
    files: Files {
        endings: &["php", "phtml", "php5", "inc"],
        interpreters: &["php"],
        ..Files::NONE
    },
    comments: &[Comment::line("//"), Comment::line("#"), Comment::block("/*", "*/")],
    quotes: &[
        Quote::new("\"").with_lines().filled(Fill::Dollar),
        Quote::new("'").with_lines().escaped(Escapes::QuoteOnly),
        Quote::new("`").with_lines().filled(Fill::Dollar).command(),
    ],
    concatenation: &[Kind::Dot],
    named_arguments: NamedArguments::Colon,
    definition_words: &["function", "fn"],
    round_mappings: true,
    square_mappings: true,
    curly: Curly::Statements,
    mapping_calls: &["array"],
    traits: Traits::of(&[
        Trait::Pages,
        Trait::HashAttributes,
        Trait::Heredocs,
        Trait::Elvis,
        Trait::KeepsUnknownEscapes,
    ]),
    words: &WORDS,
    code_frames: &[("<?php ", ""), ("<?php ([", "])")],
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::C_LIKE, &shared::SNAKE],
    calls: &[
        ("exec", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("passthru", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("popen", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("proc_open", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("require", Meaning::Import),
        ("run", Meaning::Start(Form::Words, On::One(&["Process"]))),
        ("shell_exec", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("system", Meaning::Start(Form::Line, On::RunnerOrNothing)),
    ],
    folds: &[("chr", Fold::Codes), ("hex2bin", Fold::Hex), ("implode", Fold::JoinWithFirst)],
    constants: &["NULL", "TRUE", "FALSE"],
    control: &["foreach", "match", "and", "or"],
    bare: &["echo", "print"],
    imports: &[("use", Import::Modules)],
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
                    r#"<?php echo "a", $token;"#,
                    "argument echo() #1 = lookup $token",
                    "$token",
                    "$token",
                ),
                (
                    r#"<?php login(token: "x");"#,
                    "argument login() token = literal x",
                    "x",
                    r#"token: "x""#,
                ),
                (
                    r#"<p>it's</p><?php $token = 'x'; ?> ""#,
                    "assignment token = literal x",
                    "x",
                    "$token = 'x'",
                ),
                (
                    r#"<?php $this->token = "x";"#,
                    "assignment this.token = literal x",
                    "x",
                    r#"$this->token = "x""#,
                ),
                (
                    r#"<?php $a["token"] = "x";"#,
                    "assignment a.token = literal x",
                    "x",
                    r#"$a["token"] = "x""#,
                ),
                (
                    r#"<?php f(["headers" => ["Authorization" => "x"]]);"#,
                    "mapping f() headers.Authorization = literal x",
                    "x",
                    r#""Authorization" => "x""#,
                ),
                (
                    r#"<?php $a = array("token" => "x");"#,
                    "mapping a.token = literal x",
                    "x",
                    r#""token" => "x""#,
                ),
                (
                    "<?php $t = getenv('HF_TOKEN') ?: 'x';",
                    "default getenv() HF_TOKEN = literal x",
                    "x",
                    "getenv('HF_TOKEN') ?: 'x'",
                ),
                (
                    "<?php env('HF_TOKEN', 'x');",
                    "default env() HF_TOKEN = literal x",
                    "x",
                    "'HF_TOKEN', 'x'",
                ),
                (
                    r#"<?php function f($token = "x") {}"#,
                    "default token = literal x",
                    "x",
                    r#"$token = "x""#,
                ),
                (
                    r#"<?php putenv("HF_TOKEN=x");"#,
                    "assignment putenv() HF_TOKEN = literal x",
                    "x",
                    "HF_TOKEN=x",
                ),
                (
                    r#"<?php define("TOKEN", "x");"#,
                    "assignment define() TOKEN = literal x",
                    "x",
                    r#""TOKEN", "x""#,
                ),
                (
                    r#"<?php $t = "a" . 'b';"#,
                    "assignment t = literal ab",
                    r#"a" . 'b"#,
                    r#"$t = "a" . 'b'"#,
                ),
                (r#"<?php $t = "a $b";"#, "assignment t = template a $b", "a $b", r#"$t = "a $b""#),
                (
                    r#"<?php $t = <<<EOT
a
  EOT;
$u = "x";"#,
                    "assignment t = literal a",
                    "a",
                    "$t = <<<EOT
a
  EOT",
                ),
                (
                    r#"<?php $t = <<<EOT
a
  EOT;
$u = "x";"#,
                    "assignment u = literal x",
                    "x",
                    r#"$u = "x""#,
                ),
                (
                    r#"<?php # $a = "b" ?><?php $t = "x";"#,
                    "assignment t = literal x",
                    "x",
                    r#"$t = "x""#,
                ),
                (
                    "<?php $t = implode('', ['a', 'b']);",
                    "assignment t = literal ab",
                    "a', 'b",
                    "$t = implode('', ['a', 'b'])",
                ),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(
            &READER,
            &[
                (r#"<?php shell_exec("hf auth login");"#, &["hf|auth|login"]),
                ("<?php $o = `hf x $t`;", &["hf|x|$t*"]),
                (r#"<?php $db->exec("a b");"#, &[]),
            ],
        );
    }
}
