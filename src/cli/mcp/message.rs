//! Messages of JSON-RPC 2.0 (<https://www.jsonrpc.org/specification>).

use serde_json::{Map, Value, json};

/// A message from the client.
#[derive(Debug, PartialEq)]
pub enum Message {
    /// A request, which gets one answer with the same id.
    Request {
        /// A string or a number.
        id: Value,
        /// The method.
        method: String,
        /// Its parameters; empty if there are none.
        params: Map<String, Value>,
    },
    /// A notification, or a response without a request: not answered.
    Other,
}

/// The error of a failed request.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    /// The JSON-RPC error code.
    pub code: i32,
    /// One sentence, without secrets.
    pub message: String,
}

impl Failure {
    /// The line is not JSON.
    pub const PARSE: i32 = -32700;
    /// The message is not a request.
    pub const REQUEST: i32 = -32600;
    /// The method does not exist.
    pub const METHOD: i32 = -32601;
    /// The parameters are invalid.
    pub const PARAMETERS: i32 = -32602;
    /// Internal error.
    pub const INTERNAL: i32 = -32603;

    /// A failure.
    pub fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl Message {
    /// Parses a message.
    ///
    /// # Errors
    /// Returns the failure, with the id of the request if there is one.
    pub fn of(value: Value) -> Result<Self, (Value, Failure)> {
        let wrong = |id: Value, why: &str| Err((id, Failure::new(Failure::REQUEST, why)));
        let Value::Object(mut message) = value else {
            return wrong(Value::Null, "the message is not an object");
        };
        let id = message.remove("id");
        let shown = id.clone().filter(|id| id.is_string() || id.is_number());
        if message.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
            return wrong(shown.unwrap_or(Value::Null), "the message is not JSON-RPC 2.0");
        }
        let Some(Value::String(method)) = message.remove("method") else {
            let is_answer = message.contains_key("result") || message.contains_key("error");
            return match is_answer {
                true => Ok(Self::Other),
                false => wrong(shown.unwrap_or(Value::Null), "the message names no method"),
            };
        };
        let Some(given) = id else { return Ok(Self::Other) };
        let Some(id) = shown else {
            return wrong(Value::Null, &format!("the id {given} is neither a string nor a number"));
        };
        match message.remove("params") {
            None => Ok(Self::Request { id, method, params: Map::new() }),
            Some(Value::Object(params)) => Ok(Self::Request { id, method, params }),
            Some(_) => {
                Err((id, Failure::new(Failure::PARAMETERS, "the parameters are not an object")))
            }
        }
    }
}

/// The response to a request.
pub fn answer(id: Value, result: Result<Value, Failure>) -> Value {
    match result {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(Failure { code, message }) => json!({
            "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message },
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_from_notifications_and_answers() {
        let request = Message::of(json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}));
        let (method, params) = ("ping".to_string(), Map::new());
        assert_eq!(request, Ok(Message::Request { id: json!(1), method, params }));
        for other in [
            json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
            json!({"jsonrpc": "2.0", "id": 1, "result": {}}),
        ] {
            assert_eq!(Message::of(other), Ok(Message::Other));
        }
        for (wrong, id) in [
            (json!([]), Value::Null),
            (json!({"id": 1, "method": "ping"}), json!(1)),
            (json!({"jsonrpc": "2.0", "id": "a"}), json!("a")),
            (json!({"jsonrpc": "2.0", "id": [], "method": "ping"}), Value::Null),
            (json!({"jsonrpc": "2.0", "id": 2, "method": "ping", "params": 1}), json!(2)),
        ] {
            assert_eq!(Message::of(wrong).map_err(|(id, _)| id), Err(id));
        }
    }
}
