//! The vocabulary: plain types that every floor above speaks in.

pub mod escape;
pub mod fact;
pub mod finding;
pub mod fix;
pub mod history;
pub mod location;
pub mod outcome;
pub mod path;
pub mod precedence;
pub mod read_at;
pub mod scope;
pub mod secret;
pub mod severity;
pub mod shared;
pub mod span;
pub mod span_map;
pub mod summary;
pub mod tree;

pub use escape::escaped;
pub use fact::{Binding, BindingContext, Command, CommandPlace, Facts, Value, ValueKind, Word};
pub use finding::{Finding, Fingerprint};
pub use fix::{Applicability, Edit, EditSpans, Fix};
pub use history::{Commit, CommitTime, History, Host, ObjectId, Origin, Reach, Remote};
pub use location::{Excerpt, Location};
pub use outcome::{Dismissal, Dismissed, Outcome, SkipReason, Skipped, Totals, Warning};
pub use path::SourcePath;
pub use precedence::Precedence;
pub use read_at::ReadAt;
pub use scope::{Added, Scope};
pub use secret::Secret;
pub use severity::{Confidence, Severity};
pub use shared::Shared;
pub use span::{LineColumn, Span};
pub use span_map::SpanMap;
pub use summary::Summary;
pub use tree::{FileState, TreeFile};
