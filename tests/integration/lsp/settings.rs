//! Settings of the project, of the editor, and of an untrusted folder.

use super::client::{Client, file_uri, modern};
use crate::support::{Workspace, token};
use serde_json::{Value, json};

fn text() -> String {
    format!(
        "client = InferenceClient(token=\"{}\")\nmodel.push_to_hub(use_auth_token=True)\n",
        token("lsp"),
    )
}

fn codes(found: &[Value]) -> Vec<&str> {
    found.iter().map(|one| one["code"].as_str().unwrap()).collect()
}

#[test]
fn each_file_has_the_settings_of_its_own_folder() {
    let workspace = Workspace::new();
    workspace.write("one/.hfscan.toml", "min-severity = 'high'\n");
    workspace.write("two/.hfscan.toml", "select = ['deprecated-*']\n");
    let mut client = Client::new(&workspace, modern());
    let text = "model.push_to_hub(use_auth_token=True)\n";
    for (folder, count) in [("one/deep", 0), ("two", 1), ("three", 1)] {
        let uri = file_uri(&workspace, &format!("{folder}/a.py"));
        client.open(&uri, "python", text);
        assert_eq!(client.published(&uri, 1).len(), count, "{folder}");
    }
    // A change of the file takes effect at once.
    workspace.write("two/.hfscan.toml", "select = ['hf-*']\n");
    let uri = file_uri(&workspace, "two/a.py");
    let settings = file_uri(&workspace, "two/.hfscan.toml");
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": settings}}));
    assert_eq!(client.published(&uri, 1), [] as [Value; 0]);
    client.leave();
}

#[test]
fn a_change_of_a_file_that_the_settings_refer_to_counts() {
    let workspace = Workspace::new();
    workspace.write(".hfscan.toml", "extends = 'shared/team.toml'\nrules = ['shared/ours.toml']\n");
    workspace.write("shared/team.toml", "min-severity = 'low'\n");
    let rule = |word: &str| {
        format!(
            "[[rule]]\nid = 'ours'\ntitle = 'Ours'\nseverity = 'high'\nconfidence = 'high'\n\
             cwe = [798]\nwhy = 'It is ours.'\nreferences = []\npattern = ['{word}_(?<secret>[A-Za-z]{{34}})']\n"
        )
    };
    workspace.write("shared/ours.toml", &rule("first"));
    let uri = file_uri(&workspace, "a.py");
    let secret = token("lsp").split_off(3);
    let text = format!(
        "x = ['first_{secret}', 'second_{secret}']\nmodel.push_to_hub(use_auth_token=True)\n"
    );
    let mut client = Client::new(&workspace, modern());
    client.open(&uri, "python", &text);
    let places =
        |found: &[Value]| found.iter().map(|one| one["range"]["start"].clone()).collect::<Vec<_>>();
    let first = client.published(&uri, 1);
    assert_eq!(first.len(), 2, "{first:?}");
    // The server gets no notification: the next scan detects the change.
    workspace.write("shared/ours.toml", &rule("second"));
    client.replace(&uri, 2, &text);
    let second = client.published(&uri, 2);
    assert_ne!(places(&first), places(&second));
    workspace.write("shared/team.toml", "min-severity = 'medium'\n");
    let team = file_uri(&workspace, "shared/team.toml");
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": team}}));
    let third = client.published(&uri, 2);
    assert_eq!(codes(&third), ["ours"]);
    client.leave();
}

#[test]
fn nothing_in_a_folder_that_is_not_trusted_changes_the_result() {
    let workspace = Workspace::new();
    workspace.write(".hfscan.toml", "ignore = ['*']\n");
    workspace.write("bad/.hfscan.toml", "no-such-setting = 1\n");
    let silenced = text().replacen('\n', "  # hfscan: ignore\n", 1);
    for (args, options) in [(&["--isolated"][..], json!({})), (&[], json!({"isolated": true}))] {
        let mut client = Client::with(&workspace, args, modern(), options);
        for path in ["a.py", "bad/a.py"] {
            let uri = file_uri(&workspace, path);
            client.open(&uri, "python", &silenced);
            let found = client.published(&uri, 1);
            assert_eq!(codes(&found)[0], "hardcoded-token-argument", "{path}");
            // No action is offered that would have no effect.
            let actions = client.actions(&uri, &found[0]);
            let titles: Vec<&str> =
                actions.iter().map(|one| one["title"].as_str().unwrap()).collect();
            assert!(titles.iter().all(|one| !one.contains("ignore") && !one.contains("allow")));
            assert!(!titles.is_empty());
        }
        assert!(!client.has("window/showMessage"));
        client.leave();
    }
}

