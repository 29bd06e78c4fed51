//! Selects the most specific of several findings at one location.

use crate::{
    judge::guessable::known_by,
    model::{
        Dismissed, Finding, Fingerprint, IntervalIndex, Precedence, Severity, SourcePath,
        Suppressor,
    },
};
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
/// counts once. `identity` is the path for fingerprints.
///
/// A finding that is already suppressed, because a setting names its rule, does not compete. If the
/// setting [also applies](speaks_for) to the winner, the winner is suppressed too; otherwise only
/// the finding itself is.
pub fn resolve(
    findings: Vec<Finding>,
    dismissed: &mut Vec<Dismissed>,
    identity: &SourcePath,
) -> Resolved {
    let mut free = findings;
    let mut named: Vec<_> = free.extract_if(.., |finding| finding.suppressed.is_some()).collect();
    for order in [&mut named, &mut free] {
        order.sort_by(|a, b| rank(b).cmp(&rank(a)).then_with(|| a.rule.cmp(&b.rule)));
    }
    let winners = Vec::with_capacity(free.len());
    let mut competition = Competition { winners, ..Competition::default() };
    for finding in free {
        competition.enter(finding, identity);
    }
    let mut alone = Competition::default();
    for finding in named {
        let span = finding.location.span;
        let mut is_heard = false;
        let touched: Vec<usize> = competition.index.touching(span).collect();
        for number in touched {
            let winner = &mut competition.winners[number];
            if speaks_for(&finding, winner) {
                is_heard = true;
                winner.suppressed.get_or_insert_with(|| {
                    finding.suppressed.clone().expect("only these were partitioned off")
                });
            }
            add_rule(winner, &finding);
        }
        if !is_heard {
            alone.enter(finding, identity);
        }
    }
    dismissed.retain(|one| {
        let span = one.location.span;
        let is_taken = |in_one: &Competition| in_one.index.touching(span).next().is_some();
        !is_taken(&competition) && !is_taken(&alone)
    });
    dismissed.sort_unstable();
    dismissed.dedup();
    let Competition { mut winners, mut losers, .. } = competition;
    winners.extend(alone.winners);
    losers.extend(alone.losers);
    winners.sort_by(|a, b| (a.location.span, &a.rule).cmp(&(b.location.span, &b.rule)));
    Resolved { winners, losers }
}

#[derive(Default)]
struct Competition {
    winners: Vec<Finding>,
    losers: Vec<Finding>,
    index: IntervalIndex,
}

impl Competition {
    /// Adds a finding of lower rank than those before it.
    fn enter(&mut self, mut finding: Finding, identity: &SourcePath) {
        let span = finding.location.span;
        let Some(first) = self.index.touching(span).next() else {
            return self.win(finding);
        };
        if self.winners[first].rule == finding.rule {
            return;
        }
        let mut rivals: Vec<usize> = self.index.touching(span).collect();
        rivals.dedup();
        for number in &rivals {
            add_rule(&mut self.winners[*number], &finding);
        }
        if finding.is_revocable() && self.winners[first].secret.is_none() {
            adopt(&mut self.winners[first], &finding, identity);
        } else if finding.is_revocable() && self.winners[first].has_adopted {
            // The winner is a construct with several credentials, and can report only one.
            let is_shown = |number: &usize| {
                let (shown, secret) = (&self.winners[*number].secret, &finding.secret);
                shown.as_ref().zip(secret.as_ref()).is_some_and(|(shown, secret)| {
                    contains(shown.expose(), secret.expose())
                        || contains(secret.expose(), shown.expose())
                })
            };
            if !rivals.iter().any(is_shown) {
                return self.win(finding);
            }
        }
        let winner = self.winners[first].rule.clone();
        finding.suppressed = Some(Suppressor::Overlap { winner });
        self.losers.push(finding);
    }

    fn win(&mut self, finding: Finding) {
        self.index.insert(finding.location.span, self.winners.len());
        self.winners.push(finding);
    }
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
fn adopt(winner: &mut Finding, loser: &Finding, identity: &SourcePath) {
    winner.secret = loser.secret.clone();
    winner.has_adopted = true;
    winner.severity = winner.severity.max(loser.severity);
    winner.confidence = winner.confidence.max(loser.confidence);
    let subject = known_by(winner.secret.as_ref(), &winner.excerpt);
    winner.fingerprint = Fingerprint::new(&winner.rule, identity, subject);
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
