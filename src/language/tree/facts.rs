//! Turns a tree into bindings.

use super::{
    document::Tree,
    form::Form,
    node::{Name, NodeId, Scalar, Shape},
    scalar::Text,
};
use crate::{
    language::{
        lookup::{default_in, is_constant_name, kind_of_text},
        reader::Places,
    },
    model::{Binding, BindingContext, Facts, Span, Value, ValueKind},
};
use bstr::ByteSlice;

/// Maximum length in bytes of a path; a longer path loses the names in the middle.
const MAX_PATH: usize = 512;

/// Maximum length in bytes of a list's name that is the key of each of its entries.
const MAX_LIST_KEY: usize = 128;

/// Names of the entry that holds a variable's name, in a pair with one of [`PAIR_VALUES`].
const PAIR_NAMES: [&str; 8] =
    ["name", "Name", "key", "Key", "variable", "Variable", "n", "envName"];

/// Names of the entry that holds the variable's value.
const PAIR_VALUES: [&str; 5] = ["value", "Value", "default_value", "defaultValue", "v"];

/// Maximum number of entries of a map that are searched for such a pair.
const MAX_PAIR_SIBLINGS: usize = 64;

/// Memory in bytes from which no further bindings are added.
const MAX_BYTES: usize = 24 << 20;

/// The memory in bytes of a binding.
fn bytes(binding: &Binding) -> usize {
    size_of::<Binding>() + binding.key.len() + binding.path.len() + binding.value.text.len()
}

/// The bindings of a tree, and the nodes that they come from.
#[derive(Debug, Default)]
pub struct Reading {
    /// The facts.
    pub facts: Facts,
    /// For each node of the tree, the index of its binding.
    bindings: Vec<Option<u32>>,
    /// For each node, the index of the second binding of a variable's value, as in `- name:
    /// HF_TOKEN`, `value: …`.
    pairs: Vec<Option<u32>>,
}

impl Reading {
    /// The binding of a node with a value.
    pub fn binding_mut(&mut self, id: NodeId) -> Option<&mut Binding> {
        let index = (*self.bindings.get(id)?)?;
        self.facts.bindings.get_mut(index as usize)
    }

    /// The second binding of a node that is the value of a variable named beside it.
    pub fn pair_mut(&mut self, id: NodeId) -> Option<&mut Binding> {
        let index = (*self.pairs.get(id)?)?;
        self.facts.bindings.get_mut(index as usize)
    }
}

/// The bindings of a linked tree: one for each value, and a second one if a name and a value are
/// entries of the same map.
pub fn facts(tree: &Tree<'_>) -> Reading {
    facts_near(tree, Places::ALL)
}

/// The bindings of a linked tree near `places`, as many as fit into memory.
pub fn facts_near(tree: &Tree<'_>, places: Places<'_>) -> Reading {
    let mut reading = Reading {
        bindings: vec![None; tree.len()],
        pairs: vec![None; tree.len()],
        ..Reading::default()
    };
    let mut path = Path::default();
    let mut room = MAX_BYTES;
    for id in 0..tree.len() {
        path.enter(tree, id, places);
        let before = reading.facts.bindings.len();
        if path.is_near(tree, id, places) {
            let names = path.names(tree);
            if let Some(binding) = binding(tree, id, &names) {
                reading.bindings[id] = u32::try_from(before).ok();
                let default = default_of(&binding);
                reading.facts.bindings.push(binding);
                reading.facts.bindings.extend(default);
            }
            pair(tree, id, &names, &mut reading);
        }
        let added = reading.facts.bindings[before..].iter().map(bytes).sum();
        let Some(left) = room.checked_sub(added) else { break };
        room = left;
    }
    reading.facts.comments.clone_from(&tree.comments);
    reading
}

