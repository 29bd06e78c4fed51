//! Tests of each construct of the shell, one line each.

use super::read_shell;
use crate::{
    language::{Wanted, whole::completed},
    model::{BindingContext, CommandPlace, Facts, ValueKind},
};

fn read(script: &str) -> Facts {
    read_in(script, CommandPlace::Shell)
}

/// The facts of a script, with those of the code in it.
fn read_in(script: &str, place: CommandPlace) -> Facts {
    completed(read_shell(script.as_bytes(), place), Wanted::ALL)
}

fn part(text: &str, span: crate::model::Span) -> &str {
    std::str::from_utf8(span.slice(text.as_bytes())).expect("spans keep characters whole")
}

/// The commands, with words joined by `|`; `»` marks an output, `^` a captured command.
fn commands(script: &str) -> Vec<String> {
    read(script)
        .commands
        .iter()
        .map(|command| {
            let words = command.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>();
            let outputs = command.outputs.iter().map(|word| format!(" » {}", word.text));
            let captured = if command.captured { " ^" } else { "" };
            format!("{}{}{captured}", words.join("|"), outputs.collect::<String>())
        })
        .collect()
}

#[test]
fn a_script_is_read_into_its_commands() {
    for (script, expected) in [
        // Words and quotes.
        ("hf auth login --token x", &["hf|auth|login|--token|x"][..]),
        ("hf  'a b'\"c d\"e\\ f", &["hf|a bc de f"]),
        ("echo $'a\\tb' $\"c\"", &["echo|a\tb|c"]),
        ("hf a \\\n  b \\\r\n c", &["hf|a|b|c"]),
        ("hf a # b\nhf c#d", &["hf|a", "hf|c#d"]),
        ("h\"f\" --token=\"x y\"", &["hf|--token=x y"]),
        ("/usr/bin/hf x; C:/bin/hf.exe y", &["hf|x", "hf|y"]),
        ("a\r\nb\r\n", &["a", "b"]),
        // Lists.
        ("a; b && c || d & e", &["a", "b", "c", "d", "e"]),
        ("a | b |& c", &["a ^", "b ^", "c"]),
        ("(a; b) | c", &["a ^", "b ^", "c"]),
        ("{ a; b; } > f", &["a » f", "b » f"]),
        // Keywords.
        ("if a; then b; elif c; then d; else e; fi", &["a", "b", "c", "d", "e"]),
        ("for x in a b; do c $x; done", &["c|$x"]),
        ("for ((i=0; i<3; i++)); do c; done", &["c"]),
        ("while read l; do c; done < f", &["read|l", "c"]),
        ("while a; do b; done | c", &["a ^", "b ^", "c"]),
        ("case $x in a|b) c ;; (d) e ;; *) f; esac; g", &["c", "e", "f", "g"]),
        ("x=$(case $y in a) b;; esac); c", &["b ^", "c"]),
        ("f() { a; }; function g { b; }; c", &["a", "b", "c"]),
        ("f () (a); c", &["a", "c"]),
        ("! a; time b", &["a", "b"]),
        ("[[ $x == y && -f z ]] && a", &["a"]),
        ("if [[ a =~ ^(b|c)$ ]]; then d; fi", &["d"]),
        ("(( x = 1 << 2 )); a", &["a"]),
        ("((a); b)", &["a", "b"]),
        // Substitutions.
        ("echo $(a b) `c d` <(e)", &["echo|$(a b)|`c d`|<(e)", "a|b ^", "c|d ^", "e ^"]),
        ("echo \"x $(a \"b\") y\"", &["echo|x $(a \"b\") y", "a|b ^"]),
        ("echo $(( 1 + $(a) ))", &["echo|$(( 1 + $(a) ))", "a ^"]),
        ("echo ${X:-$(a)}", &["echo|${X:-$(a)}", "a ^"]),
        ("set -x T (a b)", &["set|-x|T|(a b)", "a|b ^"]),
        (
            "echo ${{ secrets.X }} '${{ a == 'b' }}' {{ c }}",
            &["echo|${{ secrets.X }}|${{ a == 'b' }}|{{ c }}"],
        ),
        // Redirections.
        ("a > f 2>&1 < g", &["a » f"]),
        ("a 2> f >> \"$GITHUB_ENV\" b", &["a|b » $GITHUB_ENV"]),
        ("a &> f", &["a » f"]),
        ("a 2>/dev/null; b 2", &["a", "b|2"]),
        ("a >&2", &["a"]),
        // Here-documents.
        ("cat <<EOF\na b\nEOF\nc", &["cat", "c"]),
        ("cat <<-'EOF' | d\n\ta $(x)\n\tEOF\nc", &["cat ^", "d", "c"]),
        ("cat <<EOF\na $(x)\nEOF\nc", &["cat", "x ^", "c"]),
        ("bash <<EOF\na \\$b\nEOF\nc", &["bash", "a|$b", "c"]),
        ("cat <<EOF | sudo sh -e\na\nEOF", &["cat ^", "sh|-e", "a"]),
        ("ssh host <<EOF\na\nEOF", &["ssh|host", "a"]),
        ("bash -c x <<EOF\na\nEOF", &["bash|-c|x", "x"]),
        ("bash <<< 'a b'", &["bash", "a|b"]),
        ("cat > x.sh <<EOF\na\nEOF", &["cat » x.sh", "a"]),
        // Wrappers.
        ("sudo -u me env -i A=b nohup hf x", &["hf|x"]),
        ("timeout -k 5 10 hf x", &["hf|x"]),
        ("*/5 0-3 * 1,2 * hf x; @daily sudo hf y", &["hf|x", "hf|y"]),
        ("web: A=b hf x; web: ; 1 2 3 hf", &["hf|x", "web:", "1|2|3|hf"]),
        ("a | xargs -n 1 hf x", &["a ^", "hf|x"]),
        ("command -v hf; env; command hf y", &["command|-v|hf", "env", "hf|y"]),
        ("uv run --with a hf x; uvx hf y; poetry run hf z", &["hf|x", "hf|y", "hf|z"]),
        ("uv tool run --from a hf x; npx -y hf y", &["hf|x", "hf|y"]),
        (
            "python3.11 -u -m a.b c; python x.py; python -c 'd'",
            &["a.b|c", "python|x.py", "python|-c|d"],
        ),
        ("uv run python -m a", &["a"]),
        ("conda run -n e --no-capture-output hf x", &["hf|x"]),
        ("op run --env-file .env -- hf x", &["hf|x"]),
        ("srun -n 4 hf x", &["hf|x"]),
        // Scripts in words.
        ("bash -c 'a; b \"c\"'", &["bash|-c|a; b \"c\"", "a", "b|c"]),
        ("sh -euxo pipefail -lc \"a $(b)\"", &["sh|-euxo|pipefail|-lc|a $(b)", "a|$(b)", "b ^"]),
        ("eval \"a b\" c", &["eval|a b|c", "a|b|c"]),
        ("ssh -p 22 h 'a; b'", &["ssh|-p|22|h|a; b", "a", "b"]),
        ("ssh h \"sudo bash -c 'a b'\"", &["ssh|h|sudo bash -c 'a b'", "bash|-c|a b", "a|b"]),
        ("trap 'a' EXIT", &["trap|a|EXIT", "a"]),
        ("alias l='a b' c=d", &["alias|l=a b|c=d", "a|b", "d"]),
        ("find . -name x -exec a {} \\; -print", &["find|.|-name|x|-exec|a|{}|;|-print", "a|{}"]),
        ("su me -c 'a'", &["su|me|-c|a", "a"]),
        (
            "docker run --rm -it -e A=b --name n img hf x",
            &["docker|run|--rm|-it|-e|A=b|--name|n|img|hf|x", "hf|x"],
        ),
        ("docker exec -i c bash -c 'a'", &["docker|exec|-i|c|bash|-c|a", "bash|-c|a", "a"]),
        ("docker compose run --rm s a b", &["docker|compose|run|--rm|s|a|b", "a|b"]),
        ("kubectl exec p -- a b", &["kubectl|exec|p|--|a|b", "a|b"]),
        // Unclosed quotes and brackets.
        ("echo 'a\nb", &["echo|a", "b"]),
        ("echo \"a\nb", &["echo|a", "b"]),
        ("echo $(a", &["echo|$(a", "a ^"]),
        ("echo `a", &["echo|`a"]),
        ("echo ${a b", &["echo|${a|b"]),
        (") a ; ;; b", &["a", "b"]),
    ] {
        assert_eq!(commands(script), expected, "{script}");
    }
}

