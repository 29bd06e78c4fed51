//! The only module that opens connections, and only on the user's request.
//!
//! All requests go through [`Client`]; no other module uses an HTTP library. The module is compiled
//! with the feature `online`.

mod client;
mod endpoint;
mod error;
pub mod hub;
mod pace;
mod revoke;
mod whoami;

pub use client::Client;
pub use endpoint::Endpoint;
pub use error::OnlineError;
pub use revoke::{MAX_PER_CALL, revoke};
pub use whoami::{Asked, ask};
