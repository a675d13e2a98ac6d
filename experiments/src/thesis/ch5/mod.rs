//! Chapter 5: what the networks want to see, by gradient ascent; and how easily they are fooled.

mod changed;
mod cnn_inputs;
mod fooled;
mod fooling;
mod looks;
mod made;
mod made_summary;
mod mlp_inputs;
mod numbers;
mod on_the_way;
mod over_seeds;
mod peaks;
mod regularisers;
mod seen;
mod shown;

use super::context::Section;

/// The sections of the chapter, in their order: a line here makes a section's command, its listing and its tests.
pub const SECTIONS: &[Section] = &[
    &mlp_inputs::MlpInputs,
    &regularisers::Regularisers,
    &cnn_inputs::CnnInputs,
    &numbers::Numbers,
    &fooling::FoolingDepth,
];
