//! The vocabulary: plain types that every other folder uses.

pub mod escape;
pub mod fact;
pub mod finding;
pub mod fix;
pub mod history;
pub mod home;
pub mod interval_index;
pub mod join;
pub mod location;
pub mod outcome;
pub mod path;
pub mod precedence;
pub mod read_at;
pub mod scope;
pub mod secret;
pub mod severity;
pub mod shared;
pub mod skipped;
pub mod span;
pub mod span_map;
pub mod summary;
pub mod suppressor;
pub mod text_start;
pub mod tree;
pub mod upload;
pub mod verification;

pub use escape::escaped;
pub use fact::{
    Binding, BindingContext, Command, CommandPlace, Embedded, Facts, Nesting, Value, ValueKind,
    Word,
};
pub use finding::{Finding, Fingerprint};
pub use fix::{Applicability, Edit, EditPlaces, FileChange, Fix};
pub use history::{Commit, CommitTime, Exposure, History, Host, ObjectId, Origin, Remote};
pub use interval_index::IntervalIndex;
pub use join::join;
pub use location::{Excerpt, Location};
pub use outcome::{Dismissal, Dismissed, Outcome, Totals, Warning};
pub use path::SourcePath;
pub use precedence::Precedence;
pub use read_at::ReadAt;
pub use scope::{Added, Scope};
pub use secret::{Secret, push_masked};
pub use severity::{Confidence, Severity};
pub use shared::Shared;
pub use skipped::{Completeness, Effect, SkipReason, Skipped};
pub use span::{LineColumn, Span};
pub use span_map::SpanMap;
pub use summary::Summary;
pub use suppressor::{AllowedBy, Suppressor};
pub use text_start::text_start;
pub use tree::{FileState, TreeFile};
pub use upload::Upload;
