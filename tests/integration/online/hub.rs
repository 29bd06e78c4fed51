//! `hfscan hub`: targets, pages, limits, discussions.

use super::server::{Answer, Asked, Server};
use crate::support::{Run, Workspace, token};
use serde_json::json;

pub fn scanned(server: &Server, args: &[&str]) -> Run {
    let workspace = Workspace::new();
    let mut command =
        workspace.command(&["hub", "--format", "json", "--endpoint", &server.address]);
    command.args(args).env("HF_TOKEN", "made-up-reader");
    let output = command.output().unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// `path rule` of each finding.
pub fn found(run: &Run) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|one| {
            let path = one["location"]["path"].as_str().unwrap();
            format!("{path} {}", one["rule"].as_str().unwrap())
        })
        .collect()
}

pub const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// The path of a request without its query.
fn path(asked: &Asked) -> &str {
    asked.path.split('?').next().unwrap()
}

/// A model named `me/model` with these files.
pub fn model(files: Vec<(&'static str, Vec<u8>)>) -> impl Fn(&Asked) -> Answer + Send + Sync {
    move |asked| {
        let resolve = format!("/me/model/resolve/{COMMIT}/");
        match path(asked) {
            "/api/models/me/model/revision/main" => Answer::json(json!({ "sha": COMMIT })),
            tree if tree == format!("/api/models/me/model/tree/{COMMIT}") => Answer::json(
                files
                    .iter()
                    .map(|(name, bytes)| json!({ "type": "file", "path": name, "size": bytes.len(), "oid": name }))
                    .collect(),
            ),
            file => match files.iter().find(|(name, _)| file == format!("{resolve}{name}")) {
                Some((_, bytes)) => ranged(asked, bytes),
                None => Answer::of(404, "{}").with("X-Error-Code", "RepoNotFound"),
            },
        }
    }
}

/// The requested part of a file.
pub fn ranged(asked: &Asked, bytes: &[u8]) -> Answer {
    let Some((first, end)) = asked.range() else { return Answer::of(200, bytes) };
    let end = usize::try_from(end).unwrap().min(bytes.len());
    let first = usize::try_from(first).unwrap().min(end);
    Answer::of(206, &bytes[first..end])
        .with("Content-Range", format!("bytes {first}-{}/{}", end - 1, bytes.len()))
        .with("ETag", "\"one\"")
}

fn leaky(label: &str) -> Vec<u8> {
    format!("login(token=\"{}\")\n", token(label)).into_bytes()
}

#[test]
fn the_files_of_a_model_are_scanned_and_named_by_their_commit() {
    let server =
        Server::start(model(vec![("sub/a.py", leaky("a")), ("README.md", b"hello\n".into())]));
    let run = scanned(&server, &["me/model"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(found(&run), ["hf://me/model@0123456789ab/sub/a.py hardcoded-login-token"]);
    assert!(run.stderr.contains("in 4 requests"), "{run:?}");
    assert!(server.asked().iter().all(|one| one.bearer() == Some("made-up-reader")));
    let run = scanned(&server, &["--list", "me/model"]);
    assert!(run.stdout.contains("6  hf://me/model@0123456789ab/README.md"), "{run:?}");
}

#[test]
fn the_tokens_found_can_be_verified_in_the_same_run() {
    let files = model(vec![("a.py", leaky("a"))]);
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/api/whoami-v2" => Answer::of(401, "{}"),
        _ => files(asked),
    });
    let run = scanned(&server, &["--verify", "--yes", "me/model"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(run.json()["findings"][0]["verification"]["state"], "dead", "{run:?}");
    let is_about_found = |one: &Asked| one.bearer() == Some(&token("a"));
    assert_eq!(server.asked().iter().filter(|one| is_about_found(one)).count(), 1);
}

#[test]
fn no_token_is_taken_silently() {
    let server = Server::start(model(vec![("a.py", leaky("a"))]));
    let workspace = Workspace::new();
    workspace.write("../home/.cache/huggingface/token", "made-up-login");
    workspace.write(".env", "HF_TOKEN=made-up-tree\n");
    let run = workspace.run(&["hub", "--endpoint", &server.address, "me/model"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(server.asked().iter().all(|one| one.bearer().is_none()));
    workspace.write("token", "made-up-file\n");
    workspace.run(&["hub", "--endpoint", &server.address, "--token-file", "token", "me/model"]);
    assert_eq!(server.asked().last().unwrap().bearer(), Some("made-up-file"));
}

#[test]
fn an_owner_s_repositories_come_in_pages() {
    let server = Server::start(|asked| {
        let host = asked.header("host").unwrap();
        match asked.path.as_str() {
            path if path.starts_with("/api/models?author=me") && !path.contains("cursor") => {
                Answer::json(json!([{ "id": "me/one", "lastModified": "2026-01-01" }]))
                    .with("Link", format!("<http://{host}{path}&cursor=x>; rel=\"next\""))
            }
            path if path.starts_with("/api/models?author=me") => {
                Answer::json(json!([{ "id": "me/two", "lastModified": "2020-01-01" }]))
            }
            path if path.contains("author=") || path.contains("owner=") => Answer::json(json!([])),
            path if path.contains("/revision/main") => Answer::json(json!({ "sha": COMMIT })),
            path if path.contains("/tree/") => {
                Answer::json(json!([{ "type": "file", "path": "a.py", "size": 60, "oid": "x" }]))
            }
            path if path.contains("/resolve/") => Answer::of(200, leaky(path)),
            _ => Answer::of(404, "{}"),
        }
    });
    let run = scanned(&server, &["me"]);
    let all = [
        "hf://me/one@0123456789ab/a.py hardcoded-login-token",
        "hf://me/two@0123456789ab/a.py hardcoded-login-token",
    ];
    assert_eq!(found(&run), all, "{run:?}");
    assert_eq!(found(&scanned(&server, &["--since", "2025-01-01", "me"])), all[..1]);
    assert_eq!(
        found(&scanned(&server, &["--limit-repos", "1", "--type", "model", "me"])),
        all[..1]
    );
}

#[test]
fn a_next_page_elsewhere_is_not_asked_for() {
    let other = Server::start(|_| Answer::json(json!([])));
    let address = other.address.clone();
    let server = Server::start(move |asked| match path(asked) {
        "/api/models/me/model/revision/main" => Answer::json(json!({ "sha": COMMIT })),
        _ => Answer::json(json!([])).with("Link", format!("<{address}/x>; rel=\"next\"")),
    });
    let run = scanned(&server, &["me/model"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(other.asked().is_empty());
}

#[test]
fn every_reference_is_read_and_each_content_once() {
    let server = Server::start(|asked| {
        let other = "f".repeat(40);
        let file =
            |name: &str, oid: &str| json!({ "type": "file", "path": name, "size": 60, "oid": oid });
        match path(asked) {
            "/api/models/me/model/refs" => Answer::json(json!({
                "branches": [{ "name": "main", "ref": "refs/heads/main", "targetCommit": COMMIT }],
                "tags": [{ "name": "v1", "ref": "refs/tags/v1", "targetCommit": COMMIT }],
                "converts": [],
                "pullRequests": [{ "name": "pr", "ref": "refs/pr/1", "targetCommit": other }],
            })),
            tree if tree.ends_with(&format!("/tree/{COMMIT}")) => {
                Answer::json(json!([file("a.py", "x")]))
            }
            tree if tree.contains("/tree/") => {
                Answer::json(json!([file("a.py", "x"), file("b.py", "y")]))
            }
            file if file.contains("/resolve/") => Answer::of(200, leaky(&file[file.len() - 4..])),
            _ => Answer::of(404, "{}"),
        }
    });
    let run = scanned(&server, &["--all-refs", "me/model"]);
    assert_eq!(
        found(&run),
        [
            "hf://me/model@0123456789ab/a.py hardcoded-login-token",
            "hf://me/model@ffffffffffff/b.py hardcoded-login-token"
        ]
    );
}

#[test]
fn a_comment_that_was_edited_is_read_in_all_versions_of_every_page() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/api/models/me/model/revision/main" => Answer::json(json!({ "sha": COMMIT })),
        path if path.contains("/tree/") => Answer::json(json!([])),
        path if path.ends_with("/discussions?p=0") => {
            Answer::json(json!({ "discussions": [{ "num": 3 }], "count": 2, "start": 0 }))
        }
        path if path.ends_with("/discussions?p=1") => {
            Answer::json(json!({ "discussions": [{ "num": 1 }], "count": 2, "start": 1 }))
        }
        path if path.contains("/discussions/3") => {
            Answer::json(json!({ "title": "t", "events": [] }))
        }
        path if path.contains("/discussions/1") => Answer::json(json!({
            "title": "help",
            "events": [{ "id": "e1", "type": "comment", "data": {
                "latest": { "raw": "removed" },
                "history": [{ "raw": format!("my token is {}", token("a")) }, { "raw": "removed" }] } }],
            "diff": format!("+{}", String::from_utf8(leaky("b")).unwrap()),
        })),
        _ => Answer::of(404, "{}"),
    });
    let run = scanned(&server, &["--discussions", "me/model"]);
    let found = found(&run);
    assert!(
        found.iter().any(|one| one.starts_with("hf://me/model/discussions/1/e1.md ")),
        "{run:?}"
    );
    assert!(
        found.iter().any(|one| one.starts_with("hf://me/model/discussions/1/changes.diff ")),
        "{run:?}"
    );
    let run = scanned(&server, &["https://huggingface.co/me/model/discussions/1"]);
    assert_eq!(self::found(&run).len(), found.len(), "{run:?}");
}

#[test]
fn collections_and_the_variables_of_spaces_are_read() {
    let server = Server::start(|asked| match path(asked) {
        "/api/collections/me/c-1" => Answer::json(json!({
            "title": "t", "items": [{ "id": "x", "note": { "text": format!("use {}", token("a")), "html": "" } }] })),
        "/api/spaces/me/app/revision/main" => Answer::json(json!({ "sha": COMMIT })),
        "/api/spaces/me/app/variables" => {
            Answer::json(json!({ "HF_TOKEN": { "value": token("b"), "description": "d" } }))
        }
        path if path.contains("/tree/") => Answer::json(json!([])),
        _ => Answer::of(404, "{}"),
    });
    let run = scanned(&server, &["collections/me/c-1", "spaces/me/app"]);
    let paths: Vec<_> =
        found(&run).iter().map(|one| one.split(' ').next().unwrap().to_string()).collect();
    assert!(paths.contains(&"hf://collections/me/c-1/notes.md".into()), "{run:?}");
    assert!(paths.contains(&"hf://spaces/me/app/variables.env".into()), "{run:?}");
}

#[test]
fn buckets_have_no_revisions() {
    let server = Server::start(|asked| match path(asked) {
        "/api/buckets/me/b/tree" => Answer::json(json!([
            { "type": "directory", "path": "d" },
            { "type": "file", "path": "d/a.py", "size": 60, "xetHash": "x" }])),
        "/buckets/me/b/resolve/d%2Fa.py" => Answer::of(200, leaky("a")),
        _ => Answer::of(404, "{}"),
    });
    let run = scanned(&server, &["hf://buckets/me/b"]);
    assert_eq!(found(&run), ["hf://buckets/me/b/d/a.py hardcoded-login-token"], "{run:?}");
}

#[test]
fn what_is_gated_missing_or_too_much_is_told_and_ends_with_2() {
    let server = Server::start(|asked| match path(asked) {
        "/api/datasets/me/gated/revision/main" => Answer::json(json!({ "sha": COMMIT })),
        path if path.contains("/tree/") => Answer::json(json!([
            { "type": "file", "path": "a.py", "size": 60, "oid": "x" },
            { "type": "file", "path": "b.py", "size": 60, "oid": "y" }])),
        path if path.contains("/resolve/") => {
            Answer::of(403, "{}").with("X-Error-Code", "GatedRepo")
        }
        _ => Answer::of(401, "{}").with("X-Error-Code", "RepoNotFound"),
    });
    let run = scanned(&server, &["datasets/me/gated", "me/private"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    let report = run.json();
    assert_eq!(report["complete"], false);
    let skipped = report["skipped"].to_string();
    assert_eq!(run.skipped().len(), 2, "{skipped}");
    assert!(skipped.contains("gated: this token has no access"), "{skipped}");
    assert!(skipped.contains("not found, or private"), "{skipped}");
    let small = b"x = 1\n".to_vec();
    let server = Server::start(model(vec![("a.py", small), ("b.py", vec![b'x'; 5000])]));
    let run = scanned(&server, &["--max-bytes", "1K", "me/model"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("the limit of 1024 bytes is exhausted"), "{run:?}");
}

#[test]
fn a_hub_that_is_asked_too_often_is_waited_for() {
    let answer = model(vec![("a.py", leaky("a"))]);
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server =
        Server::start(move |asked| match count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            1 => Answer::of(429, "").with("RateLimit", r#""api";r=0;t=1"#),
            2 => Answer::of(502, ""),
            _ => answer(asked),
        });
    let run = scanned(&server, &["me/model"]);
    assert_eq!(found(&run).len(), 1, "{run:?}");
}

#[test]
fn a_target_that_is_none_is_an_error() {
    let server = Server::start(|_| Answer::of(404, "{}"));
    for target in ["https://evil.example/me/model", "me/../x"] {
        let run = scanned(&server, &[target]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains("is not a target on the Hub"), "{run:?}");
    }
    assert!(server.asked().is_empty());
}

#[test]
fn the_history_of_a_repository_is_cloned_and_read() {
    let workspace = Workspace::new();
    workspace.write("work/app.py", "login(token=\"hf_{{alpha:34:a}}\")\n");
    let git = |args: &[&str]| workspace.git(&[&["-C", "work"], args].concat());
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    workspace.write("work/app.py", "login()\n");
    git(&["commit", "-q", "-a", "-m", "second"]);
    workspace.git(&["clone", "-q", "--bare", "work", "served"]);
    workspace.git(&["-C", "served", "update-server-info"]);
    let served = workspace.path("served");
    let answer = model(vec![("app.py", b"login()\n".to_vec())]);
    let server = Server::start(move |asked| match path(asked).strip_prefix("/me/model/") {
        Some(file) if !file.starts_with("resolve") => match std::fs::read(served.join(file)) {
            Ok(bytes) => Answer::of(200, bytes),
            Err(_) => Answer::of(404, ""),
        },
        _ => answer(asked),
    });
    let run = scanned(&server, &["--history", "me/model"]);
    assert_eq!(found(&run), ["hf://me/model@history/app.py hardcoded-login-token"], "{run:?}");
    assert!(run.stdout.contains("\"introduced\""), "{run:?}");
    let asked = server.asked();
    let first = asked.iter().find(|one| one.path.contains("info/refs")).unwrap();
    assert!(first.header("authorization").unwrap().starts_with("Basic "), "{first:?}");
}
