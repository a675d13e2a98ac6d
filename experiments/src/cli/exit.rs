//! What an error means for the exit code: 2 for a slip in the call, 130 when interrupted, 1 otherwise.

use std::process::ExitCode;

use vitrine_lab::{Interrupted, Slip};

/// The exit code of what was interrupted.
pub const INTERRUPTED: u8 = 130;

/// The exit code of a failed command.
pub fn code(error: &anyhow::Error) -> ExitCode {
    if error.is::<Slip>() {
        ExitCode::from(2)
    } else if error.is::<Interrupted>() {
        ExitCode::from(INTERRUPTED)
    } else {
        ExitCode::FAILURE
    }
}
