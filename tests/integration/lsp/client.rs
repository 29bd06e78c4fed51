//! A client of the language server that runs the real program.

use crate::support::{Workspace, token};
use serde_json::{Value, json};
use std::{
    cell::RefCell,
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

/// Maximum time for an answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The labels of the tokens that tests plant: none of these tokens may be in any message of the
/// server.
pub const LABELS: [&str; 8] = ["lsp", "two", "three", "four", "five", "six", "seven", "eight"];

/// A client with one server.
pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Messages that arrived before the expected one.
    early: RefCell<Vec<Value>>,
    last_id: i32,
    /// The result of `initialize`.
    pub capabilities: Value,
}

/// The capabilities of clients such as VS Code, without `diagnostic`, so that diagnostics are
/// pushed.
pub fn modern() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-16"]},
        "workspace": {
            "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create", "delete"]},
            "configuration": false,
        },
        "textDocument": {"codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}},
        }},
        "window": {"showDocument": {"support": true}},
    })
}

impl Client {
    /// A client with the folder of a workspace open.
    pub fn new(workspace: &Workspace, capabilities: Value) -> Self {
        Self::with(workspace, &[], capabilities, json!({}))
    }

    /// The same client, with arguments for the program and options for `initialize`.
    pub fn with(workspace: &Workspace, args: &[&str], capabilities: Value, options: Value) -> Self {
        let mut client = Self::unborn(workspace, args);
        let folder = json!({"uri": file_uri(workspace, ""), "name": "tree"});
        let result = client.request(
            "initialize",
            json!({
                "processId": null, "rootUri": null, "capabilities": capabilities,
                "workspaceFolders": [folder], "initializationOptions": options,
            }),
        );
        client.capabilities = result["capabilities"].clone();
        client.notify("initialized", json!({}));
        client
    }

    /// A client whose server is not initialized.
    pub fn unborn(workspace: &Workspace, args: &[&str]) -> Self {
        let mut command = workspace.command(&[&["lsp"], args].concat());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(text) = message(&mut stdout) {
                for label in LABELS {
                    assert!(!text.contains(&token(label)), "a secret in {text}");
                }
                if sender.send(serde_json::from_str(&text).unwrap()).is_err() {
                    break;
                }
            }
        });
        let early = RefCell::default();
        Self { child, stdin, messages, early, last_id: 0, capabilities: Value::Null }
    }

    /// Sends bytes.
    pub fn write(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = "2.0".into();
        let text = message.to_string();
        self.write(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"method": method, "params": params}));
    }

    /// Sends a request, and returns its id.
    pub fn ask(&mut self, method: &str, params: Value) -> i32 {
        self.last_id += 1;
        self.send(json!({"id": self.last_id, "method": method, "params": params}));
        self.last_id
    }

    /// Answers a request from the server.
    pub fn reply(&mut self, id: &Value, result: Value) {
        self.send(json!({"id": id, "result": result}));
    }

    /// Sends a request, and returns its result.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The code of the error with which a request is rejected.
    pub fn refusal(&mut self, method: &str, params: Value) -> i64 {
        let id = self.ask(method, params);
        self.answer(id)["error"]["code"].as_i64().unwrap()
    }

    /// The response to a request.
    pub fn answer(&self, id: i32) -> Value {
        self.wait(|one| one["id"] == id && one.get("method").is_none())
    }

    /// The next message from the server with this method.
    pub fn next(&self, method: &str) -> Value {
        self.wait(|one| one["method"] == method)
    }

    /// `true` if a message with this method has arrived from the server.
    pub fn has(&self, method: &str) -> bool {
        self.early.borrow_mut().extend(self.messages.try_iter());
        self.early.borrow().iter().any(|one| one["method"] == method)
    }

    fn wait(&self, is_it: impl Fn(&Value) -> bool) -> Value {
        let early = self.early.borrow().iter().position(&is_it);
        if let Some(at) = early {
            return self.early.borrow_mut().remove(at);
        }
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("the server answers");
            if is_it(&message) {
                return message;
            }
            self.early.borrow_mut().push(message);
        }
    }

    /// The diagnostics published for a version of a document.
    pub fn published(&self, uri: &str, version: i64) -> Vec<Value> {
        let message = self.wait(|one| {
            one["method"] == "textDocument/publishDiagnostics"
                && one["params"]["uri"] == uri
                && one["params"]["version"] == version
        });
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    pub fn open(&mut self, uri: &str, language: &str, text: &str) {
        let item = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": item}));
    }

    /// Replaces the whole text.
    pub fn replace(&mut self, uri: &str, version: i64, text: &str) {
        let id = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": id, "contentChanges": [{"text": text}]});
        self.notify("textDocument/didChange", params);
    }

    /// The actions at a diagnostic.
    pub fn actions(&mut self, uri: &str, diagnostic: &Value) -> Vec<Value> {
        let params = json!({
            "textDocument": {"uri": uri}, "range": diagnostic["range"],
            "context": {"diagnostics": [diagnostic]},
        });
        let actions = self.request("textDocument/codeAction", params);
        let actions = actions.as_array().unwrap().clone();
        let known = &self.capabilities["executeCommandProvider"]["commands"];
        for command in actions.iter().filter_map(|action| action["command"]["command"].as_str()) {
            assert!(known.as_array().unwrap().contains(&command.into()), "{command}: {known}");
        }
        actions
    }

    /// Shuts the server down, and returns its status and its standard error.
    pub fn leave(mut self) -> (Option<i32>, String) {
        assert_eq!(self.request("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        self.end()
    }

    /// Closes the server's input, and returns its status and its standard error.
    pub fn end(mut self) -> (Option<i32>, String) {
        drop(self.stdin.take());
        let mut stderr = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (self.child.wait().unwrap().code(), stderr)
    }
}

/// The next message; `None` at the end.
fn message(stdout: &mut impl BufRead) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => length = header.strip_prefix("Content-Length: ")?.parse().ok()?,
        }
    }
    let mut bytes = vec![0; length];
    stdout.read_exact(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}

/// The address of a file of a workspace.
pub fn file_uri(workspace: &Workspace, path: &str) -> String {
    format!("file://{}", workspace.path(path).display())
}

/// The text after the edits of an action for a document, in UTF-16.
pub fn applied(action: &Value, uri: &str, text: &str) -> String {
    let changes = action["edit"]["documentChanges"].as_array().unwrap();
    let own = changes.iter().find(|one| one["textDocument"]["uri"] == uri);
    let edits = own.unwrap_or_else(|| panic!("{action}"))["edits"].as_array().unwrap();
    let mut spans: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let at = |end: &str| byte(text, &edit["range"][end]);
            (at("start"), at("end"), edit["newText"].as_str().unwrap())
        })
        .collect();
    // Of several edits at one position, the first must come first.
    spans.reverse();
    spans.sort_by_key(|one| std::cmp::Reverse((one.0, one.1)));
    let mut text = text.to_string();
    for (start, end, new) in spans {
        text.replace_range(start..end, new);
    }
    text
}

/// The byte at a position, in UTF-16.
fn byte(text: &str, position: &Value) -> usize {
    let (line, character) = (&position["line"], &position["character"]);
    let lines = text.split_inclusive('\n').take(line.as_u64().unwrap() as usize);
    let start: usize = lines.map(str::len).sum();
    let mut left = character.as_u64().unwrap() as usize;
    let rest = text[start..].chars().take_while(|one| {
        let has = left > 0;
        left = left.saturating_sub(one.len_utf16());
        has
    });
    start + rest.map(char::len_utf8).sum::<usize>()
}
