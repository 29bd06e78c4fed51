//! Ctrl-C and SIGTERM.

use super::status::FAILED;
use crate::scan::Progress;
use std::{sync::Arc, time::Duration};

/// Maximum time for a stopped scan to report its results.
const PATIENCE: Duration = Duration::from_millis(700);

/// Stops the scan on Ctrl-C, SIGTERM or SIGHUP. The scan reports its results if it stops in time;
/// otherwise, or after a second signal, the process exits with status 2.
pub fn stop_on_interrupt(progress: &Arc<Progress>) {
    let progress = Arc::clone(progress);
    // Without a handler the signal terminates the process, which is harmless.
    let _ = ctrlc::set_handler(move || {
        if progress.is_stopped() {
            std::process::exit(i32::from(FAILED));
        }
        progress.stop();
        let _ = std::thread::Builder::new().spawn(|| {
            std::thread::sleep(PATIENCE);
            let _ = std::io::Write::write_all(
                &mut std::io::stderr(),
                b"error: interrupted; the scan did not stop in time to report\n",
            );
            std::process::exit(i32::from(FAILED));
        });
    });
}
