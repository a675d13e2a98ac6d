//! Ctrl-C and SIGTERM ask running work to stop at its next safe point; a second one ends the process.
//!
//! Work that has not come to such a point soon is ended as well: files appear whole and what is finished is sealed, so that
//! a process may end anywhere.

use std::process;
use std::thread;
use std::time::Duration;

use vitrine_lab::{Interrupted, StopFlag};

use super::{exit, terminal};

/// How long work may take to its next safe point.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Installs the handler; called once, first thing. Where it cannot be installed, an interrupt ends the process at once.
pub fn caught() -> StopFlag {
    let stop = StopFlag::default();
    let request = stop.clone();
    _ = ctrlc::set_handler(move || {
        if request.request() {
            process::exit(exit::INTERRUPTED.into());
        }
        thread::spawn(|| {
            thread::sleep(PATIENCE);
            terminal::say_error(&Interrupted.to_string());
            process::exit(exit::INTERRUPTED.into());
        });
    });
    stop
}
