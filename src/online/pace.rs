//! Delays for rate limits.

use super::client::Answer;
use std::time::Duration;

/// Maximum delay in seconds.
const LONGEST: u64 = 300;

/// Delay before the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace(pub Duration);

impl Pace {
    /// The delay that a server requests in a 429 response: `t` of `RateLimit: "api";r=0;t=55`, else
    /// `Retry-After` in seconds, else 5 s.
    pub fn after(answer: &Answer) -> Self {
        let limit = answer.header("ratelimit").and_then(|text| parameter(text, "t"));
        let retry = || answer.header("retry-after").and_then(|text| text.trim().parse().ok());
        Self(Duration::from_secs(limit.or_else(retry).unwrap_or(5).clamp(1, LONGEST)))
    }
}

/// The number after `name=` in the parameters of a structured header.
fn parameter(text: &str, name: &str) -> Option<u64> {
    let parts = text.split([';', ',']).map(str::trim);
    let mut values = parts.filter_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    values.next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seconds_of_a_limit_are_read() {
        assert_eq!(parameter(r#""api";r=0;t=55"#, "t"), Some(55));
        assert_eq!(parameter(r#""api"; r=0; t=5"#, "t"), Some(5));
        assert_eq!(parameter(r#""api";r=0"#, "t"), None);
    }
}
