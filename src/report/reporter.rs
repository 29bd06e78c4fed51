//! The trait of output formats, and the input of reporters.

use crate::{
    model::{Finding, Outcome, SourcePath, Suppressor, home},
    rule::{Rule, RuleSet},
};
use std::io::{self, Write};

/// The page for revoking Hugging Face tokens.
pub const REVOKE_URL: &str = "https://huggingface.co/settings/tokens";

/// The content of a report and its style.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The results of the scan.
    pub outcome: &'a Outcome,
    /// The rules that were run.
    pub rules: &'a RuleSet,
    /// The version of the rules: the first digits of the SHA-256 of their text.
    pub rules_version: &'a str,
    /// The prefix that makes a path valid from the working directory.
    pub prefix: &'a str,
    /// The style; only for human-readable formats.
    pub style: Style,
    /// Location and time of the scan.
    pub setting: Setting<'a>,
}

impl Report<'_> {
    /// The path of a file relative to the repository's root, for platforms that show findings in
    /// the code.
    pub fn repository_path(&self, path: &SourcePath) -> SourcePath {
        if path.as_bytes().starts_with(b"/") {
            return path.clone();
        }
        let whole = SourcePath::from_bytes([self.setting.folder, path.as_bytes()].concat());
        match path.masked() {
            Some(masked) => {
                let folder = String::from_utf8_lossy(self.setting.folder);
                whole.with_masked(&format!("{folder}{masked}"))
            }
            None => whole,
        }
    }

    /// `true` if everything was scanned that should be.
    pub fn is_complete(&self) -> bool {
        self.outcome.is_complete()
    }
}

/// Location and time of a scan, for the formats that require them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting<'a> {
    /// The path from the repository's root to the folder that paths are relative to: empty, or
    /// ending in `/`.
    pub folder: &'a [u8],
    /// The start of the URL that shows a file at the current commit, up to the path of the file:
    /// `https://github.com/acme/app/blob/1a2b3c/`.
    pub source_address: Option<&'a str>,
    /// Distinguishes several SARIF reports of one commit.
    pub category: Option<&'a str>,
    /// The start of the scan, in seconds since 1970.
    pub started: i64,
    /// The end of the scan, in seconds since 1970.
    pub ended: i64,
}

/// Additional output of a format, for a file defined by its platform.
#[derive(Debug, Clone, Copy)]
pub struct Supplement {
    /// The environment variable with the path of the file, to which the text is appended.
    pub variable: &'static str,
    /// Maximum size of the file in bytes, including the text; the platform drops a larger one
    /// completely.
    pub max_file_bytes: usize,
    /// Generates the text, with at most the given number of bytes; longer text is not written.
    pub text: fn(Report<'_>, usize) -> String,
}

impl<'a> Report<'a> {
    /// The URL for revoking the credential of a finding: that of the finding's rule, or of another
    /// rule that found the credential. `None` if there is none.
    pub fn revoke_url(&self, finding: &Finding) -> Option<&'a str> {
        if !finding.is_revocable() {
            return None;
        }
        let ids = std::iter::once(&finding.rule).chain(&finding.also);
        ids.filter_map(|id| self.rules.get(id)).find_map(revoke_url)
    }

    /// The suppressed findings to list, if requested. Excludes findings that another one at the
    /// same location replaces.
    pub fn suppressed(&self) -> impl Iterator<Item = &'a Finding> {
        let listed = self.style.show_suppressed.then_some(&self.outcome.suppressed);
        let is_hidden =
            |finding: &&Finding| !matches!(finding.suppressed, Some(Suppressor::Overlap { .. }));
        listed.into_iter().flatten().filter(is_hidden)
    }
}

/// The URL for revoking the credentials of a rule, if it finds credentials and the URL is known.
pub fn revoke_url(rule: &Rule) -> Option<&str> {
    let is_hugging_face = rule.credential && rule.tags.iter().any(|tag| tag == "huggingface");
    is_hugging_face.then_some(REVOKE_URL).or(rule.revoke.as_deref())
}

/// The URL of a rule's own page. `None` without a home page, and for rules that are not built in.
pub fn rule_page(rule: &Rule) -> Option<String> {
    if rule.is_built_in() { home::rule_page(&rule.id) } else { None }
}

/// URLs with more information about a rule: its own page, then its references.
pub fn reading(rule: &Rule) -> impl Iterator<Item = String> + '_ {
    rule_page(rule).into_iter().chain(rule.references.iter().cloned())
}

/// The style of a human-readable report.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The width in columns.
    pub width: usize,
    /// `true` for colours and hyperlinks.
    pub color: bool,
    /// The level of detail.
    pub verbosity: Verbosity,
    /// `true` to list suppressed findings.
    pub show_suppressed: bool,
    /// `true` to show each finding in full, without grouping.
    pub long: bool,
    /// `true` to show only the number of findings per rule.
    pub statistics: bool,
    /// `true` to wrap headlines to the width; programs that parse them need one line.
    pub wraps_headlines: bool,
}

/// The level of detail of a report. Each level includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Findings and failures only.
    Quiet,
    /// The summary of the scan.
    Normal,
    /// Each file and part that was not scanned.
    Verbose,
    /// Each dismissed match.
    Dismissed,
}

/// Details of fixes that a report shows; planning them takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WantedFixes {
    /// No fixes.
    None,
    /// The fixes without their edits.
    Fixes,
    /// The fixes with their edits by line and column.
    Edits,
}

/// An output format.
pub trait Reporter: Sync {
    /// Its name in `--format`.
    fn name(&self) -> &'static str;

    /// A short description, for the help.
    fn about(&self) -> &'static str;

    /// `true` for human-readable formats, which may use colours.
    fn is_for_people(&self) -> bool {
        false
    }

    /// `true` if it needs the hash of each finding's line.
    fn wants_line_hashes(&self) -> bool {
        false
    }

    /// `true` if it always lists suppressed findings, requested or not.
    fn wants_suppressed(&self) -> bool {
        false
    }

    /// The details of fixes that the report shows, for which they are planned.
    fn wants_fixes(&self) -> WantedFixes {
        WantedFixes::None
    }

    /// The additional output. A reporter writes only to its `Write` argument; the caller writes
    /// this text to the file.
    fn supplement(&self) -> Option<Supplement> {
        None
    }

    /// Writes the report.
    ///
    /// # Errors
    /// Returns the errors of `out`.
    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()>;
}
