//! Code actions for findings in an editor.

use super::client::{Client, applied, file_uri, modern};
use crate::support::{Workspace, token};
use serde_json::{Value, json};

fn titled<'a>(actions: &'a [Value], words: &str) -> &'a Value {
    let found = actions.iter().find(|one| one["title"].as_str().unwrap().contains(words));
    found.unwrap_or_else(|| panic!("no {words:?} in {actions:#?}"))
}

/// A repository whose last commit contains the file.
fn committed(path: &str, text: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.git(&["init", "-q"]);
    workspace.write_bytes(path, text.as_bytes());
    workspace.git(&["add", "."]);
    workspace.git(&["commit", "-q", "-m", "a"]);
    workspace
}

#[test]
fn a_finding_is_shown_explained_and_fixed() {
    let text = format!("# ✓ 😀\r\nx = 1; InferenceClient(token=\"{}\")\r\n", token("lsp"));
    let workspace = committed("app.py", &text);
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "app.py");
    client.open(&uri, "python", &text);
    let found = client.published(&uri, 1);
    let params = json!({
        "textDocument": {"uri": uri}, "position": {"line": 1, "character": 40},
    });
    let hover = client.request("textDocument/hover", params);
    assert_eq!(hover["range"], found[0]["range"]);
    let page = hover["contents"]["value"].as_str().unwrap();
    for words in
        ["Hard-coded Hugging Face token", "## hardcoded-token-argument", "Read on: <https://"]
    {
        assert!(page.contains(words), "{page}");
    }
    let actions = client.actions(&uri, &found[0]);
    let fix = actions.iter().find(|one| one["isPreferred"] == true).expect("a safe fix");
    assert_eq!(fix["kind"], "quickfix");
    assert_eq!(fix["diagnostics"], json!([found[0]]));
    let fixed = applied(fix, &uri, &text);
    assert_eq!(fixed, "# ✓ 😀\r\nx = 1; InferenceClient()\r\n");
    client.replace(&uri, 2, &fixed);
    assert_eq!(client.published(&uri, 2), [] as [Value; 0]);
    assert_eq!(client.leave(), (Some(0), String::new()));
}

#[test]
fn a_secret_that_no_commit_has_is_not_thrown_away_unasked() {
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "app.py");
    let text = format!("InferenceClient(token=\"{}\")\n", token("lsp"));
    client.open(&uri, "python", &text);
    let found = client.published(&uri, 1);
    let actions = client.actions(&uri, &found[0]);
    titled(&actions, "save the secret first");
    // The requests of VS Code before it saves, and on a user's command.
    for (kind, is_fixed) in [(2, false), (1, true)] {
        let params = json!({
            "textDocument": {"uri": uri}, "range": found[0]["range"],
            "context": {"diagnostics": [], "only": ["source.fixAll"], "triggerKind": kind},
        });
        let actions = client.request("textDocument/codeAction", params);
        let has_edit = actions.as_array().unwrap().iter().any(|one| one.get("edit").is_some());
        assert_eq!(has_edit, is_fixed, "{actions}");
    }
    client.leave();
}

#[test]
fn all_that_is_safe_is_fixed_at_once_and_other_secrets_are_not_in_the_edit() {
    let text = format!(
        "a = InferenceClient(token=\"{0}\"); b = InferenceClient(token=\"{0}\")\n\
         password = \"é\"\nc = HfApi(token=\"{0}\")\n",
        token("lsp"),
    );
    let workspace = committed("app.py", &text);
    let mut capabilities = modern();
    capabilities["textDocument"]["codeAction"]["resolveSupport"] = json!({"properties": ["edit"]});
    capabilities["textDocument"]["codeAction"]["dataSupport"] = true.into();
    let mut client = Client::new(&workspace, capabilities);
    let uri = file_uri(&workspace, "app.py");
    client.open(&uri, "python", &text);
    client.published(&uri, 1);
    let place = json!({"line": 0, "character": 0});
    let params = json!({
        "textDocument": {"uri": uri}, "range": {"start": place, "end": place},
        "context": {"diagnostics": [], "only": ["source.fixAll.hfscan"]},
    });
    let actions = client.request("textDocument/codeAction", params);
    let action = actions[0].clone();
    assert_eq!((&action["kind"], action.get("edit")), (&json!("source.fixAll.hfscan"), None));
    let resolved = client.request("codeAction/resolve", action.clone());
    let fixed = applied(&resolved, &uri, &text);
    let expected = "a = InferenceClient(); b = InferenceClient()\npassword = \"é\"\nc = HfApi()\n";
    assert_eq!(fixed, expected);
    client.replace(&uri, 2, &fixed);
    assert_eq!(client.refusal("codeAction/resolve", action), -32801);
    client.leave();
}

