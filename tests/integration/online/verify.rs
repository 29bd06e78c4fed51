//! The requests of `--verify`, and their servers.

use super::server::{Answer, Asked, Server};
use crate::support::{Run, Workspace, token};
use serde_json::json;

/// A workspace with one token in one file.
pub fn leaky() -> Workspace {
    Workspace::with("app.py", "login(token=\"hf_{{alpha:34:a}}\")\n")
}

/// The answer for a classic token.
pub fn whoami(role: &str, created: &str) -> Answer {
    Answer::json(json!({
        "type": "user", "id": "1", "name": "zelda-owner", "fullname": "Zelda Owner",
        "email": "zelda@example.com", "emailVerified": true, "isPro": false,
        "orgs": [{ "name": "acme-inc", "fullname": "Acme", "roleInOrg": "admin", "isEnterprise": true }],
        "auth": { "type": "access_token", "accessToken": {
            "displayName": "my laptop", "role": role, "createdAt": created } }
    }))
}

pub fn verified(workspace: &Workspace, server: &Server, args: &[&str]) -> Run {
    let all = ["--verify", "--yes", "--format", "json", "--endpoint", &server.address];
    workspace.run(&[&all, args].concat())
}

/// The verification of the first finding.
fn verification(run: &Run) -> serde_json::Value {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    let mut told = findings.map(|one| &one["verification"]).filter(|one| !one.is_null());
    told.next().unwrap_or_else(|| panic!("{run:?}")).clone()
}

/// The state that results from an answer.
fn state(answer: Answer) -> String {
    let server = Server::start(move |_| answer.clone());
    let run = verified(&leaky(), &server, &[]);
    verification(&run)["state"].as_str().unwrap_or_else(|| panic!("{run:?}")).to_string()
}

