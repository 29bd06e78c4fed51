//! Text that nothing runs: comments, documentation strings, and what stands in for a secret there.

use super::{draft::Draft, row, site::Site};
use crate::rule::expression;

/// The fix in a comment: a placeholder.
pub fn comment(site: Site<'_>) -> Draft {
    Draft::replace(row::COMMENT, site.span, placeholder(site))
}

/// What stands in for a secret where nothing reads it.
pub fn placeholder(site: Site<'_>) -> String {
    expression("markdown", site.variable).unwrap_or_default()
}