#[test]
fn a_comment_silences_a_finding_wherever_its_language_allows_one() {
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    let secret = token("lsp");
    for (path, text, line) in [
        ("a.py", "x = login(token=\"§\")\n", "x = login(token=\"§\")  # hfscan: ignore["),
        ("b.py", "x = '''\nlogin §\n'''\n", ""),
        ("a.js", "const t = \"§\";\n", "const t = \"§\";  // hfscan: ignore["),
        ("a.sql", "SET hf = '§';\n", "SET hf = '§';  -- hfscan: ignore["),
        ("a.sh", "export HF_TOKEN=§\r\n", "export HF_TOKEN=§  # hfscan: ignore["),
        (
            "b.sh",
            "curl -H \"Authorization: Bearer §\" \\\n  -X POST\n",
            "# hfscan: ignore-next-line[",
        ),
        ("a.yaml", "a:\n  - token: §\n", "  - token: §  # hfscan: ignore["),
        ("a.toml", "token = \"§\"\n", "token = \"§\"  # hfscan: ignore["),
        ("Dockerfile", "FROM a\nENV HF_TOKEN=§\n", "# hfscan: ignore-next-line["),
        ("a.env", "HF_TOKEN=§\n", "# hfscan: ignore-next-line["),
        ("a.ini", "[a]\ntoken = §\n", "# hfscan: ignore-next-line["),
        ("a.tf", "token = \"§\"\n", "token = \"§\"  # hfscan: ignore["),
        ("a.xml", "<a token=\"§\"/>\n", "<a token=\"§\"/>  <!-- hfscan: ignore["),
        ("a.ps1", "$env:HF_TOKEN = \"§\"\n", "$env:HF_TOKEN = \"§\"  # hfscan: ignore["),
        ("a.bat", "set HF_TOKEN=§\r\n", "rem hfscan: ignore-next-line["),
        ("Makefile", "HF_TOKEN = §\n", "# hfscan: ignore-next-line["),
        ("a.rs", "let token = \"§\";\n", "let token = \"§\";  // hfscan: ignore["),
        ("a.R", "hf_token <- \"§\"\n", "hf_token <- \"§\"  # hfscan: ignore["),
    ] {
        let text = text.replace("§", &secret);
        let uri = file_uri(&workspace, path);
        client.open(&uri, "", &text);
        let found = client.published(&uri, 1);
        assert!(!found.is_empty(), "{path}");
        let actions = client.actions(&uri, &found[0]);
        let ignore = actions.iter().find(|one| one["title"].as_str().unwrap().contains("ignore `"));
        let Some(ignore) = ignore else {
            assert_eq!(line, "", "{path}: {actions:#?}");
            titled(&actions, "baseline");
            continue;
        };
        let silenced = applied(ignore, &uri, &text);
        let line = line.replace("§", &secret);
        assert!(silenced.lines().any(|one| one.starts_with(&line)), "{path}: {silenced}");
        assert_eq!(silenced.contains("\r\n"), text.contains("\r\n"), "{path}");
        client.replace(&uri, 2, &silenced);
        let left = client.published(&uri, 2);
        assert_eq!(left.len(), found.len() - 1, "{path}: {left:?}");
    }
    client.leave();
}

#[test]
fn the_reason_is_left_for_the_user_to_write() {
    let workspace = Workspace::new();
    let mut capabilities = modern();
    capabilities["workspace"]["workspaceEdit"]["snippetEditSupport"] = true.into();
    let mut client = Client::new(&workspace, capabilities);
    let uri = file_uri(&workspace, "app.py");
    client.open(&uri, "python", &format!("login(token=\"{}\")\n", token("lsp")));
    let found = client.published(&uri, 1);
    let actions = client.actions(&uri, &found[0]);
    let edit = &titled(&actions, "ignore `")["edit"]["documentChanges"][0]["edits"][0];
    let snippet = edit["snippet"]["value"].as_str().unwrap();
    let expected = "  # hfscan: ignore[hardcoded-login-token] ${1:why it may stand here}";
    assert_eq!(snippet, expected);
    client.leave();
}

#[test]
fn what_has_no_comments_is_added_to_the_baseline() {
    let text = format!("{{\"hf_token\": \"{}\"}}\n", token("lsp"));
    let workspace = committed("a.json", &text);
    workspace.write("b.json", "{\"hf_token\": \"hf_{{alpha:34:two}}\"}\n");
    assert_eq!(workspace.run(&["baseline", "create", "b.json"]).code, Some(0));
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "a.json");
    client.open(&uri, "json", &text);
    let found = client.published(&uri, 1);
    let actions = client.actions(&uri, &found[0]);
    let action = titled(&actions, "baseline");
    let baseline = ".hfscan-baseline.json";
    let old = std::fs::read_to_string(workspace.path(baseline)).unwrap();
    let new = applied(action, &file_uri(&workspace, baseline), &old);
    workspace.write_bytes(baseline, new.as_bytes());
    // Both the editor and a scan apply the content of the file.
    let saved = json!({"textDocument": {"uri": file_uri(&workspace, baseline)}});
    client.notify("textDocument/didSave", saved);
    assert_eq!(client.published(&uri, 1).len(), found.len() - 1);
    assert_eq!(workspace.run(&["--ignore", "token-reused"]).code, Some(0));
    client.leave();
}

