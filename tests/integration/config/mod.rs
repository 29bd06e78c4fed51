//! The effective settings: configuration, environment and options.

mod projects;

use crate::support::{Workspace, token};

/// A file with a repository's own rule.
const OWN_RULE: &str = r#"
[[rule]]
id = "acme-key"
title = "key of Acme"
severity = "high"
confidence = "high"
cwe = [798]
message = "a key of Acme stands here"
why = "It opens the vault."
hint = "remove it"
references = []
keywords = ["acme-"]
pattern = ['acme-[0-9]{8}']
"#;

/// A repository with one leak in `app.py`, one in `tests/t.py`, and this configuration.
fn with_config(text: &str) -> Workspace {
    let workspace = Workspace::with("app.py", "login(token=\"hf_{{alpha:34:app}}\")\n");
    workspace.write("tests/t.py", "login(token=\"hf_{{alpha:34:test}}\")\n");
    workspace.git(&["init", "-q"]);
    workspace.write_bytes(".hfscan.toml", text.as_bytes());
    workspace
}

fn files(workspace: &Workspace, args: &[&str]) -> Vec<String> {
    let args = [args, &["--format", "json"]].concat();
    let places = workspace.run(&args).places();
    places.iter().filter_map(|place| place.split(':').next().map(str::to_string)).collect()
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_file() {
    let workspace = with_config("fail-on = 'never'\n");
    assert_eq!(workspace.run(&[]).code, Some(0));
    let mut command = workspace.command(&[]);
    let output = command.env("HFSCAN_FAIL_ON", "critical").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let mut command = workspace.command(&["--fail-on", "never"]);
    let output = command.env("HFSCAN_FAIL_ON", "critical").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn an_unknown_setting_ends_the_run_with_its_place_and_the_near_miss() {
    let workspace = with_config("# ours\nfail_on = 'high'\n");
    let run = workspace.run(&[]);
    assert_eq!(run.code, Some(2));
    assert_eq!(
        run.stderr,
        "error: .hfscan.toml:2: unknown setting `fail_on`\nhelp: did you mean `fail-on`?\n"
    );
    let workspace = with_config("ignore = ['hf-user-acess-token']\n");
    let run = workspace.run(&[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains(".hfscan.toml:1: no rule is named"), "{}", run.stderr);
    assert!(run.stderr.contains("did you mean `hf-user-access-token`?"), "{}", run.stderr);
}

#[test]
fn the_configuration_is_found_from_a_folder_below() {
    let workspace = with_config("exclude = ['tests/t.py']\n");
    assert_eq!(files(&workspace, &[]), ["app.py"]);
    let run =
        workspace.command(&["--format", "json"]).current_dir(workspace.path("tests")).output();
    assert_eq!(run.unwrap().status.code(), Some(2), "what is left is nothing, which is not clean");
    // From another folder, the configuration of the named folder applies.
    let mut command = workspace.command(&["--format", "json"]);
    let output = command.current_dir("/").arg(workspace.root()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("app.py") && !text.contains("t.py\""), "{text}");
}

#[test]
fn what_is_excluded_is_not_read_although_it_is_named() {
    let workspace = with_config("exclude = ['tests/', '/app.py']\n");
    for args in [&["tests/t.py"][..], &["tests/t.py", "app.py"]] {
        let run = workspace.run(args);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.stdout.contains("excluded"), "{}", run.stdout);
    }
    let run = workspace.run_with_input(&["--files-from", "-"], b"tests/t.py\n");
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = workspace.run(&["tests/t.py", "--isolated"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    // A folder in which everything is excluded is an error.
    assert_eq!(workspace.run(&["tests"]).code, Some(2));
}

#[test]
fn nothing_handed_over_is_not_clean() {
    let workspace = with_config("");
    let run = workspace.run_with_input(&["--files-from", "-"], b"");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("nothing was scanned"), "{}", run.stderr);
}

#[test]
fn rules_can_be_off_by_path_and_the_count_shows() {
    let workspace = with_config("[per-path]\n'tests/**' = ['hf-*']\n");
    workspace.write("tests/t.py", "# hf_{{alpha:34:test}}\n");
    assert_eq!(files(&workspace, &[]), ["app.py"]);
    let text = workspace.run(&[]).stdout;
    assert!(text.contains("1 per-path"), "{text}");
}

#[test]
fn severities_can_be_set_by_rule() {
    let workspace = with_config("[severity]\nhardcoded-login-token = 'low'\n");
    let report = workspace.run(&["--format", "json"]).json();
    assert_eq!(report["findings"][0]["severity"], "low");
    assert_eq!(workspace.run(&["--fail-on", "medium"]).code, Some(0));
}

#[test]
fn a_severity_that_is_set_holds_for_checks_of_the_tree_and_for_all_a_rule_says() {
    let workspace = with_config(
        "select = ['dotenv-not-ignored', 'dockerfile-env-token']\n\
         severity.dotenv-not-ignored = 'info'\nseverity.dockerfile-env-token = 'info'\n",
    );
    workspace.write(".env", "HF_TOKEN=hf_{{alpha:34}}\n");
    workspace.write("Dockerfile", "FROM a\nARG TOKEN\nENV HF_TOKEN=$TOKEN\n");
    let severities = |args: &[&str]| -> Vec<(String, String)> {
        let report = workspace.run(&[args, &["--format", "json"]].concat()).json();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_string();
        let findings = report["findings"].as_array().unwrap();
        findings.iter().map(|one| (text(&one["rule"]), text(&one["severity"]))).collect()
    };
    let rules = ["--isolated", "--select", "dotenv-not-ignored,dockerfile-env-token"];
    let before = severities(&rules);
    assert!(before.len() == 2 && before.iter().all(|(_, one)| one != "info"), "{before:?}");
    let after = severities(&[]);
    assert!(after.len() == 2 && after.iter().all(|(_, one)| one == "info"), "{after:?}");
}

#[test]
fn the_lists_of_rules_know_what_the_configuration_says_of_them() {
    let workspace = with_config(
        "rules = ['own.toml']\nignore = ['hf-org-api-token']\nseverity.acme-key = 'low'\n",
    );
    workspace.write("own.toml", OWN_RULE);
    let list = workspace.run(&["rules"]).stdout;
    let line = list.lines().find(|line| line.starts_with("acme-key ")).expect(&list);
    assert!(line.contains("low") && !list.contains("hf-org-api-token"), "{list}");
    let run = workspace.run(&["explain", "acme-key"]);
    assert!(run.stdout.contains("acme-key: key of Acme\nseverity low"), "{run:?}");
    // A rule that does not run can still be explained.
    assert_eq!(workspace.run(&["explain", "hf-org-api-token"]).code, Some(0));
    let run = workspace.run(&["explain", "acme-key", "--isolated"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("no rule is named `acme-key`"), "{run:?}");
    assert!(workspace.run(&["rules", "--isolated"]).stdout.contains("hf-org-api-token"));
}

#[test]
fn an_allowlist_lets_secrets_go_and_their_count_shows() {
    let digest = {
        use sha2::Digest;
        let digest = sha2::Sha256::digest(token("app"));
        digest.iter().map(|byte| format!("{byte:02X}")).collect::<String>()
    };
    let workspace = with_config(&format!("[allow]\nsha256 = ['{digest}']\npaths = ['tests/**']\n"));
    let run = workspace.run(&[]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("suppressed: 2 allowlist"), "{}", run.stdout);
    // Another secret at the same location is reported.
    workspace.write("app.py", "login(token=\"hf_{{alpha:34:other}}\")\n");
    assert_eq!(files(&workspace, &[]), ["app.py"]);
}

#[test]
fn an_allowlist_knows_patterns_stop_words_and_values() {
    let secret = token("app");
    let word = secret[10..20].to_ascii_lowercase();
    for allow in [
        format!("stop-words = ['{word}']"),
        format!("patterns = ['hf_{}[A-Za-z]+']", &secret[3..8]),
        format!("values = ['{secret}']"),
    ] {
        let workspace = with_config(&format!("[allow]\n{allow}\n"));
        assert_eq!(files(&workspace, &[]), ["tests/t.py"], "{allow}");
    }
}

#[test]
fn isolated_heeds_nothing_that_the_repository_says_of_itself() {
    let workspace = with_config("ignore = ['hf-*']\n[allow]\npaths = ['**']\n");
    workspace.write("app.py", "login(token=\"hf_{{alpha:34}}\")  # hfscan: ignore\n");
    assert_eq!(workspace.run(&["app.py"]).code, Some(0));
    assert_eq!(files(&workspace, &["--isolated"]), ["app.py", "tests/t.py"]);
    workspace.write_bytes(".hfscan.toml", b"not even TOML");
    assert_eq!(workspace.run(&["--isolated"]).code, Some(1));
}

#[test]
fn a_named_configuration_takes_the_place_of_the_projects_own() {
    let workspace = with_config("not even TOML");
    workspace.write_bytes("ci/strict.toml", b"exclude = ['app.py']\n");
    assert_eq!(files(&workspace, &["--config", "ci/strict.toml"]), ["tests/t.py"]);
    let mut command = workspace.command(&["--format", "json"]);
    let output = command.env("HFSCAN_CONFIG", "ci/strict.toml").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(workspace.run(&["--config", "missing.toml"]).code, Some(2));
}

#[test]
fn a_repositorys_configuration_cannot_write_files_or_reach_out_of_it() {
    let workspace = with_config("format = 'json=stolen.json'\n");
    assert_eq!(workspace.run(&[]).code, Some(2));
    assert!(!workspace.path("stolen.json").exists());
    for key in ["output = 'x'", "verify = true", "endpoint = 'https://example.com'"] {
        let workspace = with_config(key);
        let run = workspace.run(&[]);
        assert!(run.code == Some(2) && run.stderr.contains("unknown setting"), "{run:?}");
    }
    let workspace = with_config("rules = ['../home/outside.toml']\n");
    let outside = workspace.root().parent().unwrap().join("home/outside.toml");
    std::fs::write(&outside, "[[rule]]\nprivate = 1\n").unwrap();
    let run = workspace.run(&[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("is outside the repository"), "{}", run.stderr);
    assert!(!run.stderr.contains("private"), "{}", run.stderr);
    // The user may name it on the command line.
    let run = workspace.run(&["--isolated", "--rules", outside.to_str().unwrap()]);
    assert!(run.stderr.contains("unknown field `private`"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_link_cannot_lead_a_configuration_out_of_the_repository() {
    let workspace = with_config("rules = ['linked.toml']\n");
    let outside = workspace.root().parent().unwrap().join("home/outside.toml");
    std::fs::write(&outside, "private = 1\n").unwrap();
    std::os::unix::fs::symlink(&outside, workspace.path("linked.toml")).unwrap();
    assert!(workspace.run(&[]).stderr.contains("is outside the repository"));
    std::fs::remove_file(workspace.path(".hfscan.toml")).unwrap();
    std::os::unix::fs::symlink(&outside, workspace.path(".hfscan.toml")).unwrap();
    let run = workspace.run(&[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("outside the repository"), "{}", run.stderr);
    assert!(!run.stderr.contains("private"), "{}", run.stderr);
}

#[test]
fn a_repositorys_own_rules_are_used() {
    let workspace = with_config("rules = ['security/acme.toml']\nselect = ['acme-key']\n");
    workspace.write("security/acme.toml", OWN_RULE);
    workspace.write("keys/a.txt", "acme-12345678");
    assert_eq!(files(&workspace, &["keys"]), ["keys/a.txt"]);
    let run = workspace.command(&["--format", "json"]).current_dir(workspace.path("keys")).output();
    assert_eq!(run.unwrap().status.code(), Some(1));
}

#[test]
fn a_project_file_can_hold_the_settings() {
    let workspace = with_config("");
    std::fs::remove_file(workspace.path(".hfscan.toml")).unwrap();
    workspace.write_bytes("pyproject.toml", b"[tool.hfscan]\nexclude = ['tests/']\n");
    assert_eq!(files(&workspace, &[]), ["app.py"]);
    workspace.write_bytes("pyproject.toml", b"[tool.hfscan]\n\nexclud = ['tests/']\n");
    let run = workspace.run(&[]);
    assert!(run.stderr.contains("pyproject.toml:3: unknown setting `exclud`"), "{}", run.stderr);
}

#[test]
fn show_tells_where_each_setting_comes_from_and_shows_no_secret() {
    let secret = token("shown");
    let workspace = with_config(&format!("fail-on = 'high'\n[allow]\nvalues = ['{secret}']\n"));
    let mut command = workspace.command(&["config", "show"]);
    let output = command.env("HFSCAN_EXCLUDE", "build/").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("fail-on = \"high\"  # .hfscan.toml:1"), "{text}");
    assert!(text.contains("exclude = [\"build/\"]  # HFSCAN_EXCLUDE"), "{text}");
    assert!(text.contains("# select = []"), "{text}");
    assert!(!text.contains(&secret), "{text}");
}

#[test]
fn check_says_whether_the_configuration_holds() {
    let workspace = with_config("fail-on = 'high'\n");
    let run = workspace.run(&["config", "check"]);
    assert_eq!((run.code, run.stdout.ends_with(".hfscan.toml: ok\n")), (Some(0), true));
    workspace.write_bytes(".hfscan.toml", b"[severity]\nno-such-rule = 'low'\n");
    let run = workspace.run(&["config", "check"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains(".hfscan.toml:2: no rule is named `no-such-rule`"), "{run:?}");
}

#[test]
fn ignore_comments_can_be_switched_off_or_need_a_reason() {
    let workspace = with_config("inline-ignores = false\n");
    workspace.write("app.py", "login(token=\"hf_{{alpha:34}}\")  # hfscan: ignore\n");
    assert_eq!(workspace.run(&["app.py"]).code, Some(1));
    workspace.write_bytes(".hfscan.toml", b"require-reason = true\n");
    assert_eq!(workspace.run(&["app.py"]).code, Some(1));
    workspace.write_bytes(".hfscan.toml", b"");
    assert_eq!(workspace.run(&["app.py"]).code, Some(0));
}

#[test]
fn an_error_never_shows_a_token_that_the_configuration_holds() {
    let token = token("config");
    for (path, text) in [
        (".hfscan.toml", format!("{token} = 1\n")),
        (".hfscan.toml", format!("[allow]\npatterns = [\"({token}\"]\n")),
        (".hfscan.toml", format!("exclude = [\"{token}[\"]\n")),
        (".hfscan.toml", format!("fail-on = \"{token}\"\n")),
        (".hfscan.toml", format!("select = [\"{token}\"]\n")),
        (".hfscan.toml", format!("[severity]\n{token} = \"low\"\n")),
        (".hfscan.toml", format!("[per-path]\n\"{token}[\" = [\"all\"]\n")),
        (".hfscan.toml", format!("rules = [\"{token}.toml\"]\n")),
        (".hfscan.toml", format!("[allow]\nsha256 = [\"{token}\"]\n")),
        (".hfscan.toml", format!("x = '{token}\n")),
        (".hfscan-baseline.json", format!("{{\"version\": \"{token}\"}}")),
    ] {
        let workspace = Workspace::with("app.py", "x = 1\n");
        workspace.git(&["init", "-q"]);
        workspace.write_bytes(path, text.as_bytes());
        for args in [&[][..], &["config", "check"], &["config", "show"]] {
            let run = workspace.run(args);
            let is_baseline_unused = path.ends_with(".json") && !args.is_empty();
            assert!(run.code == Some(2) || is_baseline_unused, "{text}: {run:?}");
            let shown = format!("{}{}", run.stdout, run.stderr);
            assert!(!shown.contains(&token[4..]), "{path}: {args:?}: {shown}");
        }
    }
}

#[test]
fn the_settings_that_are_shown_hold_no_token() {
    let token = token("shown");
    let workspace =
        with_config(&format!("[allow]\nstop-words = ['{token}']\npaths = ['{token}']\n"));
    let run = workspace.run(&["config", "show"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(!run.stdout.contains(&token), "{run:?}");
}
