//! The cells of a Jupyter notebook as separate texts.

use crate::{
    language::{
        json,
        reader::Places,
        tree::{Decoded, NodeId, Shape, Tree},
    },
    model::{Span, SpanMap},
};

/// A part of a notebook that is scanned as a separate text.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The number of the cell, from 1; 0 for the notebook itself.
    pub index: usize,
    /// The kind of part.
    pub kind: CellKind,
    /// The text as the notebook displays it; empty for binary data.
    pub text: Vec<u8>,
    /// Maps its bytes to the file.
    pub map: SpanMap,
    /// Its span in the file, with the quotes of its first and last string.
    pub span: Span,
    /// `true` if it is base64 of an image or a document. Its text is not decoded.
    pub is_binary: bool,
}

/// The kind of a notebook's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellKind {
    /// The source of a code cell.
    Source {
        /// The language, in lower case: `python`, `r`, `bash`.
        language: String,
    },
    /// The output of a code cell.
    Output {
        /// The number of the output in the cell, from 1.
        index: usize,
        /// `stdout`, `stderr`, `error`, or a MIME type.
        mime: String,
    },
    /// A text cell or a raw cell.
    Markdown,
    /// Settings of the notebook, a cell or an output, one per line: `key: value`.
    Metadata,
    /// A file attached to a text cell.
    Attachment {
        /// Its MIME type.
        mime: String,
    },
    /// The values of the notebook's widgets, one per line.
    WidgetState,
}

/// The factor by which a notebook may have more nodes than other files, since each line of each
/// cell and output is one.
const ROOM: usize = 4;

/// The texts of a notebook (format 3 or 4), in the order of the file. A broken notebook is read as
/// far as possible.
///
/// The strings of a list are joined, and so are consecutive stream outputs of a cell with the same
/// name, so that a text printed in pieces is joined.
pub fn cells(text: &[u8]) -> Vec<Cell> {
    cells_near(text, Places::ALL)
}

/// The same texts, possibly without those that contain none of `places`.
pub fn cells_near(text: &[u8], places: Places<'_>) -> Vec<Cell> {
    let mut tree = json::tree_with_room(text, ROOM);
    tree.tie();
    let mut reader =
        Cells { tree: &tree, cells: Vec::new(), index: 0, language: language_of(&tree), places };
    for id in 0..tree.len() {
        let container = tree.node(id).parent;
        // A cell with two types is still one cell.
        if tree.is_called(id, "cell_type") && tree.child(container, "cell_type") == Some(id) {
            reader.cell(container);
        }
    }
    reader.index = 0;
    for document in tree.children(0).filter(|child| tree.is_called(*child, "metadata")) {
        reader.notebook_metadata(document);
    }
    let mut cells = reader.cells;
    cells.sort_by_key(|cell| cell.span.start);
    cells
}

/// The language of the notebook's kernel; `python` if the notebook does not give one.
fn language_of(tree: &Tree<'_>) -> String {
    let named = || {
        let metadata = tree.child(0, "metadata")?;
        let kernel = tree.child(metadata, "kernelspec");
        let info = tree.child(metadata, "language_info");
        kernel
            .and_then(|kernel| tree.child_text(kernel, "language"))
            .or_else(|| info.and_then(|info| tree.child_text(info, "name")))
            .filter(|language| !language.is_empty())
    };
    named().map_or_else(|| "python".into(), |language| language.to_lowercase())
}

struct Cells<'t, 'a> {
    tree: &'t Tree<'a>,
    cells: Vec<Cell>,
    /// The number of the current cell, from 1.
    index: usize,
    language: String,
    /// The places at which texts are wanted.
    places: Places<'t>,
}

