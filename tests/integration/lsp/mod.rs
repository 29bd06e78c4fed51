//! `hfscan lsp`, with a client that runs the real program.

mod actions;
mod client;
mod diagnostics;
mod notebooks;
mod protocol;
mod settings;
