//! `hfscan lsp`, with a client that speaks with the real program.

mod actions;
mod client;
mod diagnostics;
mod notebooks;
mod protocol;
mod settings;
