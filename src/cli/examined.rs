//! A scan, from its job to its outcome.

use super::{
    error::CliError, interrupt::stop_on_interrupt, progress::Bar, reporting::Reported,
    request::Job, surroundings::now,
};
use crate::{
    config::NestedConfigs,
    model::{Finding, Outcome},
    rule::{Rule, RuleSet},
    scan::{Progress, Scanner, rules::load},
    source::Root,
};
use std::{io::Write, sync::Arc};

const TIME_IS_DEPRECATED: &str = "`max-container-time` is deprecated and has no effect: the work \
     for a container is limited by its size";

/// The result of a scan.
pub struct Examined {
    /// Findings, suppressed findings, skipped files and counts.
    pub outcome: Outcome,
    /// The folder that paths are relative to; `None` for standard input.
    pub root: Option<Root>,
    /// The scanner that was used.
    pub scanner: Scanner,
    /// Configurations in subfolders, which override that of the run for their files.
    pub nested: Option<Arc<NestedConfigs>>,
    joined_rules: Option<RuleSet>,
    /// The prefix that makes a reported path valid from the working directory.
    pub prefix: String,
    /// When the scan started, in seconds since 1970.
    pub started: i64,
}

impl Examined {
    /// The rules that ran, those of all projects.
    pub fn rules(&self) -> &RuleSet {
        self.joined_rules.as_ref().unwrap_or(self.scanner.rules())
    }

    /// `true` if the rule of a finding is in preview, by the settings for the finding's file.
    pub fn is_in_preview(&self, finding: &Finding) -> bool {
        let nested = self.nested.as_ref();
        let own = nested.and_then(|nested| nested.rules_of(&finding.location.path));
        let rule = own.unwrap_or(self.rules()).get(&finding.rule);
        rule.is_some_and(Rule::is_in_preview)
    }

    /// The input of the reports.
    pub fn reported(&self) -> Reported<'_> {
        Reported {
            outcome: &self.outcome,
            rules: self.rules(),
            rules_version: self.scanner.rules_version(),
            root: self.root.as_ref(),
            prefix: &self.prefix,
            started: self.started,
        }
    }
}

/// Runs a scan.
///
/// # Errors
/// Returns an error if the scan cannot start or finds an invalid configuration.
pub fn examine(job: Job) -> Result<Examined, CliError> {
    let Job { input, config, projects, shows_progress } = job;
    if config.layer().get("max-container-time").is_some() {
        // A closed standard error must not prevent the report.
        let _ = writeln!(std::io::stderr(), "warning: {TIME_IS_DEPRECATED}");
    }
    let rules = load(&config.settings.rule_files)?;
    config.check_rules(&rules)?;
    let started = now();
    let root = input.root().cloned();
    let mut scanner = Scanner::with_rules(config.settings, rules)?;
    let compiled = |search| NestedConfigs::new(search, Arc::clone(scanner.compiled()));
    let nested = projects.map(compiled).map(Arc::new);
    if let Some(nested) = &nested {
        scanner = scanner.with_projects(nested.clone());
    }
    let threads = scanner.settings().thread_count();
    let (source, prefix) = input.into_source(config.reading, threads)?;

    let progress = Arc::new(Progress::default());
    stop_on_interrupt(&progress);
    let bar = Bar::start(&progress, shows_progress);
    let outcome = scanner.run(&*source, &progress)?;
    drop(bar);
    let mut joined_rules = None;
    if let Some(nested) = &nested {
        nested.check()?;
        joined_rules = nested.joined_rules(&scanner)?;
    }
    Ok(Examined { outcome, root, scanner, nested, joined_rules, prefix, started })
}
