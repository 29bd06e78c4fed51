//! The texts of a call, each with the file name that selects its language.

use serde_json::{Map, Value};

/// The role of a text in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The user's prompt.
    Prompt,
    /// A shell command.
    Command,
    /// The new content of a file.
    Content,
    /// Any other input of a tool.
    Input,
    /// A tool's output, or a file that is read.
    Output,
}

/// A text of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its role.
    pub kind: Kind,
    /// The file name under which it is scanned.
    pub name: String,
    /// The text.
    pub text: String,
}

/// Input keys with a file name.
pub const FILE_KEYS: [&str; 8] = [
    "file_path",
    "filePath",
    "path",
    "notebook_path",
    "target_file",
    "absolute_path",
    "filename",
    "file",
];
/// Input keys with a shell command.
const COMMAND_KEYS: [&str; 3] = ["command", "cmd", "script"];
/// Input keys with the new content of a file.
const CONTENT_KEYS: [&str; 13] = [
    "content",
    "contents",
    "new_string",
    "newString",
    "new_str",
    "newText",
    "new_source",
    "file_text",
    "fileText",
    "insert_text",
    "code_edit",
    "code",
    "text",
];
/// Input keys with text to remove from a file. Not scanned: a model must quote a credential to
/// remove it.
const REMOVED_KEYS: [&str; 5] = ["old_string", "oldString", "old_str", "oldText", "old_source"];

impl Passage {
    /// The texts of a tool's input.
    pub fn of_input(input: &Value) -> Vec<Self> {
        let mut found = Vec::new();
        let mut rest = input.clone();
        take_known(&mut rest, "", None, &mut found);
        found.extend(Self::of_rest(Kind::Input, &rest));
        found
    }

    /// The texts of a tool's output, under the name of `file` if the tool read one.
    pub fn of_output(output: &Value, file: Option<&str>) -> Vec<Self> {
        let name = file.unwrap_or("output.txt");
        let mut found = Vec::new();
        let mut rest = output.clone();
        take_texts(&mut rest, name, &mut found);
        found.extend(Self::of_rest(Kind::Output, &rest));
        found
    }

    /// The remaining value as JSON: keys identify short texts.
    fn of_rest(kind: Kind, rest: &Value) -> Option<Self> {
        let is_empty = match rest {
            Value::Object(map) => map.is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::String(text) => text.is_empty(),
            _ => true,
        };
        let name = "call.json".to_string();
        (!is_empty).then(|| Self { kind, name, text: rest.to_string() })
    }
}

/// The file that an input names in one of its keys.
pub fn file_of(input: &Map<String, Value>) -> Option<&str> {
    FILE_KEYS.iter().find_map(|key| input.get(*key)?.as_str()).filter(|file| !file.is_empty())
}

/// Extracts commands and file contents from an input, and drops removed text.
fn take_known(value: &mut Value, key: &str, file: Option<&str>, found: &mut Vec<Passage>) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !REMOVED_KEYS.contains(&key.as_str()));
            let own = file_of(map).map(str::to_string);
            let file = own.as_deref().or(file);
            map.iter_mut().for_each(|(key, value)| take_known(value, key, file, found));
        }
        Value::Array(words) if COMMAND_KEYS.contains(&key) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            let text = added_by_patch(&words.join(" "));
            found.push(Passage { kind: Kind::Command, name: "command.sh".into(), text });
            *value = Value::Null;
        }
        Value::Array(list) => list.iter_mut().for_each(|one| take_known(one, key, file, found)),
        Value::String(text) => {
            let (kind, name) = if COMMAND_KEYS.contains(&key) {
                (Kind::Command, "command.sh".into())
            } else if let Some(file) = file.filter(|_| CONTENT_KEYS.contains(&key)) {
                // A cell is scanned on its own, not as a notebook.
                let is_cell = key == "new_source" && file.ends_with(".ipynb");
                (Kind::Content, if is_cell { "cell.py".into() } else { file.to_string() })
            } else {
                *text = added_by_patch(text);
                return;
            };
            found.push(Passage { kind, name, text: added_by_patch(text) });
            *value = Value::Null;
        }
        _ => {}
    }
}

/// Extracts texts of more than one line from an output.
fn take_texts(value: &mut Value, name: &str, found: &mut Vec<Passage>) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(|one| take_texts(one, name, found));
        }
        Value::Array(list) => list.iter_mut().for_each(|one| take_texts(one, name, found)),
        Value::String(text) if text.contains('\n') || !name.ends_with(".txt") => {
            let text = std::mem::take(text);
            found.push(Passage { kind: Kind::Output, name: name.to_string(), text });
        }
        _ => {}
    }
}

/// A text without the lines that a patch in it removes.
fn added_by_patch(text: &str) -> String {
    if !text.contains("*** Begin Patch") {
        return text.to_string();
    }
    let mut is_patch = false;
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        is_patch =
            (is_patch || line.contains("*** Begin Patch")) && !line.contains("*** End Patch");
        if !(is_patch && line.starts_with('-')) {
            kept.push_str(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of_input(input: &Value) -> Vec<(Kind, String, String)> {
        let found = Passage::of_input(input).into_iter();
        found.map(|one| (one.kind, one.name, one.text)).collect()
    }

    #[test]
    fn commands_and_contents_are_texts_of_their_own() {
        let found = of_input(&json!({"command": "ls", "timeout": 3}));
        assert_eq!(found[0], (Kind::Command, "command.sh".into(), "ls".into()));
        let found = of_input(&json!({"command": ["bash", "-lc", "ls"]}));
        assert_eq!(found[0], (Kind::Command, "command.sh".into(), "bash -lc ls".into()));
        let found = of_input(&json!({"file_path": "a.py", "edits": [{"new_string": "x"}]}));
        assert_eq!(found[0], (Kind::Content, "a.py".into(), "x".into()));
        let found = of_input(&json!({"notebook_path": "a.ipynb", "new_source": "x"}));
        assert_eq!(found[0], (Kind::Content, "cell.py".into(), "x".into()));
        assert!(of_input(&json!({})).is_empty());
    }

    #[test]
    fn what_is_removed_is_no_text() {
        let found = of_input(&json!({"path": "a.py", "old_str": "gone", "new_str": "b"}));
        assert!(found.iter().all(|(.., text)| !text.contains("gone")), "{found:?}");
        let patch = "*** Begin Patch\n*** Update File: a.py\n-gone\n+new\n*** End Patch\n- kept\n";
        for key in ["command", "input", "patch"] {
            let found = of_input(&json!({key: patch}));
            let has = |word: &str| found.iter().any(|(.., text)| text.contains(word));
            assert!(has("+new") && has("- kept") && !has("gone"), "{found:?}");
        }
    }

    #[test]
    fn an_output_is_read_as_the_file_that_it_shows() {
        let output = json!({"file": {"filePath": "a.py", "content": "x = 1\n"}, "ok": true});
        let found = Passage::of_output(&output, Some("a.py"));
        assert!(found.iter().any(|one| one.name == "a.py" && one.text == "x = 1\n"), "{found:?}");
        let found = Passage::of_output(&json!({"token": "short"}), None);
        assert_eq!(found[0].text, "{\"token\":\"short\"}");
    }
}
