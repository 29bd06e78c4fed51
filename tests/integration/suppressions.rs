//! Ignore comments from a user's point of view.

use crate::formats::bench::hfscan;
use hfscan::internal::rule::example::expand;
use serde_json::Value;

/// The exit status and report of a scan of files in which `@` is replaced by a token.
fn scan(files: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().unwrap();
    let token = expand("hf_{{alpha:34}}");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text.replace('@', &token)).unwrap();
    }
    let output = hfscan(folder.path()).arg("--format=json").args(arguments).output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

fn lines(report: &Value) -> Vec<u64> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|one| one["location"]["start"]["line"].as_u64().unwrap()).collect()
}

#[test]
fn an_ignored_finding_is_counted_and_not_reported() {
    let text = "a = '@'  # hfscan: ignore[hardcoded-token-assignment] revoked\nb = '@'  # gitleaks:allow\n";
    let (status, report) = scan(&[("a.py", text)], &[]);
    assert_eq!((status, lines(&report)), (Some(0), vec![]));
    let counts = &report["summary"]["suppressed"];
    assert_eq!((&counts["inline"], &counts["inline-peer"]), (&1.into(), &1.into()));
    assert_eq!(report["warnings"], serde_json::json!([]));
}

#[test]
fn no_comment_is_obeyed_when_none_may_be() {
    let text = "a = '@'  # hfscan: ignore revoked\nb = '@'  # gitleaks:allow\n";
    let (status, report) = scan(&[("a.py", text)], &["--no-inline-ignores"]);
    assert_eq!((status, lines(&report)), (Some(1), vec![1, 2]));
}

#[test]
fn a_reason_is_compulsory_when_it_is_asked_for() {
    let text = "a = '@'  # hfscan: ignore\nb = '@'  # hfscan: ignore revoked in May\n";
    let (status, report) = scan(&[("a.py", text)], &["--require-reason"]);
    assert_eq!((status, lines(&report)), (Some(1), vec![1]));
    let message = report["warnings"][0]["message"].as_str().unwrap();
    assert!(message.contains("has no reason"), "{message}");
}

