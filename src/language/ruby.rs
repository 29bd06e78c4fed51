//! Ruby.

use super::{
    files::Files,
    lexical::{
        Comment, Escapes, Fill, Form, Grammar, Lexical, LineEnds, Meaning, NamedArguments, On,
        Quote, Trait, Traits, Words, shared,
    },
};

/// Reads Ruby.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "ruby",
    files: Files {
        names: &["rakefile", "gemfile", "vagrantfile", "fastfile", "podfile", "brewfile"],
        endings: &["rb", "rake", "gemspec", "ru", "podspec", "erb"],
        interpreters: &["ruby", "jruby"],
        ..Files::NONE
    },
    comments: &[
        Comment { at_line_start: true, ..Comment::block("=begin", "=end") },
        Comment::line("#"),
    ],
    quotes: &[
        Quote::new("\"").with_lines().filled(Fill::HashBraces),
        Quote::new("'").with_lines().escaped(Escapes::QuoteOnly),
        Quote::new("`").with_lines().filled(Fill::HashBraces).command(),
    ],
    line_ends: LineEnds::OutsideRound,
    adjacent_strings_join: true,
    named_arguments: NamedArguments::Colon,
    definition_words: &["def"],
    round_mappings: true,
    traits: Traits::of(&[
        Trait::BareCalls,
        Trait::LateHeredocs,
        Trait::PercentStrings,
        Trait::ArrowMappings,
        Trait::AtNames,
        Trait::CharacterMarks,
        Trait::Symbols,
        Trait::Patterns,
    ]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::SNAKE],
    calls: &[
        ("capture2", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("capture2e", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("capture3", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("exec", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("popen", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("require", Meaning::Import),
        ("require_relative", Meaning::Import),
        ("spawn", Meaning::Start(Form::Words, On::RunnerOrNothing)),
        ("system", Meaning::Start(Form::Line, On::RunnerOrNothing)),
    ],
    runners: &["IO", "Kernel", "Open3", "Process"],
    transparent: &["dup", "encode", "freeze", "to_s"],
    constants: &["nil"],
    control: &["elsif", "and", "or", "not", "when", "unless", "until", "yield", "case", "do"],
    statements: &[
        "if", "unless", "while", "until", "return", "def", "class", "module", "case", "when",
        "elsif", "else", "end", "begin", "rescue", "ensure", "do", "yield", "and", "or", "not",
        "then", "in", "for", "alias", "undef", "next", "break",
    ],
    before_mapping: &["yield", "in", "when", "and", "or"],
    before_value: &["yield"],
    before_pattern: &[
        "return", "case", "in", "else", "do", "yield", "if", "unless", "when", "and", "or", "not",
    ],
    ends: &["unless", "while", "do", "then", "end"],
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
                    r#"Client.new(token: "x")"#,
                    "argument Client.new() token = literal x",
                    "x",
                    r#"token: "x""#,
                ),
                (r#"login "x", a"#, "argument login() #0 = literal x", "x", r#""x""#),
                (
                    r#"post url, headers: { "Authorization" => "x" }"#,
                    "mapping post() headers.Authorization = literal x",
                    "x",
                    r#""Authorization" => "x""#,
                ),
                (r#"@token = "x""#, "assignment token = literal x", "x", r#"@token = "x""#),
                (
                    r#"self.token = "x" if c"#,
                    "default self.token = literal x",
                    "x",
                    r#"self.token = "x""#,
                ),
                (
                    r#"h = { :token => "x" }"#,
                    "mapping h.token = literal x",
                    "x",
                    r#":token => "x""#,
                ),
                ("h = { token: 'x' }", "mapping h.token = literal x", "x", "token: 'x'"),
                (
                    r#"ENV["HF_TOKEN"] = "x""#,
                    "assignment ENV.HF_TOKEN = literal x",
                    "x",
                    r#"ENV["HF_TOKEN"] = "x""#,
                ),
                (
                    r#"ENV.fetch("HF_TOKEN", "x")"#,
                    "default ENV.fetch() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"ENV["HF_TOKEN"] || "x""#,
                    "default ENV.HF_TOKEN = literal x",
                    "x",
                    r#"ENV["HF_TOKEN"] || "x""#,
                ),
                (
                    r#"def f(token = "x", u: 1)
end"#,
                    "default token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"t = "a #{b["c"]} d""#,
                    r#"assignment t = template a #{b["c"]} d"#,
                    r#"a #{b["c"]} d"#,
                    r#"t = "a #{b["c"]} d""#,
                ),
                ("t = %q(a(b)", "assignment t = literal a(b", "a(b", "t = %q(a(b)"),
                (
                    r#"t = <<~EOT
  a
EOT
u = "x""#,
                    "assignment t = literal   a",
                    "  a",
                    "t = <<~EOT",
                ),
                (
                    r#"f(<<~EOT, "x")
  a
EOT
"#,
                    "argument f() #1 = literal x",
                    "x",
                    r#""x""#,
                ),
                ("a = b == ?\" ? c : d\nt = \"x\"", "assignment t = literal x", "x", "t = \"x\""),
                (r#"a = b ?"x":"y""#, "default a = literal y", "y", r#"a = b ?"x":"y""#),
                (
                    r#"=begin
a = "b"
=end
t = "x""#,
                    "assignment t = literal x",
                    "x",
                    r#"t = "x""#,
                ),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(
            &READER,
            &[
                (r#"system("hf", "auth", "login")"#, &["hf|auth|login"]),
                (r#"system "hf auth login""#, &["hf|auth|login"]),
                ("a = `hf x #{t}`", &["hf|x|${t}*"]),
                ("%x(hf x)", &["hf|x"]),
            ],
        );
    }
}
