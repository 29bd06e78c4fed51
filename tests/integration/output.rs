//! The output of hfscan, and what it must never contain.

use crate::support::{Run, Workspace, token};

#[test]
fn the_text_report_shows_place_line_reason_and_way_out() {
    let workspace = Workspace::with(
        "app.py",
        "import os\nclient = InferenceClient(token=\"hf_{{alpha:34:shown}}\")  # mine\n",
    );
    let run = workspace.run(&[]);
    let token = token("shown");
    let masked = format!("hf_{}…{}", &token[3..5], &token[35..]);
    let expected = format!(
        "\
critical[hardcoded-token-argument]: hard-coded Hugging Face token passed to `InferenceClient`
 --> app.py:2:33
  |
2 | client = InferenceClient(token=\"{masked}\")  # mine
  |                                 ^^^^^^^^
  |
  = why: "
    );
    assert!(run.stdout.starts_with(&expected), "{}", run.stdout);
    for line in [
        "  = help: ",
        "  = revoke: https://huggingface.co/settings/tokens",
        "1 finding (1 critical), 1 distinct secret in 1 file, ",
    ] {
        assert!(run.stdout.contains(line), "{line}: {}", run.stdout);
    }
    assert_eq!(run.code, Some(1));
}

#[test]
fn the_same_secret_in_several_places_is_known_to_be_one() {
    let workspace = Workspace::new();
    for path in ["a.txt", "b.txt", "c.txt"] {
        workspace.write(path, "hf_{{alpha:34}}");
    }
    let run = workspace.run(&["--format", "json", "--ignore", "token-reused"]);
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 3);
    assert!(findings.iter().all(|one| one["secret"]["id"] == findings[0]["secret"]["id"]));
    assert_ne!(findings[0]["fingerprint"], findings[1]["fingerprint"]);
    assert_eq!(report["summary"]["secrets"], 1);
    let text = workspace.run(&[]).stdout;
    assert!(
        text.contains("::: b.txt:1:1 (the same secret)")
            && text.contains("::: c.txt:1:1 (the same secret)"),
        "{text}"
    );
}

#[test]
fn a_fingerprint_survives_an_edit_above_and_changes_with_the_secret() {
    let workspace = Workspace::with("a.txt", "hf_{{alpha:34}}\n");
    let fingerprint =
        || workspace.run(&["--format", "json"]).json()["findings"][0]["fingerprint"].clone();
    let first = fingerprint();
    workspace.write("a.txt", "one\ntwo\n   x = hf_{{alpha:34}}\n");
    assert_eq!(first, fingerprint());
    workspace.write("a.txt", "hf_{{alpha:34:other}}\n");
    assert_ne!(first, fingerprint());
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let workspace = Workspace::new();
    for number in 0..200 {
        workspace.write(
            &format!("d{}/f{number}.txt", number % 7),
            &format!("a\nhf_{{{{alpha:34:{number}}}}}\n"),
        );
    }
    let first = workspace.run(&["--format", "json", "-j", "1"]).stdout;
    for threads in ["2", "8"] {
        assert_eq!(first, workspace.run(&["--format", "json", "-j", threads]).stdout);
    }
}

#[test]
fn statuses_are_the_same_in_every_format() {
    let leaky = Workspace::with("a.txt", "hf_{{alpha:34}}");
    let clean = Workspace::with("a.txt", "nothing");
    for format in ["text", "json"] {
        assert_eq!(leaky.run(&["--format", format]).code, Some(1));
        assert_eq!(leaky.run(&["--format", format, "--exit-zero"]).code, Some(0));
        assert_eq!(leaky.run(&["--format", format, "--fail-on", "never"]).code, Some(0));
        assert_eq!(clean.run(&["--format", format]).code, Some(0));
    }
    leaky.write("a.txt", "api_org_{{alpha:34}}");
    assert_eq!(leaky.run(&["--fail-on", "high"]).code, Some(0));
    assert_eq!(leaky.run(&["--fail-on", "medium"]).code, Some(1));
    assert!(leaky.run(&["--min-severity", "high"]).stdout.contains("no findings"));
    assert!(leaky.run(&["--select", "hf-user-*"]).stdout.contains("no findings"));
    assert!(leaky.run(&["--ignore", "hf-org-api-token"]).stdout.contains("no findings"));
}

#[test]
fn wrong_use_says_what_was_expected_and_the_near_miss() {
    let workspace = Workspace::with("a.txt", "clean");
    for (args, expected) in [
        (&["--formt", "json"][..], "--format"),
        (&["--format", "jsn"], "did you mean `json`?"),
        (&["--fail-on", "hihg"], "critical, never"),
        (&["--min-severity", "hihg"], "high"),
        (&["--select", "hf-user-acess-token"], "did you mean `hf-user-access-token`?"),
        (&["--exclude", "[a"], "`[a`"),
        (&["explain", "hf-oauth-tokn"], "did you mean `hf-oauth-token`?"),
        (&["-f", "json", "-f", "text"], "would both be written to standard output"),
        (&["--max-file-size", "big"], "such as 10M"),
        (&["-", "a.txt"], "cannot be combined"),
    ] {
        let run = workspace.run(args);
        assert_eq!(run.code, Some(2), "{args:?}: {run:?}");
        assert!(
            run.stderr.starts_with("error: ") && run.stderr.contains(expected),
            "{args:?}: {run:?}"
        );
    }
}

