//! Training: one loop for every engine, with early stopping, checkpoints, and resuming to the same bits.

mod choice;
mod dropout;
mod engine;
mod record;
mod settings;
mod sgd;
mod state;
mod stopping;
mod sums;
#[cfg(test)]
mod tests;
mod trainer;

pub use choice::EngineChoice;
pub(crate) use dropout::draw_mask;
pub(crate) use engine::{Engine, Which};
pub use record::EpochRecord;
pub use settings::{Stop, TrainSettings};
pub(crate) use sgd::Sgd;
pub use state::{Best, TrainState};
pub(crate) use stopping::Verdict;
pub(crate) use sums::LossSums;
pub use trainer::{TrainEnd, Trained, Trainer};
