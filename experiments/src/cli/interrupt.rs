//! Ctrl-C and SIGTERM ask running work to stop at its next safe point; a second one ends the process.

use vitrine_lab::StopFlag;

/// Installs the handler; called once, first thing. Where it cannot be installed, an interrupt ends the process at once.
pub fn caught() -> StopFlag {
    let stop = StopFlag::default();
    let request = stop.clone();
    _ = ctrlc::set_handler(move || {
        if request.request() {
            std::process::exit(130);
        }
    });
    stop
}
