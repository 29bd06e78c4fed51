//! The server: handles messages, keeps the documents, and sends jobs to the worker.

use super::{
    actions::OPEN,
    analysis::MAX_TYPED,
    client::Client,
    documents::Documents,
    outlet::{Outlet, Tone},
    project::Wishes,
    protocol::{AtPosition, CodeActionParams, ExecuteCommand, OfDocument},
    snapshot::Snapshot,
    worker::{Answer, Ask, Done, Job, UnitJob, Wanted},
};
use crossbeam_channel::{Receiver, Sender};
use lsp_server::{Connection, ErrorCode, Message, Request, RequestId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, atomic::AtomicBool},
    time::Instant,
};

/// The server.
pub struct Server<'a> {
    inbox: &'a Receiver<Message>,
    /// The sender of messages to the client.
    pub outlet: Outlet<'a>,
    /// The client's capabilities.
    pub client: &'a Client,
    /// The sender of jobs to the worker.
    pub jobs: Sender<Job>,
    /// The open documents.
    pub documents: Documents,
    /// The settings.
    pub wishes: Arc<Wishes>,
    /// Requests that the worker is answering.
    pub pending: HashMap<RequestId, Pending>,
    /// The scan time of units with changes.
    pub due: HashMap<String, Instant>,
    /// The units at their last open or save.
    pub saved: HashMap<String, Snapshot>,
    /// Ids of requests for settings without a response.
    pub asked: BTreeSet<RequestId>,
    /// Messages already shown to the user.
    pub told: BTreeSet<String>,
    is_shut_down: bool,
}

/// A request that the worker is answering.
pub struct Pending {
    /// The unit of the request.
    pub unit: String,
    /// `true` for a request of diagnostics.
    pub is_pull: bool,
    /// Set when the answer is no longer needed.
    pub is_cancelled: Arc<AtomicBool>,
}

