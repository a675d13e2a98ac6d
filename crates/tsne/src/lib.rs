#![doc = include_str!("../README.md")]

mod affinities;
mod attraction;
mod convolution;
mod distances;
mod divergence;
mod error;
mod fit;
mod frame;
mod gradient_exact;
mod gradient_fft;
mod grid;
mod initialisation;
mod neighbours;
mod optimiser;
mod order;
mod point;
mod quality;
mod repulsion;
#[cfg(test)]
mod tests;
mod tsne;

pub use affinities::Affinities;
pub use divergence::kl_divergence;
pub use error::TsneError;
pub use fit::{Embedding, Progress};
pub use initialisation::pca_start;
pub use neighbours::Neighbours;
pub use point::Point;
pub use quality::{EmbeddingQuality, QualityError};
pub use tsne::{RepulsionMethod, Tsne};
