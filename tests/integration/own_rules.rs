//! Commands for authors of rules: `rules check`, `facts`, `explain`, and names of rules.

use crate::support::{Workspace, token};

const RULE: &str = r#"[[rule]]
id = "acme-key"
title = "ACME key"
severity = "high"
confidence = "high"
cwe = [798]
why = "Whoever reads this file can order anvils in your name."
references = ["https://acme.example/keys"]
pattern = ['acme_(?<secret>[A-Za-z0-9]{32})']

[rule.judge]
boundary = "token"
randomness = "mixed"

[[rule.example]]
path = "a.py"
text = 'key = "acme_{{alnum:32}}"'
found = [1]

[[rule.example]]
path = "a.py"
text = 'key = "acme_key_name"'
"#;

fn with_rule(text: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write_bytes("acme.toml", text.as_bytes());
    workspace
}

#[test]
fn a_rule_file_whose_examples_hold_is_well() {
    let run = with_rule(RULE).run(&["rules", "check", "acme.toml"]);
    assert_eq!(run.stdout, "acme.toml: 1 rule, 2 examples, all well\n");
    assert_eq!(run.code, Some(0));
}

#[test]
fn an_example_that_does_not_hold_is_told_with_its_line() {
    let wrong = RULE.replace("found = [1]", "found = [2]");
    let run = with_rule(&wrong).run(&["rules", "check", "acme.toml"]);
    let expected =
        "acme.toml:15: rule `acme-key`: example 1, `a.py`: expected line 2, found line 1";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_key_that_no_keyword_is_in_is_told() {
    let pattern = "pattern = ['acme_(?<secret>[A-Za-z0-9]{32})']\n";
    let binding = "keywords = [\"acme_pass\"]\n[[rule.binding]]\nlanguage = [\"python\"]\nkey = [\"acme_pwd\"]\n";
    let run = with_rule(&RULE.replace(pattern, binding)).run(&["rules", "check", "acme.toml"]);
    assert!(run.stdout.contains("no keyword counts for the key `acme_pwd`"), "{}", run.stdout);
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_rule_file_that_cannot_be_used_is_an_error_with_file_line_and_rule() {
    let run =
        with_rule(&RULE.replacen("\"high\"", "\"hgih\"", 1)).run(&["rules", "check", "acme.toml"]);
    assert!(run.stderr.contains("acme.toml:4: rule `acme-key`: "), "{}", run.stderr);
    assert!(run.stderr.contains("help: did you mean `high`?"), "{}", run.stderr);
    assert_eq!(run.code, Some(2));
}

#[test]
fn a_table_that_must_be_a_list_is_told_how_to_be_written() {
    for (before, table) in [("[[rule]]", "rule"), ("[[rule.binding]]", "rule.binding")] {
        let binding = "[[rule.binding]]\nlanguage = [\"python\"]\nkey = [\"acme_pass\"]\n";
        let text = format!("{RULE}{binding}").replace(before, &format!("[{table}]"));
        let run = with_rule(&text).run(&["rules", "check", "acme.toml"]);
        let help = format!("write `[[{table}]]`: there can be several");
        assert!(run.code == Some(2) && run.stderr.contains(&help), "{}", run.stderr);
    }
}

#[test]
fn the_facts_of_a_file_are_printed_without_its_secrets() {
    let workspace = Workspace::new();
    workspace.write(
        "app.py",
        "import os\nlogin(token=\"hf_{{alpha:34:}}\")\nos.system(\"hf auth whoami\")\n",
    );
    let run = workspace.run(&["facts", "app.py"]);
    assert!(run.stdout.starts_with("app.py: python\n"), "{}", run.stdout);
    assert!(run.stdout.contains("2:7: argument  callee `login`  key `token`"), "{}", run.stdout);
    assert!(run.stdout.contains("command  subprocess  `hf` `auth` `whoami`"), "{}", run.stdout);
    assert!(!run.stdout.contains(&token("")), "{}", run.stdout);
    assert_eq!(run.code, Some(0));
}

#[test]
fn explain_takes_several_names_and_json() {
    let workspace = Workspace::new();
    let run = workspace.run(&["explain", "hf-token-base64", "tag:space", "--format", "json"]);
    let all: serde_json::Value = serde_json::from_str(&run.stdout).expect("is JSON");
    let ids: Vec<&str> =
        all.as_array().unwrap().iter().filter_map(|one| one["id"].as_str()).collect();
    assert!(ids.contains(&"hf-token-encoded") && ids.contains(&"space-static-secret"), "{ids:?}");
    assert!(!run.stdout.contains("{key}"), "{}", run.stdout);
    let run = workspace.run(&["explain", "tag:hugingface"]);
    assert!(run.stderr.contains("`tag:huggingface`"), "{}", run.stderr);
    assert_eq!(run.code, Some(2));
}

#[test]
fn rules_about_hugging_face_are_listed_first() {
    let run = Workspace::new().run(&["rules", "--min-severity", "high"]);
    assert!(run.stdout.starts_with("hf-user-access-token"), "{}", run.stdout);
    assert!(!run.stdout.contains("  medium  "), "{}", run.stdout);
}

#[test]
fn an_id_that_a_rule_had_before_selects_ignores_and_suppresses_it() {
    let workspace = Workspace::new();
    workspace.write("app.ts", "const c = new InferenceClient(\"hf_{{alpha:34}}\");\n");
    let count =
        |args: &[&str]| workspace.run(args).stdout.matches("hardcoded-token-argument").count();
    assert_eq!(count(&["--select", "hardcoded-js-token", "."]), 1);
    assert_eq!(count(&["--ignore", "hardcoded-js-token", "."]), 0);
    assert_eq!(count(&["--select", "tag:code", "."]), 1);
    for name in ["hardcoded-js-token", "tag:code"] {
        let settings = format!("[per-path]\n\"*.ts\" = [\"{name}\"]\n");
        workspace.write(".hfscan.toml", &settings);
        assert_eq!(count(&["."]), 0, "{name}");
    }
}

#[test]
fn a_rule_in_preview_is_reported_and_fails_no_build_unless_it_is_given_a_severity() {
    let preview = RULE.replace("severity = \"high\"", "severity = \"high\"\npreview = true");
    let workspace = with_rule(&preview);
    workspace.write("a.py", "key = \"acme_{{alnum:32}}\"\n");
    let asked = ["--rules", "acme.toml", "--select", "acme-key", "--fail-on", "info", "-f", "json"];
    let run = workspace.run(&[&asked[..], &["a.py"]].concat());
    let report = run.json();
    assert_eq!(report["findings"][0]["severity"], "info");
    assert_eq!(report["findings"][0]["notes"][0], "the rule is in preview and fails no build yet");
    assert_eq!(run.code, Some(0));
    workspace.write_bytes(".hfscan.toml", b"severity.acme-key = 'medium'\n");
    let run = workspace.run(&[&asked[..], &["a.py"]].concat());
    let report = run.json();
    assert_eq!(report["findings"][0]["severity"], "medium");
    assert_eq!(report["findings"][0]["notes"], serde_json::json!([]));
    assert_eq!(run.code, Some(1));
    let told = workspace.run(&["explain", "acme-key", "--rules", "acme.toml"]).stdout;
    assert!(told.contains("since 0.1.0"), "{told}");
}

#[test]
fn a_rule_can_say_what_is_written_in_place_of_its_credential() {
    let fixes = "variable = 'ACME_KEY'\n\n[rule.fix.python]\nwrite = \"vault.read('acme')\"\n\
                 import = 'import vault'\napplicability = 'safe'\nwhy = 'the same key'\n\n\
                 [rule.fix.yaml]\nwrite = '${vault:{variable}}'\n\n[rule.judge]";
    let whole = RULE.replacen("acme_(?<secret>", "(?<secret>acme_", 1);
    let workspace = with_rule(&whole.replacen("\n[rule.judge]", fixes, 1));
    let secret = "acme_{{alnum:32}}";
    workspace.write("a.py", &format!("import sys\n\nkey = \"{secret}\"\nurl = \"x/{secret}\"\n"));
    workspace.write("a.yaml", &format!("key: '{secret}'\n"));
    let rules = ["--rules", "acme.toml"];
    let report = workspace.run(&[&["-f", "json"][..], &rules, &["."]].concat()).json();
    let of_row = |row: &str| {
        let findings = report["findings"].as_array().unwrap().iter();
        let fixes = findings.filter_map(|one| one["fixes"].as_array()).flatten();
        let fix = fixes.clone().find(|fix| fix["row"] == row);
        fix.cloned().unwrap_or_else(|| panic!("{row}: {report:#}"))
    };
    let own = of_row("own-rule");
    assert_eq!((&own["applicability"], &own["reason"]), (&"safe".into(), &"the same key".into()));
    let args = ["fix", "--discard", "--unsafe-fixes"];
    let run = workspace.run(&[&args[..], &rules, &["a.py", "a.yaml"]].concat());
    let read = |name: &str| std::fs::read_to_string(workspace.path(name)).unwrap();
    let python = "import vault\nimport os\nimport sys\n\nkey = vault.read('acme')\nurl = \
                  f\"x/{os.environ['ACME_KEY']}\"\n";
    let lines = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_string).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&read("a.py")), lines(python), "{run:?}");
    assert_eq!(read("a.yaml"), "key: '${vault:ACME_KEY}'\n");
}

#[test]
fn a_fix_of_a_rule_that_cannot_be_used_is_an_error() {
    for (lines, why) in [
        ("[rule.fix.python]\nwrite = '{variable}'", "requires the key `variable`"),
        ("[rule.fix.go]\nwrite = 'x'\nimport = 'y'", "`import` is only for Python"),
        ("[rule.fix.no-such]\nwrite = 'x'", "no-such"),
        ("[rule.fix.go]\nimport = 'y'", "write"),
    ] {
        let run = with_rule(&RULE.replacen("[rule.judge]", &format!("{lines}\n\n[rule.judge]"), 1))
            .run(&["rules", "check", "acme.toml"]);
        assert!(run.code == Some(2) && run.stderr.contains(why), "{lines}: {run:?}");
    }
}