impl Cells<'_, '_> {
    fn cell(&mut self, cell: NodeId) {
        self.index += 1;
        let kind = self.tree.child_text(cell, "cell_type").unwrap_or_default();
        let language = ["language", "languageId"]
            .iter()
            .find_map(|key| self.tree.child_text(cell, key))
            .unwrap_or_else(|| self.language.clone());
        for part in self.tree.children(cell) {
            match self.tree.key_bytes(part).unwrap_or_default() {
                b"source" | b"input" if kind == "code" => {
                    let language = language.to_lowercase();
                    self.push(&[part], CellKind::Source { language }, "");
                }
                b"source" => self.push(&[part], CellKind::Markdown, ""),
                b"outputs" => self.outputs(part),
                b"metadata" => self.settings(part, CellKind::Metadata),
                b"attachments" => self.attachments(part),
                _ => {}
            }
        }
    }

    fn outputs(&mut self, outputs: NodeId) {
        let tree = self.tree;
        let mut outputs = tree.children(outputs).enumerate().peekable();
        while let Some((place, output)) = outputs.next() {
            let index = place + 1;
            let Some(name) = self.stream_of(output) else {
                let kind = tree.child_text(output, "output_type").unwrap_or_default();
                self.output(output, index, &kind);
                continue;
            };
            let mut texts = Vec::from_iter(tree.child(output, "text"));
            while let Some((_, more)) =
                outputs.next_if(|(_, next)| self.stream_of(*next).as_ref() == Some(&name))
            {
                texts.extend(tree.child(more, "text"));
            }
            self.push(&texts, CellKind::Output { index, mime: name }, "");
        }
    }

    /// The name of the stream that an output was written to; `None` for other outputs.
    fn stream_of(&self, output: NodeId) -> Option<String> {
        let is_stream = self.tree.child_text(output, "output_type")? == "stream";
        let mut names = ["name", "stream"].iter();
        let name = || names.find_map(|key| self.tree.child_text(output, key));
        is_stream.then(name).map(|name| name.unwrap_or_else(|| "stdout".into()))
    }

    fn output(&mut self, output: NodeId, index: usize, kind: &str) {
        for part in self.tree.children(output) {
            let key = self.tree.key_of(part).unwrap_or_default();
            match key.as_str() {
                "data" => {
                    for item in self.tree.children(part) {
                        let mime = self.tree.key_of(item).unwrap_or_default();
                        self.item(item, CellKind::Output { index, mime });
                    }
                }
                "evalue" | "traceback" => {
                    self.push(&[part], CellKind::Output { index, mime: "error".into() }, "\n");
                }
                "metadata" => self.settings(part, CellKind::Metadata),
                // In format 3, the data is an entry beside the type.
                "text" | "html" | "svg" | "latex" | "javascript" | "json" => {
                    let mime =
                        if key == "text" { "text/plain".into() } else { format!("text/{key}") };
                    self.item(part, CellKind::Output { index, mime });
                }
                "png" | "jpeg" | "pdf" if kind.starts_with("py") || kind == "display_data" => {
                    let mime = format!("image/{key}");
                    self.item(part, CellKind::Output { index, mime });
                }
                _ => {}
            }
        }
    }

    fn attachments(&mut self, attachments: NodeId) {
        for file in self.tree.children(attachments) {
            for item in self.tree.children(file) {
                let mime = self.tree.key_of(item).unwrap_or_default();
                self.item(item, CellKind::Attachment { mime });
            }
        }
    }

    /// Data under a MIME type: text, an object, or base64.
    fn item(&mut self, item: NodeId, kind: CellKind) {
        let (CellKind::Output { mime, .. } | CellKind::Attachment { mime }) = &kind else { return };
        if is_binary(mime) {
            let Some(span) = extent(self.tree, item) else { return };
            let (text, map) = (Vec::new(), SpanMap::default());
            self.cells.push(Cell { index: self.index, kind, text, map, span, is_binary: true });
        } else if matches!(self.tree.node(item).shape, Shape::Map) {
            self.settings(item, kind);
        } else {
            self.push(&[item], kind, "");
        }
    }

    fn notebook_metadata(&mut self, metadata: NodeId) {
        for part in self.tree.children(metadata) {
            let is_widgets = self.tree.is_called(part, "widgets");
            let kind = if is_widgets { CellKind::WidgetState } else { CellKind::Metadata };
            self.settings(part, kind);
        }
    }

