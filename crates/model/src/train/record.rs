//! What is written down of an epoch, by every engine.

use serde::{Deserialize, Serialize};

use super::sums::LossSums;
use crate::error::ModelError;

/// One epoch of training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Counted from 1.
    pub epoch: usize,
    /// Mean cross-entropy over the epoch's batches, each before its step.
    pub train_loss: f64,
    /// Share classified wrong over the epoch's batches, each before its step.
    pub train_error: f64,
    /// Mean cross-entropy of the validation set after the epoch; nothing if that is empty.
    pub validation_loss: Option<f64>,
    /// Share of the validation set classified wrong.
    pub validation_error: Option<f64>,
    /// How long the epoch took.
    pub seconds: f64,
}

impl EpochRecord {
    /// From sums over the training set, and over the validation set where there is one, with the sizes of both.
    pub(crate) fn of(
        epoch: usize,
        (train, n_train): (LossSums, usize),
        validation: Option<(LossSums, usize)>,
        seconds: f64,
    ) -> EpochRecord {
        let (train_loss, train_error) = train.means(n_train);
        let validation = validation.map(|(sums, n_samples)| sums.means(n_samples));
        EpochRecord {
            epoch,
            train_loss,
            train_error,
            validation_loss: validation.map(|(loss, _)| loss),
            validation_error: validation.map(|(_, error)| error),
            seconds,
        }
    }

    /// Refuses a loss that is no longer a number.
    pub(crate) fn check(&self, learning_rate: f64) -> Result<(), ModelError> {
        let losses = [Some(self.train_loss), self.validation_loss];
        match losses.into_iter().flatten().find(|loss| !loss.is_finite()) {
            Some(loss) => Err(ModelError::Diverged { epoch: self.epoch, loss, learning_rate }),
            None => Ok(()),
        }
    }
}
