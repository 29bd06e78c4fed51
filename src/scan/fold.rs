//! Counts repeats of a secret instead of reporting each.

use super::text::Found;
use crate::{
    detect::{Real, Verdict},
    model::{Finding, Secret},
};
use std::collections::HashMap;

/// The first match of each rule for each secret: a column may hold a secret a million times, and
/// each would be a finding with a line of its own.
pub fn first_of_each(mut found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    found.sort_by_key(|one| one.span.start);
    let mut first: HashMap<(&str, Secret), usize> = HashMap::new();
    let mut kept: Vec<Found<'_>> = Vec::new();
    for one in found {
        if let Verdict::Real(Real { secret: Some(secret), .. }) = &one.verdict {
            let place = first.entry((&one.rule.id, secret.clone())).or_insert(kept.len());
            if let Some(Found { verdict: Verdict::Real(known), .. }) = kept.get_mut(*place) {
                known.repeats += 1;
                continue;
            }
        }
        kept.push(one);
    }
    kept
}

/// Adds a note with the number of further occurrences to each finding that has some.
pub fn tell_repeats(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.repeats > 0) {
        finding.notes.push(format!("it stands there {} more times", finding.repeats));
    }
}
