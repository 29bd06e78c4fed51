//! Counts repeats of a secret instead of keeping each as a finding.

use super::text::Found;
use crate::{
    detect::{Real, Verdict},
    model::{Finding, Secret},
};
use std::collections::HashMap;

/// Of what one rule found of one secret, the first: a column may hold it a million times, and
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

/// Says of each finding how often else the same stands there.
pub fn tell_repeats(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.repeats > 0) {
        finding.notes.push(format!("it stands there {} more times", finding.repeats));
    }
}
