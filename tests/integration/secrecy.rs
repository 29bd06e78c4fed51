//! No output of a run contains a secret or a terminal command.

use crate::support::{Run, Workspace, token};

#[test]
fn a_scanned_file_cannot_command_the_terminal() {
    let workspace =
        Workspace::with("a.txt", "\u{1b}]0;title\u{7}\u{202e} \r hf_{{alpha:34}} \u{9b}2J\n");
    let run = workspace.run(&["--color", "never"]);
    let shown = run.stdout.lines().find(|line| line.starts_with("1 |")).unwrap();
    assert!(shown.contains(r"\x1b]0;title\x07\u{202e}") && shown.contains(r"\u{9b}2J"), "{shown}");
    assert!(run.stdout.chars().all(|c| c == '\n' || !c.is_control()), "{run:?}");
}

/// All positions in a run's output of the bytes of a secret, or of half of it.
fn leaks(run: &Run, secret: &str) -> Vec<String> {
    let (head, tail) = secret.split_at(secret.len() / 2);
    let all = format!("{}{}", run.stdout, run.stderr);
    [secret, head, tail]
        .into_iter()
        .filter(|part| all.contains(*part))
        .map(str::to_string)
        .collect()
}

#[test]
fn no_output_of_any_kind_holds_a_secret() {
    let workspace = Workspace::new();
    let secrets: Vec<String> = ["one", "two", "three"].map(token).to_vec();
    let [one, two, three] = &secrets[..] else { unreachable!() };
    workspace.write_bytes("a.py", format!("a = '{one}'; b = '{two}'; c = '{three}'\n").as_bytes());
    workspace
        .write_bytes("b.json", format!("{}{one}{}", "x ".repeat(300), " y".repeat(300)).as_bytes());
    workspace.write_bytes(
        "c.sh",
        format!("git clone https://u:{two}@huggingface.co/a/b --token {one}\n").as_bytes(),
    );
    workspace.write_bytes("d.bin", format!("\0\0%\0\0\0{three}q\0").as_bytes());
    workspace.write("e.yaml", "token: {{b64 hf_{{alpha:34:one}}}} # hf_{{alpha:34:two}}\n");
    workspace.write_bytes("panic-for-the-tests.py", one.as_bytes());
    workspace.write("broken.toml", "[[rule]]\nid = \"hf_{{alpha:34:one}}\"\n");
    let runs: &[&[&str]] = &[
        &[],
        &["--format", "json", "-vv"],
        &["-vv", "--color", "always"],
        &["--select", "git-url-credentials"],
        &["--select", "hf-token-encoded", "-vv"],
        &["--ignore", "hf-*"],
        &["--min-severity", "info", "a.py", "b.json"],
        &["--rules", "rules-that-are-not-there.toml"],
    ];
    for args in runs {
        let run = workspace.run(args);
        for secret in &secrets {
            assert_eq!(leaks(&run, secret), [] as [&str; 0], "{args:?}: {run:?}");
        }
    }
    let run = workspace.run(&["--output", "report.txt"]);
    let written =
        Run { stdout: std::fs::read_to_string(workspace.path("report.txt")).unwrap(), ..run };
    for secret in &secrets {
        assert_eq!(leaks(&written, secret), [] as [&str; 0]);
    }
}

