//! A document as a tree of names and values, shared by the data languages.
//!
//! Each reader builds a [`Tree`], [`facts`] turns it into bindings, and the dialects interpret its
//! entries.

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

/// Maximum nesting depth of containers; deeper ones are read as if they were flat.
pub const MAX_DEPTH: usize = 128;