/// The default of a value that is a look-up: `${HF_TOKEN:-…}` of Compose, `${oc.env:HF_TOKEN,…}` of
/// OmegaConf, `${env:HF_TOKEN, '…'}` of Serverless, `${hf.token:…}` of Spring.
fn default_of(binding: &Binding) -> Option<Binding> {
    let text = binding.value.text.as_str();
    let inside = text.strip_prefix("${")?.strip_suffix('}')?;
    if text.len() != binding.value.span.len() || inside.contains('$') {
        return None;
    }
    // OmegaConf's own resolvers have a dot in their name as well.
    let property =
        inside.split_once(':').filter(|(name, _)| name.contains('.') && *name != "oc.env");
    let default = property.map_or_else(|| default_in(inside), |(_, default)| default);
    let plain = default.trim().trim_matches(['"', '\'']);
    if plain.is_empty() {
        return None;
    }
    let start = binding.value.span.start + (plain.as_ptr() as usize - text.as_ptr() as usize);
    let span = Span::new(start, start + plain.len());
    let value = Value { kind: kind_of_text(plain), text: plain.to_string(), span };
    Some(Binding { value, context: BindingContext::Default, ..binding.clone() })
}

/// The current node and its ancestors.
#[derive(Default)]
struct Path {
    /// The ancestors and the node itself, outermost first.
    around: Vec<NodeId>,
    /// Number of nodes in `around` without a wanted place in their own name or an enclosing name.
    unnamed: usize,
}

/// The names of a node and its ancestors.
#[derive(Default)]
struct Names {
    /// The path up to and including the node's own name, unless that is too long.
    text: String,
    /// The node's own name.
    key: Option<String>,
    /// `true` if `text` ends with the node's own name.
    holds_key: bool,
    /// The innermost name, of the node or an ancestor, that is short enough for the key of a list.
    list_key: Option<String>,
}

impl Path {
    /// Moves to `id`. Nodes are entered in the order of the text.
    fn enter(&mut self, tree: &Tree<'_>, id: NodeId, places: Places<'_>) {
        let node = tree.node(id);
        while self.around.last().is_some_and(|top| *top != node.parent) {
            self.around.pop();
        }
        let is_named = self.unnamed < self.around.len();
        self.unnamed = self.unnamed.min(self.around.len());
        self.around.push(id);
        let is_wanted = |text: Text| places.are_in(text.span.start..text.span.end);
        if !is_named && !matches!(node.name, Name::Key(text) if is_wanted(text)) {
            self.unnamed += 1;
        }
    }

    /// `true` if a wanted place is in an enclosing name of the node, in its own, in its value, or
    /// in the value of the variable that it names.
    fn is_near(&self, tree: &Tree<'_>, id: NodeId, places: Places<'_>) -> bool {
        let span_of = |id| {
            let scalar: Scalar = tree.scalar(id)?;
            Some(match tree.node(id).name {
                Name::Key(text) => text.span.joined(scalar.outer),
                Name::Root | Name::Entry(_) => scalar.outer,
            })
        };
        let is_in = |span: Span| places.are_in(span.start..span.end);
        let pair = tree.children(id).take(MAX_PAIR_SIBLINGS).filter_map(span_of);
        self.unnamed < self.around.len()
            || span_of(id).is_some_and(is_in)
            || pair.reduce(|all, one| all.joined(one)).is_some_and(is_in)
    }

    fn names(&self, tree: &Tree<'_>) -> Names {
        let mut names = Names::default();
        let own = self.around.last();
        for id in &self.around {
            names.key = None;
            names.holds_key = false;
            match tree.node(*id).name {
                Name::Entry(index) if names.text.len() < MAX_PATH => {
                    names.text.push_str(&format!("[{index}]"));
                }
                Name::Root | Name::Entry(_) => {}
                // Even with escapes, a key of this length is too long for a path.
                Name::Key(text) if text.span.len() > 16 * MAX_PATH && Some(id) != own => {}
                Name::Key(text) => names.enter(text.read(tree.source())),
            }
        }
        names
    }
}

impl Names {
    fn enter(&mut self, key: String) {
        if self.text.len() + key.len() < MAX_PATH {
            push_name(&mut self.text, &key);
            self.holds_key = true;
        }
        if key.len() <= MAX_LIST_KEY {
            self.list_key = Some(key.clone());
        }
        self.key = Some(key);
    }

