//! `hfscan mcp`: a server of the Model Context Protocol on standard input and output.
//!
//! The protocol is JSON-RPC 2.0, one message a line
//! (<https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio>). The official crate needs an
//! asynchronous runtime and 69 crates that nothing else here needs; four tools that answer one call
//! after the other need neither.

mod message;
mod serve;
mod tools;

pub use serve::run;
