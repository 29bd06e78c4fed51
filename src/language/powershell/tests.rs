//! Tests of each construct of PowerShell, one line each.

use super::*;

fn read(script: &str) -> Facts {
    read_powershell(script.as_bytes(), CommandPlace::Shell)
}

fn bindings(script: &str) -> Vec<String> {
    let part = |span: Span| String::from_utf8_lossy(span.slice(script.as_bytes())).into_owned();
    let shown = |binding: &Binding| {
        assert_eq!(part(binding.key_span), binding.key, "{script}");
        let Binding { key, value, context, .. } = binding;
        format!("{key} {:?} {context:?} {}", value.kind, part(value.span))
    };
    read(script).bindings.iter().map(shown).collect()
}

#[test]
fn names_are_bound_to_values() {
    for (script, expected) in [
        ("$env:A = \"b c\"", &["A Literal Environment b c"][..]),
        ("$Env:A='b'; ${env:C}=\"d\"", &["A Literal Environment b", "C Literal Environment d"]),
        ("$a = 'it''s'", &["a Literal Assignment it''s"]),
        (
            "$env:A = $b; $env:C = \"$d\"; $env:E = \"Bearer $f\"",
            &[
                "A Lookup Environment $b",
                "C Lookup Environment $d",
                "E Template Environment Bearer $f",
            ],
        ),
        (
            "$env:A = Read-Host x; $b = (hf auth token)",
            &["A Lookup Environment Read-Host", "b Lookup Assignment (hf auth token)"],
        ),
        (
            "[Environment]::SetEnvironmentVariable(\"A\", \"b\", \"User\")",
            &["A Literal Environment b"],
        ),
        ("[System.Environment]::SetEnvironmentVariable('A',$b)", &["A Lookup Environment $b"]),
        (
            "Set-Item -Path Env:A -Value b; si env:\\C 'd'",
            &["A Literal Environment b", "C Literal Environment d"],
        ),
        (
            "$h = @{ Authorization = \"Bearer b\"; 'c' = 1 }",
            &[
                "h Lookup Assignment { Authorization = \"Bearer b\"; 'c' = 1 }",
                "Authorization Literal Mapping Bearer b",
                "c Number Mapping 1",
            ],
        ),
        (
            "Invoke-X -Headers @{Authorization=\"Bearer $t\"}",
            &["Authorization Template Mapping Bearer $t"],
        ),
        ("docker run -e A=b c", &["A Literal Environment b"]),
        ("if ($a -eq 'b') { $env:C = 'd' }", &["C Literal Environment d"]),
        (
            "$env:A = @'\nb\n'@\n$c = $true",
            &["A Literal Environment b", "c Constant Assignment $true"],
        ),
        ("# $env:A = 'b'\n<# $env:A = 'b' #>", &[]),
        ("$env:A = ${{ secrets.X }}", &["A Lookup Environment ${{ secrets.X }}"]),
    ] {
        assert_eq!(bindings(script), expected, "{script}");
    }
}

#[test]
fn commands_are_told_apart() {
    for (script, expected) in [
        ("hf auth login --token \"a b\" `\n  -x", &["hf|auth|login|--token|a b|-x"][..]),
        ("& 'C:\\x\\hf.exe' a; .\\b.ps1 c", &["hf|a", "b.ps1|c"]),
        ("a | b && c", &["a ^", "b", "c"]),
        ("if (a b) { c } else { d }", &["a|b ^", "c", "d"]),
        (
            "Write-Host \"x $(hf auth token)\" > f",
            &["Write-Host|x $(hf auth token) » f", "hf|auth|token ^"],
        ),
        ("python -m a b; uv run hf c", &["a|b", "hf|c"]),
        ("$a = hf b; return hf c", &["hf|b ^", "hf|c"]),
        ("'unclosed\nhf b", &["hf|b"]),
        ("$a -eq 'b'; [int]$x; 'text'.Length", &[]),
    ] {
        let shown = read(script)
            .commands
            .iter()
            .map(|command| {
                let words = command.words.iter().map(|word| word.text.as_str());
                let outputs = command.outputs.iter().map(|word| format!(" » {}", word.text));
                let captured = if command.captured { " ^" } else { "" };
                let words = words.collect::<Vec<_>>().join("|");
                format!("{words}{}{captured}", outputs.collect::<String>())
            })
            .collect::<Vec<_>>();
        assert_eq!(shown, expected, "{script}");
    }
}
