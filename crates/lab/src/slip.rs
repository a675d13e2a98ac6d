//! A slip in what was asked for: an unknown name, a setting out of range. Not a failure of the work itself.

/// What was asked for does not exist or lies out of range; the text says what would be right.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Slip(pub String);

/// A slip as an `anyhow::Error`.
pub fn slip(message: impl Into<String>) -> anyhow::Error {
    Slip(message.into()).into()
}
