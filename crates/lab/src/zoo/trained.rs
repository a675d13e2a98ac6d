//! A trained network with all that is known of it.

use vitrine_model::{EpochRecord, Network, Weights};

use crate::recipe::Recipe;

/// A network with its recipe and how it was trained.
#[derive(Clone, Debug)]
pub struct TrainedNetwork {
    /// What it was made from.
    pub recipe: Recipe,
    /// The specification with the trained weights.
    pub network: Network,
    /// One record per epoch.
    pub history: Vec<EpochRecord>,
    /// The epoch whose weights were kept, counted from 1.
    pub best_epoch: usize,
    /// Seconds of training.
    pub seconds: f64,
    /// Weights kept on the way, with their epochs.
    pub checkpoints: Vec<(usize, Weights)>,
}

/// What takes each network as it is trained, or why there is none.
pub type HandOver<'a> = dyn FnMut(anyhow::Result<TrainedNetwork>) + Send + 'a;
