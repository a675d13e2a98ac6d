//! Chapter 3: locating the jump by signal processing, by MLPs and by CNNs.

mod baseline;
mod cnn;
mod conv;
mod conv_agreements;
mod conv_behaviour;
mod conv_filters;
mod examples;
mod filters;
mod hidden_layer;
mod histograms;
mod learned_rows;
mod milestones;
mod mlp;
mod mlp_agreements;
mod one_layer;
mod one_layer_agreements;
mod smoothness;
mod tsne;
mod weights;
mod weights_agreements;
mod width;

use super::context::Section;

/// The sections of the chapter, in their order: a line here makes a section's command, its listing and its tests.
pub const SECTIONS: &[Section] = &[
    &examples::Examples,
    &tsne::SignalMap,
    &filters::Filters,
    &width::Width,
    &baseline::Baseline,
    &mlp::Mlps,
    &weights::WeightMaps,
    &smoothness::AveragedSmoothness,
    &one_layer::OneLayer,
    &conv::ConvLayers,
    &conv_filters::ConvFilters,
    &cnn::Cnns,
];
