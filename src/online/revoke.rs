//! Revoking tokens: `POST /api/credentials/revoke`.
//!
//! <https://huggingface.co/docs/hub/security-tokens>: no permissions are needed, and the response
//! is 202 for any string, known or not.

use super::{
    client::{Client, Method, Request},
    endpoint::Endpoint,
    error::OnlineError,
};
use crate::model::Secret;

/// Maximum number of tokens in one request; the Hub documents no limit.
pub const MAX_PER_CALL: usize = 100;

/// Revokes up to [`MAX_PER_CALL`] tokens.
///
/// # Errors
/// Returns an error if the server does not accept the request.
pub fn revoke(client: &Client, endpoint: &Endpoint, tokens: &[&Secret]) -> Result<(), OnlineError> {
    let texts: Vec<String> =
        tokens.iter().map(|one| String::from_utf8_lossy(one.expose()).into_owned()).collect();
    let body = serde_json::json!({ "credentials": texts }).to_string();
    let answer = client.send(Request {
        method: Method::Post(body.as_bytes()),
        address: &endpoint.address("/api/credentials/revoke"),
        bearer: None,
        range: None,
        max_body: 64 << 10,
    })?;
    match answer.status {
        200..=299 => Ok(()),
        status => Err(OnlineError::Unexpected {
            host: endpoint.host().into(),
            why: format!("it returned status {status}, so this request revoked nothing"),
        }),
    }
}
