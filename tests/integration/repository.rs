//! Checks that need more than one file, or git.

use crate::support::{Run, Workspace};

/// `path:line severity` of each finding of one rule.
fn found(run: &Run, rule: &str) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter().filter(|one| one["rule"] == rule);
    findings
        .map(|one| {
            let place = &one["location"];
            format!(
                "{}:{} {}",
                place["path"].as_str().unwrap(),
                place["start"]["line"],
                one["severity"].as_str().unwrap()
            )
        })
        .collect()
}

fn repository() -> Workspace {
    let workspace = Workspace::new();
    workspace.git(&["init", "-q"]);
    workspace
}

#[test]
fn a_tracked_dotenv_file_is_told_by_what_it_holds() {
    let workspace = repository();
    workspace.write(".env", "HF_TOKEN=hf_{{alpha:34}}\n");
    workspace.write("api/.env.production", "DB_PASSWORD={{alnum:20}}\n");
    workspace.write("web/.env", "TOKENIZER=org/tokenizer-fast\nMAX_TOKENS=4096-8192-16\n");
    workspace.write(".env.example", "DB_PASSWORD={{alnum:20}}\n");
    workspace.git(&["add", "-A"]);
    let run = workspace.run(&["--format", "json"]);
    assert_eq!(found(&run, "dotenv-committed"), [".env:1 critical", "api/.env.production:1 high"]);
    assert_eq!(found(&run, "dotenv-not-ignored"), [] as [&str; 0]);
}

#[test]
fn a_dotenv_file_that_git_would_take_is_told() {
    let workspace = repository();
    workspace.write(".gitignore", ".env\n");
    workspace.write(".env", "HF_TOKEN=hf_{{alpha:34}}\n");
    workspace.write(".env.local", "API_KEY={{alnum:20}}\n");
    workspace.write("sub/dev.env", "PORT=1\n");
    let run = workspace.run(&["--format", "json"]);
    assert_eq!(found(&run, "dotenv-not-ignored"), [".env.local:1 medium", "sub/dev.env:1 low"]);
    // An ignored file stays ignored when it is named as an argument.
    let run = workspace.run(&["--format", "json", ".env"]);
    assert_eq!(found(&run, "dotenv-not-ignored"), [] as [&str; 0]);
    workspace.write(".gitignore", ".env*\n*.env\n");
    let run = workspace.run(&["--format", "json"]);
    assert_eq!(found(&run, "dotenv-not-ignored"), [] as [&str; 0]);
}

#[test]
fn outside_of_a_repository_nothing_is_said_of_git() {
    let workspace = Workspace::with(".env", "HF_TOKEN=hf_{{alpha:34}}\n");
    let run = workspace.run(&["--format", "json"]);
    assert_eq!(found(&run, "dotenv-not-ignored"), [] as [&str; 0]);
    assert_eq!(found(&run, "dotenv-committed"), [] as [&str; 0]);
}

#[test]
fn an_image_that_copies_a_dotenv_with_its_folder_is_told() {
    let workspace = repository();
    workspace.write(".gitignore", ".env\n");
    workspace.write("app/.env", "API_KEY={{alnum:20}}\n");
    workspace.write("app/Dockerfile", "FROM python:3\nWORKDIR /app\nCOPY . .\nRUN pip install .\n");
    let rule = "dockerfile-copy-secrets-folder";
    let run = || workspace.run(&["--format", "json"]);
    assert_eq!(found(&run(), rule), ["app/Dockerfile:3 medium"]);
    for rules in [".env\n", "# secrets\n/.env*\n", "**/.env\n", "*\n!src\n"] {
        workspace.write("app/.dockerignore", rules);
        assert_eq!(found(&run(), rule), [] as [&str; 0], "{rules:?}");
    }
    workspace.write("app/.dockerignore", "node_modules\n");
    assert_eq!(found(&run(), rule).len(), 1);
    workspace.write("app/Dockerfile", "FROM python:3\nCOPY app.py .\nCOPY --from=build . .\n");
    assert_eq!(found(&run(), rule), [] as [&str; 0]);
}

#[test]
fn tracked_logs_are_told_once_a_folder() {
    let workspace = repository();
    for path in ["logs/a.log", "logs/b.log", "train.log", "mlruns/0/x/params/lr", "src/log.py"] {
        workspace.write(path, "nothing\n");
    }
    workspace.write("untracked/c.log", "nothing\n");
    workspace.git(&["add", "logs", "train.log", "mlruns", "src"]);
    let run = workspace.run(&["--format", "json"]);
    let expected = ["logs/a.log:1 low", "mlruns/0/x/params/lr:1 low", "train.log:1 low"];
    assert_eq!(found(&run, "logs-tracked"), expected);
}

