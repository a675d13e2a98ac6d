//! The whole state of training: written down, it resumes to the same bits.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::SafeTensors;
use serde::{Deserialize, Serialize};

use crate::weights::serialise;
use crate::{ModelError, NetworkSpec, Weights};

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

/// The weights of the smallest validation loss so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// Its epoch, counted from 1.
    pub epoch: usize,
    /// The loss.
    pub loss: f64,
    /// The weights.
    pub weights: Weights,
}

/// Everything that the rest of training depends on, beside recipe and data.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainState {
    /// Epochs done.
    pub epoch: usize,
    /// The weights after them.
    pub weights: Weights,
    /// Running means of the gradients; with momentum only.
    pub velocity: Option<Weights>,
    /// The best weights so far; with early stopping only.
    pub best: Option<Best>,
    /// A record per epoch.
    pub history: Vec<EpochRecord>,
    /// Weights kept on the way, with their epochs.
    pub checkpoints: Vec<(usize, Weights)>,
}

/// What is not a tensor of the state.
#[derive(Serialize, Deserialize)]
struct Record {
    epoch: usize,
    has_velocity: bool,
    best: Option<(usize, f64)>,
    checkpoints: Vec<usize>,
    history: Vec<EpochRecord>,
}

impl TrainState {
    /// The state before the first epoch.
    pub fn new(weights: Weights) -> TrainState {
        TrainState {
            epoch: 0,
            weights,
            velocity: None,
            best: None,
            history: Vec::new(),
            checkpoints: Vec::new(),
        }
    }

    /// A safetensors file whose metadata hold the history.
    pub fn to_bytes(&self) -> Vec<u8> {
        let record = Record {
            epoch: self.epoch,
            has_velocity: self.velocity.is_some(),
            best: self.best.as_ref().map(|best| (best.epoch, best.loss)),
            checkpoints: self.checkpoints.iter().map(|(epoch, _)| *epoch).collect(),
            history: self.history.clone(),
        };
        let mut tensors: BTreeMap<_, _> = self.weights.tensors("now/");
        tensors.extend(self.velocity.iter().flat_map(|weights| weights.tensors("velocity/")));
        tensors.extend(self.best.iter().flat_map(|best| best.weights.tensors("best/")));
        for (epoch, weights) in &self.checkpoints {
            tensors.extend(weights.tensors(&format!("{epoch}/")));
        }
        let record = serde_json::to_string(&record).expect("a record is plain data");
        serialise(&tensors, Some(HashMap::from([("state".to_string(), record)])))
    }

    /// Reads what [`TrainState::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are something else, or belong to another network than `spec`.
    pub fn from_bytes(bytes: &[u8], spec: &NetworkSpec) -> Result<TrainState, ModelError> {
        let wrong = |reason: String| ModelError::State(reason);
        let file = SafeTensors::deserialize(bytes).map_err(|e| wrong(e.to_string()))?;
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| wrong(e.to_string()))?;
        let record = header
            .metadata()
            .as_ref()
            .and_then(|m| m.get("state"))
            .ok_or_else(|| wrong("no record".into()))?;
        let record: Record = serde_json::from_str(record).map_err(|e| wrong(e.to_string()))?;
        let read = |prefix: &str| Weights::read(&file, spec, prefix);
        let best = |(epoch, loss)| Ok::<_, ModelError>(Best { epoch, loss, weights: read("best/")? });
        Ok(TrainState {
            epoch: record.epoch,
            weights: read("now/")?,
            velocity: if record.has_velocity { Some(read("velocity/")?) } else { None },
            best: record.best.map(best).transpose()?,
            history: record.history,
            checkpoints: record
                .checkpoints
                .into_iter()
                .map(|epoch| Ok((epoch, read(&format!("{epoch}/"))?)))
                .collect::<Result<_, ModelError>>()?,
        })
    }
}
