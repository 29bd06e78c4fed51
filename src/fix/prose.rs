//! Text that is not executed: comments, documentation strings, and placeholders for secrets in it.

use super::{draft::Draft, row, site::Site};
use crate::rule::expression;

/// The fix in a comment: a placeholder.
pub fn comment(site: Site<'_>) -> Draft {
    Draft::replace(row::COMMENT, site.span, placeholder(site))
}

/// The placeholder for a secret in text that no program reads.
pub fn placeholder(site: Site<'_>) -> String {
    expression("markdown", site.variable).unwrap_or_default()
}
