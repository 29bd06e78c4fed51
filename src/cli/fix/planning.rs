//! Plans and applies fixes in memory.

use super::{
    at_rest::check_at_rest,
    edit_places,
    file::{TOO_LARGE, WorkFile},
    places::Places,
    rounds::{self, Fixed},
    work::{Changed, Refused, Work},
};
use crate::{
    cli::{examined::Examined, fix_choice::FixChoice},
    fix::Names,
    language::json_row,
    model::{Applicability, Finding, Fix},
    report::WantedFixes,
    rule::RuleSet,
};

/// Plans the fixes of a scan's findings, for reports that show them.
pub fn plan_for_reports(examined: &mut Examined, wanted: WantedFixes) {
    if wanted == WantedFixes::None || examined.outcome.findings.is_empty() {
        return;
    }
    let mut names = Names::default();
    name_secrets(examined, &mut names);
    let mut findings = std::mem::take(&mut examined.outcome.findings);
    let places = Places::of(examined);
    for group in groups(&mut findings) {
        let path = group[0].location.path.clone();
        let Ok(file) = WorkFile::read(&places.file(&path)) else { continue };
        places.plan(&path, &file.bytes, group, &names);
        if wanted >= WantedFixes::Edits {
            edit_places::add(&file.bytes, &examined.scanner, group);
        }
    }
    examined.outcome.findings = findings;
}

/// The findings of each file.
fn groups(findings: &mut [Finding]) -> impl Iterator<Item = &mut [Finding]> {
    findings.chunk_by_mut(|a, b| a.location.path == b.location.path)
}

/// Assigns a variable name to the secret of each finding of a scan.
pub fn name_secrets(examined: &Examined, names: &mut Names) {
    name_secrets_of(&examined.outcome.findings, examined.rules(), names);
}

/// Assigns a variable name to the secret of each finding.
pub fn name_secrets_of<'a>(
    findings: impl IntoIterator<Item = &'a Finding>,
    rules: &RuleSet,
    names: &mut Names,
) {
    for finding in findings {
        let ids = std::iter::once(&finding.rule).chain(&finding.also);
        let mut variable = None;
        for rule in ids.filter_map(|id| rules.get(id)) {
            names.add_fixes(rule);
            variable = variable.or(rule.variable.as_deref());
        }
        names.add(finding, variable);
    }
}

/// Plans and applies the fixes of every file, in memory.
pub fn planned(examined: &Examined, choice: &FixChoice, names: &Names) -> Work {
    let places = Places::of(examined);
    let least = if choice.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let mut work = Work { root: places.dir.clone(), ..Work::default() };
    let mut findings = examined.outcome.findings.clone();
    for group in groups(&mut findings) {
        let path = group[0].location.path.clone();
        let file = places.file(&path);
        let mut read = match WorkFile::read(&file) {
            Ok(read) => read,
            // Generated files are skipped, and their findings remain.
            Err(why) if !group.iter().any(may_be_edited) || why == TOO_LARGE => continue,
            Err(why) => {
                work.refused.push(Refused { path, why });
                continue;
            }
        };
        places.plan(&path, &read.bytes, group, names);
        work.held_back += group
            .iter()
            .filter(|one| best(one).is_some_and(|fix| is_held_back(fix, least)))
            .count();
        for finding in group.iter() {
            let Some(fix) = best(finding).filter(|fix| fix.applicability >= least) else {
                continue;
            };
            for change in &fix.files {
                work.files.insert(change.clone(), Fixed::of(finding, fix));
            }
        }
        let is_edited = group.iter().any(|one| {
            best(one).is_some_and(|fix| fix.applicability >= least && !fix.edits.is_empty())
        });
        if !is_edited {
            continue;
        }
        let is_transcript = json_row::is_transcript(&path, &read.bytes);
        let at_rest = || if is_transcript { check_at_rest(&file) } else { Ok(()) };
        if let Err(why) = read.check_writable(&file).and_then(|()| at_rest()) {
            work.refused.push(Refused { path, why });
            continue;
        }
        let again = |bytes: &[u8]| {
            let mut found = examined.scanner.bytes(path.as_bytes(), bytes).findings;
            places.plan(&path, bytes, &mut found, names);
            found
        };
        let result = rounds::run(&path, &read.bytes, &again, least);
        work.changed.push(Changed { path, file: read, result });
    }
    work
}

/// The first fix of a finding that has edits or file changes.
fn best(finding: &Finding) -> Option<&Fix> {
    finding.fixes.iter().find(|fix| fix.has_changes())
}

/// `true` if a finding is in hand-written text.
fn may_be_edited(finding: &Finding) -> bool {
    finding.location.inside.is_empty()
}

fn is_held_back(fix: &Fix, least: Applicability) -> bool {
    fix.applicability == Applicability::Unsafe && least > Applicability::Unsafe
}
