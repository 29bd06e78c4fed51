//! Bounds the memory of parsing large texts, which takes up to 70 bytes for each of theirs, for all
//! threads together.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Maximum length of a text that is parsed without waiting.
const MAX_SMALL: usize = 256 << 10;
/// Maximum length of all larger texts that are parsed at the same time; a longer one is parsed alone.
const MAX_LARGE: usize = 4 << 20;

/// Maximum time to wait without another text being finished, several times what one takes. In a
/// forked process, the texts that other threads of its parent were parsing are never finished.
const PATIENCE: Duration = Duration::from_secs(5);

static USED: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// The permission to parse a text, until it is dropped.
#[derive(Debug)]
pub struct Share(usize);

impl Share {
    /// Waits until a text of `len` bytes may be parsed.
    pub fn of(len: usize) -> Self {
        let len = if len > MAX_SMALL { len.min(MAX_LARGE) } else { 0 };
        if len > 0 {
            let mut used = lock();
            while *used + len > MAX_LARGE {
                let waited = FREED.wait_timeout(used, PATIENCE);
                let (now, waited) = waited.unwrap_or_else(PoisonError::into_inner);
                used = now;
                if waited.timed_out() {
                    break;
                }
            }
            *used += len;
        }
        Self(len)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if self.0 > 0 {
            *lock() -= self.0;
            FREED.notify_all();
        }
    }
}

fn lock() -> MutexGuard<'static, usize> {
    USED.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn large_texts_are_parsed_one_after_the_other_and_small_ones_at_once() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for len in [MAX_LARGE * 2, MAX_LARGE, MAX_LARGE - 1, MAX_SMALL + 1].repeat(4) {
                let (now, most) = (&now, &most);
                scope.spawn(move || {
                    let share = Share::of(len);
                    let len = len.min(MAX_LARGE);
                    most.fetch_max(now.fetch_add(len, Ordering::SeqCst) + len, Ordering::SeqCst);
                    std::thread::yield_now();
                    now.fetch_sub(len, Ordering::SeqCst);
                    drop(share);
                });
            }
        });
        assert!(most.into_inner() <= MAX_LARGE);
        let large = Share::of(MAX_LARGE);
        assert_eq!(Share::of(MAX_SMALL).0, 0, "it does not wait");
        drop(large);
    }
}
