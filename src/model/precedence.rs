//! The precedence of rules that match the same location.

use serde::{Deserialize, Serialize};

/// How specific a rule is, least specific first. Of findings at the same location, the one with the
/// most specific rule is reported.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Precedence {
    /// The format of the value, or a name that only says "secret".
    #[default]
    Shape,
    /// The owner of the credential, by its format, its encoding or the name beside it.
    Named,
    /// The construct that holds it: an argument, an assignment, a command.
    Construct,
    /// The use of the construct: a header, a CI step, an image.
    Place,
    /// The kind of file or job: a log, a model, a Compose file, an agent's settings.
    Artefact,
}
