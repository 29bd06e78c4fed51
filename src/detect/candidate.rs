//! What detectors hand on.

use crate::{
    model::{Confidence, Dismissal, Secret, Severity, Span},
    rule::Rule,
};

/// A match of a rule that judgement took for real, or let go.
#[derive(Debug, Clone)]
pub struct Candidate<'r> {
    /// The rule that matched.
    pub rule: &'r Rule,
    /// Where the secret, or the construct, stands in the text.
    pub span: Span,
    /// What it was taken for.
    pub verdict: Verdict,
}

/// What judgement says of a match.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It is what the rule says.
    Real(Real),
    /// It is not, and why.
    Dismissed(Dismissal),
}

/// A match that is what its rule says.
#[derive(Debug, Clone)]
pub struct Real {
    /// How bad it is here.
    pub severity: Severity,
    /// How sure it is here.
    pub confidence: Confidence,
    /// What made either differ from the rule's, a sentence each.
    pub notes: Vec<String>,
    /// The credential as the program would see it, if the rule's findings are such.
    pub secret: Option<Secret>,
    /// What was found, where the match says more than the rule can.
    pub message: Option<String>,
    /// What to write instead, where the match says more than the rule can.
    pub help: Option<String>,
    /// How many more times the same stands in the same file, where that is not told of
    /// one by one.
    pub repeats: u64,
}

impl Real {
    /// As the rule says, without a modifier.
    pub fn of(rule: &Rule, secret: &[u8]) -> Self {
        Self {
            severity: rule.severity,
            confidence: rule.confidence,
            notes: Vec::new(),
            secret: rule.credential.then(|| Secret::new(secret)),
            message: None,
            help: None,
            repeats: 0,
        }
    }
}