#[test]
fn one_token_in_several_files_is_told_once() {
    let workspace = Workspace::new();
    workspace.write("a.py", "x = 1\nt = 'hf_{{alpha:34}}'\nu = 'hf_{{alpha:34}}'\n");
    assert_eq!(found(&workspace.run(&["--format", "json"]), "token-reused"), [] as [&str; 0]);
    workspace.write("b.py", "t = 'hf_{{alpha:34}}'\n");
    workspace.write("c.py", "t = 'hf_{{alpha:34:other}}'\n");
    let run = workspace.run(&["--format", "json"]);
    assert_eq!(found(&run, "token-reused"), ["a.py:2 medium"]);
    let report = run.json();
    let reused = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["rule"] == "token-reused")
        .unwrap();
    assert_eq!(reused["notes"][0], "also at b.py:1");
}

#[test]
fn a_copy_of_a_secret_in_the_baseline_is_reused() {
    let line = "t = 'hf_{{alpha:34}}'\n";
    let workspace = Workspace::with("a.py", line);
    workspace.run(&["baseline", "create"]);
    assert_eq!(workspace.run(&[]).code, Some(0));
    workspace.write("b.py", line);
    let run = workspace.run(&["--format", "json"]);
    assert_eq!(found(&run, "token-reused"), ["b.py:1 medium"], "{run:?}");
    assert!(run.stdout.contains("also at a.py:1"), "{run:?}");
    workspace.run(&["baseline", "update"]);
    assert_eq!(workspace.run(&[]).code, Some(0));
}

#[test]
fn a_secret_of_two_tests_is_no_worse_than_in_one() {
    let workspace = Workspace::new();
    let key = r#"t = "{{b64url {"alg":"HS256","typ":"JWT"} }}.{{b64url {"sub":"4711","exp":4102444800} }}.{{base64url:43}}""#;
    workspace.write("tests/a.py", key);
    workspace.write("tests/b.py", key);
    let run = workspace.run(&["--format", "json"]);
    assert_eq!(found(&run, "token-reused"), ["tests/a.py:1 low"], "{run:?}");
}

/// A workflow called by other workflows, which runs code of a pull request with access to a token.
const CALLED: &str = "\
on: {workflow_call: {}}
jobs:
  run:
    steps:
      - uses: actions/checkout@v4
        with:
          ref: refs/pull/${{ github.event.number }}/merge
      - run: make test
        env:
          HF_TOKEN: ${{ secrets.HF_TOKEN }}
";

/// The findings of the trigger rule when `caller` calls the workflow above.
fn untrusted(caller: &str) -> Vec<String> {
    let workspace = Workspace::with(".github/workflows/_run.yml", CALLED);
    workspace.write(".github/workflows/pr.yml", caller);
    found(&workspace.run(&["--format", "json", "."]), "ci-token-untrusted-trigger")
}

#[test]
fn a_called_workflow_runs_for_the_events_of_its_caller() {
    let call = "jobs:\n  a:\n    uses: ./.github/workflows/_run.yml\n";
    for (events, secrets) in [
        ("on: pull_request_target\n", "    secrets: inherit\n"),
        ("on:\n  issue_comment:\n    types: [created]\n", "    secrets: inherit\n"),
        ("on: [pull_request_target]\n", "    secrets:\n      HF_TOKEN: ${{ secrets.HF_TOKEN }}\n"),
    ] {
        let expected = [".github/workflows/_run.yml:10 high"];
        assert_eq!(untrusted(&format!("{events}{call}{secrets}")), expected, "{events}");
    }
    for (events, secrets) in [
        ("on: pull_request\n", "    secrets: inherit\n"),
        ("on: push\n# pull_request_target\n", "    secrets: inherit\n"),
        ("on: pull_request_target\n", ""),
    ] {
        assert_eq!(untrusted(&format!("{events}{call}{secrets}")), [""; 0], "{events}");
    }
}

#[test]
fn a_workflow_is_called_through_another_one() {
    let workspace = Workspace::with(".github/workflows/_run.yml", CALLED);
    let call = |name: &str| {
        format!("jobs:\n  a:\n    uses: ./.github/workflows/{name}\n    secrets: inherit\n")
    };
    let between = format!("on: {{workflow_call: {{}}}}\n{}", call("_run.yml"));
    workspace.write(".github/workflows/_between.yml", &between);
    let caller = format!("on: pull_request_target\n{}", call("_between.yml"));
    workspace.write(".github/workflows/pr.yml", &caller);
    let run = workspace.run(&["--format", "json", "."]);
    let expected = [".github/workflows/_run.yml:10 high"];
    assert_eq!(found(&run, "ci-token-untrusted-trigger"), expected);
    assert!(run.stdout.contains("`.github/workflows/pr.yml` calls this workflow"), "{run:?}");
}
