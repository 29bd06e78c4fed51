//! The output of hfscan.

use crate::support::{Workspace, token};

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
        (&["-f", "json=a", "-f", "sarif=a"], "would both be written to a"),
        (&["-f", "json=a", "-f", "sarif=./a"], "would both be written to a"),
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
fn a_report_replaces_an_earlier_one_but_no_source_code() {
    let workspace = Workspace::with("a.py", "login(token='hf_{{alpha:34}}')\n");
    workspace.write("Dockerfile", "FROM x\n");
    workspace.write("empty.py", "");
    for place in ["a.py", "./a.py", "Dockerfile"] {
        for args in [&["-f", "json", "-o", place][..], &["-f", &format!("json={place}")]] {
            let before = std::fs::read(workspace.path(place)).unwrap();
            let run = workspace.run(args);
            assert_eq!(run.code, Some(2), "{args:?}: {run:?}");
            assert!(run.stderr.contains("which is source code"), "{run:?}");
            assert_eq!(std::fs::read(workspace.path(place)).unwrap(), before);
        }
    }
    for place in ["report.json", "report.sarif", "report", "report.yaml", "empty.py", "new.py"] {
        assert_eq!(workspace.run(&["-f", "json", "-o", place]).code, Some(1), "{place}");
    }
    // `hfscan *` names the report of the run before.
    for place in ["report.json", "report.sarif", "report", "report.yaml"] {
        assert_eq!(workspace.run(&["-o", place, "a.py", place]).code, Some(1), "{place}");
    }
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
