//! From a finding to the edits that remove it.
//!
//! [`plan`] reads the file of a finding again: the language's facts and the syntax around the
//! secret select a [row](ROWS), which states the applicability and its reason. This module writes
//! no file.

mod apply;
mod code;
mod data;
mod docker;
mod document;
mod draft;
mod environment;
mod javascript;
mod names;
mod notebook;
mod own;
mod planner;
mod prose;
mod python;
mod python_edit;
mod reads;
mod row;
mod script;
mod shell;
mod site;
mod transcript;
mod url;
mod yaml;

pub use apply::apply;
pub use names::Names;
pub use planner::{Document, max_bytes, plan};
pub use reads::still_reads;
pub use row::{ROWS, Row};
