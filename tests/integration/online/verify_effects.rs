//! The effects of the Hub's answers.

use super::{
    server::{Answer, Server},
    verify::{leaky, verified, whoami},
};
use crate::support::{Run, Workspace, token};
use serde_json::json;

const NEW: &str = "2027-01-01T00:00:00Z";

/// `rule severity` of each finding.
fn found(run: &Run) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|one| {
            format!("{} {}", one["rule"].as_str().unwrap(), one["severity"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn a_dead_token_fails_no_gate_unless_it_is_asked_to() {
    let server = Server::start(|_| Answer::of(401, "{}"));
    let run = verified(&leaky(), &server, &[]);
    assert_eq!(
        (run.code, found(&run)),
        (Some(0), vec!["hardcoded-login-token info".into()]),
        "{run:?}"
    );
    assert_eq!(verified(&leaky(), &server, &["--fail-on", "info"]).code, Some(0));
    let run = verified(&leaky(), &server, &["--dead-fails"]);
    assert_eq!(found(&run), ["hardcoded-login-token critical"]);
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_live_token_rises_and_an_unknown_one_stays() {
    let workspace = Workspace::with("tests/app.py", "token = \"hf_{{alpha:34:a}}\"\n");
    let before = found(&workspace.run(&["--format", "json"]));
    let server = Server::start(|_| Answer::of(500, ""));
    assert_eq!(found(&verified(&workspace, &server, &[])), before);
    let server = Server::start(|_| whoami("read", NEW));
    let mut after = found(&verified(&workspace, &server, &[]));
    after.retain(|one| !one.starts_with("verify-"));
    let raised = |one: &String| {
        let (rule, severity) = one.split_once(' ').unwrap();
        let up = match severity {
            "info" => "low",
            "low" => "medium",
            "medium" => "high",
            _ => "critical",
        };
        format!("{rule} {up}")
    };
    assert_eq!(after, before.iter().map(raised).collect::<Vec<_>>());
}

#[test]
fn a_token_that_may_write_where_the_code_only_reads_is_told() {
    let workspace = leaky();
    workspace.write("load.py", "m = AutoModel.from_pretrained(\"acme/model\")\n");
    let server = Server::start(|_| whoami("write", NEW));
    let run = verified(&workspace, &server, &[]);
    assert!(found(&run).contains(&"verify-excess-scope high".into()), "{run:?}");
    for text in [
        "only reads (load.py:1)",
        "the code names acme/model",
        "ownUserPermissions=repo.content.read",
    ] {
        assert!(run.stdout.contains(text), "{text}: {run:?}");
    }
    workspace.write("save.py", "m.push_to_hub(\"acme/model\")\n");
    let run = verified(&workspace, &server, &[]);
    assert!(found(&run).contains(&"verify-excess-scope medium".into()), "{run:?}");
    assert!(run.stdout.contains("ownUserPermissions=repo.write"), "{run:?}");
}

#[test]
fn a_fine_grained_token_that_fits_is_not_told() {
    let workspace = leaky();
    workspace.write("load.py", "m = AutoModel.from_pretrained(\"acme/model\")\n");
    let body = |permission: &str| {
        json!({ "type": "user", "auth": { "type": "access_token", "accessToken": {
            "role": "fineGrained", "createdAt": NEW,
            "fineGrained": { "global": [], "scoped": [{ "entity": { "type": "model" }, "permissions": [permission] }] } } } })
    };
    let fits = body("repo.content.read");
    let server = Server::start(move |_| Answer::json(fits.clone()));
    assert!(
        !found(&verified(&workspace, &server, &[])).iter().any(|one| one.starts_with("verify-"))
    );
    let writes = body("repo.write");
    let server = Server::start(move |_| Answer::json(writes.clone()));
    assert!(
        found(&verified(&workspace, &server, &[])).contains(&"verify-excess-scope high".into())
    );
}

#[test]
fn an_old_token_is_told() {
    let server = Server::start(|_| whoami("read", "2026-01-01T00:00:00Z"));
    let run = verified(&leaky(), &server, &[]);
    assert!(found(&run).contains(&"rotation-overdue medium".into()), "{run:?}");
    assert!(run.stdout.contains("is 379 days old"), "{run:?}");
    let run = verified(&leaky(), &server, &["--rotate-after", "400"]);
    assert!(!found(&run).iter().any(|one| one.starts_with("rotation")), "{run:?}");
    let run = verified(&leaky(), &server, &["--ignore", "rotation-overdue"]);
    assert!(!found(&run).iter().any(|one| one.starts_with("rotation")), "{run:?}");
}

#[test]
fn no_output_names_the_owner_or_holds_a_secret() {
    let server = Server::start(|_| whoami("write", NEW));
    for format in ["text", "json", "jsonl", "sarif", "github", "markdown", "html", "junit", "csv"] {
        let args = ["--verify", "--yes", "-v", "--format", format, "--endpoint", &server.address];
        let run = leaky().run(&args);
        let all = format!("{}{}", run.stdout, run.stderr);
        assert_eq!(run.code, Some(1), "{run:?}");
        for text in [&token("a")[5..], "zelda", "acme-inc", "my laptop"] {
            assert!(!all.contains(text), "{format} holds {text}: {all}");
        }
        if ["text", "json", "jsonl", "sarif", "github"].contains(&format) {
            assert!(
                all.to_lowercase().contains("the token is live") || all.contains("\"live\""),
                "{format}: {all}"
            );
        }
    }
}

#[test]
fn tokens_of_standard_input_are_asked_about() {
    let dead = token("b");
    let server = Server::start(move |asked| match asked.bearer() == Some(&dead) {
        true => Answer::of(401, "{}"),
        false => whoami("write", NEW),
    });
    let workspace = Workspace::new();
    let args = ["verify", "--yes", "--endpoint", &server.address];
    let input = format!("{}\n\n{}\r\n{}\n", token("a"), token("b"), token("a"));
    let run = workspace.run_with_input(&args, input.as_bytes());
    assert_eq!(run.code, Some(1), "{run:?}");
    let states: Vec<_> = run.stdout.lines().filter_map(|line| line.split("  ").nth(1)).collect();
    assert_eq!(states, ["live", "dead"], "{run:?}");
    assert_eq!(server.asked().len(), 2);
    let run = workspace.run_with_input(&args, token("b").as_bytes());
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = workspace.run_with_input(&args, b"hunter2\n");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("line 1") && !run.stderr.contains("hunter2"), "{run:?}");
}