#[test]
fn a_secret_is_allowed_by_its_digest_in_the_configuration() {
    let text = format!("{{\"hf_token\": \"{}\"}}\n", token("lsp"));
    let workspace = committed("a.json", &text);
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "a.json");
    client.open(&uri, "json", &text);
    let found = client.published(&uri, 1);
    let actions = client.actions(&uri, &found[0]);
    let action = titled(&actions, "SHA-256 in .hfscan.toml");
    let made = &action["edit"]["documentChanges"][0];
    let settings = file_uri(&workspace, ".hfscan.toml");
    assert_eq!((&made["kind"], &made["uri"]), (&json!("create"), &json!(settings)));
    let new = applied(action, &settings, "");
    assert!(new.starts_with("[allow]\nsha256 = [\""), "{new}");
    workspace.write_bytes(".hfscan.toml", new.as_bytes());
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": settings}}));
    assert_eq!(client.published(&uri, 1), [] as [Value; 0]);
    assert_eq!(workspace.run(&[]).code, Some(0));
    client.leave();
}

#[test]
fn the_digest_of_a_secret_that_could_be_guessed_is_not_offered() {
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "a.py");
    workspace.write(
        "a.py",
        "engine = create_engine(\"postgresql+psycopg://app:{{alnum:16}}@db.acme-prod.net/app\")\n",
    );
    client.open(&uri, "python", &std::fs::read_to_string(workspace.path("a.py")).unwrap());
    let found = client.published(&uri, 1);
    assert!(!found.is_empty());
    let actions = client.actions(&uri, &found[0]);
    assert!(actions.iter().all(|one| !one["title"].as_str().unwrap().contains("SHA-256")));
    client.leave();
}

#[test]
fn the_page_to_revoke_a_token_is_opened_by_the_client() {
    let workspace = Workspace::new();
    for shows in [true, false] {
        let mut capabilities = modern();
        capabilities["window"]["showDocument"]["support"] = shows.into();
        let mut client = Client::new(&workspace, capabilities);
        let uri = file_uri(&workspace, "app.py");
        client.open(&uri, "python", &format!("login(token=\"{}\")\n", token("lsp")));
        let found = client.published(&uri, 1);
        let actions = client.actions(&uri, &found[0]);
        let command = titled(&actions, "to revoke it")["command"].clone();
        let address = "https://huggingface.co/settings/tokens";
        assert_eq!(command["arguments"], json!([address]));
        let params = json!({"command": command["command"], "arguments": command["arguments"]});
        client.request("workspace/executeCommand", params);
        if shows {
            let request = client.next("window/showDocument");
            assert_eq!(request["params"], json!({"uri": address, "external": true}));
            client.reply(&request["id"], json!({"success": true}));
        } else {
            let message = client.next("window/showMessage");
            assert!(message["params"]["message"].as_str().unwrap().contains(address));
        }
        let other = json!({"command": command["command"], "arguments": ["file:///etc/passwd"]});
        assert_eq!(client.refusal("workspace/executeCommand", other), -32602);
        client.leave();
    }
}

#[test]
fn a_file_that_is_to_be_ignored_by_git_is_added_to_the_ignore_file_as_it_is_in_the_editor() {
    let workspace = Workspace::new();
    workspace.git(&["init", "-q"]);
    workspace.write(".gitignore", "*.log");
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, ".env");
    let ignore = file_uri(&workspace, ".gitignore");
    let text = format!("HF_TOKEN={}\n", token("lsp"));
    client.open(&uri, "dotenv", &text);
    let found = client.published(&uri, 1);
    for (is_open, old) in [(false, "*.log"), (true, "*.log\n*.tmp\n")] {
        if is_open {
            client.open(&ignore, "ignore", old);
        }
        let actions = client.actions(&uri, &found[0]);
        let has_file = |one: &&Value| {
            let edits = one["edit"]["documentChanges"].as_array();
            edits.is_some_and(|list| list.iter().any(|one| one["textDocument"]["uri"] == ignore))
        };
        let action = actions.iter().find(has_file).unwrap_or_else(|| panic!("{actions:#?}"));
        let new = applied(action, &ignore, old);
        assert_eq!(new, format!("{}\n.env\n.env.*\n!.env.example\n", old.trim_end()));
    }
    client.leave();
}

#[test]
fn a_rule_is_explained_where_a_comment_or_a_setting_names_it() {
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    for (path, text, character, is_shown) in [
        ("a.py", "x = 1  # hfscan: ignore[hf-user-access-token] why", 30, true),
        ("a.py", "x = 1  # noqa: hf-user-access-token", 30, false),
        (".hfscan.toml", "ignore = ['hf-user-access-token']", 12, true),
        ("a.py", "é  # hfscan: ignore[hf-no-rule] why", 22, false),
    ] {
        let uri = file_uri(&workspace, path);
        client.open(&uri, "", text);
        let place = json!({"line": 0, "character": character});
        let params = json!({"textDocument": {"uri": uri}, "position": place});
        let hover = client.request("textDocument/hover", params);
        let page = hover["contents"]["value"].as_str().unwrap_or_default();
        assert_eq!(page.starts_with("## hf-user-access-token"), is_shown, "{path}: {page}");
    }
    client.leave();
}
