//! The progress line of a long scan.

use crate::{report::human_bytes, scan::Progress};
use std::{
    io::{IsTerminal, Write},
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// Minimum duration of a scan that shows progress.
const PATIENCE: Duration = Duration::from_secs(1);
/// Time between two redraws.
const TICK: Duration = Duration::from_millis(120);
/// Clears the line that the cursor is on.
const CLEAR: &str = "\r\x1b[2K";

/// A progress line on standard error, shown after one second and removed on drop.
#[derive(Debug)]
pub struct Bar {
    done: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    /// A progress line, if `wanted` and standard error is a terminal.
    pub fn start(progress: &Arc<Progress>, wanted: bool) -> Self {
        if !wanted || !std::io::stderr().is_terminal() {
            return Self { done: None, thread: None };
        }
        let (done, waiting) = mpsc::channel();
        let progress = Arc::clone(progress);
        let draw = move || {
            let started = Instant::now();
            if waiting.recv_timeout(PATIENCE) != Err(mpsc::RecvTimeoutError::Timeout) {
                return;
            }
            // A write error must not end the scan.
            let print = |text: &str| drop(write!(std::io::stderr(), "{CLEAR}{text}"));
            while waiting.recv_timeout(TICK) == Err(mpsc::RecvTimeoutError::Timeout) {
                print(&line(&progress, started.elapsed()));
            }
            print("");
        };
        // Without a thread there is no progress line.
        let thread = std::thread::Builder::new().spawn(draw).ok();
        Self { done: Some(done), thread }
    }
}

fn line(progress: &Progress, elapsed: Duration) -> String {
    format!(
        "{} s  files: {}, {}, findings so far: {}",
        elapsed.as_secs(),
        progress.files(),
        human_bytes(progress.bytes()),
        progress.findings()
    )
}

impl Drop for Bar {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(thread) = self.thread.take() {
            // The panic hook has already reported a panic of the thread.
            let _ = thread.join();
        }
    }
}
