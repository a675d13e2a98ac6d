//! What is wrong with a node.

/// Why a node has no translation.
#[derive(Debug)]
pub enum Wrong {
    /// It mixes samples, or needs to know how many there are: of a batch of a fixed size, all of it is one sample then.
    Mixes(String),
    /// Anything else.
    Bad(String),
}

pub type Outcome<T> = Result<T, Wrong>;

/// An error of this reason.
pub fn bad<T>(reason: impl Into<String>) -> Outcome<T> {
    Err(Wrong::Bad(reason.into()))
}

/// An error of what mixes samples.
pub fn mixes<T>(what: impl Into<String>) -> Outcome<T> {
    Err(Wrong::Mixes(what.into()))
}
