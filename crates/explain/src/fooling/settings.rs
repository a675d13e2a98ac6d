//! What is searched for, and how far.

use serde::{Deserialize, Serialize};

use super::norm::Norm;
use crate::error::ExplainError;

/// A search for the smallest change.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fooling {
    /// What is made small.
    pub norm: Norm,
    /// The answer has moved when it is more than so many classes away from the first one.
    pub tolerance: usize,
    /// Linearisations at most.
    pub max_steps: usize,
    /// Share by which each step goes beyond the boundary.
    pub overshoot: f32,
}

impl Default for Fooling {
    fn default() -> Self {
        Fooling { norm: Norm::L2, tolerance: 0, max_steps: 50, overshoot: 0.02 }
    }
}

impl Fooling {
    /// Refuses settings out of range.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    pub fn check(&self) -> Result<(), ExplainError> {
        if !(0.0 <= self.overshoot && self.overshoot.is_finite()) {
            return ExplainError::setting("overshoot", f64::from(self.overshoot), "must be 0 or more");
        }
        Ok(())
    }
}
