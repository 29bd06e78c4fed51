//! What is sent to the client.

use crossbeam_channel::Sender;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use serde_json::{Value, json};

/// The kind of a message to the user.
#[derive(Debug, Clone, Copy)]
pub enum Tone {
    /// Something cannot be done.
    Error = 1,
    /// Something has no effect.
    Warning = 2,
    /// Something to know.
    Info = 3,
}

/// The way to the client.
pub struct Outlet<'a> {
    sender: &'a Sender<Message>,
    last_id: i32,
}

impl<'a> Outlet<'a> {
    /// The way to the client, on which no request was sent yet.
    pub fn new(sender: &'a Sender<Message>) -> Self {
        Self { sender, last_id: 0 }
    }

    /// Sends the diagnostics of a document; without a version if it is gone.
    pub fn publish(&self, uri: &str, version: Option<i64>, items: &[Value]) {
        let mut params = json!({"uri": uri, "diagnostics": items});
        if let Some(version) = version {
            params["version"] = version.into();
        }
        self.send(Notification::new("textDocument/publishDiagnostics".into(), params));
    }

    /// Shows the user a message. It holds no secret.
    pub fn tell(&self, tone: Tone, text: &str) {
        let params = json!({"type": tone as u8, "message": format!("hfscan: {text}")});
        self.send(Notification::new("window/showMessage".into(), params));
    }

    /// Sends a request, and gives its id.
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

    /// Refuses a request.
    pub fn refuse(&self, id: RequestId, code: ErrorCode, why: &str, data: Option<Value>) {
        let error = ResponseError { code: code as i32, message: why.into(), data };
        self.send(Response { id, response_result: Err(error) });
    }

    fn send(&self, message: impl Into<Message>) {
        // A client that is gone is noticed when nothing can be read any more.
        let _ = self.sender.send(message.into());
    }
}
