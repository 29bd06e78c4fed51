//! Divides the values of a byte among classes by how often real texts match the pieces. Slow, so it
//! only runs to write [the classes](CLASS_OF).

use super::{
    buckets::values_of,
    grain::{BUCKETS, CLASSES, PIECE, VALUES},
    sample::Sample,
};
use std::fmt::Write as _;

/// Maximum number of runs of a sample that are compared.
const RUNS: usize = 200_000;
/// Minimum decrease, as a part, for which all values are tried again.
const GAIN: f64 = 0.005;

/// The class of each value, while they are improved.
pub struct Partition<'a> {
    /// Runs of a sample, with their counts.
    runs: Vec<&'a ([u8; PIECE], u32)>,
    /// For each value and each position in a piece, the buckets with a piece that has it there.
    buckets: [[u16; PIECE]; VALUES],
    /// The class of each value.
    of: [u8; VALUES],
}

impl<'a> Partition<'a> {
    /// The classes `of` values, with pieces in their buckets, rated by a sample.
    pub fn new(of: [u8; VALUES], pieces: &[(Vec<u8>, usize)], sample: &'a Sample) -> Self {
        let mut buckets = [[0; PIECE]; VALUES];
        for (piece, bucket) in pieces {
            for (place, values) in values_of(piece).into_iter().enumerate() {
                for (value, buckets) in buckets.iter_mut().enumerate() {
                    buckets[place] |= ((values >> value & 1) as u16) << (bucket % BUCKETS);
                }
            }
        }
        let step = sample.runs.len().div_ceil(RUNS).max(1);
        Self { runs: sample.runs.iter().step_by(step).collect(), buckets, of }
    }

    /// Number of offsets of the runs that match a bucket.
    fn rate(&self) -> f64 {
        let mut of_class = [[0; PIECE]; CLASSES];
        for (class, buckets) in self.of.iter().zip(&self.buckets) {
            let class = &mut of_class[usize::from(*class)];
            class.iter_mut().zip(buckets).for_each(|(all, one)| *all |= one);
        }
        let of_value = self.of.map(|class| of_class[usize::from(class)]);
        let left = |run: &[u8; PIECE]| {
            let buckets =
                run.iter().enumerate().map(|(place, byte)| of_value[usize::from(*byte)][place]);
            buckets.fold(!0, |left, one| left & one)
        };
        let matching = self.runs.iter().filter(|(run, _)| left(run) != 0);
        matching.map(|(_, count)| f64::from(*count)).sum()
    }

    /// Moves values to other classes, and swaps those of two values, until hardly fewer offsets
    /// match. Returns the class of each value.
    pub fn improve(&mut self) -> [u8; VALUES] {
        let mut rate = self.rate();
        loop {
            let before = rate;
            for value in 0..VALUES {
                let mut best = self.of[value];
                for class in 0..CLASSES as u8 {
                    self.of[value] = class;
                    let other = self.rate();
                    if other < rate {
                        (rate, best) = (other, class);
                    }
                }
                self.of[value] = best;
            }
            for value in 0..VALUES {
                for other in 0..value {
                    self.of.swap(value, other);
                    match self.rate() {
                        lower if lower < rate => rate = lower,
                        _ => self.of.swap(value, other),
                    }
                }
            }
            if rate >= before * (1.0 - GAIN) {
                return self.of;
            }
        }
    }
}

/// The class of each value as a Rust expression.
pub fn table(of: &[u8; VALUES]) -> String {
    let mut lines = String::from("[\n");
    for row in of.chunks(16) {
        let row: Vec<String> = row.iter().map(u8::to_string).collect();
        let _ = writeln!(lines, "    {},", row.join(", "));
    }
    lines + "]\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_texts_must_distinguish_get_classes_of_their_own() {
        let runs = [(*b"abcde", 1), (*b"xbcde", 9), (*b"abcdy", 7), (*b"zzzzz", 5)];
        let sample = Sample::of_runs(runs.to_vec(), 22.0);
        let mut partition = Partition::new([0; VALUES], &[(b"abcde".to_vec(), 0)], &sample);
        assert_eq!(partition.rate(), 22.0);
        let of = partition.improve();
        assert_eq!(partition.rate(), 1.0);
        assert_ne!(of[usize::from(b'a')], of[usize::from(b'x')]);
        assert!(table(&of).lines().count() == VALUES / 16 + 2, "{}", table(&of));
    }
}
