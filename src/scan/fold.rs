//! Counts repeats of a secret instead of reporting each.

use super::text::Found;
use crate::{
    detect::{Real, Verdict},
    model::{Finding, Secret},
};
use std::collections::HashMap;

/// Maximum number of occurrences of one secret in one plain file that are separate findings. Each
/// is a location to edit; files written by people have fewer.
pub const MAX_ALIKE: usize = 200;

/// The first `max` occurrences of each secret that a rule found, in text order. A file may contain
/// a secret a million times, and each finding has its own line. The last occurrence kept counts the
/// dropped ones.
pub fn first_of_each(mut found: Vec<Found<'_>>, max: usize) -> Vec<Found<'_>> {
    found.sort_by_key(|one| one.span.start);
    // For each secret, the number of occurrences kept and the index of the last one.
    let mut alike: HashMap<(&str, &Secret), (usize, usize)> = HashMap::with_capacity(found.len());
    // For each dropped occurrence its index, and that of the one that counts it.
    let mut dropped: Vec<(usize, usize)> = Vec::new();
    for (index, one) in found.iter().enumerate() {
        if let Verdict::Real(Real { secret: Some(secret), .. }) = &one.verdict {
            let (count, last) = alike.entry((&one.rule.id, secret)).or_default();
            match *count < max {
                true => (*count, *last) = (*count + 1, index),
                false => dropped.push((index, *last)),
            }
        }
    }
    for (index, last) in &dropped {
        let Verdict::Real(Real { repeats, .. }) = found[*index].verdict else { continue };
        if let Verdict::Real(kept) = &mut found[*last].verdict {
            kept.repeats += 1 + repeats;
        }
    }
    remove_all(&mut found, dropped.into_iter().map(|(index, _)| index));
    found
}

/// Removes all findings from index `from` on but the first of each rule and secret, which counts
/// the others.
pub fn group_from(findings: &mut Vec<Finding>, from: usize) {
    let mut firsts = HashMap::with_capacity(findings.len() - from);
    // For each repeated finding its index, and that of the first one.
    let mut repeated: Vec<(usize, usize)> = Vec::new();
    for (index, finding) in findings.iter().enumerate().skip(from) {
        let first = *firsts.entry(&finding.fingerprint).or_insert(index);
        repeated.extend((first < index).then_some((index, first)));
    }
    for (index, first) in &repeated {
        findings[*first].repeats += 1 + findings[*index].repeats;
    }
    remove_all(findings, repeated.into_iter().map(|(index, _)| index));
    note_repeats(&mut findings[from..]);
}

/// Removes the items at the indices of `dropped`, which are sorted.
fn remove_all<T>(items: &mut Vec<T>, dropped: impl Iterator<Item = usize>) {
    let (mut dropped, mut next) = (dropped.peekable(), 0);
    items.retain(|_| {
        next += 1;
        dropped.next_if_eq(&(next - 1)).is_none()
    });
}

/// Adds a note with the number of further occurrences to each finding that has some.
pub fn note_repeats(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.repeats > 0) {
        finding.notes.push(format!("it occurs there {} more times", finding.repeats));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::Span,
        rule::{RuleSet, Selection, built_in_to_run},
    };

    #[test]
    fn of_each_secret_the_first_are_kept_and_the_last_of_them_counts_the_rest() {
        let rules = RuleSet::new(built_in_to_run().expect("valid"), &Selection::default());
        let rules = rules.expect("the default selection");
        let rule = rules.rules().iter().find(|rule| rule.credential).expect("most are");
        let found = |secret: &'static [u8], at: usize| Found {
            rule,
            span: Span::new(at, at + 1),
            verdict: Verdict::Real(Real::of(rule, secret)),
        };
        let all =
            vec![found(b"a", 9), found(b"a", 1), found(b"b", 2), found(b"a", 5), found(b"a", 7)];
        let kept: Vec<_> = first_of_each(all, 2)
            .into_iter()
            .map(|one| match one.verdict {
                Verdict::Real(real) => (one.span.start, real.repeats),
                Verdict::Dismissed(_) => unreachable!("all are real"),
            })
            .collect();
        assert_eq!(kept, [(1, 0), (2, 0), (5, 2)]);
    }
}
