//! The entropy of a text.

/// Shannon entropy of `bytes`, in bits per byte: 0.0 (one repeated byte) to 8.0.
///
/// Empty input gives 0.0. Source: C. E. Shannon, "A Mathematical Theory of
/// Communication", 1948, §6.
pub fn shannon_entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    for byte in bytes {
        counts[usize::from(*byte)] += 1;
    }
    let total = bytes.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / total)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_runs_from_nothing_to_eight_bits() {
        assert_eq!(shannon_entropy(b""), 0.0);
        assert_eq!(shannon_entropy(b"aaaa"), 0.0);
        assert_eq!(shannon_entropy(b"abab"), 1.0);
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(shannon_entropy(&all), 8.0);
    }
}
