//! The parameters of one scan.

use super::progress::Progress;
use crate::{decode::container::Limits, detect::Engine, model::SourcePath, suppress::Policy};
use std::fmt::Debug;

/// The parameters of one scan.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// The rules to run.
    pub engine: &'a Engine,
    /// All rules for credentials, which mask secrets in reports whichever rules are selected.
    pub secrets: &'a Engine,
    /// Threads for large files.
    pub threads: usize,
    /// The settings that decide which findings are suppressed.
    pub policy: Policy<'a>,
    /// `true` if findings get the hash of their line, which is only useful in files that a platform
    /// can compare it with.
    pub line_hashes: bool,
    /// Limits of unpacking.
    pub limits: Limits,
    /// The progress of the scan, which can also be used to stop it.
    pub progress: &'a Progress,
    /// The parts of the tree that have their own settings.
    pub projects: Option<&'a dyn Projects>,
}

impl<'a> Scan<'a> {
    /// The project that contains a file; `None` if the parameters of the run apply to it.
    pub fn project_of(self, path: &SourcePath) -> Option<&'a dyn Project> {
        self.projects.and_then(|projects| projects.of(path))
    }

    /// The parameters for the file at `path`.
    pub fn at(self, path: &SourcePath) -> Self {
        self.within(self.project_of(path))
    }

    /// The parameters for the files of a project; for `None`, those of the run.
    pub fn within(self, project: Option<&'a dyn Project>) -> Self {
        let Some(project) = project else { return self };
        let own = project.scan(self.progress);
        let (baseline, keep_suppressed) = (self.policy.baseline, self.policy.keep_suppressed);
        Self {
            engine: own.engine,
            secrets: own.secrets,
            policy: Policy { baseline, keep_suppressed, ..own.policy },
            limits: Limits { read_ahead: self.limits.read_ahead, ..own.limits },
            ..self
        }
    }
}

/// A part of a tree that has its own settings.
pub trait Project: Debug + Send + Sync {
    /// The parameters of a scan with these settings. Settings of a run as a whole, such as its
    /// baseline and its threads, are not taken from them.
    fn scan<'a>(&'a self, progress: &'a Progress) -> Scan<'a>;

    /// `true` if its settings exclude the file.
    fn excludes(&self, path: &SourcePath) -> bool;
}

/// Finds the project of each file while a source is scanned.
pub trait Projects: Debug + Send + Sync {
    /// The innermost project that contains the file; `None` if the settings of the run apply.
    fn of(&self, path: &SourcePath) -> Option<&dyn Project>;

    /// The projects found so far.
    fn found(&self) -> Vec<&dyn Project>;
}
