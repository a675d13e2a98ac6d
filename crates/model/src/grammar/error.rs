//! What names no network.

/// A specification that names no network; it points at the part that is wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`{part}` in `{spec}`: {reason}")]
pub struct SpecError {
    /// The whole string.
    pub spec: String,
    /// The part that is wrong.
    pub part: String,
    /// What is wrong with it, and what would be right.
    pub reason: String,
}

/// The part that is wrong, while the whole is not known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wrong {
    pub part: String,
    pub reason: String,
}

impl Wrong {
    pub fn new(part: &str, reason: impl Into<String>) -> Wrong {
        Wrong { part: part.into(), reason: reason.into() }
    }

    pub fn within(self, spec: &str) -> SpecError {
        SpecError { spec: spec.into(), part: self.part, reason: self.reason }
    }
}