/// The bindings as `key kind context: value`, each checked against its spans.
fn bindings(script: &str) -> Vec<String> {
    read(script)
        .bindings
        .iter()
        .map(|binding| {
            assert_eq!(part(script, binding.key_span), binding.key, "{script}");
            let value = part(script, binding.value.span);
            format!("{} {:?} {:?} {value}", binding.path, binding.value.kind, binding.context)
        })
        .collect()
}

#[test]
fn names_are_bound_to_values() {
    for (script, expected) in [
        ("A=b", &["A Literal Environment b"][..]),
        ("A='b c' D=\"e\"", &["A Literal Environment b c", "D Literal Environment e"]),
        ("A=b c", &["A Literal Environment b"]),
        ("A+=b; A=", &["A Literal Environment b", "A Missing Environment "]),
        ("A[0]=b", &["A[0] Literal Environment b"]),
        ("export A=b C", &["A Literal Environment b"]),
        ("export \"A=b\" 'C'=d", &["A Literal Environment b", "C Literal Environment d"]),
        ("declare -x A=b; typeset A=b", &["A Literal Environment b", "A Literal Environment b"]),
        ("readonly A=b; local A=b", &["A Literal Environment b", "A Literal Environment b"]),
        (
            "A=$B C=${D} E=\"$(f g)\" H=`i`",
            &[
                "A Lookup Environment $B",
                "C Lookup Environment ${D}",
                "E Lookup Environment $(f g)",
                "H Lookup Environment `i`",
            ],
        ),
        (
            "A=\"Bearer $T\" B=x$Y",
            &["A Template Environment Bearer $T", "B Template Environment x$Y"],
        ),
        ("A='$T' B=\\$T", &["A Literal Environment $T", "B Literal Environment \\$T"]),
        ("A=${A:-b c} d", &["A Lookup Environment ${A:-b c}", "A Literal Default b c"]),
        ("f ${A:=b} \"${C-d}\" ${E:-} ${F:?g}", &["A Literal Default b", "C Literal Default d"]),
        (": ${A:-$B} ${C:-'d'}", &["A Lookup Default $B", "C Literal Default d"]),
        ("A=${{ secrets.X }}", &["A Lookup Environment ${{ secrets.X }}"]),
        ("sudo A=b env C=d e", &["A Literal Environment b", "C Literal Environment d"]),
        ("set -x A b; set -gx C 'd e'", &["A Literal Environment b", "C Literal Environment d e"]),
        ("set --export A $b; set -Ux A", &["A Lookup Environment $b"]),
        ("set -x T (a b)", &["T Lookup Environment (a b)"]),
        ("set -e; set -o pipefail; set -- a b; set -ex", &[]),
        ("setenv A b; set A = 'b'", &["A Literal Environment b", "A Literal Environment b"]),
        ("A=(b [k]=c)", &["A[0] Literal Assignment b", "A.k Literal Mapping c"]),
        (
            "[ \"$A\" = b ]; [[ ${A} == 'c d' ]]; test $A != e",
            &["A Literal Comparison b", "A Literal Comparison c d", "A Literal Comparison e"],
        ),
        (
            "docker run -e A=b --env=C=d --build-arg E=f -eG=h i",
            &[
                "A Literal Environment b",
                "C Literal Environment d",
                "E Literal BuildArgument f",
                "G Literal Environment h",
            ],
        ),
        (
            "hf jobs run -e A=b --secrets C=d -s E",
            &["A Literal Environment b", "C Literal Environment d"],
        ),
        (
            "cat > .env <<EOF\nA=b\nexport C=\"$D\"\n# x\nEOF",
            &["A Literal Environment b", "C Lookup Environment $D"],
        ),
        ("tee -a app/.env <<'EOF'\nA=b\nEOF", &["A Literal Environment b"]),
        ("echo \"A=b\" >> .env", &["A Literal Environment b"]),
        ("echo 'export A=b c' >> ~/.bashrc", &["A Literal Environment b c"]),
        ("echo \"A=$(b)\" >> \"$GITHUB_ENV\"", &["A Lookup Environment $(b)"]),
        ("bash -c 'A=b'", &["A Literal Environment b"]),
        ("bash -c \"A=\\\"b\\\" c\"", &["A Literal Environment b"]),
        ("A=b\\\nc", &["A Literal Environment b\\\nc"]),
        ("a --b=c d=e; x ==y", &[]),
    ] {
        assert_eq!(bindings(script), expected, "{script}");
    }
}

