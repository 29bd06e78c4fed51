//! A credential that a call would show.

use super::passage::Kind;
use crate::model::Finding;

/// A credential that a call would show.
pub struct Sight<'a> {
    /// The text or file that it stands in.
    pub kind: Kind,
    /// The file, if it is read from one.
    pub file: Option<&'a str>,
    /// The finding.
    pub finding: Finding,
    /// The variable that should hold it.
    pub variable: Option<String>,
}