/// The error of a refused request.
pub struct Refusal(ErrorCode, &'static str);

impl<'a> Server<'a> {
    /// A server without documents.
    pub fn new(
        connection: &'a Connection,
        client: &'a Client,
        jobs: Sender<Job>,
        wishes: Wishes,
    ) -> Self {
        Self {
            inbox: &connection.receiver,
            outlet: Outlet::new(&connection.sender),
            client,
            jobs,
            documents: Documents::default(),
            wishes: Arc::new(wishes),
            pending: HashMap::new(),
            due: HashMap::new(),
            saved: HashMap::new(),
            asked: BTreeSet::new(),
            told: BTreeSet::new(),
            is_shut_down: false,
        }
    }

    /// Runs until `exit` or a disconnect. Returns `true` if the client sent `shutdown` first.
    pub fn serve(mut self, done: &Receiver<Done>) -> bool {
        loop {
            let next = self.due.values().min().copied();
            let timer = next.map_or_else(crossbeam_channel::never, crossbeam_channel::at);
            crossbeam_channel::select! {
                recv(self.inbox) -> message => match message {
                    Ok(Message::Notification(one)) if one.method == "exit" => break,
                    Ok(message) => self.take(message),
                    Err(_) => return false,
                },
                recv(done) -> one => if let Ok(one) = one { self.finish(one) },
                recv(timer) -> _ => self.scan_due(),
            }
        }
        self.is_shut_down
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Request(request) => {
                let id = request.id.clone();
                match self.request(request) {
                    Ok(Some(result)) => self.outlet.answer(id, result),
                    Ok(None) => {}
                    Err(Refusal(code, why)) => self.outlet.refuse(id, code, why, None),
                }
            }
            // An invalid notification has no effect, and cannot be answered.
            Message::Notification(one) => drop(self.notice(one)),
            Message::Response(response) => self.take_settings(response),
        }
    }

    /// Answers a request, or passes it to the worker.
    fn request(&mut self, request: Request) -> Result<Option<Value>, Refusal> {
        if self.is_shut_down {
            return Err(Refusal(ErrorCode::InvalidRequest, "the server was shut down"));
        }
        let Request { id, method, params } = request;
        let (uri, ask, none) = match method.as_str() {
            "shutdown" => {
                self.is_shut_down = true;
                return Ok(Some(Value::Null));
            }
            "textDocument/diagnostic" => {
                let uri = of::<OfDocument>(params)?.text_document.uri;
                (uri.clone(), Ask::Pull(uri), json!({"kind": "full", "items": []}))
            }
            "textDocument/hover" => {
                let AtPosition { text_document, position } = of(params)?;
                let uri = text_document.uri;
                (uri.clone(), Ask::Hover(uri, position), Value::Null)
            }
            "textDocument/codeAction" => {
                let params: Box<CodeActionParams> = of(params)?;
                (params.text_document.uri.clone(), Ask::Actions(params), json!([]))
            }
            "codeAction/resolve" => {
                let uri = params.pointer("/data/uri").and_then(Value::as_str);
                let uri = uri.unwrap_or_default().to_string();
                let none = params.clone();
                (uri, Ask::Resolve(params), none)
            }
            "workspace/executeCommand" => return self.execute(of(params)?).map(Some),
            _ => return Err(Refusal(ErrorCode::MethodNotFound, "the method is unknown")),
        };
        let is_pull = matches!(ask, Ask::Pull(_));
        let Some(unit) = self.documents.unit_of(&uri) else { return Ok(Some(none)) };
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let wanted = Wanted { id: id.clone(), is_cancelled: Arc::clone(&is_cancelled) };
        self.pending.insert(id, Pending { unit: unit.clone(), is_pull, is_cancelled });
        self.hand_over(unit, ask, Some(wanted));
        Ok(None)
    }

    fn execute(&mut self, command: ExecuteCommand) -> Result<Value, Refusal> {
        let address = command.arguments.first().and_then(Value::as_str);
        let address = address.filter(|one| one.starts_with("https://"));
        let Some(address) = address.filter(|_| command.command == OPEN) else {
            return Err(Refusal(ErrorCode::InvalidParams, "the command is unknown"));
        };
        match self.client.shows_documents {
            true => {
                self.outlet.ask("window/showDocument", json!({"uri": address, "external": true}));
            }
            false => self.outlet.tell(Tone::Info, &format!("revoke the token at {address}")),
        }
        Ok(Value::Null)
    }

    /// `true` if a unit is scanned on open and save, not at each change.
    pub fn is_for_saving(&self, unit: &str) -> bool {
        let is_large = |unit: &Snapshot| unit.len() > MAX_TYPED;
        self.wishes.editor.on_save || self.documents.snapshot(unit).as_ref().is_some_and(is_large)
    }

    /// Schedules the scan of a unit, unless the client pulls diagnostics.
    pub fn schedule(&mut self, unit: String, when: Instant) {
        if !self.client.pulls {
            self.due.insert(unit, when);
        }
    }

    fn scan_due(&mut self) {
        let now = Instant::now();
        let due = self.due.iter().filter(|(_, when)| **when <= now);
        let due: Vec<String> = due.map(|(unit, _)| unit.clone()).collect();
        for unit in due {
            self.due.remove(&unit);
            self.hand_over(unit, Ask::Diagnose, None);
        }
    }

    /// Sends a job for a unit to the worker.
    fn hand_over(&mut self, unit: String, ask: Ask, wanted: Option<Wanted>) {
        let is_diagnosis = matches!(ask, Ask::Diagnose | Ask::Pull(_));
        let saved = self.saved.get(&unit).filter(|_| is_diagnosis && self.is_for_saving(&unit));
        let Some(snapshot) = saved.cloned().or_else(|| self.documents.snapshot(&unit)) else {
            return;
        };
        let open = match ask {
            Ask::Actions(_) => self.documents.files(),
            _ => Vec::new(),
        };
        let wishes = Arc::clone(&self.wishes);
        let job = UnitJob { unit, snapshot, ask, wanted, wishes, open };
        // The worker runs as long as the server.
        let _ = self.jobs.send(Job::Unit(Box::new(job)));
    }

    /// Sends the result of a job.
    fn finish(&mut self, done: Done) {
        let Done { unit, revision, id, answer, problem } = done;
        if let Some(problem) = problem
            && self.told.insert(problem.clone())
        {
            self.outlet.tell(Tone::Error, &format!("invalid settings: {problem}"));
        }
        if let Some(id) = id {
            // Otherwise it was cancelled in the meantime.
            if self.pending.remove(&id).is_some() {
                match answer {
                    Some(Answer::Result(value)) => self.outlet.answer(id, value),
                    Some(Answer::Outdated) => {
                        let code = ErrorCode::ContentModified;
                        self.outlet.refuse(id, code, "the document changed", None);
                    }
                    _ => self.outlet.refuse(id, ErrorCode::InternalError, "internal error", None),
                }
            }
            return;
        }
        let is_saved = || self.saved.get(&unit).is_some_and(|saved| saved.revision == revision);
        let is_current = self.documents.revision(&unit) == Some(revision)
            || self.is_for_saving(&unit) && is_saved();
        if let Some(Answer::Diagnostics(all)) = answer.filter(|_| is_current) {
            for (uri, (version, items)) in all {
                self.outlet.publish(&uri, Some(version), &items);
            }
        }
    }
}

/// Parses parameters. The error has no details, since they could quote a text.
pub fn of<T: DeserializeOwned>(params: Value) -> Result<T, Refusal> {
    serde_json::from_value(params)
        .map_err(|_| Refusal(ErrorCode::InvalidParams, "the parameters are invalid"))
}