#[test]
fn lines_of_many_findings_are_shown_without_secrets_in_any_encoding() {
    let expand = hfscan::internal::rule::example::expand;
    let lines: Vec<String> = (0..100)
        .map(|line| expand(&format!("é login(token=\"hf_{{{{alpha:34:{line}}}}}\") # {line}\n")))
        .collect();
    let text = lines.concat();
    let wide: Vec<u8> = "\u{feff}"
        .chars()
        .chain(text.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let workspace = Workspace::new();
    workspace.write_bytes("narrow.py", text.as_bytes());
    workspace.write_bytes("wide.py", &wide);
    let report = workspace.run(&["--format", "json", "--ignore", "token-reused"]).json();
    let findings = report["findings"].as_array().expect("a list");
    assert_eq!(findings.len(), 200);
    for finding in findings {
        let line = finding["location"]["start"]["line"].as_u64().expect("a number") - 1;
        let masked = finding["secret"]["masked"].as_str().expect("a text");
        let expected = format!("é login(token=\"{masked}\") # {line}");
        let shown = finding["excerpt"]["text"].as_str().expect("a text");
        // The byte order mark is shown as an escape.
        assert_eq!(shown.trim_start_matches(r"\u{feff}"), expected, "{finding}");
    }
}

#[test]
fn a_panic_costs_one_file_and_tells_nothing_of_it() {
    let workspace = Workspace::new();
    let name = format!("panic-for-the-tests-{}", token("name"));
    workspace.write_bytes(&name, b"text");
    workspace.write("a.txt", "hf_{{alpha:34}}");
    let run = workspace.run(&["--format", "json"]);
    // Without debug assertions, there is no panic to observe.
    if cfg!(debug_assertions) {
        // A token in a name is masked.
        let (start, end) = (&name[..25], &name[name.len() - 2..]);
        assert_eq!(run.skipped(), [format!("{start}…{end} crashed")]);
        assert!(
            run.stderr.starts_with("internal error at ") && !run.stderr.contains(&token("name")),
            "{run:?}"
        );
        assert_eq!(run.json()["complete"], false);
    }
    // The name is checked before the content.
    let named = format!("{}…{}:1:21 hf-user-access-token", &name[..25], &name[name.len() - 2..]);
    assert_eq!(run.places(), ["a.txt:1:1 hf-user-access-token", &named]);
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_secret_in_the_name_of_a_file_is_masked_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let token = hfscan::internal::rule::example::expand("hf_{{alpha:34}}");
    let below = folder.path().join(format!("model.bin?token={token}"));
    std::fs::create_dir(&below).unwrap();
    std::fs::write(
        below.join("a.py"),
        format!("login(token='{token}')\nx = 1  # hfscan: ignore\n"),
    )
    .unwrap();
    // The hint of this rule names the file.
    let notebook = format!(
        r#"{{"cells":[{{"cell_type":"code","metadata":{{}},"source":[],"execution_count":1,"outputs":[{{"output_type":"stream","name":"stdout","text":["{token}"]}}]}}],"metadata":{{}},"nbformat":4,"nbformat_minor":5}}"#
    );
    std::fs::write(below.join("b.ipynb"), notebook).unwrap();
    for reporter in hfscan::internal::report::REPORTERS {
        let output = crate::formats::bench::hfscan(folder.path())
            .args(["--format", reporter.name(), "-vv", "--show-suppressed"])
            .output()
            .unwrap();
        let text =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(text.contains("model.bin"), "{}: {text}", reporter.name());
        assert!(!text.contains(&token[3..15]), "{}: {text}", reporter.name());
        if reporter.name() == "json" {
            assert!(text.contains("--inplace model.bin?token=hf_"), "{text}");
        }
    }
}

#[test]
fn no_command_prints_a_secret_in_a_setting_a_name_or_an_argument() {
    let token = token("setting");
    let settings = [
        format!("{token} = 1"),
        format!("select = ['{token}']"),
        format!("exclude = ['[{token}']"),
        format!("rules = ['{token}.toml']"),
        format!("extends = '{token}.toml'"),
        format!("[allow]\npatterns = ['({token}']"),
        format!("[{token}]\na = 1"),
    ];
    let workspace = Workspace::with("a.py", "login()\n");
    let commands: &[&[&str]] = &[&["doctor"], &["config", "check"], &["config", "show"], &["."]];
    for setting in settings {
        workspace.write_bytes(".hfscan.toml", setting.as_bytes());
        for command in commands {
            let run = workspace.run(command);
            assert_eq!(leaks(&run, &token), [] as [&str; 0], "{setting} {command:?}: {run:?}");
        }
    }
    let workspace = Workspace::new();
    let below = format!("{token}/{token}.py");
    workspace.write_bytes(&below, b"use_auth_token=True\n");
    let baseline = format!("{token}/known.json");
    let commands: &[&[&str]] = &[
        &["baseline", "create", "--baseline", &baseline],
        &["baseline", "show", &baseline],
        &["facts", &below],
        &["completions", &token],
        &["--min-severity", &token],
        &["lsp", &token],
        &[&token],
    ];
    for command in commands {
        let run = workspace.run(command);
        assert!(!run.stdout.is_empty() || !run.stderr.is_empty(), "{command:?}");
        assert_eq!(leaks(&run, &token), [] as [&str; 0], "{command:?}: {run:?}");
    }
    let run = workspace.run(&["--min-severity", &token]);
    assert!(run.code == Some(2) && run.stderr.starts_with("error: invalid value 'hf_"), "{run:?}");
}
