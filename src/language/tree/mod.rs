//! A document as a tree of names and values: what the data languages share.
//!
//! Each reader builds a [`Tree`]; [`facts`] says its bindings, and the dialects say
//! what its places mean.

mod document;
mod escape;
mod facts;
mod fold;
mod form;
mod node;
mod scalar;

pub use document::Tree;
pub use facts::{Reading, facts, facts_near};
pub use fold::{LineEnds, line_end, skip_blanks, trim_blanks};
pub use form::{Chomp, Decoded, Form};
pub use node::{Name, Node, NodeId, Scalar, Shape};
pub use scalar::{Text, is_number};

/// How deep containers nest before the deeper ones are read as if they were flat.
pub const MAX_DEPTH: usize = 128;
