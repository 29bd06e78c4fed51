//! Selects findings for formats with a maximum number of them.

use crate::model::Finding;
use std::cmp::Reverse;

/// The most severe `max` findings, by severity and then confidence, in their original order, and
/// the number of the others.
pub fn worst(findings: &[Finding], max: usize) -> (Vec<&Finding>, usize) {
    if findings.len() <= max {
        return (findings.iter().collect(), 0);
    }
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|number| {
        let finding = &findings[*number];
        Reverse((finding.severity, finding.confidence))
    });
    order.truncate(max);
    order.sort_unstable();
    (order.into_iter().map(|number| &findings[number]).collect(), findings.len() - max)
}

/// All findings, most severe first.
pub fn worst_first(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| Reverse((finding.severity, finding.confidence)));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Severity, report::sample};

    #[test]
    fn the_worst_stay_and_keep_their_order() {
        let mut findings = sample::outcome().findings;
        findings.truncate(4);
        for (finding, severity) in findings.iter_mut().zip([
            Severity::Low,
            Severity::Critical,
            Severity::Info,
            Severity::High,
        ]) {
            finding.severity = severity;
        }
        let (kept, left) = worst(&findings, 2);
        let kept: Vec<Severity> = kept.iter().map(|finding| finding.severity).collect();
        assert_eq!((kept, left), (vec![Severity::Critical, Severity::High], 2));
        assert_eq!(worst(&findings, 4).1, 0);
    }
}
