//! The findings in an upload, and how to exclude them.

use crate::support::{Run, Workspace, token};

/// `rule path severity` of each finding.
fn found(run: &Run) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|one| {
            let path = one["location"]["path"].as_str().unwrap();
            let (rule, severity) =
                (one["rule"].as_str().unwrap(), one["severity"].as_str().unwrap());
            format!("{rule} {path} {severity}")
        })
        .collect()
}

fn json(workspace: &Workspace, args: &[&str]) -> Run {
    workspace.run(&[&["upload", "--format", "json"], args].concat())
}

#[test]
fn what_becomes_public_is_one_step_graver() {
    let workspace = Workspace::with("train.py", "model.push_to_hub(use_auth_token=True)\n");
    let before = workspace.run(&["--format", "json"]);
    assert_eq!(found(&before), ["deprecated-use-auth-token train.py low"]);
    let run = json(&workspace, &[]);
    assert_eq!(found(&run), ["deprecated-use-auth-token train.py medium"]);
    assert!(run.stdout.contains("one level more severe"), "{run:?}");
    assert_eq!(run.code, Some(1));
    assert_eq!(json(&workspace, &["--fail-on", "high"]).code, Some(0));
}

#[test]
fn of_an_ignored_file_the_first_512_bytes_are_looked_at() {
    let workspace = Workspace::with(".gitignore", "*.env\n");
    workspace.write("a.env", "HF_TOKEN=hf_{{alpha:34:a}}\n");
    let line = "HF_TOKEN=hf_{{alpha:34:b}}\n";
    workspace.write("b.env", &format!("#{}\n{line}", "x".repeat(600)));
    let run = json(&workspace, &[]);
    let found = found(&run);
    assert!(found.contains(&"dotenv-token a.env critical".into()), "{found:?}");
    assert!(!found.iter().any(|one| one.starts_with("dotenv-token b.env")), "{found:?}");
    assert!(found.contains(&"upload-sends-ignored a.env medium".into()), "{found:?}");
    assert!(run.stdout.contains("its first 512 bytes are still sent"), "{run:?}");
}

#[test]
fn files_of_credentials_are_known_by_their_names() {
    let workspace = Workspace::new();
    for path in [".netrc", "keys/id_ed25519", ".claude/settings.json", ".claude/x/y.jsonl"] {
        workspace.write(path, "x\n");
    }
    workspace.write(".env", "PORT=1\n");
    workspace.write("prod.env", "API_KEY={{alnum:20}}\n");
    workspace.write("public.pem", "-----BEGIN CERTIFICATE-----\n");
    workspace.write("private.pem", "-----BEGIN X PRIVATE KEY-----\n");
    workspace.write("training_args.bin", "x\n");
    workspace.write("id_rsa.pub", "x\n");
    let run = json(&workspace, &["--select", "upload-*"]);
    let mut found = found(&run);
    found.retain(|one| one.starts_with("upload-credential-file"));
    let expected = [
        ".claude/settings.json medium",
        ".env low",
        ".netrc high",
        "keys/id_ed25519 high",
        "private.pem high",
        "prod.env high",
        "training_args.bin info",
    ];
    assert_eq!(found, expected.map(|one| format!("upload-credential-file {one}")));
}

#[test]
fn the_patterns_at_the_end_make_the_upload_clean() {
    let workspace = Workspace::new();
    workspace.write("a[1].py", "login(token=\"hf_{{alpha:34:a}}\")\n");
    workspace.write("a1.py", "x = 1\n");
    workspace.write("sub/.env", "HF_TOKEN=hf_{{alpha:34:b}}\n");
    workspace.write(".env.example", "HF_TOKEN=\n");
    workspace.write("wandb/run/a", "token: hf_{{alpha:34:c}}\n");
    workspace.write("wandb/run/b", "x\n");
    workspace.write("ignored/.env", "HF_TOKEN=hf_{{alpha:34:d}}\n");
    workspace.write(".gitignore", "ignored/\n");
    let name = format!("{}.txt", token("n"));
    workspace.write(&name, "x\n");
    let run = json(&workspace, &[]);
    assert_eq!(run.code, Some(1));
    let report = run.json();
    let patterns = report["upload"]["excludes"].as_array().unwrap();
    let patterns: Vec<&str> = patterns.iter().map(|one| one.as_str().unwrap()).collect();
    assert!(patterns.contains(&"a[[]1].py") && patterns.contains(&"wandb/*"), "{patterns:?}");
    let args: Vec<&str> = patterns.iter().flat_map(|one| ["--exclude", one]).collect();
    let run = json(&workspace, &args);
    assert_eq!(found(&run), [] as [&str; 0], "{patterns:?}");
    let up = run.json()["upload"]["included"].to_string();
    for name in ["a1.py", ".env.example", ".gitignore"] {
        assert!(up.contains(name), "{name}: {up}");
    }
}

