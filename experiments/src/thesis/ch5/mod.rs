//! Chapter 5: what the networks want to see, by gradient ascent; and how easily they are fooled.

mod changed;
pub mod cnn_inputs;
mod fooled;
pub mod fooling;
mod made;
mod made_summary;
pub mod mlp_inputs;
pub mod numbers;
mod over_seeds;
pub mod regularisers;
mod shown;
