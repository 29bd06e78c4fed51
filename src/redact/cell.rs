//! Where in a table a text stands.

/// A place in a table: where a text stands, from the column down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// The row, from 0, in the array that is walked.
    pub row: usize,
    /// The names and indices on the way to the text, in order.
    pub steps: Vec<Step>,
}

/// A step on the way to a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A field of this name.
    Field(String),
    /// An entry of a list or a map, from 0.
    Index(usize),
}

impl Cell {
    /// The way with indices: `messages[3].content`.
    pub fn path(&self) -> String {
        self.written(|index| format!("[{index}]"))
    }

    /// The column, which has the same name for all rows: `messages[].content`.
    pub fn column(&self) -> String {
        self.written(|_| "[]".into())
    }

    /// The names of the fields.
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

/// Gives the cells that hold the text at an index, with the steps that lead down to the text,
/// the last first.
pub type Cells<'a> = dyn Fn(usize, Vec<Step>, &mut dyn FnMut(Cell)) + 'a;
