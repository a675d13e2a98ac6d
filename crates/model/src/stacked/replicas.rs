//! What is known on the host of a network in a stack.

use crate::train::{EpochRecord, TrainSettings, Verdict};
use crate::trainer::Trained;
use crate::weights::Weights;

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
        let improvement = settings.improvement(&record, self.best.map(|(_, loss)| loss));
        if let Some(loss) = improvement {
            self.best = Some((record.epoch, loss));
        }
        self.history.push(record);
        improvement.is_some()
    }

    /// Whether its training goes on.
    pub fn verdict(&self, settings: &TrainSettings) -> Verdict {
        settings.verdict(self.history.last(), self.best.map(|(epoch, _)| epoch))
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
