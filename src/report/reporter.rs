//! What every output format offers.

use crate::{
    model::{Finding, Outcome},
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
}

impl<'a> Report<'a> {
    /// Where what was found can be revoked, if it is a credential and that is known.
    pub fn revoke_url(&self, finding: &Finding) -> Option<&'a str> {
        let rule = self.rules.get(&finding.rule).filter(|_| finding.is_revocable())?;
        revoke_url(rule)
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

    /// Writes the report.
    ///
    /// # Errors
    /// Those of `out`.
    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()>;
}
