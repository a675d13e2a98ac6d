//! Ways to locate the one jump of a noisy step signal. Positions are counted from 1: the first sample after the jump.

mod argmax;
mod bayes;
mod filter_detector;
mod gaussian_derivative;
mod least_squares;
mod linear;
mod tau_search;
#[cfg(test)]
mod tests;

pub use bayes::{BayesPosterior, NoiseModel, Posterior};
pub use filter_detector::FilterDetector;
pub use gaussian_derivative::GaussianDerivative;
pub use least_squares::LeastSquares;
pub use linear::{LinearDetector, without_common_row};
pub use tau_search::{TauScore, score_taus};

pub use crate::filters::Padding;
