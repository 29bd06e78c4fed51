//! Notifications from the client.

use super::{
    outlet::Tone,
    project::{self, Wishes},
    protocol::{
        Cancel, DidChange, DidChangeNotebook, DidOpen, DidOpenNotebook, Folder, FoldersChanged,
        OfDocument, OfNotebook, WatchedFiles,
    },
    server::{Refusal, Server, of},
    settings::EditorSettings,
    uri,
    worker::Job,
};
use lsp_server::{ErrorCode, Notification, RequestId, Response};
use serde_json::{Value, json};
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

/// The extension of configurations, of the files that they extend, and of rule files.
const TABLES: &str = ".toml";
/// Delay between the last change of a document and its scan.
const REST: Duration = Duration::from_millis(150);

impl Server<'_> {
    /// Handles a notification.
    pub fn notice(&mut self, notification: Notification) -> Result<(), Refusal> {
        let Notification { method, params } = notification;
        match method.as_str() {
            "initialized" => self.begin(),
            "$/cancelRequest" => {
                let id = of::<Cancel>(params)?.id;
                if let Some(pending) = self.pending.remove(&id) {
                    pending.is_cancelled.store(true, Ordering::Relaxed);
                    self.outlet.refuse(id, ErrorCode::RequestCanceled, "cancelled", None);
                }
            }
            "textDocument/didOpen" => {
                let item = of::<DidOpen>(params)?.text_document;
                let uri = item.uri.clone();
                self.documents.open(item);
                self.opened(&uri);
            }
            "textDocument/didChange" => {
                let DidChange { text_document: id, content_changes } = of(params)?;
                let encoding = self.client.encoding;
                self.documents.change(&id.uri, id.version, content_changes, encoding);
                self.changed(&id.uri);
            }
            "textDocument/didSave" => self.was_saved(&of::<OfDocument>(params)?.text_document.uri),
            "textDocument/didClose" => {
                let uri = of::<OfDocument>(params)?.text_document.uri;
                self.documents.close(&uri);
                self.closed(&uri, std::slice::from_ref(&uri));
            }
            method if method.starts_with("notebookDocument/") => self.notebook(method, params)?,
            "workspace/didChangeConfiguration" => self.ask_for_settings(&params["settings"]),
            "workspace/didChangeWatchedFiles" => {
                let changes = of::<WatchedFiles>(params)?.changes;
                if changes.iter().any(|file| is_of_settings(&file.uri)) {
                    self.renew();
                }
            }
            "workspace/didChangeWorkspaceFolders" => self.change_folders(of(params)?),
            _ => {}
        }
        Ok(())
    }

    /// Handles a notification about a notebook.
    fn notebook(&mut self, method: &str, params: Value) -> Result<(), Refusal> {
        match method {
            "notebookDocument/didOpen" => {
                let DidOpenNotebook { notebook_document, cell_text_documents } = of(params)?;
                let uri = notebook_document.uri;
                let cells = notebook_document.cells;
                self.documents.open_notebook(uri.clone(), cells, cell_text_documents);
                self.opened(&uri);
            }
            "notebookDocument/didChange" => {
                let DidChangeNotebook { notebook_document: id, change } = of(params)?;
                if let Some(cells) = change.cells {
                    let gone = self.documents.change_cells(&id.uri, cells, self.client.encoding);
                    self.clear(&gone);
                    self.changed(&id.uri);
                }
            }
            "notebookDocument/didSave" => {
                self.was_saved(&of::<OfNotebook>(params)?.notebook_document.uri);
            }
            "notebookDocument/didClose" => {
                let uri = of::<OfNotebook>(params)?.notebook_document.uri;
                let cells = self.documents.close_notebook(&uri);
                self.closed(&uri, &cells);
            }
            _ => {}
        }
        Ok(())
    }

    fn change_folders(&mut self, changed: FoldersChanged) {
        let paths = |list: &[Folder]| -> Vec<PathBuf> {
            list.iter().filter_map(|one| uri::to_path(&one.uri)).collect()
        };
        let gone = paths(&changed.event.removed);
        let mut folders = self.wishes.folders.clone();
        folders.retain(|folder| !gone.contains(folder));
        folders.extend(paths(&changed.event.added));
        self.set_wishes(self.wishes.editor.clone(), folders);
    }

    /// Sends the initial requests that the client supports.
    fn begin(&mut self) {
        if self.client.watches {
            let watchers: Vec<Value> = project::FILES
                .iter()
                .filter(|name| !name.ends_with(TABLES))
                .map(|name| format!("**/{name}"))
                .chain([format!("**/*{TABLES}")])
                .map(|glob| json!({ "globPattern": glob }))
                .collect();
            let options = json!({"watchers": watchers});
            let method = "workspace/didChangeWatchedFiles";
            let registration =
                json!({"id": "settings", "method": method, "registerOptions": options});
            self.outlet.ask("client/registerCapability", json!({"registrations": [registration]}));
        }
        if self.client.has_configuration {
            self.ask_for_settings(&Value::Null);
        }
    }

    /// Applies the given settings, or requests them if the client supports that.
    fn ask_for_settings(&mut self, given: &Value) {
        if self.client.has_configuration {
            let items = json!({"items": [{"section": "hfscan"}]});
            let id = self.outlet.ask("workspace/configuration", items);
            self.asked.insert(id);
        } else {
            let own = given.get("hfscan").unwrap_or(given).clone();
            self.set_settings(&own);
        }
    }

    /// Applies the client's response with settings.
    pub fn take_settings(&mut self, response: Response) {
        if self.asked.remove(&response.id)
            && let Ok(Value::Array(list)) = response.response_result
            && let Some(settings) = list.first().filter(|one| one.is_object())
        {
            self.set_settings(&settings.clone());
        }
    }

    fn set_settings(&mut self, value: &Value) {
        let (mut editor, wrong) = EditorSettings::read(value);
        for name in wrong {
            self.outlet.tell(Tone::Warning, &format!("the setting `hfscan.{name}` is invalid"));
        }
        // If the client omits `isolated`, its last value is kept.
        if value.get("isolated").is_none_or(Value::is_null) {
            editor.isolated = self.wishes.editor.isolated;
        }
        if editor != self.wishes.editor {
            self.set_wishes(editor, self.wishes.folders.clone());
        }
    }

    fn set_wishes(&mut self, editor: EditorSettings, folders: Vec<PathBuf>) {
        let args = self.wishes.args.clone();
        self.wishes = Arc::new(Wishes { args, editor, folders });
        self.look_again();
    }

    /// Reloads all settings.
    fn renew(&mut self) {
        self.set_wishes(self.wishes.editor.clone(), self.wishes.folders.clone());
    }

    /// Schedules a scan of all documents.
    fn look_again(&mut self) {
        self.told.clear();
        if self.client.pulls {
            if self.client.refreshes {
                self.outlet.ask("workspace/diagnostic/refresh", Value::Null);
            }
            return;
        }
        let now = Instant::now();
        self.due.extend(self.documents.units().into_iter().map(|unit| (unit, now)));
    }

    fn opened(&mut self, uri: &str) {
        let Some(unit) = self.documents.unit_of(uri) else { return };
        if let Some(snapshot) = self.documents.snapshot(&unit) {
            self.saved.insert(unit.clone(), snapshot);
        }
        self.outdate(&unit);
        self.schedule(unit, Instant::now());
    }

    fn changed(&mut self, uri: &str) {
        let Some(unit) = self.documents.unit_of(uri) else { return };
        self.outdate(&unit);
        if !self.is_for_saving(&unit) {
            self.schedule(unit, Instant::now() + REST);
        }
    }

    fn was_saved(&mut self, uri: &str) {
        if is_of_settings(uri) {
            self.renew();
        }
        if let Some(unit) = self.documents.unit_of(uri)
            && let Some(snapshot) = self.documents.snapshot(&unit)
        {
            let is_for_saving = self.is_for_saving(&unit);
            self.saved.insert(unit.clone(), snapshot);
            if is_for_saving {
                self.schedule(unit, Instant::now());
                if self.client.pulls && self.client.refreshes {
                    self.outlet.ask("workspace/diagnostic/refresh", Value::Null);
                }
            }
        }
    }

    fn closed(&mut self, unit: &str, documents: &[String]) {
        self.outdate(unit);
        self.due.remove(unit);
        self.saved.remove(unit);
        self.clear(documents);
        // The worker runs as long as the server.
        let _ = self.jobs.send(Job::Forget(unit.to_string()));
    }

    /// Clears the diagnostics of closed documents.
    fn clear(&mut self, documents: &[String]) {
        if !self.client.pulls {
            for uri in documents {
                self.outlet.publish(uri, None, &[]);
            }
        }
    }

    /// Answers pending requests about a changed unit, whose results would be outdated.
    fn outdate(&mut self, unit: &str) {
        let outdated = self.pending.iter().filter(|(_, pending)| pending.unit == unit);
        let outdated: Vec<RequestId> = outdated.map(|(id, _)| id.clone()).collect();
        for id in outdated {
            let Some(pending) = self.pending.remove(&id) else { continue };
            pending.is_cancelled.store(true, Ordering::Relaxed);
            match pending.is_pull {
                true => {
                    let again = json!({"retriggerRequest": true});
                    self.outlet.refuse(
                        id,
                        ErrorCode::ServerCancelled,
                        "the document changed",
                        Some(again),
                    );
                }
                false => {
                    self.outlet.refuse(
                        id,
                        ErrorCode::ContentModified,
                        "the document changed",
                        None,
                    );
                }
            }
        }
    }
}

/// `true` if a URI may be that of a settings file.
fn is_of_settings(uri: &str) -> bool {
    let name = uri.rsplit('/').next().unwrap_or_default();
    name.ends_with(TABLES) || project::FILES.contains(&name)
}