#[test]
fn without_its_gitignore_what_it_names_is_left_out_by_patterns() {
    let workspace = Workspace::new();
    workspace.write(".gitignore", "# hf_{{alpha:34:a}}\nbig.txt\n");
    workspace.write("big.txt", &format!("{}\nHF_TOKEN=hf_{{{{alpha:34:b}}}}\n", "x".repeat(600)));
    let report = json(&workspace, &[]).json();
    let patterns = report["upload"]["excludes"].as_array().unwrap();
    assert_eq!(patterns, &[".gitignore", "big.txt"]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_followed_as_the_client_follows_it() {
    let workspace = Workspace::new();
    workspace.write("up/a.py", "x = 1\n");
    workspace.write("outside.py", "login(token=\"hf_{{alpha:34}}\")\n");
    std::os::unix::fs::symlink("../outside.py", workspace.path("up/b.py")).unwrap();
    let found = found(&json(&workspace, &["up"]));
    assert!(found.contains(&"hardcoded-login-token up/b.py critical".into()), "{found:?}");
    assert!(found.contains(&"upload-link-outside up/b.py medium".into()), "{found:?}");
}

#[test]
fn the_folder_of_git_in_a_bucket_is_told() {
    let workspace = Workspace::new();
    workspace.write(
        "a/.git/config",
        "[remote \"o\"]\nurl = https://u:hf_{{alpha:34}}@huggingface.co/o/r\n",
    );
    workspace.write("a/.git/HEAD", "ref: refs/heads/main\n");
    let found = found(&json(&workspace, &["--bucket"]));
    let told: Vec<_> = found.iter().filter(|one| one.starts_with("upload-git-folder")).collect();
    assert_eq!(told.len(), 1, "{found:?}");
    assert!(found.iter().any(|one| one.contains("a/.git/config critical")), "{found:?}");
}

#[test]
fn a_card_without_front_matter_is_told() {
    for (path, text, is_told) in [
        ("README.md", "# A model\n", true),
        ("README.md", "---\nlicense: mit\n---\n# A model\n", false),
        ("README.md", "", false),
        ("sub/README.md", "# A folder\n", false),
    ] {
        let workspace = Workspace::with("a.txt", "x\n");
        workspace.write(path, text);
        let found = found(&json(&workspace, &["--select", "upload-plain-readme"]));
        let expected = is_told.then(|| "upload-plain-readme README.md info".to_string());
        assert_eq!(found, Vec::from_iter(expected), "{path}: {text}");
    }
}

#[test]
fn the_settings_of_the_project_do_not_hide_what_goes_up() {
    let workspace = Workspace::with("docs/a.py", "login(token=\"hf_{{alpha:34}}\")\n");
    workspace.write(".hfscan.toml", "exclude = [\"docs/\"]\n");
    workspace.write(".hfscanignore", "docs/\n");
    assert_eq!(workspace.run(&[]).code, Some(0));
    assert_eq!(json(&workspace, &[]).code, Some(1));
}

#[test]
fn every_format_reports_an_upload_and_none_shows_a_secret() {
    let secret = token("a");
    let workspace = Workspace::with("a.py", "login(token=\"hf_{{alpha:34:a}}\")\n");
    workspace.write(&format!("{secret}.env"), "HF_TOKEN=hf_{{alpha:34:a}}\n");
    let exclude = format!("x{secret}");
    workspace.write(&exclude, "x\n");
    for format in ["text", "json", "jsonl", "sarif", "github", "markdown", "html", "junit", "csv"] {
        let run = workspace.run(&["upload", "-v", "--format", format, "--exclude", &exclude]);
        assert_eq!(run.code, Some(1), "{run:?}");
        let body = &secret[6..];
        assert!(!run.stdout.contains(body) && !run.stderr.contains(body), "{format}: {run:?}");
    }
    let run = workspace.run(&["upload", "-v", "--to", "o/r"]);
    assert!(run.stdout.contains("would upload to o/r: 3 files"), "{run:?}");
    assert!(run.stdout.contains("uploaded: a.py"), "{run:?}");
    assert!(
        run.stdout.contains("to exclude the files with findings: --exclude \"a.py\""),
        "{run:?}"
    );
}
