//! The only room in which hfscan opens a connection, and only if the user asks for it.
//!
//! Everything here goes through [`Client`]; nothing else of hfscan names an HTTP library. The
//! feature `online` leaves the room out.

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
