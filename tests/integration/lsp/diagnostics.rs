//! Findings in open documents.

use super::client::{Client, file_uri, modern};
use crate::support::{Workspace, token};
use serde_json::{Value, json};

fn text() -> String {
    format!("# ✓ 😀\nx = \"✓😀\"; client = InferenceClient(token=\"{}\")\n", token("lsp"))
}

fn with_encoding(encoding: &str) -> Value {
    let mut capabilities = modern();
    capabilities["general"]["positionEncodings"] = json!([encoding]);
    capabilities
}

#[test]
fn a_diagnostic_stands_at_the_secret_in_each_encoding() {
    let workspace = Workspace::new();
    for (encoding, start) in [("utf-8", 47), ("utf-16", 43), ("utf-32", 42)] {
        let mut client = Client::new(&workspace, with_encoding(encoding));
        let uri = file_uri(&workspace, "app.py");
        client.open(&uri, "python", &text());
        let found = client.published(&uri, 1);
        assert_eq!(found.len(), 1, "{found:?}");
        let range = json!({
            "start": {"line": 1, "character": start}, "end": {"line": 1, "character": start + 37},
        });
        assert_eq!(found[0]["range"], range, "{encoding}");
        assert_eq!(found[0]["severity"], 1);
        assert_eq!(found[0]["code"], "hardcoded-token-argument");
        assert_eq!(found[0]["source"], "hfscan");
        assert!(found[0]["codeDescription"]["href"].as_str().unwrap().starts_with("https://"));
        assert!(found[0]["message"].as_str().unwrap().starts_with("Hard-coded Hugging Face token"));
        assert_eq!(client.leave(), (Some(0), String::new()));
    }
}

#[test]
fn a_client_that_asks_for_diagnostics_is_not_sent_any() {
    let workspace = Workspace::new();
    let mut capabilities = modern();
    capabilities["textDocument"]["diagnostic"] = json!({"dynamicRegistration": true});
    let mut client = Client::new(&workspace, capabilities);
    assert_eq!(client.capabilities["diagnosticProvider"]["identifier"], "hfscan");
    let uri = file_uri(&workspace, "app.py");
    client.open(&uri, "python", &text());
    let id = json!({"textDocument": {"uri": uri}});
    let report = client.request("textDocument/diagnostic", id.clone());
    assert_eq!(report["kind"], "full");
    assert_eq!(report["items"].as_array().unwrap().len(), 1);
    client.replace(&uri, 2, "x = 1\n");
    let report = client.request("textDocument/diagnostic", id);
    assert_eq!(report["items"], json!([]));
    assert!(!client.has("textDocument/publishDiagnostics"));
    client.leave();
}

#[test]
fn closing_a_document_takes_its_diagnostics_back() {
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "app.py");
    client.open(&uri, "python", &text());
    assert_eq!(client.published(&uri, 1).len(), 1);
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    let last = client.next("textDocument/publishDiagnostics");
    assert_eq!(last["params"]["diagnostics"], json!([]));
    client.leave();
}

#[test]
fn untitled_documents_are_scanned_and_those_of_other_schemes_are_not() {
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    let text = text();
    for (uri, count) in [
        ("untitled:Untitled-1", 1),
        ("git:/app.py?%7B%7D", 0),
        ("output:log", 0),
        ("file://elsewhere/share/app.py", 0),
        ("not an address", 0),
    ] {
        client.open(uri, "python", &text);
        assert_eq!(client.published(uri, 1).len(), count, "{uri}");
    }
    client.leave();
}

#[test]
fn an_address_may_be_written_in_other_ways() {
    let workspace = Workspace::new();
    workspace.write(".hfscan.toml", "exclude = ['c: d/**']\n");
    let mut client = Client::new(&workspace, modern());
    let folder = file_uri(&workspace, "");
    for path in ["c%3A%20d/a.py", "c:%20d/a.py", "c%3a d/a.py"] {
        let uri = format!("{folder}/{path}").replace("//c", "/c");
        client.open(&uri, "python", &text());
        assert_eq!(client.published(&uri, 1), [] as [Value; 0], "{uri}");
    }
    client.leave();
}

#[test]
fn a_file_that_a_scan_of_the_project_leaves_out_has_no_diagnostics() {
    let workspace = Workspace::new();
    workspace.git(&["init", "-q"]);
    workspace.write(".hfscan.toml", "exclude = ['vendor/**']\n");
    workspace.write(".gitignore", ".env\n/out/\n");
    workspace.write("out/kept.py", "");
    workspace.git(&["add", "-f", "out/kept.py"]);
    let mut client = Client::new(&workspace, modern());
    for (path, count) in
        [(".env", 0), ("out/a.py", 0), ("out/kept.py", 1), ("vendor/a.py", 0), ("a.py", 1)]
    {
        let uri = file_uri(&workspace, path);
        client.open(&uri, "python", &text());
        assert_eq!(client.published(&uri, 1).len(), count, "{path}");
    }
    client.leave();
}

