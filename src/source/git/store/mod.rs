//! Reads all objects of a repository at once.
//!
//! Objects of a pack are mostly deltas. Reading each by name resolves the same chains of deltas
//! repeatedly. Here each chain is walked once, from its base outwards, so that every object is
//! built once from a base in memory.

mod delta;
mod folders;
mod inflate;
mod loose;
mod object;
mod object_store;
mod pack;
mod pack_index;
mod packed;
mod reader;
mod table;
mod traverse;

pub use folders::with_alternates;
pub use object::Kind;
pub use object_store::Store;
pub use reader::ObjectReader;
pub use table::{NONE, Table};
pub use traverse::{MadeFrom, Object, Seen, Visitor};
