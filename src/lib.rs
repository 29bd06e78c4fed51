//! Finds Hugging Face credentials in code, configuration, model files and git history, and
//! the habits that leak them, and says how to fix each.
//!
//! hfscan is primarily a program (`hfscan --help`); this is the library behind it.
//!
//! # Scanning
//!
//! A [`Scanner`] is built once from [`Settings`] and scans anything: bytes in memory, files below
//! some folders ([`Walk`]), or documents of your own, through the [`Source`] trait. The result is
//! an [`Outcome`]: the [`Finding`]s, and everything that was skipped, dismissed and suppressed.
//!
//! ```
//! use hfscan::{Scanner, Settings, Severity};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let scanner = Scanner::new(Settings::default())?;
//! let outcome = scanner.bytes("Dockerfile", b"FROM python:3.12\nARG HF_TOKEN\n");
//! for finding in &outcome.findings {
//!     let place = finding.location.start;
//!     println!("{}:{}: {}", finding.location.name(), place.line, finding.message);
//! }
//! assert!(outcome.findings.iter().any(|one| one.severity >= Severity::Low));
//! # Ok(())
//! # }
//! ```
//!
//! Files of a folder, with the `.gitignore` in it honoured:
//!
//! ```
//! use hfscan::{Progress, Scanner, Settings, Walk};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("a.py"), "login()\n")?;
//! let scanner = Scanner::new(Settings::default())?;
//! let outcome = scanner.run(&Walk::of([folder.path()])?, &Progress::default())?;
//! assert!(outcome.is_complete(), "not scanned: {:?}", outcome.skipped);
//! assert_eq!(outcome.totals.files, 1);
//! # Ok(())
//! # }
//! ```
//!
//! Documents from elsewhere, such as rows of a table or ranges of a remote file
//! ([`LargeContent`] takes anything that can be read at an offset):
//!
//! ```
//! use hfscan::{
//!     Content, Document, Origin, Progress, Scanner, Settings, Sink, Source, SourceError,
//!     SourcePath,
//! };
//!
//! struct Cards(Vec<(String, String)>);
//!
//! impl Source for Cards {
//!     fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
//!         let mut worker = sink.worker();
//!         for (name, text) in &self.0 {
//!             let path = SourcePath::from_bytes(name);
//!             let content = Content::Whole(text.as_bytes());
//!             worker.document(Document::new(path, content, Origin::Remote));
//!         }
//!         Ok(())
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let cards = Cards(vec![("me/model/README.md".into(), "use_auth_token=True".into())]);
//! let scanner = Scanner::new(Settings::default())?;
//! let outcome = scanner.run(&cards, &Progress::default())?;
//! assert_eq!(outcome.totals.files, 1);
//! # Ok(())
//! # }
//! ```
//!
//! # Secrets
//!
//! A credential travels as [`Secret`], which has no `Display`, no `Serialize`, and a `Debug`
//! that shows only its length. Messages, excerpts and paths of an [`Outcome`] contain no
//! secret; [`Secret::expose`] is the only way to one. The library never opens a network
//! connection.
//!
//! # Stability
//!
//! The items on this page follow semantic versioning. Enumerations and structures that may grow are
//! `#[non_exhaustive]`: match them with a wildcard, and change the fields of [`Settings`] after
//! `Settings::default()`. Rules are data and change in minor versions, so the findings for a given
//! input can change too; fingerprints do not. Everything in `internal` can change at any time.

mod cli;
mod config;
mod decode;
mod detect;
mod fix;
mod judge;
mod language;
mod model;
#[cfg(feature = "online")]
mod online;
#[cfg(feature = "redact")]
mod redact;
mod report;
mod rule;
mod scan;
mod source;
mod suppress;

pub use decode::container::{Limits, Requested};
pub use detect::Rows;
pub use model::{
    AllowedBy, Applicability, Completeness, Confidence, Dismissal, Dismissed, Edit, EditPlaces,
    Effect, Excerpt, FileChange, Finding, Fingerprint, Fix, LineColumn, Location, ObjectId, Origin,
    Outcome, Secret, Severity, SkipReason, Skipped, SourcePath, Span, Suppressor, Totals, Warning,
};
#[cfg(feature = "redact")]
pub use redact::{Redaction, Redactor, Replaced, Replacement, ReplacementError};
pub use rule::{Globs, Rule, RuleSet, Selection};
pub use scan::{
    Credential, Progress, RuleText, RulesError, Scanner, Setting, Settings, TextFinding,
    TextPosition, TextPositions, Texts,
};
pub use source::{
    Content, Document, IgnoreRules, LargeContent, MAX_WHOLE, ReadAt, Root, Sink, Source,
    SourceError, Walk, WalkOptions, Worker,
};
pub use suppress::{Allowed, Allowlist};

/// The history of a finding in a git repository.
pub mod history {
    pub use crate::model::{Commit, CommitTime, Exposure, History, Host, Remote};
}

/// The state of a credential at its service.
pub mod verification {
    pub use crate::model::verification::{
        Account, Identity, Liveness, Permissions, Scope, Verification,
    };
}

/// Credentials in Arrow columns.
#[cfg(feature = "arrow")]
pub mod tables {
    pub use crate::redact::{
        Cell, ColumnPath, Columns, Step, TableFinding, TableReplaced, UnknownColumn, count_in,
        find_in, redact_in,
    };
}

/// For the program, the tests and the fuzz targets of hfscan itself; not part of the library.
#[doc(hidden)]
pub mod internal {
    pub use crate::cli::main;

    /// Settings.
    pub mod config {
        pub use crate::config::*;
    }
    /// Containers and encodings.
    pub mod decode {
        pub use crate::decode::*;
    }
    /// Detectors.
    pub mod detect {
        pub use crate::detect::*;
    }
    /// Fixes.
    pub mod fix {
        pub use crate::fix::*;
    }
    /// Languages.
    pub mod language {
        pub use crate::language::*;
    }
    /// Plain types.
    pub mod model {
        pub use crate::model::*;
    }
    /// Formats.
    pub mod report {
        pub use crate::report::*;
    }
    /// Rules.
    pub mod rule {
        pub use crate::rule::*;
    }
    /// Baselines.
    pub mod suppress {
        pub use crate::suppress::*;
    }
    /// Where documents come from.
    pub mod source {
        pub use crate::source::*;
    }
    /// The pipeline.
    pub mod scan {
        pub use crate::scan::*;
    }
}
