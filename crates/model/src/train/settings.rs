//! How a network is trained.

use serde::{Deserialize, Serialize};

use crate::error::ModelError;
use crate::weights::Init;

/// When training ends.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields)]
pub enum Stop {
    /// When the validation loss has not fallen for `patience` epochs; the weights of its minimum are kept.
    ValidationLoss {
        /// Epochs without a new minimum.
        patience: usize,
    },
    /// When this share of the training samples is classified right, or at the last epoch; the last weights are kept.
    TrainAccuracy {
        /// Share from 0 to 1.
        target: f64,
    },
    /// At the last epoch; the last weights are kept.
    MaxEpochs,
}

/// Settings of training. The defaults are the thesis'.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainSettings {
    /// Step along the negative gradient, η.
    pub learning_rate: f64,
    /// Share of the last step that is taken again, μ.
    pub momentum: f64,
    /// Share of the weights added to their gradient, λ; biases too.
    pub weight_decay: f64,
    /// Samples of a step.
    pub batch_size: usize,
    /// Epochs at most.
    pub max_epochs: usize,
    /// How initial weights are drawn.
    pub init: Init,
    /// Epochs whose weights are kept beside the final ones; 0 keeps the initial weights.
    pub checkpoints: Vec<usize>,
    /// When training ends.
    pub stop: Stop,
}

impl Default for TrainSettings {
    fn default() -> Self {
        TrainSettings {
            learning_rate: 0.01,
            momentum: 0.0,
            weight_decay: 0.0,
            batch_size: 100,
            max_epochs: 1_000,
            init: Init::GlorotUniform,
            checkpoints: Vec::new(),
            stop: Stop::ValidationLoss { patience: 30 },
        }
    }
}

impl TrainSettings {
    /// Refuses settings out of range.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    pub fn check(&self) -> Result<(), ModelError> {
        let refuse = |name, value: String, expected| Err(ModelError::Setting { name, value, expected });
        if !(0.0 < self.learning_rate && self.learning_rate.is_finite()) {
            return refuse("learning_rate", self.learning_rate.to_string(), "must be above 0");
        }
        if !(0.0..1.0).contains(&self.momentum) {
            return refuse("momentum", self.momentum.to_string(), "must lie at 0 to below 1");
        }
        if !(0.0 <= self.weight_decay && self.weight_decay.is_finite()) {
            return refuse("weight_decay", self.weight_decay.to_string(), "must be 0 or more");
        }
        if self.batch_size == 0 {
            return refuse("batch_size", "0".into(), "a batch has at least one sample");
        }
        if self.max_epochs == 0 {
            return refuse("max_epochs", "0".into(), "at least one epoch is needed");
        }
        match self.stop {
            Stop::ValidationLoss { patience: 0 } => {
                refuse("patience", "0".into(), "at least one epoch is needed")
            }
            Stop::TrainAccuracy { target } if !(0.0..=1.0).contains(&target) => {
                refuse("target", target.to_string(), "an accuracy lies at 0 to 1")
            }
            _ => Ok(()),
        }
    }
}
