//! What training is, whatever does the arithmetic: settings, rules of descent and of stopping, state and records.

mod adam;
mod choice;
mod clip;
mod dropout;
mod engine;
mod number;
mod record;
mod rule;
mod schedule;
mod settings;
mod sgd;
mod state;
mod stopping;
mod sums;

pub use choice::EngineChoice;
pub(crate) use clip::{CLIP_EPSILON, kept_share};
pub(crate) use dropout::draw_mask;
pub(crate) use engine::{Engine, Which};
pub use record::EpochRecord;
pub(crate) use rule::{Rule, Rules};
pub use schedule::Schedule;
pub use settings::{Optimiser, Stop, TrainSettings};
pub(crate) use sgd::Sgd;
pub use state::{Best, TrainState};
pub(crate) use stopping::Verdict;
pub(crate) use sums::LossSums;
