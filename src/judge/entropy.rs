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
    if bytes.is_empty() {
        return 0.0;
    }
    // The sum of `-c / n * log2(c / n)` over the counts. Most counts of a secret are 1, without a
    // term here.
    let counts = bytes.iter().map(|byte| std::mem::take(&mut counts[usize::from(*byte)]));
    let counts = counts.filter(|count| *count > 1).map(f64::from);
    let total = bytes.len() as f64;
    total.log2() - counts.map(|count| count * count.log2()).sum::<f64>() / total
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
