//! How the way of a row ends.

use serde::{Deserialize, Serialize};

/// How a row ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Ending {
    /// Its objective is above the target.
    Converged {
        /// Steps it took.
        steps: usize,
    },
    /// The steps are used up.
    NotConverged {
        /// Steps it took.
        steps: usize,
    },
    /// Its objective no longer gains; at step 0 the gradient is zero, as that of a unit which is never active.
    Stalled {
        /// Steps it took.
        steps: usize,
    },
    /// Its objective or its input is no longer a finite number.
    Diverged {
        /// Steps it took.
        steps: usize,
    },
}

impl Ending {
    /// Steps to the target; `None` where it was not reached.
    pub fn steps_to_target(self) -> Option<usize> {
        if let Ending::Converged { steps } = self { Some(steps) } else { None }
    }
}