#[test]
fn a_word_stands_where_it_is_written_with_its_quotes() {
    let script = "sudo hf auth \\\n  --token=\"x $Y\" '${{ z }}'";
    let facts = read(script);
    let words = facts.commands[0]
        .words
        .iter()
        .map(|word| (part(script, word.span), word.expands))
        .collect::<Vec<_>>();
    let expected =
        [("hf", false), ("auth", false), ("--token=\"x $Y\"", true), ("'${{ z }}'", true)];
    assert_eq!(words, expected);
    assert!(part(script, facts.commands[0].span).starts_with("hf auth"));
}

#[test]
fn a_value_in_a_script_in_a_word_stands_where_it_is_written() {
    let script = "ssh h \"bash -c 'export A=\\\"b\\\"; hf --token c'\"";
    let facts = read(script);
    assert_eq!(part(script, facts.bindings[0].value.span), "b");
    let last = facts.commands.last().and_then(|command| command.words.last()).expect("a word");
    assert_eq!(part(script, last.span), "c");
}

#[test]
fn the_value_of_a_binding_is_what_the_program_sees() {
    let facts = read("A=b\"c\"'d'\\e");
    assert_eq!(facts.bindings[0].value.text, "bcde");
    assert_eq!(facts.bindings[0].value.kind, ValueKind::Literal);
    assert_eq!(facts.bindings[0].context, BindingContext::Environment);
}

