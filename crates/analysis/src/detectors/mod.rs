//! Ways to locate the one jump of a noisy step signal. Positions are counted from 1: the first sample after the jump.

mod bayes;
mod gaussian_derivative;
mod least_squares;

pub use bayes::{BayesPosterior, NoiseModel, Posterior};
pub use gaussian_derivative::{GaussianDerivative, Padding};
pub use least_squares::LeastSquares;

/// Index of the largest value; of equal ones the first.
fn argmax(values: impl IntoIterator<Item = f64>) -> usize {
    let better =
        |best: (usize, f64), (i, value): (usize, f64)| if best.1 < value { (i, value) } else { best };
    values.into_iter().enumerate().fold((0, f64::NEG_INFINITY), better).0
}
