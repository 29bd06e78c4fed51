//! `hfscan mcp`: a server of the Model Context Protocol on standard input and output.
//!
//! The protocol is JSON-RPC 2.0, one message per line
//! (<https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio>). The
//! official crate needs an asynchronous runtime and 69 otherwise unused crates; four tools that
//! answer calls sequentially do not.

mod message;
mod serve;
mod tools;

pub use serve::run;
