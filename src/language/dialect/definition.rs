//! The table that defines a dialect.

use crate::{
    language::{
        reader::FileHead,
        tree::{NodeId, Tree},
    },
    model::CommandPlace,
};

/// The meanings of names in one kind of file.
pub struct Dialect {
    /// Its name in rules, hints and reports.
    pub name: &'static str,
    /// `true` if a file is of this kind.
    pub claims: fn(&FileContext<'_>) -> bool,
    /// Names, in lower case, of maps and lists of environment variables, in addition to those that
    /// hold variables in all files.
    pub environment: &'static [&'static str],
    /// Names of maps and lists of build arguments.
    pub build_arguments: &'static [&'static str],
    /// Names of scripts, or of lists of them.
    pub scripts: &'static [&'static str],
    /// Pairs of names: of the entry with the program (a text or a list of words), and of the entry
    /// with further words.
    pub commands: &'static [(&'static str, &'static str)],
    /// The place where its scripts and commands run.
    pub place: CommandPlace,
    /// Pairs of names: of a map of arguments, and of the entry beside it that names the callee.
    pub calls: &'static [(&'static str, &'static str)],
}

impl Dialect {
    /// A dialect that defines no names yet.
    pub const fn new(name: &'static str, claims: fn(&FileContext<'_>) -> bool) -> Self {
        Self {
            name,
            claims,
            environment: &[],
            build_arguments: &[],
            scripts: &[],
            commands: &[],
            place: CommandPlace::CiStep,
            calls: &[],
        }
    }
}

/// A file and its tree, by which a dialect is recognised.
pub struct FileContext<'a> {
    /// The path in lower case.
    path: Vec<u8>,
    file: FileHead<'a>,
    tree: &'a Tree<'a>,
}

impl<'a> FileContext<'a> {
    /// The context of a file.
    pub fn new(tree: &'a Tree<'a>, file: FileHead<'a>) -> Self {
        Self { path: file.path.as_bytes().to_ascii_lowercase(), file, tree }
    }

    /// `true` if the file's name is one of `names`.
    pub fn is_named(&self, names: &[&str]) -> bool {
        self.file.is_named(names)
    }

    /// `true` if the file's extension is one of `endings`.
    pub fn ends_in(&self, endings: &[&str]) -> bool {
        self.file.ends_in(endings)
    }

    /// The file's name, in lower case.
    pub fn name(&self) -> &[u8] {
        self.path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
    }

    /// The folder of the file, in lower case.
    pub fn folder(&self) -> &[u8] {
        let slash = memchr::memrchr(b'/', &self.path).unwrap_or(0);
        &self.path[..slash]
    }

    /// `true` if the file is in `folder` (in lower case, without slashes at its ends).
    pub fn is_in(&self, folder: &str) -> bool {
        let folder = folder.as_bytes();
        memchr::memmem::find_iter(&self.path, folder).any(|at| {
            (at == 0 || self.path[at - 1] == b'/')
                && self.path.get(at + folder.len()) == Some(&b'/')
        })
    }

    /// `true` if the file is YAML by its name.
    pub fn is_yaml(&self) -> bool {
        self.ends_in(&["yml", "yaml"])
            || self.name().windows(4).any(|part| part == b".yml" || part == b".yam")
    }

    /// `true` if a document is a map with all of `names` at its top level.
    pub fn has(&self, names: &[&str]) -> bool {
        self.documents().any(|root| names.iter().all(|name| self.tree.child(root, name).is_some()))
    }

    /// `true` if a document is a list with an entry that has all of `names`.
    pub fn lists(&self, names: &[&str]) -> bool {
        self.documents().any(|root| {
            self.tree
                .children(root)
                .take(16)
                .any(|entry| names.iter().all(|name| self.tree.child(entry, name).is_some()))
        })
    }

    /// `true` if an entry of the map `container` at the top level of the first document has one of
    /// `names`.
    pub fn holds(&self, container: &str, names: &[&str]) -> bool {
        self.tree.child(0, container).is_some_and(|container| {
            self.tree
                .children(container)
                .take(64)
                .any(|entry| names.iter().any(|name| self.tree.child(entry, name).is_some()))
        })
    }

    fn documents(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.tree.documents().take(64)
    }
}
