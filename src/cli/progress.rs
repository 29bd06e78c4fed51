//! The progress bar of a long scan.

use crate::scan::Progress;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::IsTerminal,
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::Duration,
};

/// A scan that is over sooner shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the bar is drawn.
const TICK: Duration = Duration::from_millis(120);

/// A bar on standard error, from one second on, until it is dropped.
#[derive(Debug)]
pub struct Bar {
    done: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    /// A bar for `progress`, if standard error is a terminal and `wanted`.
    pub fn start(progress: &Arc<Progress>, wanted: bool) -> Self {
        if !wanted || !std::io::stderr().is_terminal() {
            return Self { done: None, thread: None };
        }
        let (done, waiting) = mpsc::channel();
        let progress = Arc::clone(progress);
        let thread = std::thread::spawn(move || {
            if waiting.recv_timeout(PATIENCE) != Err(mpsc::RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(
                ProgressStyle::with_template("{spinner} {elapsed} {msg}")
                    .expect("a constant template"),
            );
            while waiting.recv_timeout(TICK) == Err(mpsc::RecvTimeoutError::Timeout) {
                bar.set_message(format!(
                    "files: {}, {}, findings so far: {}",
                    HumanCount(progress.files()),
                    HumanBytes(progress.bytes()),
                    HumanCount(progress.findings())
                ));
                bar.tick();
            }
            bar.finish_and_clear();
        });
        Self { done: Some(done), thread: Some(thread) }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(thread) = self.thread.take() {
            // A bar that failed is no reason to fail.
            let _ = thread.join();
        }
    }
}
