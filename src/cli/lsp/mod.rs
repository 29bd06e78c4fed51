//! `hfscan lsp`: findings, fixes and rule pages in an editor, over the language server protocol.
//!
//! One thread takes the messages and keeps the documents; another scans and answers, from
//! snapshots. No message that is made here holds a secret: an editor writes them to its log.

mod actions;
mod allow;
mod analysis;
mod buffer;
mod capabilities;
mod client;
mod diagnostics;
mod difference;
mod documents;
mod edit;
mod fix_all;
mod hover;
mod ignore;
mod notices;
mod outlet;
mod plan;
mod project;
mod protocol;
mod run;
mod server;
mod settings;
mod snapshot;
mod uri;
mod view;
mod worker;

pub use run::run;
