//! Column names as users write them: `text`, `messages[].content`, `meta.*`.

#[cfg(feature = "data")]
use super::cell::{Cell, Step};
use arrow_schema::{DataType, Field};
use std::fmt;

/// A selection of a table's columns.
///
/// A name is a path of nested field names separated by dots. `[]`, which marks a list, is optional;
/// `*` matches any one name. A column with nested fields selects all texts in it. A dot in a name
/// is escaped as `\.`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// The field names of each path; empty selects every column.
    paths: Vec<Vec<String>>,
}

/// The selection names a column without texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no column with texts is named `{name}`; there are: {}", there.join(", "))]
pub struct UnknownColumn {
    /// The name.
    pub name: String,
    /// The existing columns with texts.
    pub there: Vec<String>,
}

impl Columns {
    /// The columns with these names; all if there are none.
    pub fn new<S: AsRef<str>>(names: &[S]) -> Self {
        Self { paths: names.iter().map(|name| parts(name.as_ref())).collect() }
    }

    /// `true` if every column is selected.
    pub fn is_all(&self) -> bool {
        self.paths.is_empty()
    }

    /// `true` if the texts at this path are selected.
    pub fn contain(&self, path: &[&str]) -> bool {
        let is_within = |names: &Vec<String>| {
            let matches = |(name, one): (&String, &&str)| name == "*" || name == one;
            names.len() <= path.len() && names.iter().zip(path).all(matches)
        };
        self.is_all() || self.paths.iter().any(is_within)
    }

    /// Checks that every name selects at least one of these columns.
    ///
    /// # Errors
    /// Returns an error for the first name that selects none.
    pub fn check(&self, there: &[ColumnPath]) -> Result<(), UnknownColumn> {
        for path in &self.paths {
            let one = Self { paths: vec![path.clone()] };
            if !there.iter().any(|there| one.contain(&there.names())) {
                let name = path.join(".");
                let there = there.iter().map(ColumnPath::to_string).collect();
                return Err(UnknownColumn { name, there });
            }
        }
        Ok(())
    }
}

/// The path to a column with texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnPath {
    /// The field names, each with its list nesting depth.
    steps: Vec<(String, usize)>,
}

impl ColumnPath {
    /// The columns with texts in these fields.
    pub fn of_fields<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Vec<Self> {
        let mut found = Vec::new();
        for field in fields {
            text_paths(field.name(), field.data_type(), &Self::default(), &mut found);
        }
        found
    }

    /// The field names.
    pub fn names(&self) -> Vec<&str> {
        self.steps.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The cell of a row in this column, with the index in each list on the path.
    #[cfg(feature = "data")]
    pub fn cell(&self, row: usize, indices: &[usize]) -> Cell {
        let (mut steps, mut indices) = (Vec::new(), indices.iter());
        for (name, lists) in &self.steps {
            steps.push(Step::Field(name.clone()));
            steps.extend(indices.by_ref().take(*lists).map(|index| Step::Index(*index)));
        }
        Cell { row, steps }
    }

    /// The path of a nested field.
    pub fn field(&self, name: &str) -> Self {
        let mut path = self.clone();
        path.steps.push((name.to_string(), 0));
        path
    }

    /// The path of the entries of a list.
    pub fn entry(&self) -> Self {
        let mut path = self.clone();
        if let Some((_, lists)) = path.steps.last_mut() {
            *lists += 1;
        }
        path
    }
}

impl fmt::Display for ColumnPath {
    /// `messages[].content`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (name, lists)) in self.steps.iter().enumerate() {
            let dot = if number > 0 { "." } else { "" };
            write!(f, "{dot}{name}{}", "[]".repeat(*lists))?;
        }
        Ok(())
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<String> = self.paths.iter().map(|path| path.join(".")).collect();
        f.write_str(&paths.join(", "))
    }
}

/// Splits a path into field names.
fn parts(path: &str) -> Vec<String> {
    let (mut names, mut name) = (Vec::new(), String::new());
    let mut characters = path.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => name.extend(characters.next()),
            '.' => names.push(std::mem::take(&mut name)),
            _ => name.push(character),
        }
    }
    names.push(name);
    names
        .into_iter()
        .map(|name| {
            let mut name = name.as_str();
            while let Some(rest) = name.strip_suffix("[]") {
                name = rest;
            }
            name.to_string()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// `true` if values of this type are texts, or bytes that may be.
pub(super) fn is_text(kind: &DataType) -> bool {
    use DataType::{Binary, BinaryView, FixedSizeBinary, LargeBinary, LargeUtf8, Utf8, Utf8View};
    matches!(
        kind,
        Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView | FixedSizeBinary(_)
    )
}

fn text_paths(name: &str, kind: &DataType, above: &ColumnPath, found: &mut Vec<ColumnPath>) {
    nested_paths(kind, above.field(name), found);
}

fn nested_paths(kind: &DataType, path: ColumnPath, found: &mut Vec<ColumnPath>) {
    match kind {
        DataType::Struct(fields) => {
            for field in fields {
                text_paths(field.name(), field.data_type(), &path, found);
            }
        }
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::FixedSizeList(field, _)
        | DataType::ListView(field)
        | DataType::LargeListView(field)
        | DataType::Map(field, _) => nested_paths(field.data_type(), path.entry(), found),
        DataType::Dictionary(_, values) => nested_paths(values, path, found),
        DataType::RunEndEncoded(_, values) => nested_paths(values.data_type(), path, found),
        kind if is_text(kind) => found.push(path),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn fields() -> Vec<Field> {
        let message = DataType::Struct(
            vec![
                Field::new("role", DataType::Utf8, true),
                Field::new("content", DataType::LargeUtf8, true),
                Field::new("tokens", DataType::Int32, true),
            ]
            .into(),
        );
        let list = DataType::List(Arc::new(Field::new("item", message, true)));
        vec![Field::new("text", DataType::Utf8, true), Field::new("messages", list, true)]
    }

    fn paths() -> Vec<ColumnPath> {
        ColumnPath::of_fields(&fields())
    }

    #[test]
    fn a_column_is_named_with_and_without_brackets() {
        for name in ["messages[].content", "messages.content", "messages", "*.content"] {
            let columns = Columns::new(&[name]);
            assert!(columns.check(&paths()).is_ok(), "{name}");
            assert!(columns.contain(&["messages", "content"]), "{name}");
            assert!(!columns.contain(&["text"]), "{name}");
        }
        assert!(Columns::new::<&str>(&[]).contain(&["anything"]));
        assert!(Columns::new(&[r"a\.b"]).contain(&["a.b"]));
    }

    #[test]
    fn a_column_that_is_not_there_is_told_with_those_that_are() {
        let error = Columns::new(&["txt"]).check(&paths()).expect_err("it is refused");
        assert_eq!(
            error.to_string(),
            "no column with texts is named `txt`; there are: text, messages[].role, \
             messages[].content"
        );
        assert!(Columns::new(&["messages.tokens"]).check(&paths()).is_err());
    }
}
