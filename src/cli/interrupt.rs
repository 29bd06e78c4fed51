//! Ctrl-C and SIGTERM.

use super::status::FAILED;
use crate::{scan::Progress, source::temporary::delete_all};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Maximum time for a stopped scan to report its results.
const PATIENCE: Duration = Duration::from_millis(700);

/// The current scan.
static SCAN: Mutex<Option<Arc<Progress>>> = Mutex::new(None);

/// Ends the process with status 2 on Ctrl-C, SIGTERM or SIGHUP, without leaving temporary folders.
/// A scan reports its results first if it stops in time and there is no second signal.
pub fn watch() {
    // Without a handler the signal terminates the process, which leaves temporary folders behind.
    let _ = ctrlc::set_handler(|| {
        let scan = current().clone();
        let Some(scan) = scan.filter(|scan| !scan.is_stopped()) else { end() };
        scan.stop();
        let _ = std::thread::Builder::new().spawn(|| {
            std::thread::sleep(PATIENCE);
            let _ = std::io::Write::write_all(
                &mut std::io::stderr(),
                b"error: interrupted; the scan did not stop in time to report\n",
            );
            end();
        });
    });
}

/// Registers the scan that the first signal stops.
pub fn stop_on_interrupt(progress: &Arc<Progress>) {
    *current() = Some(Arc::clone(progress));
}

fn current() -> MutexGuard<'static, Option<Arc<Progress>>> {
    SCAN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn end() -> ! {
    delete_all();
    std::process::exit(i32::from(FAILED))
}
