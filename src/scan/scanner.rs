//! The scanner: rules and settings that scan sources.

use super::{
    claims,
    excerpt::Excerpter,
    job::{Projects, Scan},
    progress::Progress,
    rules::{self, RulesError},
    run,
    settings::{RuleText, Settings},
};
use crate::{
    decode::container::Limits,
    detect::{Engine, repository::Claim},
    model::{Origin, Outcome, Severity, SourcePath},
    rule::{Rule, RuleSet, Selection, built_in_to_run},
    source::{Content, Document, LargeContent, MAX_WHOLE, Sink, Source, SourceError},
    suppress::{CommentPolicy, MARKS, Policy},
};
use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// Rules and settings, ready to scan any number of sources.
///
/// A scanner is expensive to build and cheap to use: build one and keep it. It can be shared
/// between threads.
#[derive(Debug)]
pub struct Scanner {
    settings: Settings,
    compiled: Arc<CompiledRules>,
    projects: Option<Arc<dyn Projects>>,
}

/// The rules of a scanner, ready to run. Scanners whose settings name the same rules can share them.
#[derive(Debug)]
pub struct CompiledRules {
    made_of: RuleSettings,
    engine: Engine,
    /// An engine with all rules for credentials, unless `engine` has them all.
    secrets: Option<Engine>,
    /// The ids of all rules, selected or not.
    known_rules: BTreeSet<Arc<str>>,
    version: String,
}

/// The settings that determine the compiled rules.
#[derive(Debug, PartialEq, Eq)]
struct RuleSettings {
    selection: Selection,
    severities: Vec<(String, Severity)>,
    files: Vec<RuleText>,
    explain_dismissed: bool,
    now: i64,
}

impl RuleSettings {
    fn of(settings: &Settings) -> Self {
        Self {
            selection: settings.selection.clone(),
            severities: settings.severities.clone(),
            files: settings.rule_files.clone(),
            explain_dismissed: settings.explain_dismissed,
            now: settings.now.unwrap_or_else(system_time),
        }
    }
}

impl Scanner {
    /// A scanner with the rules that `settings` name.
    ///
    /// # Errors
    /// Returns an error for an invalid rule file, and for a selection that names a rule that
    /// does not exist.
    pub fn new(settings: Settings) -> Result<Self, RulesError> {
        let rules = rules::load(&settings.rule_files)?;
        Self::with_rules(settings, rules)
    }

    /// A scanner that selects its rules from `rules`, which are already loaded.
    ///
    /// # Errors
    /// Returns an error for a selection that names a rule that does not exist.
    pub fn with_rules(settings: Settings, rules: Vec<Rule>) -> Result<Self, RulesError> {
        let compiled = Arc::new(CompiledRules::new(&settings, rules)?);
        Ok(Self { settings, compiled, projects: None })
    }

    /// A scanner that shares the first of the `compiled` rules that match its settings, or selects
    /// its own from `rules`.
    ///
    /// # Errors
    /// Returns the errors of `rules`, and one for a selection that names a rule that does not
    /// exist.
    pub fn sharing(
        compiled: &[Arc<CompiledRules>],
        settings: Settings,
        rules: Vec<Rule>,
    ) -> Result<Self, RulesError> {
        // If the run explains dismissed values, it does so in every project.
        let explain_dismissed = compiled.iter().any(|one| one.made_of.explain_dismissed);
        let settings = Settings { explain_dismissed, ..settings };
        let wanted = RuleSettings::of(&settings);
        match compiled.iter().find(|one| one.made_of == wanted).cloned() {
            Some(compiled) => Ok(Self { settings, compiled, projects: None }),
            None => Self::with_rules(settings, rules),
        }
    }

    /// The same scanner with separate settings for the files of `projects`.
    pub fn with_projects(self, projects: Arc<dyn Projects>) -> Self {
        Self { projects: Some(projects), ..self }
    }

    /// The compiled rules.
    pub fn compiled(&self) -> &Arc<CompiledRules> {
        &self.compiled
    }

    /// The rules that it runs.
    pub fn rules(&self) -> &RuleSet {
        self.compiled.engine.rules()
    }

    /// An engine with every rule for credentials.
    pub(super) fn secrets(&self) -> &Engine {
        self.compiled.secrets.as_ref().unwrap_or(&self.compiled.engine)
    }

