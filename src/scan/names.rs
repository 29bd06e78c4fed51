//! Secrets in the names of files and folders, as `wget URL?token=…` creates them. The names of
//! members are in the bytes of their container.

use super::{collector::Collector, matched::Matched, name::DocumentName, text::Found};
use crate::{
    decode::encoding::Encoding,
    detect::{Text, Verdict},
    model::{Finding, Origin, Scope, SourcePath, Span},
    source::LazyScope,
};
use std::{collections::HashSet, io};

/// Minimum length in bytes of a name that is searched for secrets: that of a user access token.
const MIN_NAME: usize = 37;

/// Reports the secrets in the name of a document, each at the part of the path that contains it. A
/// name is in scope if the whole document is.
///
/// # Errors
/// Returns an error if the name cannot be reported.
pub fn of_document(
    collector: &mut Collector<'_>,
    path: &SourcePath,
    scope: LazyScope<'_>,
) -> io::Result<()> {
    let path = path.as_bytes();
    for one in found_in(collector, path) {
        if matches!(scope.get(), Scope::All) {
            let named = SourcePath::from_bytes(part_with(path, one.span));
            // The name is the same for every version of the file.
            let name = DocumentName::of(&named, Origin::File).its_name();
            report(collector, &name, one, path)?;
        }
    }
    Ok(())
}

/// The credentials in a name that are recognised by their format alone.
fn found_in<'p>(collector: &mut Collector<'p>, name: &[u8]) -> Vec<Found<'p>> {
    let mut found = Vec::new();
    if name.len() < MIN_NAME {
        return found;
    }
    let path = &SourcePath::default();
    let text = Text { path, containers: &[], bytes: name, part: None, is_whole: true, map: None };
    let engine = collector.scan.engine;
    engine.run(text, &mut collector.scratch, &mut |one| {
        let is_known = one.rule.credential && one.rule.judge.context.is_none();
        if is_known && matches!(one.verdict, Verdict::Real(_)) {
            found.push(one);
        }
    });
    found
}

/// A path up to the end of the part in which `span` ends.
fn part_with(path: &[u8], span: Span) -> &[u8] {
    let end = memchr::memchr(b'/', &path[span.end..]).map_or(path.len(), |slash| span.end + slash);
    &path[..end]
}

/// Reports a secret in a name, once for each thread and name.
fn report<'p>(
    collector: &mut Collector<'p>,
    name: &DocumentName,
    found: Found<'p>,
    text: &[u8],
) -> io::Result<()> {
    if !collector.named.insert((name.identity(), found.rule.id.clone())) {
        return Ok(());
    }
    collector.report(&Matched::of(name, &text, Encoding::Ascii), None, vec![found])
}

/// Keeps one finding for each name, since every file of a folder reports the folder's name.
pub fn fold(findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    findings.retain(|finding| {
        !DocumentName::may_be_its_name(&finding.location)
            || seen.insert((finding.location.path.clone(), finding.fingerprint.clone()))
    });
}
