//! Of an MLP's training session and errors, the numbers that the thesis names, for every seed.

use serde::{Deserialize, Serialize};
use vitrine_model::EpochRecord;

use crate::thesis::networks::validation_minimum;

/// The largest errors of one seed among as many signals as the thesis tests on, in samples.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Largest {
    /// Of the network shown.
    pub network: usize,
    /// Of signal processing.
    pub signal_processing: usize,
}

/// When a training session was where, in epochs from 1.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Milestones {
    /// The smallest validation loss.
    pub validation_minimum: Option<usize>,
    /// The first epoch without a wrong training sample.
    pub training_error_zero: Option<usize>,
    /// The last epoch.
    pub last: usize,
}

impl Milestones {
    /// Of a session's epochs.
    pub fn of(history: &[EpochRecord]) -> Milestones {
        Milestones {
            validation_minimum: validation_minimum(history),
            training_error_zero: history.iter().find(|r| r.train_error == 0.0).map(|r| r.epoch),
            last: history.last().map_or(0, |record| record.epoch),
        }
    }
}
