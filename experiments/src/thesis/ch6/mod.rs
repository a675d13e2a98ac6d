//! Chapter 6: learning against memorising.

mod activations;
mod corruptions;
mod deviations;
mod deviations_agreements;
mod digit;
mod fitting;
mod measure_charts;
mod measure_criteria;
mod measure_table;
mod measures;
mod memorising;
mod mnist;
mod mnist_agreements;
mod neighbours;
mod pair;
mod stripes;
mod training_time;
mod tsne;
mod tsne_agreements;

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
