//! Ways to locate the jump that need no training, by name.

use ndarray::ArrayView2;
use vitrine_analysis::detectors::{BayesPosterior, GaussianDerivative, LeastSquares, NoiseModel};
use vitrine_data::{JumpSettings, Sigma};

/// Names of the detectors that need no training, as in tables and `--json`.
pub const SIGNAL_PROCESSING: &str = "signal-processing";
/// The jump that leaves the smallest sum of squares.
pub const LEAST_SQUARES: &str = "least-squares";
/// The most probable jump: no detector is right more often.
pub const BAYES_MAP: &str = "bayes-map";
/// The median of the posterior: no detector has a smaller L1 error.
pub const BAYES_MEDIAN: &str = "bayes-median";
/// The rounded mean of the posterior: no detector has a smaller L2 error.
pub const BAYES_MEAN: &str = "bayes-mean";

/// The posterior over the jump position that knows how the signals were made.
pub fn bayes(settings: &JumpSettings) -> BayesPosterior {
    let noise = match settings.sigma_before {
        Sigma::Fixed(sigma) => NoiseModel::Known { sigma },
        Sigma::Uniform { low, high } => NoiseModel::Uniform { low, high },
    };
    BayesPosterior {
        jump_size: settings.jump_size,
        noise,
        first_jump: settings.first_jump,
        last_jump: settings.last_jump,
    }
}

/// Estimated jump positions of `signals [n_samples, n_features]`, counted from 1, by every untrained detector.
pub fn detect_untrained(
    signals: ArrayView2<f32>,
    settings: &JumpSettings,
) -> Vec<(&'static str, Vec<usize>)> {
    let posterior = bayes(settings).posterior(signals);
    let least_squares = LeastSquares { first_jump: settings.first_jump, last_jump: settings.last_jump };
    vec![
        (SIGNAL_PROCESSING, GaussianDerivative::default().detect(signals)),
        (LEAST_SQUARES, least_squares.detect(signals)),
        (BAYES_MAP, posterior.map()),
        (BAYES_MEAN, posterior.rounded_mean()),
        (BAYES_MEDIAN, posterior.median()),
    ]
}
