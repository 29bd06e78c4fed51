//! The nodes of a tree, stored compactly: a text of a few megabytes has hundreds of thousands of
//! nodes.

use super::{form::Form, scalar::Text};
use crate::model::{Span, ValueKind};

/// The index of a node in its tree.
pub type NodeId = usize;

/// A node's name in its container.
#[derive(Debug, Clone, Copy)]
pub enum Name {
    /// A document.
    Root,
    /// An entry of a map.
    Key(Text),
    /// An entry of a list, counted from 0.
    Entry(usize),
}

/// A value that is not a container.
#[derive(Debug, Clone, Copy)]
pub struct Scalar {
    /// The text, without quotes.
    pub text: Text,
    /// The value with its quotes.
    pub outer: Span,
    /// Its kind, if its written form defines one, as for a number or a tag; otherwise the text
    /// decides.
    pub kind: Option<ValueKind>,
}

/// A node's content.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Nothing, or not set yet: `key:`.
    Missing,
    /// Named entries.
    Map,
    /// Entries without names.
    List,
    /// A value.
    Scalar(Scalar),
}

/// A document, an entry, or a container of entries.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// The container; a document is its own container.
    pub parent: NodeId,
    /// Its name in the container.
    pub name: Name,
    /// Its content.
    pub shape: Shape,
}

/// A compact node. Offsets beyond 4 GiB cannot be represented.
#[derive(Debug)]
pub struct Packed {
    parent: u32,
    /// The first entry; 0 if there is none.
    pub first_child: u32,
    /// The next entry of the same container; 0 if there is none.
    pub next_sibling: u32,
    /// The span of the name; for an entry of a list, its index.
    name: [u32; 2],
    /// The written form of the name; `None` for an entry of a list.
    name_form: Option<Form>,
    text: [u32; 2],
    outer: [u32; 2],
    form: Form,
    kind: Option<ValueKind>,
    holds: Holds,
}

#[derive(Debug, Clone, Copy)]
enum Holds {
    Nothing,
    Map,
    List,
    Scalar,
}

impl Packed {
    /// A node without content.
    pub fn new(parent: NodeId, name: Name) -> Self {
        let (name, name_form) = match name {
            Name::Root => ([0; 2], None),
            Name::Key(text) => (packed(text.span), Some(text.form)),
            Name::Entry(index) => ([short(index), 0], None),
        };
        Self {
            parent: short(parent),
            first_child: 0,
            next_sibling: 0,
            name,
            name_form,
            text: [0; 2],
            outer: [0; 2],
            form: Form::Verbatim,
            kind: None,
            holds: Holds::Nothing,
        }
    }

    /// The container; a document is its own container.
    pub fn parent(&self) -> NodeId {
        self.parent as usize
    }

    /// Its name; `id` is its own index.
    pub fn name(&self, id: NodeId) -> Name {
        match self.name_form {
            Some(form) => Name::Key(Text { span: span(self.name), form }),
            None if self.parent() == id => Name::Root,
            None => Name::Entry(self.name[0] as usize),
        }
    }

    /// Its content.
    pub fn shape(&self) -> Shape {
        match self.holds {
            Holds::Nothing => Shape::Missing,
            Holds::Map => Shape::Map,
            Holds::List => Shape::List,
            Holds::Scalar => Shape::Scalar(Scalar {
                text: Text { span: span(self.text), form: self.form },
                outer: span(self.outer),
                kind: self.kind,
            }),
        }
    }

    /// Sets its content.
    pub fn set_shape(&mut self, shape: Shape) {
        self.holds = match shape {
            Shape::Missing => Holds::Nothing,
            Shape::Map => Holds::Map,
            Shape::List => Holds::List,
            Shape::Scalar(scalar) => {
                self.text = packed(scalar.text.span);
                self.form = scalar.text.form;
                self.outer = packed(scalar.outer);
                self.kind = scalar.kind;
                Holds::Scalar
            }
        };
    }
}

fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn packed(span: Span) -> [u32; 2] {
    [short(span.start), short(span.end)]
}

fn span([start, end]: [u32; 2]) -> Span {
    Span::new(start as usize, end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_takes_at_most_64_bytes() {
        assert!(size_of::<Packed>() <= 64, "{}", size_of::<Packed>());
    }
}
