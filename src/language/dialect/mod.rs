//! Dialects: kinds of file that give their names a meaning of their own.
//!
//! A dialect says which names hold variables of the environment, which hold scripts and
//! which the words of a command; [`read`] applies it to a tree.

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
use definition::{Dialect, Place};

/// Number of nodes from which even a file with a purpose is only read near the places that are
/// asked for: nobody writes that many.
const MANY_NODES: usize = 1 << 14;

/// The facts of a tree, with what the file's purpose makes of them.
pub fn read(tree: Tree<'_>, file: FileHead<'_>) -> Facts {
    read_near(tree, file, Places::ALL)
}

/// The same, perhaps without what is not near `places`.
pub fn read_near(mut tree: Tree<'_>, file: FileHead<'_>, places: Places<'_>) -> Facts {
    tree.tie();
    let dialect = of(&tree, file);
    // In a dialect a name may have a say in what stands elsewhere.
    let is_whole = dialect.is_some() && tree.len() < MANY_NODES;
    let mut reading = tree::facts_near(&tree, if is_whole { Places::ALL } else { places });
    role::apply(&tree, dialect, &mut reading);
    reading.facts.dialect = dialect.map(|dialect| dialect.name);
    sort(&mut reading.facts);
    reading.facts
}

/// The facts of a file that is nothing but variables of the environment.
pub fn read_environment(mut tree: Tree<'_>) -> Facts {
    tree.tie();
    let mut facts = tree::facts(&tree).facts;
    for binding in &mut facts.bindings {
        binding.context = BindingContext::Environment;
    }
    facts
}

/// The names of every dialect.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|dialect| dialect.name)
}

fn all() -> impl Iterator<Item = &'static Dialect> {
    [ci::DIALECTS, tool::DIALECTS, container::DIALECTS].into_iter().flatten()
}

/// The dialect of a file: by its name, or by what stands in it.
fn of(tree: &Tree<'_>, file: FileHead<'_>) -> Option<&'static Dialect> {
    let place = Place::new(tree, file);
    all().find(|dialect| (dialect.claims)(&place))
}
