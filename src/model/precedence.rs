//! Which of several rules reports a place that they all match.

use serde::{Deserialize, Serialize};

/// How much a rule knows about what it finds, the least first. Of the findings that share a
/// place, the one whose rule knows most is reported.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Precedence {
    /// The value's form, or a name that only says "secret".
    #[default]
    Shape,
    /// Whose credential it is, by its format, its encoding or the name beside it.
    Named,
    /// The construct that holds it: an argument, an assignment, a command.
    Construct,
    /// The place that the construct is written for: a header, a CI step, an image.
    Place,
    /// The kind of file or job it is in: a log, a model, a Compose file, an agent's settings.
    Artefact,
}