#[test]
fn the_other_places_of_a_secret_are_told() {
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "app.py");
    let token = token("lsp");
    client.open(&uri, "python", &format!("a = login(token=\"{token}\")\n\n# {token}\n"));
    let found = client.published(&uri, 1);
    let related = &found[0]["relatedInformation"];
    assert_eq!(related[0]["location"]["uri"], uri.as_str());
    assert_eq!(related[0]["location"]["range"]["start"], json!({"line": 2, "character": 2}));
    client.leave();
}

#[test]
fn a_mistake_in_an_ignore_comment_is_a_diagnostic() {
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "app.py");
    client.open(&uri, "python", "é = 1  # hfscan: ignore[hf-no-such] why\n");
    let found = client.published(&uri, 1);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["code"], "ignore-comment");
    assert_eq!(found[0]["range"]["start"], json!({"line": 0, "character": 9}));
    client.leave();
}

#[test]
fn after_random_edits_the_diagnostics_are_those_of_the_same_text_opened_anew() {
    const PIECES: [&str; 8] = ["a", "\n", "\r\n", "é", "😀", "\t", "# x\n", "✓ "];
    let workspace = Workspace::new();
    for (seed, encoding) in ["utf-8", "utf-16", "utf-32"].into_iter().enumerate() {
        let mut random = fastrand::Rng::with_seed(seed as u64);
        let mut client = Client::new(&workspace, with_encoding(encoding));
        let uri = file_uri(&workspace, "app.py");
        let mut text: Vec<char> = text().repeat(3).chars().collect();
        client.open(&uri, "python", &text.iter().collect::<String>());
        let mut version = 1;
        for round in 0..10 {
            let edits: Vec<Value> = (0..50)
                .map(|_| {
                    let at = outside(&text, random.usize(..=text.len()));
                    let end = outside(&text, (at + random.usize(..2)).min(text.len()));
                    let new = PIECES[random.usize(..PIECES.len())];
                    let range = json!({
                        "start": position(&text, at, encoding), "end": position(&text, end, encoding),
                    });
                    text.splice(at..end, new.chars());
                    json!({"range": range, "text": new})
                })
                .collect();
            let fresh: String = super::diagnostics::text();
            let end = position(&text, text.len(), encoding);
            let last = json!({"range": {"start": end, "end": end}, "text": format!("\n{fresh}")});
            text.push('\n');
            text.extend(fresh.chars());
            version += 1;
            let changes: Vec<Value> = edits.into_iter().chain([last]).collect();
            let id = json!({"uri": uri, "version": version});
            client.notify(
                "textDocument/didChange",
                json!({"textDocument": id, "contentChanges": changes}),
            );
            let own = client.published(&uri, version);
            let other = file_uri(&workspace, &format!("new{round}.py"));
            client.open(&other, "python", &text.iter().collect::<String>());
            let expected = client.published(&other, 1);
            let places = |list: &[Value]| -> Vec<Value> {
                list.iter().map(|one| json!([one["range"], one["code"]])).collect()
            };
            assert!(!expected.is_empty());
            assert_eq!(places(&own), places(&expected), "{encoding}, round {round}");
        }
        client.leave();
    }
}

/// The offset itself, or the next one if it is inside `\r\n`, which has no position.
fn outside(text: &[char], at: usize) -> usize {
    let is_inside = at > 0 && text[at - 1] == '\r' && text.get(at) == Some(&'\n');
    at + usize::from(is_inside)
}

/// The position before a character of a text.
fn position(text: &[char], at: usize, encoding: &str) -> Value {
    let is_end = |(index, one): (usize, &char)| {
        *one == '\n' || *one == '\r' && text.get(index + 1) != Some(&'\n')
    };
    let line = text[..at].iter().enumerate().filter(|one| is_end(*one)).count();
    let start =
        (0..at).rev().find(|index| is_end((*index, &text[*index]))).map_or(0, |end| end + 1);
    let units = text[start..at].iter().map(|one| match encoding {
        "utf-8" => one.len_utf8(),
        "utf-16" => one.len_utf16(),
        _ => 1,
    });
    json!({"line": line, "character": units.sum::<usize>()})
}
