//! One test line per Dockerfile instruction.

use super::read_dockerfile;
use crate::{
    language::{Wanted, whole::completed},
    model::{CommandPlace, Facts, Span},
};

fn part(text: &str, span: Span) -> &str {
    std::str::from_utf8(span.slice(text.as_bytes())).expect("spans keep characters whole")
}

fn commands(file: &str) -> Vec<String> {
    let shown = |facts: &Facts| {
        facts
            .commands
            .iter()
            .map(|command| {
                let words = command.words.iter().map(|word| word.text.as_str());
                let flags = command.flags.iter().map(|word| format!(" {}", word.text));
                let outputs = command.outputs.iter().map(|word| format!(" » {}", word.text));
                let place = match command.place {
                    CommandPlace::ImageBuild => "",
                    CommandPlace::ContainerStart => " @start",
                    _ => " @elsewhere",
                };
                format!(
                    "{}{}{}{place}",
                    words.collect::<Vec<_>>().join("|"),
                    flags.collect::<String>(),
                    outputs.collect::<String>()
                )
            })
            .collect()
    };
    shown(&read_dockerfile(file.as_bytes()))
}

#[test]
fn instructions_are_read_into_commands() {
    for (file, expected) in [
        ("FROM --platform=$P a AS b", &["FROM|a|AS|b --platform=$P"][..]),
        ("RUN hf a && sudo hf b", &["hf|a", "hf|b"]),
        ("run hf a \\\n  # c\n\n  b \\ \n && c\r\nRUN d", &["hf|a|b", "c", "d"]),
        ("RUN [\"hf\", \"a b\", \"\\u0063\"]", &["hf|a b|c"]),
        ("RUN [\"bash\", \"-c\", \"hf \\\"a\\\"\"]", &["bash|-c|hf \"a\"", "hf|a"]),
        ("RUN [ -f x ] && hf", &["[|-f|x|]", "hf"]),
        (
            "RUN --mount=type=secret,id=T --network=none hf $(a)",
            &[
                "hf|$(a) --mount=type=secret,id=T --network=none",
                "a --mount=type=secret,id=T --network=none",
            ],
        ),
        ("RUN <<EOF\nhf a\n# b\nhf c\nEOF\nRUN d", &["hf|a", "hf|c", "d"]),
        ("RUN <<-'EOF'\n\t#!/bin/bash\n\thf a\n\tEOF\nRUN d", &["hf|a", "d"]),
        ("RUN <<EOF\n#!/usr/bin/env python\nlogin()\nEOF\nRUN d", &["d"]),
        ("RUN python <<EOF\nlogin()\nEOF\nRUN d", &["python", "d"]),
        ("RUN bash <<EOF && hf c\nhf a\nEOF\nRUN d", &["bash", "hf|c", "hf|a", "d"]),
        (
            "COPY --from=x --chown=1 .env \"b c\" ./\nADD [\"a\", \"b\"]",
            &["COPY|.env|b c --from=x --chown=1 » ./", "ADD|a » b"],
        ),
        ("COPY <<EOF /x\nRUN a\nEOF\nRUN b", &["COPY|<<EOF » /x", "b"]),
        ("CMD hf a\nENTRYPOINT [\"hf\", \"b\"]", &["hf|a @start", "hf|b @start"]),
        ("HEALTHCHECK --interval=5s CMD curl a", &["curl|a --interval=5s @start"]),
        ("HEALTHCHECK NONE\nUSER a\nWORKDIR /b\nEXPOSE 1", &[]),
        ("ONBUILD RUN a", &["a"]),
        ("# escape=`\nFROM a\nRUN a C:\\b `\n  c", &["FROM|a", "a|C:\\b|c"]),
        ("SHELL [\"powershell\", \"-Command\"]\nRUN Write-Host a; b", &["Write-Host|a", "b"]),
        ("SHELL [\"/bin/bash\", \"-c\"]\nRUN a", &["a"]),
    ] {
        assert_eq!(commands(file), expected, "{file}");
    }
}

fn bindings(file: &str) -> Vec<String> {
    read_dockerfile(file.as_bytes())
        .bindings
        .iter()
        .map(|binding| {
            assert_eq!(part(file, binding.key_span), binding.key, "{file}");
            let value = part(file, binding.value.span);
            format!("{} {:?} {:?} {value}", binding.key, binding.value.kind, binding.context)
        })
        .collect()
}

#[test]
fn instructions_bind_names_to_values() {
    for (file, expected) in [
        (
            "ENV A=b C=\"d e\" F=g\\ h",
            &[
                "A Literal Environment b",
                "C Literal Environment d e",
                "F Literal Environment g\\ h",
            ][..],
        ),
        ("ENV A b c", &["A Literal Environment b c"]),
        ("ENV A=b \\\n  # x\n  C=d", &["A Literal Environment b", "C Literal Environment d"]),
        (
            "ENV A=$B C=${D:-e} F=x-$G",
            &[
                "A Lookup Environment $B",
                "C Lookup Environment ${D:-e}",
                "D Literal Default e",
                "F Template Environment x-$G",
            ],
        ),
        (
            "ARG A\nARG B=c D",
            &["A Missing BuildArgument ", "B Literal BuildArgument c", "D Missing BuildArgument "],
        ),
        ("LABEL a.b=c \"d e\"=f", &["a.b Literal Mapping c", "d e Literal Mapping f"]),
        ("RUN export A=b && C=d e", &["A Literal Environment b", "C Literal Environment d"]),
        (
            "RUN --mount=type=secret,id=A A=$(cat /run/secrets/A) hf",
            &["A Lookup Environment $(cat /run/secrets/A)"],
        ),
        ("COPY <<EOF /app/.env\nA=b\nEOF", &["A Literal Environment b"]),
        (
            "# escape=`\nENV A=c:\\d\nRUN setx A b",
            &["A Literal Environment c:\\d", "A Literal Environment b"],
        ),
        ("ENV A=`b`", &["A Literal Environment `b`"]),
    ] {
        assert_eq!(bindings(file), expected, "{file}");
    }
}

#[test]
fn a_value_after_a_continued_line_stands_where_it_is_written() {
    let file = "FROM a\nRUN b \\\n    # c\n && hf --token x\\\n-y \\\n  'z'\n";
    let facts = read_dockerfile(file.as_bytes());
    let words = &facts.commands[2].words;
    assert_eq!(words[2].text, "x-y");
    assert_eq!(part(file, words[2].span), "x\\\n-y");
    assert_eq!(part(file, words[3].span), "'z'");
    let comments = facts.comments.iter().map(|span| part(file, *span)).collect::<Vec<_>>();
    assert_eq!(comments, ["# c"]);
}

#[test]
fn code_in_here_documents_is_read_in_its_language() {
    for text in [
        "FROM a\nRUN python - <<PY\nlogin(token=\"x\")\nPY\n",
        "FROM a\nRUN <<PY python3\nlogin(token=\"x\")\nPY\n",
        "FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nlogin(token=\"x\")\nEOF\n",
        "FROM a\nCOPY <<EOF /app/a.py\nlogin(token=\"x\")\nEOF\n",
        "FROM a\nRUN pip install b && \\\n  python -c 'login(token=\"x\")'\n",
    ] {
        let facts = completed(read_dockerfile(text.as_bytes()), Wanted::ALL);
        let token = facts.bindings.iter().find(|one| one.key == "token").expect(text);
        assert_eq!(token.language, Some("python"), "{text}");
        assert_eq!(token.value.span.slice(text.as_bytes()), b"x", "{text}");
    }
}
