//! How running work learns that it should stop at its next safe point.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A request to stop, shared by whoever makes it and whoever works.
#[derive(Clone, Debug, Default)]
pub struct StopFlag(Arc<AtomicBool>);

/// Work that ended because it was asked to; what was finished is kept.
#[derive(Debug, thiserror::Error)]
#[error("interrupted: finished networks are kept, the same command goes on from here")]
pub struct Interrupted;

impl StopFlag {
    /// Asks for a stop; says whether it had been asked for before.
    pub fn request(&self) -> bool {
        self.0.swap(true, Ordering::SeqCst)
    }

    /// Whether a stop was asked for.
    pub fn is_requested(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// An error if a stop was asked for.
    ///
    /// # Errors
    /// [`Interrupted`], then.
    pub fn check(&self) -> Result<(), Interrupted> {
        if self.is_requested() { Err(Interrupted) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_copy_learns_of_a_request_and_the_second_one_is_told_from_the_first() {
        let (stop, copy) = (StopFlag::default(), StopFlag::default());
        let shared = stop.clone();
        assert!(!stop.request() && shared.request());
        assert!(shared.check().is_err() && copy.check().is_ok());
    }
}
