//! Every object of a repository, read at once.
//!
//! Objects of a pack are mostly differences to others. Reading each by its name resolves
//! the same chains of differences again and again; here each chain is walked once, from
//! its base outwards, so that every object is made once from one that is at hand.

mod delta;
mod folders;
mod inflate;
mod loose;
mod object;
mod object_store;
mod pack;
mod pack_index;
mod table;
mod traverse;

pub use loose::LooseReader;
pub use object::Kind;
pub use object_store::Store;
pub use table::{NONE, Table};
pub use traverse::{MadeFrom, Object, Seen, Visitor};