#[test]
fn a_trusted_folder_stays_as_it_is_when_other_settings_change() {
    let workspace = Workspace::new();
    workspace.write(".hfscan.toml", "ignore = ['*']\n");
    let options = json!({"isolated": true});
    let mut client = Client::with(&workspace, &[], modern(), options);
    let uri = file_uri(&workspace, "a.py");
    client.open(&uri, "python", &text());
    assert_eq!(client.published(&uri, 1).len(), 2);
    let settings = json!({"settings": {"hfscan": {"minSeverity": "high"}}});
    client.notify("workspace/didChangeConfiguration", settings);
    assert_eq!(client.published(&uri, 1).len(), 1);
    let settings = json!({"settings": {"hfscan": {"isolated": false}}});
    client.notify("workspace/didChangeConfiguration", settings);
    assert_eq!(client.published(&uri, 1), [] as [Value; 0]);
    client.leave();
}

#[test]
fn settings_that_cannot_be_used_are_told_once_and_without_secrets() {
    let workspace = Workspace::new();
    workspace.write(".hfscan.toml", "ignore = ['{{alpha:34}}']\n\"hf_{{alpha:34:lsp}}\" = 1\n");
    let mut client = Client::new(&workspace, modern());
    for path in ["a.py", "b.py"] {
        let uri = file_uri(&workspace, path);
        client.open(&uri, "python", &text());
        assert!(!client.published(&uri, 1).is_empty(), "the defaults apply");
    }
    let message = client.next("window/showMessage");
    assert!(message["params"]["message"].as_str().unwrap().contains(".hfscan.toml:"), "{message}");
    assert!(!client.has("window/showMessage"));
    client.leave();
}

#[test]
fn the_editor_is_asked_for_its_settings() {
    let workspace = Workspace::new();
    let mut capabilities = modern();
    capabilities["workspace"]["configuration"] = true.into();
    let mut client = Client::new(&workspace, capabilities);
    let request = client.next("workspace/configuration");
    assert_eq!(request["params"]["items"], json!([{"section": "hfscan"}]));
    let settings = json!({"enable": true, "ignore": ["hardcoded-*"], "run": "never"});
    client.reply(&request["id"], json!([settings]));
    let message = client.next("window/showMessage");
    assert_eq!(message["params"]["message"], "hfscan: the setting `hfscan.run` is invalid");
    let uri = file_uri(&workspace, "a.py");
    client.open(&uri, "python", &text());
    let found = client.published(&uri, 1);
    assert!(!codes(&found).contains(&"hardcoded-token-argument"), "{found:?}");
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    let request = client.next("workspace/configuration");
    client.reply(&request["id"], json!([{"enable": false}]));
    assert_eq!(client.published(&uri, 1), [] as [Value; 0]);
    client.leave();
}

#[test]
fn a_document_can_be_scanned_only_when_it_is_saved() {
    let workspace = Workspace::new();
    let options = json!({"run": "onSave"});
    let mut client = Client::with(&workspace, &[], modern(), options);
    let uri = file_uri(&workspace, "a.py");
    client.open(&uri, "python", "x = 1\n");
    assert_eq!(client.published(&uri, 1), [] as [Value; 0]);
    client.replace(&uri, 2, "x = 2\n");
    client.replace(&uri, 3, &text());
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": uri}}));
    assert!(!client.published(&uri, 3).is_empty());
    client.leave();
}

#[test]
fn what_is_ignored_can_be_shown() {
    let workspace = Workspace::new();
    let options = json!({"showIgnored": true});
    let mut client = Client::with(&workspace, &[], modern(), options);
    let uri = file_uri(&workspace, "a.py");
    let line = format!("login(token=\"{}\")  # hfscan: ignore for a test\n", token("lsp"));
    client.open(&uri, "python", &line);
    let found = client.published(&uri, 1);
    assert_eq!(
        (found.len(), &found[0]["severity"], &found[0]["tags"]),
        (1, &json!(4), &json!([1]))
    );
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.starts_with("ignored, `hfscan: ignore` on line 1: for a test: "), "{message}");
    client.leave();
}

#[test]
fn the_files_of_settings_are_watched() {
    let workspace = Workspace::new();
    let mut capabilities = modern();
    capabilities["workspace"]["didChangeWatchedFiles"] = json!({"dynamicRegistration": true});
    let mut client = Client::new(&workspace, capabilities);
    let request = client.next("client/registerCapability");
    let registration = &request["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    assert!(registration.to_string().contains("**/.hfscan-baseline.json"));
    client.reply(&request["id"], Value::Null);
    let uri = file_uri(&workspace, "a.py");
    client.open(&uri, "python", &text());
    assert!(!client.published(&uri, 1).is_empty());
    workspace.write(".hfscan.toml", "ignore = ['*']\n");
    let settings = file_uri(&workspace, ".hfscan.toml");
    let changes = json!({"changes": [{"uri": settings, "type": 1}]});
    client.notify("workspace/didChangeWatchedFiles", changes);
    assert_eq!(client.published(&uri, 1), [] as [Value; 0]);
    client.leave();
}
