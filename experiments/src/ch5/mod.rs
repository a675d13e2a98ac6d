//! Chapter 5: what the networks want to see, by gradient ascent; and how easily they are fooled.

pub mod cnn_inputs;
mod fooled;
pub mod fooling;
mod made;
pub mod mlp_inputs;
pub mod numbers;
pub mod regularisers;
