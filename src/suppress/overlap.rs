//! Selects the most specific of several findings at one location.

use crate::model::{Dismissed, Finding, IntervalIndex, Precedence, Severity, Suppressor};
use std::cmp::Reverse;

/// Maximum number of ids of other rules stored in a finding.
const MAX_ALSO: usize = 16;

/// The findings of one document after the selection.
pub struct Resolved {
    /// One finding per location, in order.
    pub winners: Vec<Finding>,
    /// The findings that a winner replaced.
    pub losers: Vec<Finding>,
}

/// Selects the most specific of the findings of one document at each location. Dismissed matches at
/// the same location are dropped.
///
/// The winner is the finding of the rule with the highest precedence, then with the highest
/// severity, the longest span, and the first id. The same finding from two views of one location
/// counts once.
///
/// A finding that is already suppressed, because a setting names its rule, does not compete. If the
/// setting [also applies](speaks_for) to the winner, the winner is suppressed too; otherwise only
/// the finding itself is.
pub fn resolve(mut findings: Vec<Finding>, dismissed: &mut Vec<Dismissed>) -> Resolved {
    let named = findings.extract_if(.., |finding| finding.suppressed.is_some()).collect();
    let mut free = Competition::of(findings);
    let mut alone = Vec::new();
    for finding in sorted(named) {
        let mut is_heard = false;
        for number in free.index.touching(finding.location.span) {
            let winner = &mut free.findings[number];
            if speaks_for(&finding, winner) {
                is_heard = true;
                winner.suppressed.get_or_insert_with(|| {
                    finding.suppressed.clone().expect("only these were partitioned off")
                });
            }
            add_rule(winner, &finding);
        }
        if !is_heard {
            alone.push(finding);
        }
    }
    let alone = Competition::of(alone);
    dismissed.retain(|one| {
        let span = one.location.span;
        let is_taken = |in_one: &Competition| in_one.index.touching(span).next().is_some();
        !is_taken(&free) && !is_taken(&alone)
    });
    dismissed.sort_unstable();
    dismissed.dedup();
    let (mut resolved, others) = (free.resolved(), alone.resolved());
    resolved.winners.extend(others.winners);
    resolved.losers.extend(others.losers);
    resolved.winners.sort_by(|a, b| (a.location.span, &a.rule).cmp(&(b.location.span, &b.rule)));
    resolved
}

/// The findings, those of the highest rank first.
fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| rank(b).cmp(&rank(a)).then_with(|| a.rule.cmp(&b.rule)));
    findings
}

/// The result of a finding in a competition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Wins,
    Loses,
    /// It is the same as a winner, seen in another view.
    Repeats,
}

/// A competition of findings. They stay in one list, since a file may have hundreds of thousands.
struct Competition {
    findings: Vec<Finding>,
    fates: Vec<Fate>,
    /// The winners.
    index: IntervalIndex,
}

impl Competition {
    fn of(findings: Vec<Finding>) -> Self {
        let mut findings = sorted(findings);
        let mut fates = Vec::with_capacity(findings.len());
        let mut index = IntervalIndex::default();
        for number in 0..findings.len() {
            let (before, rest) = findings.split_at_mut(number);
            let fate = enter(&index, before, &mut rest[0]);
            if fate == Fate::Wins {
                index.insert(rest[0].location.span, number);
            }
            fates.push(fate);
        }
        Self { findings, fates, index }
    }

    fn resolved(self) -> Resolved {
        let Self { findings: mut winners, fates, .. } = self;
        let mut wins = fates.iter().map(|fate| *fate == Fate::Wins);
        let others = winners.extract_if(.., |_| !wins.next().unwrap_or(true));
        let other_fates = fates.iter().filter(|fate| **fate != Fate::Wins);
        let losers = others.zip(other_fates).filter(|(_, fate)| **fate == Fate::Loses);
        let losers = losers.map(|(finding, _)| finding).collect();
        Resolved { winners, losers }
    }
}

/// The fate of a finding among those `before` it, which have a higher rank. `index` has the winners
/// among these.
fn enter(index: &IntervalIndex, before: &mut [Finding], finding: &mut Finding) -> Fate {
    let span = finding.location.span;
    let Some(first) = index.touching(span).next() else { return Fate::Wins };
    if before[first].rule == finding.rule {
        return Fate::Repeats;
    }
    let mut rivals: Vec<usize> = index.touching(span).collect();
    rivals.dedup();
    for number in &rivals {
        add_rule(&mut before[*number], finding);
    }
    if finding.is_revocable() && before[first].secret.is_none() {
        adopt(&mut before[first], finding);
    } else if finding.is_revocable() && before[first].has_adopted {
        // The winner is a construct with several credentials, and can report only one.
        let is_shown = |number: &usize| {
            let (shown, secret) = (&before[*number].secret, &finding.secret);
            shown.as_ref().zip(secret.as_ref()).is_some_and(|(shown, secret)| {
                contains(shown.expose(), secret.expose())
                    || contains(secret.expose(), shown.expose())
            })
        };
        if !rivals.iter().any(is_shown) {
            return Fate::Wins;
        }
    }
    let winner = before[first].rule.clone();
    finding.suppressed = Some(Suppressor::Overlap { winner });
    Fate::Loses
}

/// The sort key of the selection, highest first.
fn rank(finding: &Finding) -> (Precedence, Severity, usize, Reverse<usize>) {
    let span = finding.location.span;
    (finding.precedence, finding.severity, span.len(), Reverse(span.start))
}

/// Records that another rule matched at a finding's location.
fn add_rule(winner: &mut Finding, other: &Finding) {
    if winner.rule != other.rule
        && winner.also.len() < MAX_ALSO
        && !winner.also.contains(&other.rule)
    {
        winner.also.push(other.rule.clone());
    }
}

/// Copies the live credential of another rule's finding to one without a secret: it must be
/// revoked, whichever rule reports it.
fn adopt(winner: &mut Finding, loser: &Finding) {
    winner.secret = loser.secret.clone();
    winner.has_adopted = true;
    winner.severity = winner.severity.max(loser.severity);
    winner.confidence = winner.confidence.max(loser.confidence);
    if let (Some(history), Some(secret)) = (&mut winner.history, &winner.secret) {
        history.subject = secret.clone();
    }
}

/// `true` if a setting that names the rule of `named` also applies to `winner`, which reports the
/// same location.
///
/// Settings are written for many locations. One that names a habit must not hide the credential
/// beside it, and one that names an imprecise rule must not hide the finding of a precise one.
fn speaks_for(named: &Finding, winner: &Finding) -> bool {
    let is_as_strong = named.severity >= winner.severity || named.confidence >= winner.confidence;
    winner.secret.is_none() || named.secret.is_some() && is_as_strong
}

fn contains(whole: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(whole, part).is_some()
}
