//! Severity and confidence of a finding.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The severity of a finding, assuming that it is true, from lowest to highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// Advice, or a value that is known to be harmless.
    Info,
    /// Hygiene or deprecation.
    Low,
    /// Risky handling.
    Medium,
    /// An almost certain leak of a secret, or a powerful secret of another kind.
    High,
    /// A credential of valid form in a file that will be published.
    Critical,
}

impl Severity {
    /// All severities, from lowest to highest.
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// Its name in reports, rules and options.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The next lower severity; `Info` stays.
    pub fn lowered(self) -> Severity {
        Self::ALL[(self as usize).saturating_sub(1)]
    }

    /// The next higher severity; `Critical` stays.
    pub fn raised(self) -> Severity {
        Self::ALL[(self as usize + 1).min(Self::ALL.len() - 1)]
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        named(&Self::ALL, Self::as_str, text)
    }
}

/// The certainty that a finding is what its rule describes, from lowest to highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Confidence {
    /// Possible; needs manual review.
    Low,
    /// Likely.
    Medium,
    /// Almost certain.
    High,
}

impl Confidence {
    /// All levels of confidence, from lowest to highest.
    pub const ALL: [Confidence; 3] = [Confidence::Low, Confidence::Medium, Confidence::High];

    /// Its name in reports, rules and options.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }

    /// The next lower confidence; `Low` stays.
    pub fn lowered(self) -> Confidence {
        Self::ALL[(self as usize).saturating_sub(1)]
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Confidence {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        named(&Self::ALL, Self::as_str, text)
    }
}

fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, text: &str) -> Result<T, String> {
    all.iter().copied().find(|one| name(*one).eq_ignore_ascii_case(text)).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|one| name(*one)).collect();
        format!("expected one of {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stop_at_both_ends() {
        assert_eq!(Severity::Info.lowered(), Severity::Info);
        assert_eq!(Severity::Critical.raised(), Severity::Critical);
        assert_eq!(Severity::Medium.raised(), Severity::High);
        assert_eq!(Confidence::Low.lowered(), Confidence::Low);
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let error = "bad".parse::<Severity>().expect_err("not a severity");
        assert!(error.contains("info, low, medium, high, critical"), "{error}");
    }
}
