//! A fuzzer without instrumentation: it mutates files at random and reports the first panic.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

/// Maximum time for one input.
const SLOW: Duration = Duration::from_secs(2);

/// Calls `check` with mutated files until the time is over. The arguments are the time in seconds and
/// the files; an input that panics or is slow is written to `crash-NUMBER`.
pub fn run(check: fn(&[u8])) {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(10);
    let files: Vec<Vec<u8>> = arguments.filter_map(|path| std::fs::read(path).ok()).collect();
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let (mut count, mut failed) = (0_u64, 0_u64);
    while Instant::now() < end && failed < 10 {
        let mut input = files.get(numbers.below(files.len())).cloned().unwrap_or_default();
        for _ in 0..numbers.below(16) {
            numbers.change(&mut input, &files);
        }
        let started = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| check(&input)));
        if result.is_err() || started.elapsed() > SLOW {
            let name = format!("crash-{failed}");
            eprintln!("{name}: panic {}, {:?}", result.is_err(), started.elapsed());
            std::fs::write(&name, &input).expect("the folder can be written to");
            failed += 1;
        }
        count += 1;
    }
    println!("{count} inputs, {failed} failed");
    std::process::exit(i32::from(failed > 0));
}

/// Pseudo-random numbers (xorshift, G. Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap_or_default()
    }

    fn change(&mut self, input: &mut Vec<u8>, files: &[Vec<u8>]) {
        let at = self.below(input.len());
        match self.below(7) {
            0 => input.truncate(at),
            1 => input.insert(at.min(input.len()), self.below(256) as u8),
            2 | 3 if !input.is_empty() => input[at] = self.below(256) as u8,
            4 if !input.is_empty() => input[at] ^= 1 << self.below(8),
            5 => {
                let other = files.get(self.below(files.len())).map_or(&[][..], Vec::as_slice);
                let from = self.below(other.len());
                let piece = other.iter().skip(from).take(self.below(200)).copied();
                input.splice(at..at, piece);
            }
            _ => {
                let end = input.len().min(at + 8);
                input[at..end].fill(0xff);
            }
        }
    }
}
