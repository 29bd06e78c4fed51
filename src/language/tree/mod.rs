//! A document as a tree of names and values: what the data languages share.
//!
//! Each reader builds a [`Tree`]; [`facts`] says its bindings, and the dialects say
//! what its places mean.

mod escape;
mod facts;
mod fold;
mod node;
mod packed;
mod scalar;

pub use facts::{Reading, facts, facts_near};
pub use fold::{LineEnds, line_end, skip_blanks, trim_blanks};
pub use node::{Name, NodeId, Scalar, Shape, Tree};
pub use scalar::{Chomp, Decoded, Form, Text, is_number};

/// How deep containers nest before the deeper ones are read as if they were flat.
pub const MAX_DEPTH: usize = 128;