#[test]
fn comments_are_told_apart() {
    let script = "a # b\n# c\n'# d'";
    let comments =
        read(script).comments.iter().map(|span| part(script, *span).to_owned()).collect::<Vec<_>>();
    assert_eq!(comments, ["# b", "# c"]);
}

#[test]
fn code_that_programs_run_or_files_hold_is_read_in_its_language() {
    let literal = ValueKind::Literal;
    for (text, language, kind) in [
        ("python - <<'PY'\nlogin(token=\"x\")\nPY\n", "python", literal),
        ("sudo python3.11 -u <<-PY\n\tlogin(token=\"x\")\n\tPY\n", "python", literal),
        ("python3 -c 'login(token=\"x\")'", "python", literal),
        ("uv run python -c \"login(token='x')\"", "python", literal),
        ("python <<< 'login(token=\"x\")'", "python", literal),
        ("python <<PY\nlogin(token=\"$HF_TOKEN\")\nPY\n", "python", ValueKind::Lookup),
        ("python -c \"login(token='$HF_TOKEN')\"", "python", ValueKind::Lookup),
        ("node -e 'login({ token: \"x\" })'", "javascript", literal),
        ("cat > a.py <<EOF\nlogin(token=\"x\")\nEOF\n", "python", literal),
        ("tee app/a.ts <<EOF\nlogin({ token: \"x\" })\nEOF\n", "javascript", literal),
        ("ssh host \"python -c 'login(token=\\\"x\\\")'\"", "python", literal),
    ] {
        let facts = read_in(text, CommandPlace::CiStep);
        let token = facts.bindings.iter().find(|one| one.key == "token").expect(text);
        assert_eq!((token.language, token.value.kind), (Some(language), kind), "{text}");
        let value = token.value.span.slice(text.as_bytes());
        assert_eq!(value, token.value.text.as_bytes(), "{text}");
    }
    for text in [
        "python a.py <<EOF\nlogin(token=\"x\")\nEOF\n",
        "python -m json.tool <<EOF\ntoken = \"x\"\nEOF\n",
        "cat <<EOF\nlogin(token=\"x\")\nEOF\n",
        "cat > a.txt <<EOF\nlogin(token=\"x\")\nEOF\n",
        "grep -c 'token = \"x\"' a.py",
    ] {
        assert!(read(text).bindings.is_empty(), "{text}");
    }
    let nested = read("python -c 'os.system(\"python -c token=1\")'");
    assert!(nested.bindings.iter().all(|one| one.key != "token") && nested.commands.len() == 2);
}

#[test]
fn a_program_that_passes_on_what_it_reads_shows_it() {
    for (text, expected) in [
        ("echo a | tee b.log", "echo|a"),
        ("echo a | rev", "echo|a"),
        ("echo a |& tee -a b", "echo|a"),
        ("echo a | tee b > /dev/null", "echo|a ^"),
        ("echo a | base64 | kubectl apply -f -", "echo|a ^"),
        ("x=$(echo a | base64)", "echo|a ^"),
        ("echo a | teeth", "echo|a ^"),
        ("echo a | wc -c", "echo|a ^"),
    ] {
        assert_eq!(commands(text).first().map(String::as_str), Some(expected), "{text}");
    }
}

#[test]
fn the_options_of_the_first_line_are_those_of_a_command() {
    for (text, expected) in [
        ("#!/bin/bash -ex\na", &["bash|-ex", "a"][..]),
        ("#! /bin/sh -e -x\na", &["sh|-e|-x", "a"]),
        ("#!/bin/sh\na", &["a"]),
        ("#!/usr/bin/env bash\na", &["a"]),
        ("#!", &[]),
        ("# a -x", &[]),
    ] {
        assert_eq!(commands(text), expected, "{text}");
    }
}
