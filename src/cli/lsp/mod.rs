//! `hfscan lsp`: findings, fixes and rule pages in an editor, over the language server protocol.
//!
//! One thread reads messages and keeps the documents; another scans snapshots and answers. Messages
//! never contain a secret, since editors log them.

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