#[test]
fn a_comment_that_does_nothing_is_a_warning_with_its_place() {
    let text = "# é\nx = 1  # hfscan: ignore[hf-user-acess-token]\n";
    let (status, report) = scan(&[("a.py", text)], &[]);
    assert_eq!(status, Some(0));
    let warnings = report["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(warnings[0]["place"]["line"], 2);
    assert_eq!(warnings[0]["place"]["column"], 10);
    let message = warnings[0]["message"].as_str().unwrap();
    assert!(message.contains("did you mean `hf-user-access-token`?"), "{message}");
}

#[test]
fn nothing_is_said_of_unused_comments_when_only_some_rules_run() {
    let text = "x = 1  # hfscan: ignore[hf-xet-token]\n";
    let (_, report) = scan(&[("a.py", text)], &["--select=hf-user-access-token"]);
    assert_eq!(report["warnings"], serde_json::json!([]));
    let (_, report) = scan(&[("a.py", text)], &[]);
    assert_eq!(report["warnings"].as_array().unwrap().len(), 1);
    // A page that shows the syntax of comments causes no warning.
    let (_, report) = scan(&[("a.md", text)], &[]);
    assert_eq!(report["warnings"], serde_json::json!([]));
}

#[test]
fn a_tag_of_a_notebook_cell_silences_the_cell() {
    let cell = |metadata: &str| {
        format!(
            "{{\"cell_type\": \"code\", \"metadata\": {metadata}, \"source\": [\n\"t = '@'\\n\"\n]}}"
        )
    };
    let text = format!(
        "{{\"cells\": [\n{},\n{},\n{}], \"nbformat\": 4}}",
        cell("{\"tags\": [\"hfscan: ignore[hardcoded-token-assignment]\"]}"),
        cell("{\"hfscan\": \"ignore\"}"),
        cell("{}")
    );
    let (_, report) = scan(&[("n.ipynb", &text)], &[]);
    assert_eq!(lines(&report), [9]);
}

#[test]
fn comments_in_utf_16_and_in_large_files_are_obeyed() {
    let folder = tempfile::tempdir().unwrap();
    let line = format!("é = '{}'  # hfscan: ignore\n", expand("hf_{{alpha:34}}"));
    let utf_16: Vec<u8> =
        format!("\u{feff}{line}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join("a.ps1"), utf_16).unwrap();
    let filler = "x = 1\n".repeat(1 << 20);
    std::fs::write(folder.path().join("b.py"), format!("{filler}{line}{filler}")).unwrap();
    let output = hfscan(folder.path()).arg("--format=json").output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"]["suppressed"]["inline"], 2, "{report}");
}

#[test]
fn only_a_comment_of_the_language_is_warned_about() {
    for (name, text, warnings) in [
        ("a.rs", "let a = \"// hfscan: ignore\";\nlet b = r#\"\n# hfscan: ignore\n\"#;\n", 0),
        ("a.rs", "let a = 1; // hfscan: ignore\n", 1),
        (
            "a.py",
            "\"\"\"Says `x`.\n\nhfscan: ignore\n\"\"\"\nb = 'x # hfscan: ignore[no-rule]'\n",
            0,
        ),
        ("a.py", "b = 'x'  # hfscan: ignore[no-rule]\n", 1),
        ("a.yaml", "a: \"# hfscan: ignore\"\nb: 'x # hfscan: ignore'\n", 0),
        ("a.yaml", "a: 1 # hfscan: ignore\n", 1),
        ("a.sh", "echo 'x # hfscan: ignore'\n", 0),
        ("a.sh", "echo x # hfscan: ignore\n", 1),
        ("Dockerfile", "# hfscan: ignore\nFROM a\n", 1),
        ("a.jsonc", "{} // hfscan: ignore\n", 1),
        ("a.html", "<!-- hfscan: ignore -->\n", 0),
        ("a.md", "# hfscan: ignore\n", 0),
        ("unknown.xyz", "# hfscan: ignore\n", 1),
    ] {
        let (_, report) = scan(&[(name, text)], &[]);
        assert_eq!(report["warnings"].as_array().unwrap().len(), warnings, "{name}: {text}");
    }
    // The comment still applies, because it may be about the text around it.
    let (status, _) = scan(&[("a.py", "a = '@ hfscan: ignore'\n")], &[]);
    assert_eq!(status, Some(0));
}

/// `(rule, by, line of the finding)` of everything that was suppressed.
fn suppressed(report: &Value) -> Vec<(String, String, u64)> {
    let all = report["suppressed"].as_array().unwrap().iter();
    all.map(|one| {
        let text = |value: &Value| value.as_str().unwrap().to_string();
        let line = one["location"]["start"]["line"].as_u64().unwrap();
        (text(&one["rule"]), text(&one["suppression"]["by"]), line)
    })
    .filter(|(_, by, _)| by != "overlap")
    .collect()
}

#[test]
fn naming_any_rule_that_matched_at_the_place_silences_it() {
    // The report names `hardcoded-token-assignment`, but the pattern of the token matched as well.
    let text = "token = '@'  # hfscan: ignore[hf-user-access-token] revoked, kept for the test\n";
    let (status, report) = scan(&[("a.py", text)], &[]);
    assert_eq!((status, lines(&report)), (Some(0), vec![]), "{report}");
    assert_eq!(report["warnings"], serde_json::json!([]));
    let by = &report["suppressed"][0]["suppression"];
    let reason = by["reason"].as_str().unwrap();
    assert_eq!(reason, "`hfscan: ignore` on line 1: revoked, kept for the test");

    for rule in ["hf-user-access-token", "hardcoded-token-assignment"] {
        let config = format!("[per-path]\n\"*.py\" = [\"{rule}\"]\n");
        let files = [("a.py", "token = '@'\n"), (".hfscan.toml", &*config)];
        let (status, report) = scan(&files, &[]);
        assert_eq!((status, lines(&report)), (Some(0), vec![]), "{rule}: {report}");
        assert_eq!(report["summary"]["suppressed"]["per-path"], 1, "{rule}");

        let (status, report) = scan(&files[..1], &["--ignore", rule]);
        assert_eq!((status, lines(&report)), (Some(0), vec![]), "{rule}: {report}");
    }
}

#[test]
fn a_setting_that_names_a_habit_does_not_hide_the_token_beside_it() {
    let text = "TrainingArguments(hub_token='@')\n";
    let (status, report) = scan(&[("a.py", text)], &["--ignore", "training-args-hub-token"]);
    assert_eq!((status, lines(&report)), (Some(1), vec![1]), "{report}");
    let vague = [("a.py", "api_token = '@'\n")];
    let (status, report) = scan(&vague, &["--ignore", "generic-secret"]);
    assert_eq!((status, lines(&report)), (Some(1), vec![1]), "{report}");
}

#[test]
fn a_live_token_is_never_only_a_habit() {
    let text = "hf spaces variables add me/demo -e HF_TOKEN=@\n";
    let (_, report) = scan(&[("a.sh", text)], &[]);
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "space-public-variable-token");
    assert_eq!(
        (&finding["severity"], &finding["secret"]["length"]),
        (&"critical".into(), &37.into())
    );
    assert!(finding["revoke"].as_str().unwrap().contains("huggingface.co"), "{finding}");
    let also: Vec<_> = finding["also"].as_array().unwrap().iter().collect();
    assert!(also.contains(&&"hf-user-access-token".into()), "{also:?}");
}

#[test]
fn everything_suppressed_is_listed_with_its_reason() {
    let config = "min-severity = \"high\"\n[per-path]\n\"p.py\" = [\"hf*\", \"hardcoded*\"]\n\
                  [allow]\npaths = [\"docs/**\", \"w.py\"]\nstop-words = [\"STOPWORD\"]\n";
    let files = [
        ("c.py", "a = '@'  # hfscan: ignore hf_x revoked in May\nb = '@'  # gitleaks:allow\n"),
        ("p.py", "a = '@'\n"),
        ("w.py", "a = '@'\n"),
        ("m.py", "m = AutoModel.from_pretrained('x', use_auth_token=True)\n"),
        (".hfscan.toml", config),
    ];
    let (status, report) = scan(&files, &[]);
    assert_eq!((status, lines(&report)), (Some(0), vec![]), "{report}");
    let rule = "hardcoded-token-assignment";
    let expected: Vec<(String, String, u64)> = [
        (rule, "inline", 1),
        (rule, "inline-peer", 2),
        ("deprecated-use-auth-token", "min-severity", 1),
        (rule, "per-path", 1),
        (rule, "allowlist", 1),
    ]
    .map(|(rule, by, line)| (rule.to_string(), by.to_string(), line))
    .to_vec();
    assert_eq!(suppressed(&report), expected);
    for (by, count) in report["summary"]["suppressed"].as_object().unwrap() {
        let listed = report["suppressed"].as_array().unwrap().iter();
        let listed = listed.filter(|one| one["suppression"]["by"] == **by).count();
        assert_eq!(listed as u64, count.as_u64().unwrap(), "{by}");
    }
}

#[test]
fn text_lists_the_suppressed_where_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("a = '{}'  # hfscan: ignore revoked\n", expand("hf_{{alpha:34}}"));
    std::fs::write(folder.path().join("a.py"), text).unwrap();
    let run = |arguments: &[&str]| {
        let output = hfscan(folder.path()).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let line = "suppressed[hardcoded-token-assignment]: a.py:1:6: inline: \
                `hfscan: ignore` on line 1: revoked";
    let plain = run(&[]);
    assert!(!plain.contains("suppressed["), "{plain}");
    // Two rules that match at one location do not hide a finding.
    assert!(plain.contains("suppressed: 1 inline") && !plain.contains("overlap"), "{plain}");
    for arguments in [&["--show-suppressed"][..], &["-vv"]] {
        let text = run(arguments);
        assert!(text.contains(line), "{text}");
    }
    // The text names the option that lists them, which `-v` alone does not.
    let hint = "(-vv lists them)";
    assert!(plain.contains(hint) && run(&["-v"]).contains(hint), "{plain}");
    assert!(!run(&["-vv"]).contains(hint));
}

#[test]
fn sarif_has_suppressions_on_all_results_or_on_none() {
    let folder = tempfile::tempdir().unwrap();
    let token = expand("hf_{{alpha:34}}");
    let text = format!("a = '{token}'  # hfscan: ignore revoked\nb = '{token}'\n");
    std::fs::write(folder.path().join("a.py"), text).unwrap();
    let results = |arguments: &[&str]| {
        let output = hfscan(folder.path()).arg("--format=sarif").args(arguments).output().unwrap();
        let log: Value = serde_json::from_slice(&output.stdout).unwrap();
        log["runs"][0]["results"].as_array().unwrap().clone()
    };
    let plain = results(&[]);
    assert_eq!(plain.len(), 1);
    assert!(plain[0].get("suppressions").is_none());
    let all = results(&["--show-suppressed"]);
    assert_eq!(all.len(), 2);
    let lists: Vec<_> = all.iter().map(|one| one["suppressions"].as_array().unwrap()).collect();
    assert_eq!(lists.iter().filter(|list| list.is_empty()).count(), 1, "{all:?}");
    let one = lists.iter().find(|list| !list.is_empty()).unwrap();
    assert_eq!((&one[0]["kind"], &one[0]["status"]), (&"inSource".into(), &"accepted".into()));
}

#[test]
fn a_warning_about_a_comment_quotes_no_secret() {
    let token = expand("hf_{{alpha:34}}");
    let (_, report) = scan(&[("a.py", "x = 1  # hfscan: ignore[@]\n")], &[]);
    let message = report["warnings"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("no rule is named `hf_"), "{message}");
    assert!(!report.to_string().contains(&token[3..20]), "{message}");
    let (_, report) = scan(&[("a.py", "x = '@'  # hfscan: ignore because @ is old\n")], &[]);
    assert_eq!(report["summary"]["suppressed"]["inline"], 2, "{report}");
    assert!(!report.to_string().contains(&token[3..20]));
}

#[test]
fn the_comments_of_other_scanners_are_obeyed_in_each_spelling() {
    for comment in [
        "pragma: allowlist secret",
        "pragma:allowlist secret",
        "pragma: allowlist-secret",
        "pragma: whitelist secret",
        "ggignore",
        "gitleaks:allow",
    ] {
        let (status, report) = scan(&[("a.py", &format!("a = '@'  # {comment}\n"))], &[]);
        assert_eq!(status, Some(0), "{comment}: {report}");
    }
    for comment in ["pragma: allowlist nextline secret", "pragma:allowlist nextline-secret"] {
        let (status, report) = scan(&[("a.py", &format!("# {comment}\na = '@'\n"))], &[]);
        assert_eq!(status, Some(0), "{comment}: {report}");
    }
}
