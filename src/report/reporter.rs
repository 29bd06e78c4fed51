//! What every output format offers.

use crate::{
    model::{Finding, Outcome, SourcePath, Suppressor},
    rule::{Rule, RuleSet},
};
use std::io::{self, Write};

/// Where a person can revoke a Hugging Face token.
pub const REVOKE_URL: &str = "https://huggingface.co/settings/tokens";

/// What a report is about, and how it is to look.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What the scan had to say.
    pub outcome: &'a Outcome,
    /// The rules that were run.
    pub rules: &'a RuleSet,
    /// What names the rules' text: the first digits of its SHA-256.
    pub rules_version: &'a str,
    /// What a path needs before it to be opened from the working directory.
    pub prefix: &'a str,
    /// How it is to look; only for people.
    pub style: Style,
    /// Where and when it is made.
    pub setting: Setting<'a>,
}

impl Report<'_> {
    /// A file's path as the repository knows it, which is how platforms that show
    /// findings beside the code want it.
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

    /// Whether everything that was asked for was scanned.
    pub fn is_complete(&self) -> bool {
        self.outcome.is_complete()
    }
}

/// Where and when a report is made, for the formats that have to say it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting<'a> {
    /// The way from the repository's root to the folder that paths are relative to:
    /// empty, or ending in `/`.
    pub folder: &'a [u8],
    /// The beginning of the address that shows a file at the commit at work, up to the
    /// file's path: `https://github.com/acme/app/blob/1a2b3c/`.
    pub source_address: Option<&'a str>,
    /// What tells several SARIF reports of one commit apart.
    pub category: Option<&'a str>,
    /// When the scan began, in seconds since 1970.
    pub started: i64,
    /// When it ended, in seconds since 1970.
    pub ended: i64,
}

/// What a format has to say besides, in a file of the platform it is for.
#[derive(Debug, Clone, Copy)]
pub struct Supplement {
    /// The environment variable that names the file; it is appended to.
    pub variable: &'static str,
    /// Bytes the file may have with it, or the platform drops all of it.
    pub max_file_bytes: usize,
    /// The text, in at most as many bytes as given; longer text is not written.
    pub text: fn(Report<'_>, usize) -> String,
}

impl<'a> Report<'a> {
    /// The address at which the credential of a finding can be revoked, if there is one: that
    /// of the finding's rule, or of another rule that found the credential.
    pub fn revoke_url(&self, finding: &Finding) -> Option<&'a str> {
        if !finding.is_revocable() {
            return None;
        }
        let ids = std::iter::once(&finding.rule).chain(&finding.also);
        ids.filter_map(|id| self.rules.get(id)).find_map(revoke_url)
    }

    /// The suppressed findings to list, if a person asked for them. Findings that another
    /// one at the same place stands for are not among them.
    pub fn suppressed(&self) -> impl Iterator<Item = &'a Finding> {
        let listed = self.style.show_suppressed.then_some(&self.outcome.suppressed);
        let is_hidden =
            |finding: &&Finding| !matches!(finding.suppressed, Some(Suppressor::Overlap { .. }));
        listed.into_iter().flatten().filter(is_hidden)
    }
}

/// Where what a rule finds can be revoked, if it is a credential and that is known.
pub fn revoke_url(rule: &Rule) -> Option<&str> {
    let is_hugging_face = rule.credential && rule.tags.iter().any(|tag| tag == "huggingface");
    is_hugging_face.then_some(REVOKE_URL).or(rule.revoke.as_deref())
}

/// How a report for people is to look.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether colours and hyperlinks may be used: without, they are not written at all.
    pub color: bool,
    /// How much to say.
    pub verbosity: Verbosity,
    /// `true` if suppressed findings are listed.
    pub show_suppressed: bool,
    /// `true` if each finding is shown in full, also where several share the advice.
    pub long: bool,
    /// `true` if findings are counted by rule instead of shown.
    pub statistics: bool,
    /// `true` if headlines are wrapped to the width. A program that reads them wants one line.
    pub wraps_headlines: bool,
}

/// How much to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Findings and failures only.
    Quiet,
    /// And what was scanned.
    Normal,
    /// And what was left out, one by one.
    Verbose,
    /// And what judgement let go, one by one.
    Dismissed,
}

/// Writes one format.
pub trait Reporter: Sync {
    /// Its name in `--format`.
    fn name(&self) -> &'static str;

    /// What it is for, in a few words, for the help.
    fn about(&self) -> &'static str;

    /// Whether it is for people, and so may be coloured.
    fn is_for_people(&self) -> bool {
        false
    }

    /// Whether findings are to bear the hash of their line.
    fn wants_line_hashes(&self) -> bool {
        false
    }

    /// `true` if it lists suppressed findings whether or not a person asked for them.
    fn wants_suppressed(&self) -> bool {
        false
    }

    /// What it has to say besides. A reporter itself writes to nothing but the `Write`
    /// it is handed; whoever called it writes this where it belongs.
    fn supplement(&self) -> Option<Supplement> {
        None
    }

    /// Writes the report.
    ///
    /// # Errors
    /// Those of `out`.
    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()>;
}
