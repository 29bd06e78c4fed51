//! A credential in a hook call.

use super::passage::Kind;
use crate::model::Finding;

/// A credential in a hook call.
pub struct Sight<'a> {
    /// The role of the text or file with the credential.
    pub kind: Kind,
    /// The file that was read; `None` for a text of the call.
    pub file: Option<&'a str>,
    /// The finding.
    pub finding: Finding,
    /// The environment variable that replaces the secret.
    pub variable: Option<String>,
}
