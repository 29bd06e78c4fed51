//! The vocabulary: plain types that every floor above speaks in.

pub mod escape;
pub mod fact;
pub mod finding;
pub mod location;
pub mod outcome;
pub mod path;
pub mod secret;
pub mod severity;
pub mod span;
pub mod span_map;
pub mod summary;

pub use escape::escaped;
pub use fact::{Binding, BindingContext, Command, CommandPlace, Facts, Value, ValueKind, Word};
pub use finding::{Finding, Fingerprint};
pub use location::{Excerpt, Location};
pub use outcome::{Dismissal, Dismissed, Outcome, SkipReason, Skipped, Totals, Warning};
pub use path::SourcePath;
pub use secret::Secret;
pub use severity::{Confidence, Severity};
pub use span::{LineColumn, Span};
pub use span_map::SpanMap;
pub use summary::Summary;
