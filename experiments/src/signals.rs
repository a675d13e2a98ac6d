//! Ctrl-C and SIGTERM ask running work to stop at its next safe point; a second one ends the process.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::usage::Interrupted;

static STOP: AtomicBool = AtomicBool::new(false);

/// Installs the handler; called once, first thing.
pub fn catch_interrupts() {
    let installed = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    });
    if let Err(error) = installed {
        tracing::debug!("interrupts end the process at once: {error}");
    }
}

/// Whether the user asked to stop.
pub fn stop_requested() -> bool {
    STOP.load(Ordering::SeqCst)
}

/// An error if the user asked to stop.
pub fn check() -> Result<(), Interrupted> {
    if stop_requested() { Err(Interrupted) } else { Ok(()) }
}
