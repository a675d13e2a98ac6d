//! Which width of the Gaussian locates jumps best? (thesis sec. 3.2.2 and fig. 3.5)

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use super::gaussian_derivative::GaussianDerivative;
use crate::errors::{DetectionErrors, share_within};
use crate::statistics::Interval;

/// How well one width does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TauScore {
    /// Standard deviation of the Gaussian, in samples.
    pub tau: f64,
    /// Errors over all signals.
    pub errors: DetectionErrors,
    /// Share of signals that are off by at most one sample.
    pub within_one: Interval,
}

impl TauScore {
    /// The score with the smallest `cost`, the first of equal ones; none of none.
    ///
    /// The thesis' 2.9 comes of the L1 error on the training set: `TauScore::best(&scores, |s| s.errors.l1)`.
    pub fn best(scores: &[TauScore], cost: impl Fn(&TauScore) -> f64) -> Option<TauScore> {
        scores.iter().min_by(|a, b| cost(a).total_cmp(&cost(b))).copied()
    }
}

/// Scores `detector` with each of `taus` on `signals [n_samples, n_features]` whose jumps are known, from 1.
pub fn score_taus(
    detector: GaussianDerivative,
    taus: &[f64],
    signals: ArrayView2<f32>,
    jumps: &[usize],
) -> Vec<TauScore> {
    let score = |&tau: &f64| {
        let estimates = GaussianDerivative { tau, ..detector }.detect(signals);
        let within_one = share_within(&estimates, jumps, 1);
        TauScore { tau, errors: DetectionErrors::of(&estimates, jumps), within_one }
    };
    taus.iter().map(score).collect()
}
