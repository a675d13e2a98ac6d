//! Chapter 4: bottlenecks, from pictures to theory.

mod activations;
mod bottlenecks;
mod cells;
mod codes;
mod curves;
mod dead_units;
mod embedding;
mod errors;
mod errors_by_seed;
mod order;
mod outliers;
mod output_layer;
mod race;
mod simulated;
mod steps;
mod toy;

use super::context::Section;

/// The sections of the chapter, in their order: a line here makes a section's command, its listing and its tests.
pub const SECTIONS: &[Section] = &[
    &errors::Errors,
    &dead_units::DeadUnits,
    &activations::CodeActivations,
    &codes::Codes,
    &curves::Curves,
    &toy::Toy,
    &embedding::Embedding,
    &output_layer::OutputLayers,
];
