//! The start and the end of a session.

use super::client::{Client, file_uri, modern};
use crate::support::{Workspace, token};
use serde_json::{Value, json};

#[test]
fn the_first_encoding_of_the_client_that_is_known_is_used() {
    let workspace = Workspace::new();
    for (offered, chosen) in [
        (json!(["utf-7", "utf-32", "utf-8"]), "utf-32"),
        (json!(["utf-8", "utf-16"]), "utf-8"),
        (json!(["ebcdic"]), "utf-16"),
        (Value::Null, "utf-16"),
    ] {
        let capabilities = json!({"general": {"positionEncodings": offered}});
        let client = Client::new(&workspace, capabilities);
        assert_eq!(client.capabilities["positionEncoding"], chosen, "{offered}");
        assert_eq!(client.leave().0, Some(0));
    }
}

#[test]
fn the_status_says_whether_the_client_took_its_leave() {
    let workspace = Workspace::new();
    let client = Client::new(&workspace, modern());
    assert_eq!(client.leave(), (Some(0), String::new()));
    let mut client = Client::new(&workspace, modern());
    client.notify("exit", Value::Null);
    assert_eq!(client.end().0, Some(1));
    assert_eq!(Client::new(&workspace, modern()).end().0, Some(1));
    let mut client = Client::unborn(&workspace, &["--stdio"]);
    client.notify("exit", Value::Null);
    assert_eq!(client.end().0, Some(1));
}

#[test]
fn requests_out_of_order_are_refused_as_the_protocol_says() {
    let workspace = Workspace::new();
    let mut client = Client::unborn(&workspace, &[]);
    client.notify("textDocument/didOpen", json!({}));
    assert_eq!(client.refusal("textDocument/hover", json!({})), -32002);
    client.request("initialize", json!({"capabilities": {}}));
    assert_eq!(client.refusal("textDocument/unheardOf", json!({})), -32601);
    assert_eq!(client.refusal("textDocument/hover", json!({"textDocument": 1})), -32602);
    client.notify("textDocument/didChange", json!({"textDocument": {"uri": []}}));
    client.request("shutdown", Value::Null);
    let position = json!({"line": 0, "character": 0});
    let params = json!({"textDocument": {"uri": "file:///a.py"}, "position": position});
    assert_eq!(client.refusal("textDocument/hover", params), -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.end().0, Some(0));
}

#[test]
fn what_is_no_message_ends_the_server_and_is_not_repeated() {
    let workspace = Workspace::new();
    for bytes in [
        format!("Content-Length: 40\r\n\r\n{{\"{}", token("lsp")),
        format!("{}\r\n\r\n", token("lsp")),
        format!("Content-Length: 39\r\n\r\n\"{}\"", token("lsp")),
    ] {
        let mut client = Client::new(&workspace, modern());
        client.write(bytes.as_bytes());
        let (code, stderr) = client.end();
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains("sent an invalid message"), "{stderr}");
        assert!(!stderr.contains(&token("lsp")), "{stderr}");
    }
}

#[test]
fn a_request_that_is_cancelled_or_about_an_older_text_is_refused_at_once() {
    let workspace = Workspace::new();
    let mut capabilities = modern();
    capabilities["textDocument"]["diagnostic"] = json!({});
    let mut client = Client::new(&workspace, capabilities);
    let uri = file_uri(&workspace, "large.py");
    // Takes some seconds in a build without optimisation.
    let text = format!("x = login(token=\"{}\")\n", token("lsp")).repeat(20_000);
    client.open(&uri, "python", &text);
    let id = client.ask("textDocument/diagnostic", json!({"textDocument": {"uri": uri}}));
    client.notify("$/cancelRequest", json!({"id": id}));
    assert_eq!(client.answer(id)["error"]["code"], -32800);
    let id = client.ask("textDocument/diagnostic", json!({"textDocument": {"uri": uri}}));
    client.replace(&uri, 2, "");
    let error = client.answer(id)["error"].clone();
    assert_eq!(
        (&error["code"], &error["data"]["retriggerRequest"]),
        (&json!(-32802), &json!(true))
    );
    let report = client.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}}));
    assert_eq!(report["items"], json!([]));
    client.leave();
}
