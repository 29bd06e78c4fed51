//! Tests readers of command languages with malformed and hostile input.

use super::{FileHead, Wanted, identify, read_shell};
use crate::{
    language,
    model::{CommandPlace, Facts, SourcePath, Span},
};

/// One text for each reader, with as many of its constructs as possible.
const TEXTS: [(&str, &str); 8] = [
    (
        "a.sh",
        "A=b export C=\"d $E ${F:-g $(h 'i')}\" <<-'X' > f 2>&1\n\tx\n\tX\nif [[ $a == b ]]; \
         then bash -c \"hf \\\"$T\\\" `x \\`y\\``\"; fi\ncase $a in b) c;; esac\nd() { e | f; }\n\
         ssh h \"sudo bash -c 'A=b hf'\" $'\\x41\\n' $((1+(2))) <(x) @(a|b)\ncat > .env <<E\nA=\\$b\nE\n\
         echo ${{ a }} '{{ b }}' \\\n c é\nA=(b [c]=d)\n",
    ),
    (
        "Dockerfile",
        "# escape=\\\nFROM a\nENV A=b C=\"d e\"\nARG F\nRUN --mount=type=secret,id=x a \\\n # b\n && c\n\
         RUN <<E\nhf a\nE\nCMD [\"hf\", \"a\\u00e9\\\"\"]\nCOPY <<E .env\nA=b\nE\nLABEL a=b\n",
    ),
    (
        "a.ps1",
        "$env:A = \"b $(c 'd') `n\"\n@{A=\"b\"; 'c'=1}\n[Environment]::SetEnvironmentVariable(\"A\",\"b\")\n\
         if ($a) { hf b | c }\n@\"\nx $y\n\"@\n<# x #> # é\nSet-Item Env:A 'b'\n",
    ),
    (
        "a.bat",
        "@echo off\r\nset \"A=b\" & setx A \"é\" ^\r\n /M\r\nif \"%A%\"==\"\" (set B=%A%)\r\nrem x\r\n",
    ),
    ("Makefile", "A := $(shell b)\nexport C ?= d # e\nf: g\n\t@hf $(A) $$B \\\n\t '$(C)'\n"),
    ("justfile", "a := 'b'\nc:\n  @hf {{ a }}\nd:\n  #!/bin/bash\n  e\n"),
    ("a.md", "# é\n```bash\n$ hf b\n```\n- ~~~\n  hf c 'é'\n  ~~~\n"),
    (
        "Jenkinsfile",
        "environment { A = 'b'; C = credentials('d') }\nsteps { sh 'hf \\'a\\''\n sh \"\"\"hf $b\nhf ${c}\"\"\"\n\
         bat(script: 'set A=b', returnStdout: true) } // é\nwithEnv(['A=b']) { }\n",
    ),
];

fn read(name: &str, text: &[u8]) -> Facts {
    let path = SourcePath::from_bytes(name);
    let file = FileHead { path: &path, head: b"" };
    let reader = identify(file).expect("a reader claims it");
    language::read(reader, text, file, Wanted::ALL)
}

fn spans(facts: &Facts) -> Vec<Span> {
    let mut spans = facts.comments.clone();
    for binding in &facts.bindings {
        spans.extend([binding.key_span, binding.span, binding.value.span]);
    }
    for command in &facts.commands {
        spans.push(command.span);
        let words = command.words.iter().chain(&command.flags).chain(&command.outputs);
        spans.extend(words.map(|word| word.span));
    }
    spans
}

fn check(name: &str, text: &[u8]) {
    let facts = read(name, text);
    for span in spans(&facts) {
        assert!(
            span.end <= text.len(),
            "{name}: {span:?} in {:?}",
            text.escape_ascii().to_string()
        );
    }
    assert!(facts.commands.iter().all(|command| !command.words.is_empty()));
}

#[test]
fn a_text_that_is_cut_anywhere_is_read() {
    for (name, text) in TEXTS {
        assert!(!spans(&read(name, text.as_bytes())).is_empty(), "{name}");
        for end in 0..=text.len() {
            check(name, &text.as_bytes()[..end]);
            check(name, &text.as_bytes()[end..]);
        }
    }
}

#[test]
fn a_text_with_any_byte_changed_is_read() {
    let bytes = b"'\"\\`$(){}[]<>|&;\n\r\t #=@%!:-,\0\xff";
    for (name, text) in TEXTS {
        for at in 0..text.len() {
            // Every third byte at each position: all of them would take long and find no more.
            for byte in bytes.iter().skip(at % 3).step_by(3) {
                let mut changed = text.as_bytes().to_vec();
                changed[at] = *byte;
                check(name, &changed);
                changed.insert(at, bytes[at % bytes.len()]);
                check(name, &changed);
            }
        }
    }
}

#[test]
fn a_text_in_one_language_is_read_as_any_other() {
    for (name, _) in TEXTS {
        for (_, text) in TEXTS {
            check(name, text.as_bytes());
        }
    }
}

/// Repeating one piece many times slows down any reader that looks ahead or back, or rereads,
/// without a limit.
#[test]
fn a_text_of_one_piece_many_times_is_read_in_time() {
    const PIECES: [&str; 46] = [
        "(",
        "((",
        "$(",
        "$((",
        "\"$(",
        "`",
        "\\`",
        "${",
        "${a:-",
        "\"${a:-\"",
        "'",
        "\"",
        "$'",
        "<<a\n",
        "<<a ",
        "<(",
        "{{",
        "${{",
        "'{{",
        "{ ",
        "if ",
        "case a in ",
        "a() {",
        "[[ ",
        "*(",
        "@(",
        "bash -c \"",
        "eval ",
        "ssh h ",
        "docker run a ",
        "sudo ",
        "python ",
        "A=(",
        "a|",
        "}>f ",
        "\\\n",
        "```\n",
        "RUN <<a\n",
        "RUN \\\n",
        "@\"\n",
        "@{",
        "$env:a=",
        "sh '",
        "$(shell ",
        "\t$(",
        "sh \"\"\"",
    ];
    for piece in PIECES {
        for (name, _) in TEXTS {
            let [short, long] = [15_000, 60_000].map(|bytes| {
                let text = piece.repeat(bytes / piece.len());
                let start = std::time::Instant::now();
                check(name, text.as_bytes());
                start.elapsed().as_millis()
            });
            // A text four times as long takes sixteen times as long if time is quadratic, and then
            // tens of seconds. Short times cannot be measured reliably on a busy machine and are
            // ignored.
            assert!(long < 5_000 || long < 10 * short, "{piece:?} in {name}: {short} {long} ms");
        }
    }
}

#[test]
fn deep_nesting_ends() {
    for (open, close) in [("$(", ")"), ("(", ")"), ("{ ", "; }"), ("\"$(", ")\""), ("${a:-", "}")] {
        let text = format!("{}hf a{}\nhf b", open.repeat(500), close.repeat(500));
        let facts = read_shell(text.as_bytes(), CommandPlace::Shell);
        assert!(!facts.commands.is_empty() || open == "${a:-", "{open}");
    }
}
