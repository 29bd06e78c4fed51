//! The tree: nodes in the order of the text, each in a container.

use super::{
    form::{Decoded, Form},
    node::{Name, Node, NodeId, Packed, Scalar, Shape},
    scalar::Text,
};
use crate::model::{Span, ValueKind};

/// Maximum number of nodes of a tree, so that a file of brackets cannot exhaust the memory. An 8 MB
/// settings document has fewer.
const MAX_NODES: usize = 1 << 18;

/// Maximum number of entries of a map that are searched for a name: enough for any step, service or
/// container, and a limit for repetitive maps.
const MAX_SIBLINGS: usize = 256;

/// The nodes of one or several documents in a file, in text order.
#[derive(Debug)]
pub struct Tree<'a> {
    source: &'a [u8],
    nodes: Vec<Packed>,
    most_nodes: usize,
    documents: Vec<NodeId>,
    /// The comments.
    pub comments: Vec<Span>,
}

impl<'a> Tree<'a> {
    /// A tree over `source` with one empty document.
    pub fn new(source: &'a [u8]) -> Self {
        let mut tree = Self {
            source,
            nodes: Vec::new(),
            most_nodes: MAX_NODES,
            documents: Vec::new(),
            comments: Vec::new(),
        };
        tree.add_document();
        tree
    }

    /// The same tree, with room for `times` as many nodes.
    pub fn with_room(self, times: usize) -> Self {
        Self { most_nodes: MAX_NODES * times, ..self }
    }

    /// The text of the tree.
    pub fn source(&self) -> &'a [u8] {
        self.source
    }

    /// Adds another document and returns it.
    pub fn add_document(&mut self) -> NodeId {
        let id = self.nodes.len();
        self.documents.push(id);
        self.push(id, Name::Root)
    }

    /// Adds an entry without a value to a container and returns it.
    pub fn add(&mut self, parent: NodeId, name: Name) -> NodeId {
        self.push(parent, name)
    }

    fn push(&mut self, parent: NodeId, name: Name) -> NodeId {
        self.nodes.push(Packed::new(parent, name));
        self.nodes.len() - 1
    }

    /// Removes the last node if it is a list entry without content, so that lists of numbers take
    /// no memory.
    pub fn drop_if_bare(&mut self, id: NodeId) {
        if id + 1 == self.nodes.len() && matches!(self.nodes[id].name(id), Name::Entry(_)) {
            self.nodes.pop();
        }
    }

    /// `true` if a reader should stop adding nodes.
    pub fn is_full(&self) -> bool {
        self.nodes.len() >= self.most_nodes
    }

    /// Sets the content of a node.
    pub fn set(&mut self, id: NodeId, shape: Shape) {
        if let Some(node) = self.nodes.get_mut(id) {
            node.set_shape(shape);
        }
    }

    /// Sets a node to a value.
    pub fn set_scalar(&mut self, id: NodeId, text: Text, outer: Span, kind: Option<ValueKind>) {
        self.set(id, Shape::Scalar(Scalar { text, outer, kind }));
    }

    /// Turns a node without content into a container.
    pub fn contain(&mut self, id: NodeId, shape: Shape) {
        if self.nodes.get(id).is_some_and(|node| matches!(node.shape(), Shape::Missing)) {
            self.set(id, shape);
        }
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> Node {
        let packed = &self.nodes[id];
        Node { parent: packed.parent(), name: packed.name(id), shape: packed.shape() }
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The documents, in order.
    pub fn documents(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.documents.iter().copied()
    }

    /// Links the entries to their containers. Before that, [`children`](Tree::children) and
    /// [`child`](Tree::child) find nothing.
    pub fn tie(&mut self) {
        let mut last: Vec<u32> = vec![0; self.nodes.len()];
        for id in 0..self.nodes.len() {
            let parent = self.nodes[id].parent();
            // The index fits, since there are at most slightly more than `MAX_NODES`.
            let place = u32::try_from(id).unwrap_or_default();
            if parent == id {
                continue;
            }
            match last[parent] {
                0 => self.nodes[parent].first_child = place,
                before => self.nodes[before as usize].next_sibling = place,
            }
            last[parent] = place;
        }
    }

    /// The entries of a container, in order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let some = |place: u32| (place != 0).then_some(place as usize);
        std::iter::successors(some(self.nodes[id].first_child), move |child| {
            some(self.nodes[*child].next_sibling)
        })
    }

    /// The entry `name` of a map, among the first few hundred.
    pub fn child(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.children(id).take(MAX_SIBLINGS).find(|child| self.is_called(*child, name))
    }

    /// The value of the entry `name` of a map.
    pub fn child_text(&self, id: NodeId, name: &str) -> Option<String> {
        self.text_of(self.child(id, name)?)
    }

    /// `true` if the name of an entry is exactly `name`.
    pub fn is_called(&self, id: NodeId, name: &str) -> bool {
        self.key_bytes(id).is_some_and(|key| key == name.as_bytes())
    }

    /// The name of an entry of a map in its source form, without quotes.
    pub fn key_bytes(&self, id: NodeId) -> Option<&'a [u8]> {
        match self.nodes[id].name(id) {
            Name::Key(text) => Some(text.span.slice(self.source)),
            _ => None,
        }
    }

    /// The name of an entry of a map.
    pub fn key_of(&self, id: NodeId) -> Option<String> {
        match self.nodes[id].name(id) {
            Name::Key(text) => Some(text.read(self.source)),
            _ => None,
        }
    }

    /// The value of a node that is not a container.
    pub fn scalar(&self, id: NodeId) -> Option<Scalar> {
        match self.nodes[id].shape() {
            Shape::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of the value, decoded.
    pub fn text_of(&self, id: NodeId) -> Option<String> {
        self.scalar(id).map(|scalar| scalar.text.read(self.source))
    }

    /// The text of the value, decoded, with a map to the file.
    pub fn decoded(&self, id: NodeId) -> Option<Decoded> {
        self.scalar(id).map(|scalar| scalar.text.decode(self.source))
    }

    /// The nodes inside a container, at any depth, in the order of the text.
    pub fn inside(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        // All nodes between a container and the next node outside it are in it.
        (id + 1..self.nodes.len()).take_while(move |inner| {
            let parent = self.nodes[*inner].parent();
            parent >= id && parent != *inner
        })
    }

    /// A name or value without escapes.
    pub fn verbatim(span: Span) -> Text {
        Text { span, form: Form::Verbatim }
    }
}
