//! Notebooks: Jupyter's files, and the code chunks of R Markdown and Quarto.

mod cells;

pub use cells::{Cell, CellKind, cells};