    /// `true` if a text made of these nodes is wanted.
    fn is_wanted(&self, nodes: &[NodeId]) -> bool {
        let extents = || nodes.iter().filter_map(|node| extent(self.tree, *node));
        let all = || extents().reduce(|all, one| all.joined(one));
        self.places.list().is_none()
            || all().is_some_and(|span| self.places.are_in(span.start..span.end))
    }

    /// Adds the text of strings and of lists of strings, if it is wanted.
    fn push(&mut self, nodes: &[NodeId], kind: CellKind, separator: &str) {
        if !self.is_wanted(nodes) {
            return;
        }
        let mut joined = Decoded::default();
        if let Some(span) = join(self.tree, nodes, separator, &mut joined) {
            let Decoded { text, map } = joined;
            self.cells.push(Cell { index: self.index, kind, text, map, span, is_binary: false });
        }
    }

    /// Adds the texts in a map, one line for each value.
    fn settings(&mut self, node: NodeId, kind: CellKind) {
        if !self.is_wanted(&[node]) {
            return;
        }
        let mut lines = Decoded::default();
        let source = self.tree.source();
        let own = self.tree.scalar(node).map(|_| node);
        for leaf in own.into_iter().chain(self.tree.inside(node)) {
            let Some(scalar) = self.tree.scalar(leaf) else { continue };
            if scalar.kind.is_some() || self.is_buffer(leaf) {
                continue;
            }
            if let crate::language::tree::Name::Key(key) = self.tree.node(leaf).name {
                key.decode_into(&mut lines, source);
                let between = Span::new(key.span.end, scalar.outer.start);
                lines.put(':', between);
                lines.put(' ', between);
            }
            scalar.text.decode_into(&mut lines, source);
            lines.put('\n', Span::new(scalar.outer.end, scalar.outer.end));
        }
        let Some(span) = extent(self.tree, node).filter(|_| !lines.text.is_empty()) else { return };
        let Decoded { text, map } = lines;
        self.cells.push(Cell { index: self.index, kind, text, map, span, is_binary: false });
    }

    /// `true` if a value is a widget's binary buffer.
    fn is_buffer(&self, leaf: NodeId) -> bool {
        let container = self.tree.node(leaf).parent;
        self.tree.is_called(leaf, "data")
            && self.tree.child_text(container, "encoding").is_some_and(|name| name == "base64")
    }
}

/// Appends strings, and the strings of lists, to `out`, and returns their span in the file.
fn join(tree: &Tree<'_>, nodes: &[NodeId], separator: &str, out: &mut Decoded) -> Option<Span> {
    let mut extent: Option<Span> = None;
    let own = |node: &NodeId| tree.scalar(*node).map(|_| *node);
    for part in nodes.iter().flat_map(|node| own(node).into_iter().chain(tree.children(*node))) {
        let Some(scalar) = tree.scalar(part).filter(|scalar| scalar.kind.is_none()) else {
            continue;
        };
        if let Some(before) = extent {
            let between = Span::new(before.end, scalar.outer.start);
            separator.chars().for_each(|character| out.put(character, between));
        }
        scalar.text.decode_into(out, tree.source());
        extent = Some(extent.map_or(scalar.outer, |before| before.joined(scalar.outer)));
    }
    extent
}

/// The span from the first to the last value in a node.
fn extent(tree: &Tree<'_>, node: NodeId) -> Option<Span> {
    let own = tree.scalar(node).map(|_| node);
    own.into_iter()
        .chain(tree.inside(node))
        .filter_map(|inner| tree.scalar(inner))
        .map(|scalar| scalar.outer)
        .reduce(|all, one| all.joined(one))
}

/// `true` if data of a MIME type is stored as base64.
fn is_binary(mime: &str) -> bool {
    let is_media =
        ["image/", "audio/", "video/", "font/"].iter().any(|kind| mime.starts_with(kind));
    (is_media && !mime.ends_with("+xml") && mime != "image/svg")
        || matches!(mime, "application/pdf" | "application/octet-stream" | "application/zip")
}

#[cfg(test)]
mod tests;
