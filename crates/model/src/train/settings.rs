//! How a network is trained.

use serde::{Deserialize, Serialize};

use super::schedule::Schedule;
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
    #[serde(deserialize_with = "vitrine_data::no_fields")]
    MaxEpochs,
}

/// What turns gradients into steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Optimiser {
    /// Stochastic gradient descent, with momentum where it is above 0.
    #[default]
    Sgd,
    /// Adam (Kingma and Ba 2015).
    Adam,
    /// Adam whose weight decay is a step of its own, beside that along the gradient (Loshchilov and Hutter 2019).
    AdamW,
}

impl Optimiser {
    /// Whether it keeps running means of gradients and of their squares.
    fn is_adam(self) -> bool {
        matches!(self, Optimiser::Adam | Optimiser::AdamW)
    }
}

/// Settings of training. The defaults are the thesis'.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainSettings {
    /// What turns gradients into steps.
    pub optimiser: Optimiser,
    /// Step along the negative gradient, η; of the first epoch.
    pub learning_rate: f64,
    /// How η changes from epoch to epoch.
    pub schedule: Schedule,
    /// Share of the last step that is taken again, μ; of SGD.
    pub momentum: f64,
    /// Whether the gradient is taken where the momentum leads to (Nesterov 1983; in the form of Sutskever et al. 2013, as
    /// PyTorch's); of SGD with momentum.
    #[serde(skip_serializing_if = "is_false")]
    pub nesterov: bool,
    /// Shares that the running means of gradients and of their squares keep, β₁ and β₂; of Adam and AdamW.
    pub betas: [f64; 2],
    /// Added to the root of the mean square, ε; of Adam and AdamW.
    pub epsilon: f64,
    /// Share of the weights added to their gradient, λ; biases too. With AdamW `η λ` of the weights is taken away instead.
    pub weight_decay: f64,
    /// Length that the gradient of a batch has at most, over all weights together: a longer one is shortened to it (Pascanu
    /// et al. 2013, algorithm 1). Not clipped where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip_norm: Option<f64>,
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

fn is_false(value: &bool) -> bool {
    !value
}

impl Default for TrainSettings {
    fn default() -> Self {
        TrainSettings {
            optimiser: Optimiser::Sgd,
            learning_rate: 0.01,
            schedule: Schedule::Constant,
            momentum: 0.0,
            nesterov: false,
            betas: [0.9, 0.999],
            epsilon: 1e-8,
            weight_decay: 0.0,
            clip_norm: None,
            batch_size: 100,
            max_epochs: 1_000,
            init: Init::GlorotUniform,
            checkpoints: Vec::new(),
            stop: Stop::ValidationLoss { patience: 30 },
        }
    }
}

impl TrainSettings {
    /// η of epoch `epoch`, counted from 1.
    pub fn learning_rate_in(&self, epoch: usize) -> f64 {
        self.learning_rate * self.schedule.share(epoch)
    }

    /// Refuses settings out of range.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    pub fn check(&self) -> Result<(), ModelError> {
        let refuse = |name, value: String, expected| Err(ModelError::Setting { name, value, expected });
        if !(0.0 < self.learning_rate && self.learning_rate.is_finite()) {
            return refuse("learning_rate", self.learning_rate.to_string(), "must be a number above 0");
        }
        if !(0.0..1.0).contains(&self.momentum) {
            return refuse("momentum", self.momentum.to_string(), "must lie at 0 to below 1");
        }
        if self.optimiser != Optimiser::Sgd && self.momentum != 0.0 {
            return refuse("momentum", self.momentum.to_string(), "is of SGD; Adam has betas");
        }
        if self.nesterov && self.momentum == 0.0 {
            return refuse("nesterov", "true".into(), "is of SGD with a momentum above 0");
        }
        let defaults = TrainSettings::default();
        if !self.optimiser.is_adam() && self.betas != defaults.betas {
            return refuse("betas", format!("{:?}", self.betas), "are of Adam; SGD has momentum");
        }
        if !self.optimiser.is_adam() && self.epsilon != defaults.epsilon {
            return refuse("epsilon", self.epsilon.to_string(), "is of Adam");
        }
        if let Some(beta) = self.betas.iter().find(|beta| !(0.0..1.0).contains(*beta)) {
            return refuse("betas", beta.to_string(), "must lie at 0 to below 1");
        }
        if !(0.0 < self.epsilon as f32 && (self.epsilon as f32).is_finite()) {
            return refuse("epsilon", self.epsilon.to_string(), "must be above 0, in single precision too");
        }
        match self.schedule {
            Schedule::Step { step_size: 0, .. } => {
                return refuse("step_size", "0".into(), "at least one epoch is needed");
            }
            Schedule::Step { gamma, .. } if !(0.0 < gamma && gamma.is_finite()) => {
                return refuse("gamma", gamma.to_string(), "must be above 0");
            }
            Schedule::Cosine { epochs: 0 } => {
                return refuse("epochs", "0".into(), "at least one epoch is needed");
            }
            _ => {}
        }
        if !(0.0 <= self.weight_decay && self.weight_decay.is_finite()) {
            return refuse("weight_decay", self.weight_decay.to_string(), "must be 0 or more");
        }
        if let Some(norm) = self.clip_norm.filter(|norm| !(0.0 < *norm as f32 && norm.is_finite())) {
            return refuse("clip_norm", norm.to_string(), "must be above 0, in single precision too");
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
