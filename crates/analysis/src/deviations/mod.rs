//! Deviations within and between classes, layer by layer (thesis sec. 6.4).
//!
//! Within a class all pairs count. Euclidean distances come from the Gram matrix of the centred class, block by block:
//! `d²(x, y) = x·x + y·y − 2 x·y`. Cosine and correlation distance are half the squared distance of unit vectors `u`,
//! so that their means need no pairs: `Σ_{i<j} |u_i − u_j|² = n Σ_i |u_i − ū|²`.
//!
//! How far a value may be off follows from what each signal adds to it, to first order: for a mean over pairs the
//! jackknife (Arvesen 1969), for distances of class means the gradient. Intervals resample these parts within each
//! class, which needs no second look at the pairs; what is left out is of order 1/n of what is kept.

mod between;
mod layer;
mod measure;
mod pairs;
mod parts;
mod samples;
#[cfg(test)]
mod tests;
mod within;

pub use layer::{Deviation, Distances, LayerDeviations};
pub use measure::Deviations;
pub use pairs::ClassPairs;
