//! The position of a text in a table.

/// The position of a text in a table: row and path from the column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// The row in the visited array, from 0.
    pub row: usize,
    /// Field names and indices on the path to the text, outermost first.
    pub steps: Vec<Step>,
}

/// A step on the path to a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A field of this name.
    Field(String),
    /// An index in a list or map, from 0.
    Index(usize),
}

impl Cell {
    /// The path with indices: `messages[3].content`.
    pub fn path(&self) -> String {
        self.written(|index| format!("[{index}]"))
    }

    /// The column, without indices: `messages[].content`.
    pub fn column(&self) -> String {
        self.written(|_| "[]".into())
    }

    /// The field names in the path.
    pub fn names(&self) -> Vec<&str> {
        let names = self.steps.iter().map(|step| match step {
            Step::Field(name) => Some(name.as_str()),
            Step::Index(_) => None,
        });
        names.flatten().collect()
    }

    fn written(&self, index: impl Fn(usize) -> String) -> String {
        let mut text = String::new();
        for step in &self.steps {
            match step {
                Step::Field(name) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(name);
                }
                Step::Index(at) => text.push_str(&index(*at)),
            }
        }
        text
    }
}

/// Calls the function with each cell that contains the text at an index. The steps lead from the
/// text upwards, innermost first.
pub type Cells<'a> = dyn Fn(usize, Vec<Step>, &mut dyn FnMut(Cell)) + 'a;
