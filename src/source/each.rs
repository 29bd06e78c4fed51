//! Divides numbered work among threads.

use rayon::ThreadPoolBuilder;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

/// The numbers that one worker takes; each number goes to one worker.
#[derive(Debug)]
pub struct Numbers<'a> {
    next: &'a AtomicUsize,
    end: usize,
}

impl Iterator for Numbers<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        Some(self.next.fetch_add(1, Ordering::Relaxed)).filter(|number| *number < self.end)
    }
}

/// Calls `worker` once on each of at most `threads` threads, which share the numbers below `count`,
/// and returns the results in no particular order. A worker reuses its buffers between numbers and
/// may stop early; the others then take the remaining numbers.
///
/// The threads belong to a pool that lives for this call. The calling thread works alone if there
/// is work for only one thread, or if the system provides no threads.
pub fn each<R: Send>(
    threads: usize,
    count: usize,
    worker: impl Fn(Numbers<'_>) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let numbers = || Numbers { next: &next, end: count };
    let threads = threads.min(count);
    if threads <= 1 {
        return vec![worker(numbers())];
    }
    let Ok(pool) = ThreadPoolBuilder::new().num_threads(threads).build() else {
        return vec![worker(numbers())];
    };
    let results = Mutex::new(Vec::with_capacity(threads));
    pool.scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|_| {
                let result = worker(numbers());
                results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
            });
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_taken_once() {
        for (threads, count) in [(0, 3), (1, 0), (1, 5), (4, 1), (4, 1000)] {
            let taken = each(threads, count, |numbers| numbers.collect::<Vec<_>>());
            assert_eq!(taken.len(), threads.min(count).max(1), "{threads} threads");
            let mut all = taken.concat();
            all.sort_unstable();
            assert_eq!(all, (0..count).collect::<Vec<_>>(), "{threads} threads");
        }
    }

    #[test]
    fn the_others_take_what_a_worker_leaves() {
        let is_first = AtomicUsize::new(0);
        let taken = each(3, 100, |mut numbers| match is_first.fetch_add(1, Ordering::Relaxed) {
            0 => numbers.next().into_iter().collect(),
            _ => numbers.collect::<Vec<_>>(),
        });
        assert_eq!(taken.concat().len(), 100);
    }
}
