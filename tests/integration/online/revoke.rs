//! `hfscan revoke`.

use super::server::{Answer, Server};
use crate::support::{Workspace, token};

fn server() -> Server {
    Server::start(|asked| match asked.path.as_str() {
        "/api/credentials/revoke" => Answer::of(202, "{}"),
        _ => Answer::of(401, "{}"),
    })
}

#[test]
fn nothing_is_revoked_until_the_number_is_typed() {
    let server = server();
    let workspace = Workspace::new();
    let input = format!("{}\n{}\n", token("a"), token("b"));
    let run = |args: &[&str]| {
        let all = [&["revoke", "--endpoint", &server.address], args].concat();
        workspace.run_with_input(&all, input.as_bytes())
    };
    let dry = run(&[]);
    assert_eq!(dry.code, Some(0), "{dry:?}");
    assert!(
        dry.stdout.contains("2 tokens would be revoked at 127.0.0.1; nothing was sent"),
        "{dry:?}"
    );
    assert!(!dry.stdout.contains(&token("a")[5..]), "{dry:?}");
    for args in [&["--yes-revoke", "--count", "1"][..], &["--yes-revoke", "--count", "3"]] {
        let wrong = run(args);
        assert_eq!(wrong.code, Some(2), "{wrong:?}");
        assert!(wrong.stderr.contains("nothing was revoked"), "{wrong:?}");
    }
    assert!(server.asked().is_empty());
    let done = run(&["--yes-revoke", "--count", "2"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!((asked[0].method.as_str(), asked[0].bearer()), ("POST", None));
    let body: serde_json::Value = serde_json::from_str(&asked[0].body).unwrap();
    assert_eq!(body, serde_json::json!({ "credentials": [token("a"), token("b")] }));
}

#[test]
fn many_tokens_go_in_several_requests() {
    let server = server();
    let input: String = (0..150).map(|number| token(&format!("n{number}")) + "\n").collect();
    let args = ["revoke", "--yes-revoke", "--count", "150", "--endpoint", &server.address];
    let run = Workspace::new().run_with_input(&args, input.as_bytes());
    assert_eq!(run.code, Some(0), "{run:?}");
    let counts: Vec<usize> =
        server.asked().iter().map(|one| one.body.matches("hf_").count()).collect();
    assert_eq!(counts, [100, 50]);
}

#[test]
fn the_token_that_the_user_is_logged_in_with_is_not_revoked_by_accident() {
    let server = server();
    let workspace = Workspace::new();
    workspace.write(
        "../home/.cache/huggingface/stored_tokens",
        "[laptop]\nhf_token = hf_{{alpha:34:a}}\n",
    );
    let args = ["revoke", "--yes-revoke", "--count", "1", "--endpoint", &server.address];
    let run = workspace.run_with_input(&args, token("a").as_bytes());
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("a token that you are logged in with"), "{run:?}");
    assert!(server.asked().is_empty());
    let args = [&args[..], &["--including-mine"]].concat();
    let run = workspace.run_with_input(&args, token("a").as_bytes());
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(server.asked().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_person_types_the_number_in_the_terminal() {
    let server = server();
    let workspace = Workspace::with("app.py", "login(token=\"hf_{{alpha:34:a}}\")\n");
    let report = workspace.run(&["--format", "json", "."]);
    workspace.write_bytes("../report.json", report.stdout.as_bytes());
    let args =
        ["revoke", "--from", "../report.json", "--yes-revoke", "--endpoint", &server.address];
    let run = workspace.run_in_terminal(&args, "2");
    assert_eq!((run.code, server.asked().len()), (Some(2), 0), "{run:?}");
    assert!(run.stdout.contains("the number of tokens, 1, was not typed"), "{run:?}");
    let run = workspace.run_in_terminal(&args, "1");
    assert_eq!((run.code, server.asked().len()), (Some(0), 1), "{run:?}");
}

#[test]
fn tokens_of_a_report_are_read_from_the_files_again() {
    let server = server();
    let workspace = Workspace::with("sub/app.py", "login(token=\"hf_{{alpha:34:a}}\")\n");
    workspace.write("other.py", "login(token=\"hf_{{alpha:34:b}}\")\n");
    let report = workspace.run(&["--format", "json", "sub"]);
    workspace.write_bytes("../report.json", report.stdout.as_bytes());
    let args = [
        "revoke",
        "--from",
        "../report.json",
        "--path",
        ".",
        "--yes-revoke",
        "--count",
        "1",
        "--verify",
        "--endpoint",
        &server.address,
    ];
    let run = workspace.run(&args);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("dead"), "{run:?}");
    let asked = server.asked();
    assert!(asked[0].body.contains(&token("a")) && !asked[0].body.contains(&token("b")));
    assert_eq!((asked.len(), asked[1].path.as_str()), (2, "/api/whoami-v2"));

    workspace.write("sub/app.py", "login()\n");
    let run = workspace.run(&args);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("1 of its secrets are no longer in the files"), "{run:?}");
    workspace.write_bytes("../report.json", report.stdout.replace("sub/app.py", "../x").as_bytes());
    let run = workspace.run(&args);
    assert!(run.stderr.contains("names a file outside the folder"), "{run:?}");
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn a_token_that_is_still_live_afterwards_is_an_error() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/api/credentials/revoke" => Answer::of(202, "{}"),
        _ => super::verify::whoami("read", "2027-01-01T00:00:00Z"),
    });
    let args =
        ["revoke", "--yes-revoke", "--count", "1", "--verify", "--endpoint", &server.address];
    let run = Workspace::new().run_with_input(&args, token("a").as_bytes());
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("live"), "{run:?}");
}

#[test]
fn a_server_that_takes_no_revocation_is_an_error() {
    let server = Server::start(|_| Answer::of(500, ""));
    let args = ["revoke", "--yes-revoke", "--count", "1", "--endpoint", &server.address];
    let run = Workspace::new().run_with_input(&args, token("a").as_bytes());
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("it returned status 500"), "{run:?}");
}

#[test]
fn a_token_as_an_argument_is_refused_and_not_repeated() {
    for command in ["revoke", "verify"] {
        let run = Workspace::new().run(&[command, &token("a")]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains("tokens are not accepted as arguments"), "{run:?}");
        assert!(!run.stderr.contains(&token("a")[5..]), "{run:?}");
    }
}
