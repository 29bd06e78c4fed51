//! Notebooks opened as notebook documents, cell by cell.

use super::client::{Client, applied, file_uri, modern};
use crate::support::{Workspace, token};
use serde_json::{Value, json};

const CELLS: [&str; 3] = ["vscode-notebook-cell:/n.ipynb#W0", "cell:1", "cell:2"];

fn item(uri: &str, language: &str, text: &str) -> Value {
    json!({"uri": uri, "languageId": language, "version": 1, "text": text})
}

/// Opens a notebook with a text cell, a cell with a token, and a cell that calls a shell.
fn open(client: &mut Client, uri: &str) -> [String; 3] {
    let texts = [
        "# Title ✓\n".to_string(),
        format!("from huggingface_hub import login\nx = '✓'; login(\"{}\")\n", token("lsp")),
        format!("!export HF_TOKEN={}", token("two")),
    ];
    let cells = [1, 2, 2].into_iter().zip(CELLS);
    let cells: Vec<Value> =
        cells.map(|(kind, uri)| json!({"kind": kind, "document": uri})).collect();
    let notebook = json!({
        "uri": uri, "notebookType": "jupyter-notebook", "version": 1, "cells": cells,
    });
    let documents: Vec<Value> = CELLS
        .iter()
        .zip(["markdown", "python", "python"])
        .zip(&texts)
        .map(|((uri, language), text)| item(uri, language, text))
        .collect();
    let params = json!({"notebookDocument": notebook, "cellTextDocuments": documents});
    client.notify("notebookDocument/didOpen", params);
    texts
}

#[test]
fn a_finding_in_a_cell_is_shown_and_fixed_there() {
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "n.ipynb");
    let texts = open(&mut client, &uri);
    assert_eq!(client.published(CELLS[0], 1), [] as [Value; 0]);
    let found = client.published(CELLS[1], 1);
    let start = json!({"line": 1, "character": 16});
    assert_eq!((found.len(), &found[0]["range"]["start"]), (1, &start));
    assert_eq!(client.published(CELLS[2], 1).len(), 1);
    let actions = client.actions(CELLS[1], &found[0]);
    let fix = actions.iter().find(|one| one["edit"].is_object()).unwrap();
    let fixed = applied(fix, CELLS[1], &texts[1]);
    assert!(!fixed.contains(&token("lsp")), "{fixed}");
    let changes = json!([{"text": fixed}]);
    let text = json!({"document": {"uri": CELLS[1], "version": 2}, "changes": changes});
    let params = json!({
        "notebookDocument": {"uri": uri, "version": 2},
        "change": {"cells": {"textContent": [text]}},
    });
    client.notify("notebookDocument/didChange", params);
    assert_eq!(client.published(CELLS[1], 2), [] as [Value; 0]);
    client.leave();
}

#[test]
fn cells_come_and_go() {
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "n.ipynb");
    open(&mut client, &uri);
    assert_eq!(client.published(CELLS[2], 1).len(), 1);
    let new = format!("y = InferenceClient(token=\"{}\")", token("three"));
    let array = json!({"start": 1, "deleteCount": 2, "cells": [{"kind": 2, "document": "cell:9"}]});
    let structure = json!({
        "array": array,
        "didOpen": [item("cell:9", "python", &new)],
        "didClose": [{"uri": CELLS[1]}, {"uri": CELLS[2]}],
    });
    let params = json!({
        "notebookDocument": {"uri": uri, "version": 2}, "change": {"cells": {"structure": structure}},
    });
    client.notify("notebookDocument/didChange", params);
    assert_eq!(client.published("cell:9", 1).len(), 1);
    let params = json!({"notebookDocument": {"uri": uri}, "cellTextDocuments": []});
    client.notify("notebookDocument/didClose", params);
    loop {
        let last = client.next("textDocument/publishDiagnostics");
        if last["params"]["uri"] == "cell:9" {
            assert_eq!(last["params"]["diagnostics"], json!([]));
            break;
        }
    }
    client.leave();
}

#[test]
fn a_finding_in_a_cell_is_known_to_the_baseline_of_the_file_and_can_be_ignored() {
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "n.ipynb");
    let texts = open(&mut client, &uri);
    let found = client.published(CELLS[1], 1);
    let actions = client.actions(CELLS[1], &found[0]);
    let ignore = actions.iter().find(|one| one["title"].as_str().unwrap().contains("ignore `"));
    let silenced = applied(ignore.unwrap(), CELLS[1], &texts[1]);
    assert!(silenced.trim_end().ends_with("why it may stand here"), "{silenced}");
    let lines: Vec<Value> = texts[1].split_inclusive('\n').map(|line| json!(line)).collect();
    let cell = json!({"cell_type": "code", "metadata": {}, "source": lines, "outputs": []});
    let file = json!({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5});
    workspace.write_bytes("n.ipynb", file.to_string().as_bytes());
    assert_eq!(workspace.run(&["baseline", "create", "."]).code, Some(0));
    let baseline = json!({"textDocument": {"uri": file_uri(&workspace, ".hfscan-baseline.json")}});
    client.notify("textDocument/didSave", baseline);
    assert_eq!(client.published(CELLS[1], 1), [] as [Value; 0]);
    client.leave();
}

#[test]
fn all_cells_are_fixed_by_an_action_of_their_own_kind() {
    let text = format!("✓ Use `{}`", token("lsp"));
    let workspace = Workspace::new();
    let mut client = Client::new(&workspace, modern());
    let uri = file_uri(&workspace, "n.ipynb");
    let cells = json!([{"kind": 2, "document": CELLS[0]}, {"kind": 1, "document": CELLS[1]}]);
    let notebook =
        json!({"uri": uri, "notebookType": "jupyter-notebook", "version": 1, "cells": cells});
    let texts = [item(CELLS[0], "python", "import os"), item(CELLS[1], "markdown", &text)];
    let params = json!({"notebookDocument": notebook, "cellTextDocuments": texts});
    client.notify("notebookDocument/didOpen", params);
    assert_eq!(client.published(CELLS[1], 1).len(), 1);
    let place = json!({"line": 0, "character": 0});
    for (kind, count) in [("source.fixAll", 0), ("notebook.source.fixAll", 1)] {
        let params = json!({
            "textDocument": {"uri": CELLS[1]}, "range": {"start": place, "end": place},
            "context": {"diagnostics": [], "only": [kind]},
        });
        let actions = client.request("textDocument/codeAction", params);
        assert_eq!(actions.as_array().unwrap().len(), count, "{kind}: {actions}");
        if count > 0 {
            assert_eq!(applied(&actions[0], CELLS[1], &text), "✓ Use `<HF_TOKEN>`");
        }
    }
    client.leave();
}
