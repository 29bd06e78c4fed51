//! The findings of a unit with their fixes.

use super::analysis::Analysis;
use crate::{
    cli::fix::{Places, name_secrets_of},
    fix::Names,
    model::Finding,
};
use std::{cell::RefCell, collections::HashMap, sync::Arc};

/// The findings of a unit with their fixes.
pub struct Plan<'a> {
    /// The findings.
    pub findings: Vec<Finding>,
    analysis: &'a Analysis,
    places: Places,
    names: Names,
    /// Cache: `true` if git contains the secret.
    kept: RefCell<HashMap<Vec<u8>, bool>>,
}

impl<'a> Plan<'a> {
    /// Plans the fixes of a unit. A secret has the same variable in all open documents, whose
    /// analyses are `others`.
    pub fn of(analysis: &'a Analysis, others: &[Arc<Analysis>]) -> Self {
        let root = analysis.project.root.dir();
        let mut names = Names::default();
        let is_other = |other: &&Arc<Analysis>| {
            other.project.root.dir() == root && other.path != analysis.path
        };
        let mut all: Vec<&Analysis> = others.iter().filter(is_other).map(|one| &**one).collect();
        all.push(analysis);
        all.sort_by(|a, b| a.path.cmp(&b.path));
        for one in all {
            name_secrets_of(&one.findings, one.project.scanner.rules(), &mut names);
        }
        let places = Places::in_folder(root.to_path_buf());
        let findings = analysis.findings.clone();
        let mut plan = Self { findings, analysis, places, names, kept: RefCell::default() };
        let mut findings = std::mem::take(&mut plan.findings);
        plan.add_fixes(analysis.view.bytes(), &mut findings);
        plan.findings = findings;
        plan
    }

    /// Plans the fixes of findings in `bytes`, scanned in place of the unit's.
    pub fn add_fixes(&self, bytes: &[u8], findings: &mut [Finding]) {
        self.places.plan(&self.analysis.path, bytes, findings, &self.names);
    }

    /// `true` if a fix would lose a finding's secret: neither the index nor the last commit
    /// contains it in this file.
    pub fn loses_secret(&self, finding: &Finding) -> bool {
        let Some(secret) = &finding.secret else { return false };
        let has = || self.analysis.file.as_ref().is_some_and(|file| self.places.has(file, secret));
        !*self.kept.borrow_mut().entry(secret.expose().to_vec()).or_insert_with(has)
    }
}
