//! Messages to the client.

use crossbeam_channel::Sender;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use serde_json::{Value, json};

/// The type of a message to the user.
#[derive(Debug, Clone, Copy)]
pub enum Tone {
    /// An error.
    Error = 1,
    /// A warning.
    Warning = 2,
    /// Information.
    Info = 3,
}

/// The sender of messages to the client.
pub struct Outlet<'a> {
    sender: &'a Sender<Message>,
    last_id: i32,
}

impl<'a> Outlet<'a> {
    /// A sender without previous requests.
    pub fn new(sender: &'a Sender<Message>) -> Self {
        Self { sender, last_id: 0 }
    }

    /// Publishes the diagnostics of a document; without a version if it was closed.
    pub fn publish(&self, uri: &str, version: Option<i64>, items: &[Value]) {
        let mut params = json!({"uri": uri, "diagnostics": items});
        if let Some(version) = version {
            params["version"] = version.into();
        }
        self.send(Notification::new("textDocument/publishDiagnostics".into(), params));
    }

    /// Shows a message to the user; it must not contain a secret.
    pub fn tell(&self, tone: Tone, text: &str) {
        let params = json!({"type": tone as u8, "message": format!("hfscan: {text}")});
        self.send(Notification::new("window/showMessage".into(), params));
    }

    /// Sends a request, and returns its id.
    pub fn ask(&mut self, method: &str, params: Value) -> RequestId {
        self.last_id += 1;
        let id = RequestId::from(self.last_id);
        self.send(Request { id: id.clone(), method: method.into(), params });
        id
    }

    /// Answers a request.
    pub fn answer(&self, id: RequestId, result: Value) {
        self.send(Response::new_ok(id, result));
    }

    /// Answers a request with an error.
    pub fn refuse(&self, id: RequestId, code: ErrorCode, why: &str, data: Option<Value>) {
        let error = ResponseError { code: code as i32, message: why.into(), data };
        self.send(Response { id, response_result: Err(error) });
    }

    fn send(&self, message: impl Into<Message>) {
        // A disconnected client is detected on the next read.
        let _ = self.sender.send(message.into());
    }
}
