//! The files of the library and the references between them, read from their syntax trees.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
};
use syn::visit::{self, Visit};

/// A module's path from the crate's root: `["source", "git"]`; empty for the root.
type ModulePath = Vec<String>;

/// A file of the library.
struct Module {
    /// Its path below `src/`.
    file: PathBuf,
    /// The names that it re-exports, each with the path of the item.
    exports: BTreeMap<String, Vec<String>>,
    /// Names it defines itself.
    defined: BTreeSet<String>,
    /// Paths that it re-exports as a whole (`pub use x::*`).
    globs: Vec<Vec<String>>,
    /// The absolute form of every path in it.
    named: BTreeSet<Vec<String>>,
}

/// Every file of the library by module path, with the paths in it.
pub struct Graph {
    modules: BTreeMap<ModulePath, Module>,
}

impl Graph {
    /// Reads the modules below `source`, beginning with `lib.rs`.
    pub fn read(source: &Path) -> Self {
        let mut graph = Self { modules: BTreeMap::new() };
        graph.add(source, Vec::new(), PathBuf::from("lib.rs"));
        graph
    }

    fn add(&mut self, source: &Path, path: ModulePath, file: PathBuf) {
        let text = std::fs::read_to_string(source.join(&file)).unwrap();
        let syntax = syn::parse_file(&text)
            .unwrap_or_else(|error| panic!("{} does not parse: {error}", file.display()));
        let mut reader = Reader::new(&path, &syntax.items);
        reader.visit_file(&syntax);
        let children = reader.children;
        let module = Module {
            file: file.clone(),
            exports: reader.exports,
            defined: reader.defined,
            globs: reader.globs,
            named: reader.named,
        };
        self.modules.insert(path.clone(), module);
        let folder = match file.file_name().and_then(|name| name.to_str()) {
            Some("lib.rs" | "mod.rs") => file.parent().unwrap().to_path_buf(),
            _ => file.with_extension(""),
        };
        for child in children {
            let flat = folder.join(format!("{child}.rs"));
            let nested = folder.join(&child).join("mod.rs");
            let inside = if source.join(&flat).is_file() { flat } else { nested };
            self.add(source, [path.clone(), vec![child]].concat(), inside);
        }
    }

    /// The other files that each file refers to.
    pub fn arrows(&self) -> BTreeMap<&Path, BTreeSet<&Path>> {
        self.modules
            .iter()
            .map(|(own, module)| {
                let named = module.named.iter().filter_map(|path| self.target(path, 0));
                let others = named.filter(|target| *target != own);
                let files = others.map(|target| self.modules[target].file.as_path());
                (module.file.as_path(), files.collect())
            })
            .collect()
    }

    /// The module whose file defines the item at `path`; re-exports are followed.
    fn target(&self, path: &[String], depth: usize) -> Option<&ModulePath> {
        // A cycle of re-exports would not compile; the limit protects against an endless loop in
        // this test.
        if depth > 16 {
            return None;
        }
        let known = (0..=path.len()).rev().find(|len| self.modules.contains_key(&path[..*len]))?;
        let (own, module) = self.modules.get_key_value(&path[..known])?;
        let Some(name) = path.get(known) else { return Some(own) };
        if module.defined.contains(name) {
            return Some(own);
        }
        if let Some(exported) = module.exports.get(name) {
            return self.target(exported, depth + 1);
        }
        let whole = module.globs.iter().map(|glob| [&glob[..], &path[known..]].concat());
        whole.filter_map(|path| self.target_defined(&path, depth + 1)).next().or(Some(own))
    }

    /// Like [`target`](Self::target), but only if the module found defines or re-exports the name.
    fn target_defined(&self, path: &[String], depth: usize) -> Option<&ModulePath> {
        let known = (0..=path.len()).rev().find(|len| self.modules.contains_key(&path[..*len]))?;
        let module = &self.modules[&path[..known]];
        let name = path.get(known)?;
        (module.defined.contains(name) || module.exports.contains_key(name))
            .then(|| self.target(path, depth))?
    }

    /// The groups of files that refer to each other in a cycle, each sorted.
    pub fn circles(&self) -> Vec<Vec<&Path>> {
        let arrows = self.arrows();
        let reach: BTreeMap<&Path, BTreeSet<&Path>> =
            arrows.keys().map(|file| (*file, reachable(file, &arrows))).collect();
        let mut seen = BTreeSet::new();
        let mut circles = Vec::new();
        for (file, reached) in &reach {
            if !reached.contains(file) || seen.contains(file) {
                continue;
            }
            let circle: Vec<&Path> =
                reached.iter().copied().filter(|other| reach[other].contains(file)).collect();
            seen.extend(circle.iter().copied());
            circles.push(circle);
        }
        circles
    }

