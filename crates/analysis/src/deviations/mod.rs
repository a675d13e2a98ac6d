//! Deviations within and between classes, layer by layer (thesis sec. 6.4).
//!
//! Within a class all pairs count. Euclidean distances come from the Gram matrix of the centred class, block by block:
//! `d²(x, y) = x·x + y·y − 2 x·y`. Cosine and correlation distance are half the squared distance of unit vectors `u`,
//! so that their means need no pairs: `Σ_{i<j} |u_i − u_j|² = n Σ_i |u_i − ū|²`.
//!
//! The mean of a class of n signals is off by noise, which makes the squared distance of two such means longer by
//! `tr S_a / n_a + tr S_b / n_b` on average, S the unbiased covariance of a class: what is measured then hangs on the size
//! of the classes. Between classes that is taken off, as it is of the squared lengths in cosine and correlation (the
//! product of means of different signals needs it not): `d² = |m_a − m_b|² − tr S_a / n_a − tr S_b / n_b`, the mean over
//! pairs of different signals. Classes that do not differ come out at 0, on either side of it. Roots of single pairs would
//! be biased again, so the root is taken of the mean over pairs. The plain distances of eq. 6.3 stand beside.
//!
//! How far a value may be off follows from what each signal adds to it, to first order: for a mean over pairs the
//! jackknife (Arvesen 1969), for distances of class means the gradient. Intervals resample these parts within each
//! class, which needs no second look at the pairs; what is left out is of order 1/n of what is kept. An interval covers
//! new draws of as many signals of the same classes under the same weights, and neither other classes nor other seeds.
//! Where classes differ by less than noise, distances between them have intervals that are too wide, by up to √2: their
//! gradients are then noise themselves.

mod between;
mod layer;
mod measure;
mod pairs;
mod parts;
mod samples;
#[cfg(test)]
mod tests;
mod within;

pub use layer::{Deviation, Distances, LayerDeviations, PlainDistances};
pub use measure::Deviations;
pub use pairs::ClassPairs;
