//! Dialects: kinds of files with special meanings for some names.
//!
//! A dialect defines which names hold environment variables, scripts, or the words of a command;
//! [`read`] applies it to a tree.

mod ci;
mod container;
mod definition;
mod hook;
mod role;
mod tool;

#[cfg(test)]
mod tests;

use super::{
    extract::sort,
    reader::{FileHead, Places},
    tree::{self, Tree},
};
use crate::model::{BindingContext, Facts};
use definition::{Dialect, FileContext};

/// Number of nodes from which even a file with a dialect is only read near the wanted places: files
/// of this size are not written by hand.
const MANY_NODES: usize = 1 << 14;

/// The facts near `places` in a tree, and possibly others, after its dialect was applied.
pub fn read(mut tree: Tree<'_>, file: FileHead<'_>, places: Places<'_>) -> Facts {
    tree.tie();
    let dialect = of(&tree, file);
    // In a dialect, a name may define the meaning of another part of the file.
    let is_whole = dialect.is_some() && tree.len() < MANY_NODES;
    let mut reading = tree::facts_near(&tree, if is_whole { Places::ALL } else { places });
    role::apply(&tree, dialect, &mut reading);
    reading.facts.dialect = dialect.map(|dialect| dialect.name);
    sort(&mut reading.facts);
    reading.facts
}

/// The facts of a file that contains only environment variables.
pub fn read_environment(mut tree: Tree<'_>) -> Facts {
    tree.tie();
    let mut facts = tree::facts(&tree).facts;
    for binding in &mut facts.bindings {
        binding.context = BindingContext::Environment;
    }
    facts
}

/// The names of all dialects.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|dialect| dialect.name)
}

fn all() -> impl Iterator<Item = &'static Dialect> {
    [ci::DIALECTS, tool::DIALECTS, container::DIALECTS].into_iter().flatten()
}

/// The dialect of a file, recognised by its name or its content.
fn of(tree: &Tree<'_>, file: FileHead<'_>) -> Option<&'static Dialect> {
    let context = FileContext::new(tree, file);
    all().find(|dialect| (dialect.claims)(&context))
}
