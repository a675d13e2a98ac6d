//! What an error means for the exit code: 2 for a slip in the call, 130 when interrupted, 1 otherwise.

use std::process::ExitCode;

/// A slip in the call: an unknown name, an option out of range. Exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// Stopped by the user; what was finished is kept. Exit code 130.
#[derive(Debug, thiserror::Error)]
#[error("interrupted: finished networks are kept, the same command goes on from here")]
pub struct Interrupted;

/// A usage error as an `anyhow::Error`.
pub fn usage(message: impl Into<String>) -> anyhow::Error {
    UsageError(message.into()).into()
}

/// The exit code of a failed command.
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.downcast_ref::<UsageError>().is_some() {
        ExitCode::from(2)
    } else if error.downcast_ref::<Interrupted>().is_some() {
        ExitCode::from(130)
    } else {
        ExitCode::FAILURE
    }
}