    /// The whole path of the node, with its own name of any length.
    fn whole(&self) -> String {
        let mut path = self.text.clone();
        if let Some(key) = self.key.as_ref().filter(|_| !self.holds_key) {
            push_name(&mut path, key);
        }
        path
    }
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// The binding of one node, if it is a leaf.
fn binding(tree: &Tree<'_>, id: NodeId, names: &Names) -> Option<Binding> {
    let node = tree.node(id);
    let own_key = match node.name {
        Name::Key(text) => Some(text.span),
        Name::Entry(_) | Name::Root => None,
    };
    let (value, outer) = match node.shape {
        Shape::Scalar(scalar) => (value(tree, scalar), scalar.outer),
        // A container without entries still has a name.
        Shape::Missing => (missing(own_key?), own_key?),
        Shape::Map | Shape::List => {
            let is_empty = tree.children(id).next().is_none();
            (is_empty.then_some(missing(own_key?))?, own_key?)
        }
    };
    let key = names.key.as_ref().or(names.list_key.as_ref()).cloned().unwrap_or_default();
    // A value without a name has an empty key at its start.
    let key_span = own_key.unwrap_or(Span::new(outer.start, outer.start));
    Some(Binding {
        key,
        path: names.whole(),
        callee: None,
        position: None,
        value,
        context: BindingContext::Mapping,
        key_span,
        span: key_span.joined(outer),
        language: None,
        commented: false,
    })
}

fn value(tree: &Tree<'_>, scalar: Scalar) -> Value {
    let decoded = scalar.text.decode(tree.source());
    // The line ends after a block are not part of its value.
    let kept = decoded.text.trim_end_with(|c| c == '\n').len();
    let text = decoded.text[..kept].to_str_lossy().into_owned();
    let is_block = matches!(scalar.text.form, Form::YamlBlock { .. });
    let span = if is_block || kept < decoded.text.len() {
        decoded.map.to_source(Span::new(0, kept))
    } else {
        scalar.text.span
    };
    let kind = scalar.kind.unwrap_or_else(|| kind_of_text(&text));
    Value { kind, text, span }
}

fn missing(key: Span) -> Value {
    let span = Span::new(key.end, key.end);
    Value { kind: ValueKind::Missing, text: String::new(), span }
}

/// Adds the binding of a variable whose name and value are entries of the same map, or whose name
/// is an attribute of the element with the value.
fn pair(tree: &Tree<'_>, id: NodeId, names: &Names, reading: &mut Reading) {
    let is_one_of = |child: NodeId, names: &[&str]| {
        let key = tree.key_bytes(child).unwrap_or_default();
        tree.scalar(child).is_some() && names.iter().any(|name| name.as_bytes() == key)
    };
    let mut name = None;
    let mut value_node = tree.scalar(id).map(|_| id);
    for child in tree.children(id).take(MAX_PAIR_SIBLINGS) {
        if name.is_none() && is_one_of(child, &PAIR_NAMES) {
            name = Some(child);
        } else if is_one_of(child, &PAIR_VALUES) {
            value_node = Some(child);
        }
    }
    let (Some(name), Some(value_node)) = (name, value_node) else { return };
    let (Some(name), Some(scalar)) = (tree.scalar(name), tree.scalar(value_node)) else { return };
    let key = name.text.read(tree.source());
    if key.is_empty() || key.len() > MAX_LIST_KEY || key.contains(['\n', '{']) {
        return;
    }
    let mut pair_path = names.text.clone();
    push_name(&mut pair_path, &key);
    let is_variable = is_constant_name(&key);
    reading.pairs[value_node] = u32::try_from(reading.facts.bindings.len()).ok();
    reading.facts.bindings.push(Binding {
        path: pair_path,
        callee: None,
        position: None,
        value: value(tree, scalar),
        context: if is_variable { BindingContext::Environment } else { BindingContext::Mapping },
        key_span: name.text.span,
        span: name.outer.joined(scalar.outer),
        key,
        language: None,
        commented: false,
    });
}
