//! Chapter 6: learning against memorising.

mod activations;
mod corruptions;
mod deviations;
mod digit;
mod fitting;
mod measure_charts;
mod measures;
mod memorising;
mod mnist;
mod pair;
mod training_time;
mod tsne;

use super::context::Section;

/// The sections of the chapter, in their order: a line here makes a section's command, its listing and its tests.
pub const SECTIONS: &[Section] = &[
    &memorising::Memorising,
    &activations::AveragedActivations,
    &corruptions::Corruptions,
    &tsne::LayerMaps,
    &deviations::DeviationsByLayer,
    &training_time::TrainingTime,
    &mnist::MnistNetworks,
];
