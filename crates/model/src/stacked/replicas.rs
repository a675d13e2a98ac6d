//! What is known on the host of a network in a stack.

use crate::Weights;
use crate::train::{EpochRecord, Stop, TrainSettings, Trained};

/// The training of one member, apart from its weights.
pub struct Replica {
    /// Its number among the members.
    pub member: usize,
    pub history: Vec<EpochRecord>,
    /// Epoch and validation loss of the minimum.
    pub best: Option<(usize, f64)>,
    pub checkpoints: Vec<(usize, Weights)>,
    /// Whether its network was read out; its place runs on unread.
    pub is_done: bool,
}

impl Replica {
    pub fn new(member: usize, initial: Option<(usize, Weights)>) -> Replica {
        let checkpoints = initial.into_iter().collect();
        Replica { member, history: Vec::new(), best: None, checkpoints, is_done: false }
    }

    /// Takes a record in; says whether its weights are to be kept, their validation loss being the smallest yet.
    pub fn take_in(&mut self, record: EpochRecord, settings: &TrainSettings) -> bool {
        if self.is_done {
            return false;
        }
        let keeps_best = matches!(settings.stop, Stop::ValidationLoss { .. });
        let loss = record.validation_loss.filter(|_| keeps_best);
        let improves = loss.is_some_and(|loss| self.best.is_none_or(|(_, best)| loss < best));
        if let (Some(loss), true) = (loss, improves) {
            self.best = Some((record.epoch, loss));
        }
        self.history.push(record);
        improves
    }

    /// Whether its running error reaches the target accuracy.
    pub fn asks_for_whole_set(&self, settings: &TrainSettings) -> bool {
        let Stop::TrainAccuracy { target } = settings.stop else { return false };
        self.history.last().is_some_and(|last| last.train_error <= 1.0 - target)
    }

    /// Whether training ends here; `error` is that on the whole training set, where it was asked for.
    pub fn is_at_its_end(&self, settings: &TrainSettings, error: Option<f64>) -> bool {
        let epoch = self.history.len();
        settings.max_epochs <= epoch
            || match settings.stop {
                Stop::MaxEpochs => false,
                Stop::ValidationLoss { patience } => {
                    self.best.is_some_and(|(best, _)| best + patience <= epoch)
                }
                Stop::TrainAccuracy { target } => {
                    self.asks_for_whole_set(settings) && error.is_some_and(|error| error <= 1.0 - target)
                }
            }
    }

    /// The network, with the weights of its best epoch or its last.
    pub fn finish(&mut self, weights: Weights) -> Trained {
        self.is_done = true;
        Trained {
            weights,
            best_epoch: self.best.map_or(self.history.len(), |(epoch, _)| epoch),
            history: std::mem::take(&mut self.history),
            checkpoints: std::mem::take(&mut self.checkpoints),
        }
    }
}
