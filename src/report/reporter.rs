//! The trait of output formats, and the report that they write.

use crate::{
    model::{Finding, Outcome, SourcePath, Suppressor, home},
    rule::{Rule, RuleSet},
};
use std::io::{self, Write};

/// The page on which a person can revoke a Hugging Face token.
pub const REVOKE_URL: &str = "https://huggingface.co/settings/tokens";

/// The content of a report, and how it is shown.
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
    /// How it is shown; only for people.
    pub style: Style,
    /// Where and when it is made.
    pub setting: Setting<'a>,
}

impl Report<'_> {
    /// The path of a file relative to the repository's root, as platforms need it that show
    /// findings beside the code.
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

    /// `true` if everything that was asked for was scanned.
    pub fn is_complete(&self) -> bool {
        self.outcome.is_complete()
    }
}

/// Where and when a report is made, for the formats that require it.
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

/// Additional output of a format, for a file of its platform.
#[derive(Debug, Clone, Copy)]
pub struct Supplement {
    /// The environment variable that names the file. The text is appended to the file.
    pub variable: &'static str,
    /// Maximum size of the file in bytes, with the text; the platform drops all of a larger one.
    pub max_file_bytes: usize,
    /// The text, in at most the given number of bytes; longer text is not written.
    pub text: fn(Report<'_>, usize) -> String,
}

impl<'a> Report<'a> {
    /// The URL at which the credential of a finding can be revoked: that of the finding's rule, or
    /// of another rule that found the credential. `None` if there is none.
    pub fn revoke_url(&self, finding: &Finding) -> Option<&'a str> {
        if !finding.is_revocable() {
            return None;
        }
        let ids = std::iter::once(&finding.rule).chain(&finding.also);
        ids.filter_map(|id| self.rules.get(id)).find_map(revoke_url)
    }

    /// The suppressed findings to list, if a person asked for them. Findings that another one at
    /// the same place replaces are not among them.
    pub fn suppressed(&self) -> impl Iterator<Item = &'a Finding> {
        let listed = self.style.show_suppressed.then_some(&self.outcome.suppressed);
        let is_hidden =
            |finding: &&Finding| !matches!(finding.suppressed, Some(Suppressor::Overlap { .. }));
        listed.into_iter().flatten().filter(is_hidden)
    }
}

/// The URL at which the credentials of a rule can be revoked, if it finds credentials and the URL
/// is known.
pub fn revoke_url(rule: &Rule) -> Option<&str> {
    let is_hugging_face = rule.credential && rule.tags.iter().any(|tag| tag == "huggingface");
    is_hugging_face.then_some(REVOKE_URL).or(rule.revoke.as_deref())
}

/// The address of a rule's own page. `None` without a home page, and for rules that hfscan does not
/// bring along.
pub fn rule_page(rule: &Rule) -> Option<String> {
    if rule.is_built_in() { home::rule_page(&rule.id) } else { None }
}

/// The addresses to read on at about a rule: its own page, then its references.
pub fn reading(rule: &Rule) -> impl Iterator<Item = String> + '_ {
    rule_page(rule).into_iter().chain(rule.references.iter().cloned())
}

/// How a report for people is shown.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// `true` if colours and hyperlinks are written.
    pub color: bool,
    /// How much is shown.
    pub verbosity: Verbosity,
    /// `true` if suppressed findings are listed.
    pub show_suppressed: bool,
    /// `true` if each finding is shown in full, also where several share the advice.
    pub long: bool,
    /// `true` if findings are counted by rule instead of shown.
    pub statistics: bool,
    /// `true` if headlines are wrapped to the width; programs that read them need one line.
    pub wraps_headlines: bool,
}

/// How much a report shows. Each level includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Only findings and failures.
    Quiet,
    /// The summary of the scan.
    Normal,
    /// Each file and part that was not scanned.
    Verbose,
    /// Each match that judgement dismissed.
    Dismissed,
}

/// An output format.
pub trait Reporter: Sync {
    /// Its name in `--format`.
    fn name(&self) -> &'static str;

    /// Its purpose in a few words, for the help.
    fn about(&self) -> &'static str;

    /// `true` if it is for people, so that colours may be used.
    fn is_for_people(&self) -> bool {
        false
    }

    /// `true` if it needs the hash of each finding's line.
    fn wants_line_hashes(&self) -> bool {
        false
    }

    /// `true` if it lists suppressed findings whether or not a person asked for them.
    fn wants_suppressed(&self) -> bool {
        false
    }

    /// `true` if it lists the fixes of a finding, so that they are planned.
    fn wants_fixes(&self) -> bool {
        false
    }

    /// The additional output. A reporter writes only to the `Write` it receives; its caller writes
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