    /// The version of the rule files; it changes with any of them.
    pub fn rules_version(&self) -> &str {
        &self.compiled.version
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Scans `bytes` as the content of a file with this name. As with a file, the name decides how
    /// they are read. It is also the path of the findings.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use hfscan::{Scanner, Settings};
    ///
    /// let scanner = Scanner::new(Settings::default())?;
    /// let outcome = scanner.bytes("train.py", b"model.push_to_hub(use_auth_token=True)\n");
    /// assert_eq!(&*outcome.findings[0].rule, "deprecated-use-auth-token");
    /// assert_eq!(outcome.findings[0].location.start.line, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bytes(&self, name: impl AsRef<[u8]>, bytes: &[u8]) -> Outcome {
        let source = Bytes { path: SourcePath::from_bytes(name), bytes };
        self.run(&source, &Progress::default()).expect("bytes in memory can be read")
    }

    /// The engine that runs the rules.
    pub(super) fn engine(&self) -> &Engine {
        &self.compiled.engine
    }

    /// The policy that decides which findings are suppressed.
    pub(super) fn policy(&self) -> Policy<'_> {
        let settings = &self.settings;
        Policy {
            allowlist: &settings.allowlist,
            comments: CommentPolicy {
                obey: settings.inline_ignores,
                require_reason: settings.require_reason,
                known_rules: &self.compiled.known_rules,
                all_rules_run: settings.all_rules_run(),
            },
            baseline: settings.baseline.as_ref(),
            min_severity: settings.min_severity,
            min_confidence: settings.min_confidence,
            keep_suppressed: settings.keep_suppressed,
        }
    }

    /// A text with every secret masked, regardless of the selected rules.
    pub(crate) fn masked(&self, text: &str) -> String {
        Excerpter::new(self.secrets(), 0).masked(text)
    }

    /// Scans all documents of `source`. `progress` counts them and can stop the scan.
    ///
    /// # Errors
    /// Returns an error if the source cannot be read at all. Parts that cannot be read are in
    /// [`Outcome::skipped`].
    pub fn run(&self, source: &dyn Source, progress: &Progress) -> Result<Outcome, SourceError> {
        let mut outcome = run::scan(self.scan(progress), source)?;
        outcome.completeness = self.settings.completeness.clone();
        Ok(outcome)
    }

    /// Adds the findings of claims that were not made by a scan, by the ids of their rules. Claims
    /// of rules that do not run are dropped.
    pub fn add_claims(&self, claims: Vec<(&str, Claim)>, outcome: &mut Outcome) {
        let progress = Progress::default();
        let claims = claims.into_iter();
        let claims = claims.filter_map(|(id, claim)| Some((self.rules().get(id)?, claim)));
        claims::admit(self.scan(&progress), claims.collect(), outcome);
        outcome.sort();
    }

    /// The parameters of a scan.
    pub fn scan<'s>(&'s self, progress: &'s Progress) -> Scan<'s> {
        let settings = &self.settings;
        let threads = settings.thread_count();
        let mut limits = Limits { read_ahead: threads > 1, ..settings.limits };
        if !settings.open_containers {
            limits.max_depth = 0;
            limits.requested.depth = true;
        }
        Scan {
            engine: self.engine(),
            secrets: self.secrets(),
            threads,
            policy: self.policy(),
            line_hashes: settings.line_hashes,
            limits,
            progress,
            projects: self.projects.as_deref(),
        }
    }
}

impl CompiledRules {
    fn new(settings: &Settings, rules: Vec<Rule>) -> Result<Self, RulesError> {
        let names = |rule: &Rule| {
            let others = rule.other_names.iter().map(|name| name.as_str().into());
            std::iter::once(rule.id.clone()).chain(others).collect::<Vec<_>>()
        };
        let known_rules = rules.iter().flat_map(names).collect();
        let made_of = RuleSettings::of(settings);
        let now = made_of.now;
        let rules =
            RuleSet::to_scan(rules, &settings.selection)?.with_severities(&settings.severities);
        let rules = if settings.explain_dismissed { rules.explaining() } else { rules };
        let engine = Engine::with_marks(rules, now, MARKS);
        // Excerpts are masked by all rules for credentials, regardless of the selection.
        let secrets = if settings.all_rules_run() {
            None
        } else {
            Some(Engine::new(RuleSet::new(built_in_to_run()?, &Selection::default())?, now))
        };
        let version = rules::version(&settings.rule_files);
        Ok(Self { made_of, engine, secrets, known_rules, version })
    }
}

/// The current time in seconds since 1970.
fn system_time() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs().cast_signed())
}

/// Bytes in memory, as one document.
struct Bytes<'a> {
    path: SourcePath,
    bytes: &'a [u8],
}

impl Source for Bytes<'_> {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let content = if self.bytes.len() <= MAX_WHOLE {
            Content::Whole(self.bytes)
        } else {
            Content::Large(LargeContent::new(self.bytes.to_vec(), self.bytes.len() as u64))
        };
        let path = self.path.clone();
        sink.worker().document(Document::new(path, content, Origin::File));
        Ok(())
    }
}
