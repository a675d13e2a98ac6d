//! Chapter 3: locating the jump by signal processing, by MLPs and by CNNs.

pub mod baseline;
pub mod cnn;
pub mod conv;
pub mod conv_filters;
pub mod examples;
pub mod filters;
mod histograms;
pub mod mlp;
pub mod one_layer;
pub mod smoothness;
pub mod tsne;
pub mod weights;
pub mod width;