#[test]
fn a_report_file_is_written_whole_or_not_at_all() {
    let workspace = Workspace::with("a.txt", "hf_{{alpha:34}}");
    let run = workspace.run(&["-f", "json=out/report.json", "-f", "text"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("cannot write out/report.json"), "{run:?}");
    let run = workspace.run(&["--format", "json", "--output", "report.json", "a.txt"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    let report = std::fs::read_to_string(workspace.path("report.json")).unwrap();
    assert!(report.ends_with("}\n") && report.contains("hf-user-access-token"));
}

#[test]
fn every_dismissal_has_a_name_that_can_be_seen() {
    let workspace = Workspace::with(
        "a.txt",
        "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n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\n",
    );
    for args in [&["-vv"][..], &["--explain-dismissed"]] {
        let run = workspace.run(args);
        assert!(
            run.stdout.contains("dismissed[hf-user-access-token]: a.txt:1:1: placeholder\n"),
            "{run:?}"
        );
        assert!(
            run.stdout.contains("dismissed[hf-user-access-token]: a.txt:2:1: too-regular\n"),
            "{run:?}"
        );
    }
    assert!(workspace.run(&[]).stdout.contains("dismissed: 1 placeholder, 1 too-regular"));
}

#[test]
fn each_value_that_a_rule_passes_over_is_named_if_asked() {
    let text = "api_key = \"BertForSequenceClassification\"\npassword = \"hunter2\"\n\
                client_secret = \"<your client secret>\"\ntoken = os.environ[\"TOKEN\"]\n\
                secret_key = \"550e8400-e29b-41d4-a716-446655440000\"\n";
    let workspace = Workspace::with("a.py", text);
    let run = workspace.run(&["--explain-dismissed"]);
    for (line, reason) in
        [(1, "too-regular"), (2, "not-a-secret"), (3, "placeholder"), (5, "not-a-secret")]
    {
        let start = format!("dismissed[generic-secret]: a.py:{line}:");
        let named = run.stdout.lines().find(|one| one.starts_with(&start));
        assert!(named.is_some_and(|one| one.ends_with(reason)), "{line}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("a.py:4:"), "{}", run.stdout);
    assert!(!workspace.run(&[]).stdout.contains("dismissed"));
    // A folder with its own configuration is explained as well.
    workspace.write("sub/a.py", text);
    workspace.write("sub/hfscan.toml", "min-severity = \"low\"\n");
    let shown = workspace.run(&["--explain-dismissed"]).stdout;
    assert!(shown.contains("dismissed[generic-secret]: sub/a.py:2:"), "{shown}");
}

#[test]
fn a_scanned_file_cannot_command_the_terminal() {
    let workspace =
        Workspace::with("a.txt", "\u{1b}]0;title\u{7}\u{202e} \r hf_{{alpha:34}} \u{9b}2J\n");
    let run = workspace.run(&["--color", "never"]);
    let shown = run.stdout.lines().find(|line| line.starts_with("1 |")).unwrap();
    assert!(shown.contains(r"\x1b]0;title\x07\u{202e}") && shown.contains(r"\u{9b}2J"), "{shown}");
    assert!(run.stdout.chars().all(|c| c == '\n' || !c.is_control()), "{run:?}");
}

#[test]
fn colour_follows_the_flag_and_the_environment() {
    let workspace = Workspace::with("a.txt", "hf_{{alpha:34}}");
    let colored = |args: &[&str], env: &[(&str, &str)]| {
        let output = workspace.command(args).envs(env.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("FORCE_COLOR", "1")]));
    assert!(!colored(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("FORCE_COLOR", "1")]));
    assert!(!colored(&["--color", "always", "--format", "json"], &[]));
}

#[test]
fn rules_can_be_listed_and_explained() {
    let workspace = Workspace::new();
    let list = workspace.run(&["rules"]).stdout;
    assert!(
        list.lines()
            .any(|line| line.starts_with("hf-user-access-token ") && line.contains(" critical "))
    );
    let rules = workspace.run(&["rules", "--format", "json", "--select", "git-*"]).json();
    assert_eq!(rules[0]["id"], "git-url-credentials");
    let page = workspace.run(&["explain", "hf-user-access-token"]).stdout;
    for part in [
        "Why it matters",
        "What to do",
        "Found, in app.py",
        "Not found, in app.py",
        "CWE-798",
        "hf_…",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(workspace.run(&["completions", "bash"]).stdout.contains("_hfscan"));
    assert!(workspace.run(&["man"]).stdout.contains(".TH hfscan"));
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

#[cfg(unix)]
#[test]
fn an_interrupted_scan_reports_what_it_found_and_ends_with_2() {
    let workspace = Workspace::with("a.txt", "hf_{{alpha:34}}");
    // A sparse file takes no space, but longer to read than the test waits.
    std::fs::File::create(workspace.path("huge.bin")).unwrap().set_len(1 << 40).unwrap();
    let mut command = workspace.command(&["--no-progress"]);
    command.stdout(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(
        text.contains("--> a.txt:1:1") && text.contains("interrupted: not everything was scanned"),
        "{text}"
    );
}

#[cfg(unix)]
#[test]
fn one_signal_ends_a_run_that_waits_or_works_within_a_second() {
    use rustix::process::{Pid, Signal, kill_process};
    use std::{
        process::Stdio,
        thread::sleep,
        time::{Duration, Instant},
    };
    let workspace = Workspace::new();
    workspace.git(&["init", "--quiet"]);
    // One text, which cannot be divided and takes seconds to search without optimisation.
    workspace.write("long.txt", &"hf_{{alpha:34}} ".repeat(100_000));
    let modes: [&[&str]; 4] = [
        &["-"],
        &["--files-from", "-"],
        &["--pre-push"],
        &["long.txt", "--format", "json", "--output", "report.json"],
    ];
    for (arguments, signal) in
        modes.iter().flat_map(|one| [Signal::INT, Signal::TERM].map(|signal| (one, signal)))
    {
        let mut command = workspace.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        sleep(Duration::from_millis(500));
        if child.try_wait().unwrap().is_some() {
            assert_eq!(arguments[0], "long.txt", "it waits for its input");
            continue;
        }
        let sent = Instant::now();
        kill_process(Pid::from_child(&child), signal).unwrap();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            // On a busy machine a process needs some time to exit.
            let waited = sent.elapsed();
            assert!(waited < Duration::from_secs(3), "{arguments:?} runs on after {waited:?}");
            sleep(Duration::from_millis(20));
        };
        assert!(status.code().is_none_or(|code| code == 2), "{arguments:?}: {status}");
    }
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
fn every_format_and_standard_error_say_in_one_line_what_was_not_scanned() {
    let folder = tempfile::tempdir().unwrap();
    // The start of a gzip file, without data to unpack.
    std::fs::write(folder.path().join("a.gz"), b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff")
        .unwrap();
    std::fs::write(folder.path().join("b.py"), "x = 1\n").unwrap();
    for reporter in hfscan::internal::report::REPORTERS {
        let output = crate::formats::bench::hfscan(folder.path())
            .args(["--format", reporter.name()])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("malformed"), "{}: {text}", reporter.name());
        let error = String::from_utf8_lossy(&output.stderr);
        let line = "1 file or member not scanned: 1 malformed";
        assert!(error.contains(line), "{}: {error}", reporter.name());
    }
}

#[test]
fn findings_with_one_remedy_are_one_block_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let expand = hfscan::internal::rule::example::expand;
    let line = |label: &str| {
        format!("login(token='{}')\n", expand(&format!("hf_{{{{alpha:34:{label}}}}}")))
    };
    std::fs::write(folder.path().join("a.py"), line("a") + &line("b") + &line("c")).unwrap();
    std::fs::write(folder.path().join("b.py"), "from_pretrained('x', use_auth_token=True)\n")
        .unwrap();
    let run = |arguments: &[&str]| {
        let output = crate::formats::bench::hfscan(folder.path()).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let text = run(&[]);
    assert_eq!(text.matches("critical[").count(), 1, "{text}");
    assert!(text.contains("::: a.py:2:14 (hf_") && text.contains("::: a.py:3:14 (hf_"), "{text}");
    assert_eq!(run(&["--long"]).matches("critical[").count(), 3);
    let counts = run(&["--statistics"]);
    assert!(counts.starts_with("3  critical[hardcoded-login-token]"), "{counts}");
    let concise = run(&["--format=concise"]);
    assert!(concise.starts_with("a.py:1:14: critical[hardcoded-login-token] "), "{concise}");
}

#[test]
fn the_summary_says_how_many_findings_can_be_fixed() {
    let safe = "a = InferenceClient(token=\"hf_{{alpha:34}}\")\n";
    let other = "model.push_to_hub(token_name=1)\n";
    for (files, line) in [
        (&[("a.py", safe), ("b.py", other)][..], Some("1 fixable with `hfscan fix`\n")),
        (
            &[("a.sh", "export HF_TOKEN=hf_{{alpha:34}}\n")],
            Some("1 fixable with `hfscan fix --unsafe-fixes`\n"),
        ),
        (
            &[("a.py", safe), ("Dockerfile", "FROM a\nENV HF_TOKEN=hf_{{alpha:34}}\n")],
            Some("1 fixable with `hfscan fix`, 1 more with `--unsafe-fixes`\n"),
        ),
        (&[("b.py", other)], None),
    ] {
        let workspace = Workspace::new();
        files.iter().for_each(|(path, text)| workspace.write(path, text));
        let text = workspace.run(&["--ignore", "token-reused"]).stdout;
        match line {
            Some(line) => assert!(text.contains(line), "{text}"),
            None => assert!(!text.contains("fixable"), "{text}"),
        }
    }
}