#[test]
fn every_answer_gives_a_state() {
    let now = "2027-01-01T00:00:00.000Z";
    assert_eq!(state(whoami("read", now)), "live");
    assert_eq!(state(whoami("write", now)), "live");
    assert_eq!(
        state(Answer::of(401, r#"{"error":"Invalid credentials in Authorization header"}"#)),
        "dead"
    );
    assert_eq!(state(Answer::of(401, r#"{"error":"User Access Token is expired"}"#)), "dead");
    assert_eq!(state(Answer::of(403, "{}")), "refused");
    assert_eq!(state(Answer::of(500, "")), "unknown");
    assert_eq!(state(Answer::of(503, "<html>")), "unknown");
    assert_eq!(state(Answer::of(200, "<html>a proxy's page</html>")), "unknown");
    assert_eq!(state(Answer::of(200, "{}")), "unknown");
    assert_eq!(state(Answer::of(404, "")), "unknown");
    let closed = workspace_of_nobody();
    assert_eq!(verification(&closed)["state"], "unknown", "{closed:?}");
}

/// A run against a server that does not exist.
fn workspace_of_nobody() -> Run {
    let all = ["--verify", "--yes", "--format", "json", "--endpoint", "http://127.0.0.1:9"];
    leaky().run(&all)
}

#[test]
fn what_a_fine_grained_token_may_do_is_told_without_names() {
    let body = json!({
        "type": "user", "name": "zelda-owner", "email": "zelda@example.com", "orgs": [],
        "auth": { "type": "access_token", "accessToken": {
            "role": "fineGrained", "createdAt": "2027-01-01T00:00:00.000Z",
            "fineGrained": {
                "global": ["inference.serverless.write", "a.new.permission"],
                "scoped": [{ "entity": { "_id": "x", "type": "org", "name": "acme-inc" },
                             "permissions": ["repo.content.read"] }] } } }
    });
    let server = Server::start(move |_| Answer::json(body.clone()));
    let told = verification(&verified(&leaky(), &server, &[]));
    assert_eq!(told["kind"], "fine-grained");
    assert_eq!(told["can_write"], false);
    assert_eq!(told["global"][1], "a.new.permission");
    assert_eq!(told["scopes"][0], json!({ "kind": "org", "permissions": ["repo.content.read"] }));
    assert_eq!(told["age_days"], 14);
    let told = verification(&verified(&leaky(), &server, &["--identity"]));
    assert_eq!(told["scopes"][0]["name"], "acme-inc");
    assert_eq!(told["identity"]["email"], "zelda@example.com");
}

#[test]
fn an_application_s_token_is_told() {
    let body = json!({ "type": "app", "name": "x", "auth": { "type": "app_token", "expiresAt": "2027-02-01T00:00:00Z" } });
    let server = Server::start(move |_| Answer::json(body.clone()));
    let told = verification(&verified(&leaky(), &server, &[]));
    assert_eq!((&told["kind"], &told["state"]), (&json!("oauth"), &json!("live")));
    assert_eq!(told["expires"], 1_801_440_000_i64);
}

#[test]
fn each_token_is_sent_once_and_nothing_else_with_it() {
    let workspace = leaky();
    workspace.write("again.py", "login(token=\"hf_{{alpha:34:a}}\")\n");
    workspace.write("other.py", "login(token=\"hf_{{alpha:34:b}}\")\n");
    let server = Server::start(|_| Answer::of(401, "{}"));
    let run = verified(&workspace, &server, &["--dead-fails"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let asked = server.asked();
    let mut bearers: Vec<_> = asked.iter().filter_map(Asked::bearer).collect();
    bearers.sort_unstable();
    let mut expected = [token("a"), token("b")];
    expected.sort_unstable();
    assert_eq!(bearers, expected);
    for one in &asked {
        assert_eq!((one.method.as_str(), one.path.as_str()), ("GET", "/api/whoami-v2"));
        let allowed = ["host", "authorization", "user-agent", "accept"];
        for (name, _) in &one.headers {
            assert!(allowed.contains(&name.as_str()), "{name}");
        }
        assert!(one.header("user-agent").unwrap().starts_with("hfscan/"), "{one:?}");
        assert_eq!(one.body, "");
    }
}

#[test]
fn a_redirect_takes_no_token_elsewhere() {
    let other = Server::start(|_| Answer::of(200, "{}"));
    let to = format!("{}/api/whoami-v2", other.address);
    let server = Server::start(move |_| Answer::of(302, "").with("Location", to.clone()));
    let run = verified(&leaky(), &server, &[]);
    assert_eq!(verification(&run)["state"], "unknown", "{run:?}");
    assert_eq!(server.asked().len(), 1);
    assert!(other.asked().is_empty());
}

#[test]
fn a_server_that_is_asked_too_often_is_waited_for_once() {
    let server = Server::start({
        let first = std::sync::atomic::AtomicBool::new(true);
        move |_| match first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            true => Answer::of(429, "").with("RateLimit", r#""api";r=0;t=1"#),
            false => whoami("read", "2027-01-01T00:00:00Z"),
        }
    });
    let run = verified(&leaky(), &server, &[]);
    assert_eq!(verification(&run)["state"], "live", "{run:?}");
    assert_eq!(server.asked().len(), 2);

    let workspace = leaky();
    workspace.write("b.py", "login(token=\"hf_{{alpha:34:b}}\")\n");
    let server = Server::start(|_| Answer::of(429, "").with("RateLimit", r#""api";r=0;t=3600"#));
    let run = verified(&workspace, &server, &[]);
    assert_eq!(verification(&run)["state"], "not-asked", "{run:?}");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn no_more_tokens_are_sent_than_the_limit_says() {
    let workspace = leaky();
    for label in ["b", "c", "d"] {
        workspace.write(
            &format!("{label}.py"),
            &format!("login(token=\"hf_{{{{alpha:34:{label}}}}}\")\n"),
        );
    }
    let server = Server::start(|_| Answer::of(401, "{}"));
    verified(&workspace, &server, &["--verify-limit", "2"]);
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn without_consent_nothing_is_sent() {
    let server = Server::start(|_| Answer::of(401, "{}"));
    let run = leaky().run(&["--verify", "--endpoint", &server.address]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("1 token will be sent to 127.0.0.1"), "{run:?}");
    assert!(server.asked().is_empty());
}

#[cfg(unix)]
#[test]
fn a_person_is_asked_in_the_terminal() {
    let server = Server::start(|_| Answer::of(401, "{}"));
    let args = ["--verify", "--endpoint", &server.address];
    let run = leaky().run_in_terminal(&args, "n");
    assert_eq!((run.code, server.asked().len()), (Some(2), 0), "{run:?}");
    assert!(run.stdout.contains("1 token will be sent to 127.0.0.1"), "{run:?}");
    let run = leaky().run_in_terminal(&args, "y");
    assert_eq!((run.code, server.asked().len()), (Some(0), 1), "{run:?}");
}

/// A local TLS server that answers that every token is dead, with a self-signed certificate.
#[cfg(unix)]
const TLS_SERVER: &str = "
import http.server, ssl, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(401)
        self.send_header('Content-Length', '2')
        self.end_headers()
        self.wfile.write(b'{}')
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('cert.pem', 'key.pem')
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
";

#[cfg(unix)]
#[test]
#[allow(clippy::print_stderr)]
fn only_a_server_with_a_trusted_certificate_gets_a_token() {
    use std::{
        io::{BufRead, BufReader},
        process::{Command, Stdio},
    };
    let workspace = leaky();
    let made = Command::new("openssl")
        .current_dir(workspace.root())
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .stderr(Stdio::null())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return eprintln!("skipped: openssl makes no certificate here");
    }
    let mut server = Command::new("python3")
        .current_dir(workspace.root())
        .args(["-c", TLS_SERVER])
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python 3 runs");
    let mut port = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let endpoint = format!("https://localhost:{}", port.trim());
    let state = |trusted: Option<&str>| {
        let mut command = workspace.command(&[
            "--verify",
            "--yes",
            "--format",
            "json",
            "--endpoint",
            &endpoint,
            "app.py",
        ]);
        if let Some(variable) = trusted {
            command.env(variable, workspace.path("cert.pem"));
        }
        let output = command.output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {output:?}"));
        report["findings"][0]["verification"]["state"].as_str().unwrap().to_string()
    };
    let untrusted = state(None);
    let trusted =
        ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"].map(|one| state(Some(one)));
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(untrusted, "unknown");
    assert_eq!(trusted, ["dead"; 3]);
}

#[test]
fn nothing_in_the_tree_can_send_a_token_anywhere() {
    let server = Server::start(|_| Answer::of(401, "{}"));
    let workspace = leaky();
    let address = &server.address;
    workspace
        .write(".env", &format!("HF_ENDPOINT={address}\nHTTPS_PROXY={address}\nHFSCAN_VERIFY=1\n"));
    workspace.write(".envrc", &format!("export HF_ENDPOINT={address}\n"));
    // A plain scan opens no connection, regardless of the variables.
    let mut command = workspace.command(&["--format", "json"]);
    let variables = ["HF_ENDPOINT", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    command.envs(variables.map(|name| (name, address.as_str())));
    command.env("HFSCAN_VERIFY", "1");
    assert_eq!(command.output().unwrap().status.code(), Some(1));
    for key in ["verify = true", &format!("endpoint = \"{address}\"")] {
        workspace.write(".hfscan.toml", &format!("{key}\n"));
        let run = workspace.run(&["--format", "json"]);
        assert_eq!(run.code, Some(2), "a setting that there is not: {run:?}");
    }
    workspace.write(".hfscan.toml", "");
    // The user's own variable names a server that did not issue the tokens.
    let mut command = workspace.command(&["--verify", "--yes"]);
    command.env("HF_ENDPOINT", address);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("--endpoint"), "{text}");
    assert!(server.asked().is_empty(), "{:?}", server.asked());
}

#[test]
fn what_is_no_live_token_is_not_sent() {
    let workspace =
        Workspace::with("a.py", "login(token=\"hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\")\n");
    workspace.write("b.py", "api_key = \"api_org_{{alpha:34}}\"\n");
    workspace.write("c.py", "password = \"{{alnum:20}}\"\n");
    let server = Server::start(|_| Answer::of(401, "{}"));
    verified(&workspace, &server, &[]);
    assert!(server.asked().is_empty(), "{:?}", server.asked());
}

#[test]
fn a_file_of_certificates_that_is_none_is_an_error() {
    let workspace = leaky();
    workspace.write("none.pem", "nothing\n");
    let mut command = workspace.command(&["--verify", "--yes"]);
    command.env("SSL_CERT_FILE", workspace.path("none.pem"));
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("it contains no certificate"), "{text}");
}

#[test]
fn the_proxy_of_the_environment_is_used() {
    let proxy = Server::start(|_| Answer::of(407, ""));
    let workspace = leaky();
    let mut command = workspace.command(&["--verify", "--yes", "--format", "json"]);
    command.env("HTTPS_PROXY", &proxy.address);
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("\"state\": \"unknown\""), "{text}");
    let asked = proxy.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(
        (asked[0].method.as_str(), asked[0].path.as_str()),
        ("CONNECT", "huggingface.co:443")
    );
    assert_eq!(asked[0].bearer(), None);
}