    /// A cycle with its internal references, one per line.
    pub fn describe(&self, circle: &[&Path]) -> String {
        let arrows = self.arrows();
        let mut text = String::new();
        for file in circle {
            for target in arrows[file].iter().filter(|target| circle.contains(target)) {
                let _ = writeln!(text, "  {} -> {}", file.display(), target.display());
            }
        }
        text
    }
}

/// The files that can be reached from `start` along at least one reference.
fn reachable<'a>(
    start: &'a Path,
    arrows: &BTreeMap<&'a Path, BTreeSet<&'a Path>>,
) -> BTreeSet<&'a Path> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(file) = open.pop() {
        open.extend(arrows[file].iter().copied().filter(|next| reached.insert(*next)));
    }
    reached
}

/// Collects the definitions and references of one file; test code is skipped.
struct Reader<'m> {
    own: &'m [String],
    children: BTreeSet<String>,
    exports: BTreeMap<String, Vec<String>>,
    defined: BTreeSet<String>,
    globs: Vec<Vec<String>>,
    named: BTreeSet<Vec<String>>,
}

impl<'m> Reader<'m> {
    fn new(own: &'m [String], items: &[syn::Item]) -> Self {
        let mut reader = Self {
            own,
            children: BTreeSet::new(),
            exports: BTreeMap::new(),
            defined: BTreeSet::new(),
            globs: Vec::new(),
            named: BTreeSet::new(),
        };
        items.iter().filter(|item| !is_for_tests(attributes(item))).for_each(|item| {
            if let syn::Item::Mod(module) = item
                && module.content.is_none()
            {
                reader.children.insert(module.ident.to_string());
            } else if let Some(name) = name_of(item) {
                reader.defined.insert(name);
            }
        });
        reader
    }

    /// The absolute form of a path, if it can refer to another file.
    fn absolute(&self, path: &[String]) -> Option<Vec<String>> {
        let mut base = self.own.to_vec();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => {
                base.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            child if self.children.contains(child) => {}
            _ => return None,
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    fn take_use(&mut self, tree: &syn::UseTree, before: &mut Vec<String>, is_exported: bool) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.take_use(&path.tree, before, is_exported);
                before.pop();
            }
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|one| self.take_use(one, before, is_exported));
            }
            syn::UseTree::Name(name) => {
                self.take_name(&name.ident.to_string(), None, before, is_exported);
            }
            syn::UseTree::Rename(name) => {
                let new = name.rename.to_string();
                self.take_name(&name.ident.to_string(), Some(new), before, is_exported);
            }
            syn::UseTree::Glob(_) => {
                if let Some(path) = self.absolute(before) {
                    self.named.insert(path.clone());
                    if is_exported {
                        self.globs.push(path);
                    }
                }
            }
        }
    }

    fn take_name(&mut self, name: &str, new: Option<String>, before: &[String], exported: bool) {
        let mut path = before.to_vec();
        // `use a::{self}` refers to `a`.
        if name != "self" || before.is_empty() {
            path.push(name.to_string());
        }
        let Some(absolute) = self.absolute(&path) else { return };
        if exported {
            let known_as = new.or_else(|| path.last().cloned());
            self.exports.extend(known_as.map(|known_as| (known_as, absolute.clone())));
        }
        self.named.insert(absolute);
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let is_exported = !matches!(item.vis, syn::Visibility::Inherited);
        self.take_use(&item.tree, &mut Vec::new(), is_exported);
    }

    /// `pub(in crate::a)` limits visibility; it refers to no file.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 {
            self.named.extend(self.absolute(&segments));
        }
        visit::visit_path(self, path);
    }
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(one) => &one.attrs,
        syn::Item::Enum(one) => &one.attrs,
        syn::Item::Fn(one) => &one.attrs,
        syn::Item::Impl(one) => &one.attrs,
        syn::Item::Macro(one) => &one.attrs,
        syn::Item::Mod(one) => &one.attrs,
        syn::Item::Static(one) => &one.attrs,
        syn::Item::Struct(one) => &one.attrs,
        syn::Item::Trait(one) => &one.attrs,
        syn::Item::Type(one) => &one.attrs,
        syn::Item::Use(one) => &one.attrs,
        _ => &[],
    }
}

fn name_of(item: &syn::Item) -> Option<String> {
    let name = match item {
        syn::Item::Const(one) => &one.ident,
        syn::Item::Enum(one) => &one.ident,
        syn::Item::Fn(one) => &one.sig.ident,
        syn::Item::Mod(one) => &one.ident,
        syn::Item::Static(one) => &one.ident,
        syn::Item::Struct(one) => &one.ident,
        syn::Item::Trait(one) => &one.ident,
        syn::Item::Type(one) => &one.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// `true` for `#[cfg(test)]` and `#[test]`.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Ident>().is_ok_and(|name| name == "test"))
    })
}
