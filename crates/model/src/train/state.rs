//! The whole state of training: written down, it resumes to the same bits.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use super::record::EpochRecord;
use crate::error::ModelError;
use crate::graph::Graph;
use crate::weights::{RawTensor, Weights, serialise};

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
    /// Running means of the gradients and of their squares, as many as the optimiser keeps: SGD's velocity with momentum,
    /// Adam's two.
    pub moments: Vec<Weights>,
    /// The best weights so far; with early stopping only.
    pub best: Option<Best>,
    /// A record per epoch.
    pub history: Vec<EpochRecord>,
    /// Weights kept on the way, with their epochs.
    pub checkpoints: Vec<(usize, Weights)>,
}

/// What is not a tensor of the state; the best loss is that of its epoch in the history.
#[derive(Serialize, Deserialize)]
struct Record {
    epoch: usize,
    n_moments: usize,
    best_epoch: Option<usize>,
    checkpoints: Vec<usize>,
}

impl TrainState {
    /// The state before the first epoch.
    pub fn new(weights: Weights) -> TrainState {
        TrainState {
            epoch: 0,
            weights,
            moments: Vec::new(),
            best: None,
            history: Vec::new(),
            checkpoints: Vec::new(),
        }
    }

    /// A safetensors file: weights under prefixes, the history as f64, which text would not keep to the last bit.
    pub fn to_bytes(&self) -> Vec<u8> {
        let record = Record {
            epoch: self.epoch,
            n_moments: self.moments.len(),
            best_epoch: self.best.as_ref().map(|best| best.epoch),
            checkpoints: self.checkpoints.iter().map(|(epoch, _)| *epoch).collect(),
        };
        let mut tensors: BTreeMap<_, _> = self.weights.tensors("now/");
        for (i, weights) in self.moments.iter().enumerate() {
            tensors.extend(weights.tensors(&format!("moment{i}/")));
        }
        tensors.extend(self.best.iter().flat_map(|best| best.weights.tensors("best/")));
        for (epoch, weights) in &self.checkpoints {
            tensors.extend(weights.tensors(&format!("{epoch}/")));
        }
        tensors.insert("history".into(), history_tensor(&self.history));
        let record = serde_json::to_string(&record).expect("a record is plain data");
        serialise(&tensors, Some(HashMap::from([("state".to_string(), record)])))
    }

    /// Reads what [`TrainState::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are something else, or belong to another network than `graph`.
    pub fn from_bytes(bytes: &[u8], graph: &Graph) -> Result<TrainState, ModelError> {
        let wrong = |reason: String| ModelError::State(reason);
        let file = SafeTensors::deserialize(bytes).map_err(|e| wrong(e.to_string()))?;
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| wrong(e.to_string()))?;
        let record = header
            .metadata()
            .as_ref()
            .and_then(|m| m.get("state"))
            .ok_or_else(|| wrong("no record".into()))?;
        let record: Record = serde_json::from_str(record).map_err(|e| wrong(e.to_string()))?;
        let history = file.tensor("history").map_err(|e| wrong(e.to_string()))?;
        let history = read_history(&history).ok_or_else(|| wrong("the history is no table".into()))?;
        if history.len() != record.epoch {
            return Err(wrong(format!("{} records of {} epochs", history.len(), record.epoch)));
        }
        let read = |prefix: &str| Weights::read(&file, graph, prefix);
        let best = |epoch: usize| {
            let record = epoch.checked_sub(1).and_then(|i| history.get(i));
            let loss = record.and_then(|record| record.validation_loss);
            let loss = loss.ok_or_else(|| wrong(format!("epoch {epoch} has no validation loss")))?;
            Ok::<_, ModelError>(Best { epoch, loss, weights: read("best/")? })
        };
        Ok(TrainState {
            epoch: record.epoch,
            weights: read("now/")?,
            moments: (0..record.n_moments)
                .map(|i| read(&format!("moment{i}/")))
                .collect::<Result<_, ModelError>>()?,
            best: record.best_epoch.map(best).transpose()?,
            history,
            checkpoints: record
                .checkpoints
                .into_iter()
                .map(|epoch| Ok((epoch, read(&format!("{epoch}/"))?)))
                .collect::<Result<_, ModelError>>()?,
        })
    }
}

/// Losses, errors and seconds, a row per epoch; NaN where there is no validation set.
fn history_tensor(history: &[EpochRecord]) -> RawTensor {
    let row = |r: &EpochRecord| {
        let nan_for_none = |value: Option<f64>| value.unwrap_or(f64::NAN);
        let validation = [nan_for_none(r.validation_loss), nan_for_none(r.validation_error)];
        [r.train_loss, r.train_error, validation[0], validation[1], r.seconds]
    };
    let bytes = history.iter().flat_map(row).flat_map(f64::to_le_bytes).collect();
    RawTensor { dtype: Dtype::F64, shape: vec![history.len(), 5], bytes }
}

/// The reverse; nothing if the tensor has another type or shape.
fn read_history(tensor: &TensorView<'_>) -> Option<Vec<EpochRecord>> {
    if tensor.dtype() != Dtype::F64 || tensor.shape().get(1) != Some(&5) {
        return None;
    }
    let values: Vec<f64> = tensor.data().as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect();
    let none_for_nan = |value: f64| (!value.is_nan()).then_some(value);
    let record = |(i, row): (usize, &[f64; 5])| EpochRecord {
        epoch: i + 1,
        train_loss: row[0],
        train_error: row[1],
        validation_loss: none_for_nan(row[2]),
        validation_error: none_for_nan(row[3]),
        seconds: row[4],
    };
    Some(values.as_chunks().0.iter().enumerate().map(record).collect())
}
