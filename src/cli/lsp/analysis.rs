//! Findings and suppressed findings of one scanned unit.

use super::{
    buffer::Encoding,
    project::{Project, Projects, Wishes},
    snapshot::Snapshot,
    view::View,
};
use crate::model::{Finding, Outcome, SourcePath, Suppressor, Warning};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Maximum size in bytes of documents that are scanned at each change; larger ones are scanned on
/// open and save.
pub const MAX_TYPED: usize = 8 << 20;

/// Findings and suppressed findings of one scanned unit.
#[derive(Debug)]
pub struct Analysis {
    /// The revision of the unit.
    pub revision: u64,
    /// The scanned bytes and their positions in the editor.
    pub view: View,
    /// The path under which it was scanned.
    pub path: SourcePath,
    /// The file; `None` for a document without one.
    pub file: Option<PathBuf>,
    /// The settings that apply.
    pub project: Arc<Project>,
    /// The reported findings.
    pub findings: Vec<Finding>,
    /// Suppressed findings, except those that another finding at the same location replaces.
    pub suppressed: Vec<Finding>,
    /// Mistakes in ignore comments.
    pub warnings: Vec<Warning>,
}

impl Analysis {
    /// Scans a unit. Returns no findings if a scan of its project would skip the file.
    pub fn of(
        snapshot: &Snapshot,
        encoding: Encoding,
        projects: &mut Projects,
        wishes: &Arc<Wishes>,
    ) -> Self {
        let folder = snapshot.file.as_deref().and_then(Path::parent);
        let folder = folder.or_else(|| wishes.folders.first().map(PathBuf::as_path));
        let project = projects.of(folder.unwrap_or(Path::new("/")), wishes);
        let path = match &snapshot.file {
            Some(file) => project.root.name_of(file),
            None => SourcePath::from_bytes(snapshot.untitled.as_deref().unwrap_or_default()),
        };
        let view = View::of(snapshot, encoding);
        let is_known = match &snapshot.file {
            Some(file) => !project.leaves_out(file),
            None => snapshot.untitled.is_some(),
        };
        let mut outcome = match is_known && wishes.editor.enable {
            true => project.scanner.bytes(path.as_bytes(), view.bytes()),
            false => Outcome::default(),
        };
        outcome
            .suppressed
            .retain(|one| !matches!(one.suppressed, Some(Suppressor::Overlap { .. }) | None));
        let Outcome { findings, suppressed, warnings, .. } = outcome;
        let (revision, file) = (snapshot.revision, snapshot.file.clone());
        Self { revision, view, path, file, project, findings, suppressed, warnings }
    }

    /// The findings in `bytes`, scanned in place of the unit's.
    pub fn again(&self, bytes: &[u8]) -> Vec<Finding> {
        self.project.scanner.bytes(self.path.as_bytes(), bytes).findings
    }

    /// The rule of a finding, by its id.
    pub fn rule(&self, id: &str) -> Option<&crate::rule::Rule> {
        self.project.scanner.rules().get(id)
    }
}
