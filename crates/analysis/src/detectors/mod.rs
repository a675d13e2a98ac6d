//! Ways to locate the one jump of a noisy step signal. Positions are counted from 1: the first sample after the jump.

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

/// Index of the largest value; of equal ones the first.
fn argmax(values: impl IntoIterator<Item = f64>) -> usize {
    let better =
        |best: (usize, f64), (i, value): (usize, f64)| if best.1 < value { (i, value) } else { best };
    values.into_iter().enumerate().fold((0, f64::NEG_INFINITY), better).0
}
