//! Workspace edits of documents and files.

use super::{
    buffer::{Buffer, Encoding},
    client::Client,
    protocol::{Range, TextEdit},
    snapshot::Text,
    uri,
};
use crate::model::Span;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, io::Read, path::Path, sync::Arc};

/// Maximum size in bytes of an edited file other than the document.
const MAX_FILE: u64 = 1 << 20;

/// A file other than the document, with its text in the editor or on disk.
pub struct Beside {
    text: Text,
    is_open: bool,
    /// `false` if the file must be created.
    is_there: bool,
}

impl Beside {
    /// Reads a file; `None` if it cannot be edited: a link, not UTF-8, or too large.
    pub fn of(path: &Path, open: &[Text]) -> Option<Self> {
        let is_same = |text: &&Text| uri::to_path(&text.uri).as_deref() == Some(path);
        if let Some(text) = open.iter().find(is_same) {
            return Some(Self { text: text.clone(), is_open: true, is_there: true });
        }
        let (text, is_there) = match std::fs::symlink_metadata(path) {
            Ok(found) if found.is_file() && found.len() <= MAX_FILE => {
                let mut text = String::new();
                let file = std::fs::File::open(path).ok()?;
                file.take(MAX_FILE).read_to_string(&mut text).ok()?;
                (text, true)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => (String::new(), false),
            _ => return None,
        };
        let buffer = Arc::new(Buffer::new(text));
        let text = Text { uri: uri::of_path(path), version: 0, buffer };
        Some(Self { text, is_open: false, is_there })
    }

    /// The text; empty if the file does not exist.
    pub fn text(&self) -> &str {
        self.text.buffer.text()
    }
}

/// Changes that are applied together.
#[derive(Default)]
pub struct Changes {
    made: Vec<String>,
    deleted: Vec<String>,
    /// Version, if the document is open, and edits, by URI.
    edits: BTreeMap<String, (Option<i64>, Vec<Written>)>,
}

struct Written {
    edit: TextEdit,
    /// A placeholder in the new text that the user replaces.
    blank: Option<String>,
}

impl Changes {
    /// Edits of open documents.
    pub fn of<'a>(edits: impl IntoIterator<Item = (&'a Text, TextEdit)>) -> Self {
        let mut changes = Self::default();
        edits.into_iter().for_each(|(text, edit)| changes.edit(text, edit, None));
        changes
    }

    /// Adds an edit of an open document. The user replaces `blank`, a part of the new text.
    pub fn edit(&mut self, text: &Text, edit: TextEdit, blank: Option<&str>) {
        let edits = self.edits.entry(text.uri.clone()).or_insert((Some(text.version), Vec::new()));
        edits.1.push(Written { edit, blank: blank.map(str::to_string) });
    }

    /// Adds a replacement of a span in another file, which is created if needed.
    pub fn edit_beside(&mut self, beside: &Beside, span: Span, new: String, encoding: Encoding) {
        let Beside { text, is_open, is_there } = beside;
        if !is_there {
            self.made.push(text.uri.clone());
        }
        let version = is_open.then_some(text.version);
        let edits = self.edits.entry(text.uri.clone()).or_insert((version, Vec::new()));
        let edit = TextEdit { range: text.buffer.range(span, encoding), new_text: new };
        edits.1.push(Written { edit, blank: None });
    }

    /// Adds the deletion of a file.
    pub fn delete(&mut self, path: &Path) {
        self.deleted.push(uri::of_path(path));
    }

    /// The changes as a `WorkspaceEdit`; `None` if the client does not support one of them.
    pub fn into_value(self, client: &Client) -> Option<Value> {
        let Self { made, deleted, edits } = self;
        let can_do = (made.is_empty() || client.creates) && (deleted.is_empty() || client.deletes);
        if !can_do {
            return None;
        }
        if !client.has_document_changes {
            let plain = edits.into_iter().map(|(uri, (_, edits))| {
                let edits: Vec<TextEdit> = edits.into_iter().map(|one| one.edit).collect();
                (uri, json!(edits))
            });
            return Some(json!({"changes": plain.collect::<Map<String, Value>>()}));
        }
        let made = made.iter();
        let made = made
            .map(|uri| json!({"kind": "create", "uri": uri, "options": {"ignoreIfExists": true}}));
        let edited = edits.iter().map(|(uri, (version, edits))| {
            let edits: Vec<Value> = edits.iter().map(|one| one.to_value(client)).collect();
            json!({"textDocument": {"uri": uri, "version": version}, "edits": edits})
        });
        let deleted = deleted.iter().map(|uri| json!({"kind": "delete", "uri": uri}));
        Some(json!({"documentChanges": made.chain(edited).chain(deleted).collect::<Vec<_>>()}))
    }
}

impl Written {
    fn to_value(&self, client: &Client) -> Value {
        let TextEdit { range, new_text } = &self.edit;
        let range: &Range = range;
        match self.blank.as_ref().filter(|_| client.has_snippets) {
            Some(blank) => {
                let text = snippet(new_text).replace(blank, &format!("${{1:{blank}}}"));
                json!({"range": range, "snippet": {"kind": "snippet", "value": text}})
            }
            None => json!(self.edit),
        }
    }
}

/// A text escaped as a snippet.
fn snippet(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}
