//! What the rows of a one-layer network look like around their jump, and how near they come to a Gaussian derivative
//! (thesis fig. 3.15, claim C3).

use std::ops::RangeInclusive;

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use crate::filters::Filter;
use crate::statistics::{mean, pearson};

/// Rows of weights laid over each other at their jump.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Offsets from the first sample after the jump: 0 is that sample, −1 the last before.
    pub offsets: Vec<isize>,
    /// Mean weight at each offset, over the rows that reach it; NaN where none does.
    pub mean: Vec<f64>,
    /// Standard deviation over these rows.
    pub sd: Vec<f64>,
    /// Number of rows at each offset.
    pub n_rows: Vec<usize>,
}

/// The Gaussian derivative most like a profile.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GaussianDerivativeFit {
    /// Standard deviation of the Gaussian, in samples.
    pub tau: f64,
    /// Factor of the derivative of the Gaussian of sum one.
    pub amplitude: f64,
    /// Level that the profile is shifted by.
    pub level: f64,
    /// Pearson's correlation of profile and derivative: its square is the share of the variance explained.
    pub correlation: f64,
}

impl Profile {
    /// The average of the rows of `weights [n_positions, n_features]`, each aligned on its jump.
    ///
    /// Row 0 belongs to a jump at `first_jump`, from 1, the next to the next. Offsets go from −`reach` to `reach`.
    /// A softmax does not see what is common to all rows: take that away first
    /// ([`without_common_row`](crate::detectors::without_common_row)).
    pub fn aligned(weights: ArrayView2<f64>, first_jump: usize, reach: usize) -> Profile {
        let offsets: Vec<isize> = (-(reach as isize)..=reach as isize).collect();
        let at_offset = |&offset: &isize| -> Vec<f64> {
            let column = |row: usize| (first_jump + row).checked_add_signed(offset)?.checked_sub(1);
            (0..weights.nrows()).filter_map(|row| weights.get((row, column(row)?)).copied()).collect()
        };
        let columns: Vec<Vec<f64>> = offsets.iter().map(at_offset).collect();
        Profile {
            mean: columns.iter().map(|column| mean(column)).collect(),
            sd: columns.iter().map(|column| standard_deviation(column)).collect(),
            n_rows: columns.iter().map(Vec::len).collect(),
            offsets,
        }
    }

    /// The mean profile as a filter: its response at t is the profile laid over the signal with offset 0 at t.
    ///
    /// # Panics
    /// If an offset has no rows.
    pub fn filter(&self) -> Filter {
        assert!(!self.n_rows.contains(&0), "every offset has rows");
        // Offset o stands over x(t + o), which is lag −o: the order turns round.
        let first_lag = -self.offsets.last().copied().unwrap_or(0);
        Filter::starting_at(first_lag, self.mean.iter().rev().copied().collect::<Vec<_>>())
    }

    /// The Gaussian derivative that correlates best with the mean profile, with amplitude and level of least squares.
    ///
    /// The width is searched over `taus`. None where the profile is constant or has a NaN.
    pub fn fit_gaussian_derivative(&self, taus: RangeInclusive<f64>) -> Option<GaussianDerivativeFit> {
        let correlation = |tau: f64| pearson(&self.mean, &self.template(tau));
        let tau = maximise(taus, correlation)?;
        let template = self.template(tau);
        let (centre, template_centre) = (mean(&self.mean), mean(&template));
        let covariance: f64 =
            self.mean.iter().zip(&template).map(|(y, x)| (y - centre) * (x - template_centre)).sum();
        let variance: f64 = template.iter().map(|x| (x - template_centre).powi(2)).sum();
        let amplitude = covariance / variance;
        let level = centre - amplitude * template_centre;
        Some(GaussianDerivativeFit { tau, amplitude, level, correlation: correlation(tau) })
    }

    /// Weight of a Gaussian smoother and first difference at each offset: `d[t] = Σ_o (g(o) − g(o + 1)) x[t + o]`.
    fn template(&self, tau: f64) -> Vec<f64> {
        let gaussian = |u: f64| (-(u / tau).powi(2) / 2.0).exp();
        // Summed far out, so that the Gaussian has sum one as the detector's has.
        let reach = (8.0 * tau).ceil() as i64;
        let total: f64 = (-reach..=reach).map(|u| gaussian(u as f64)).sum();
        self.offsets.iter().map(|&o| (gaussian(o as f64) - gaussian(o as f64 + 1.0)) / total).collect()
    }
}

/// Where `f` is largest in `range` of positive numbers: a logarithmic grid, then golden section around its best.
fn maximise(range: RangeInclusive<f64>, f: impl Fn(f64) -> f64) -> Option<f64> {
    const N_GRID: usize = 80;
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let (low, high) = (range.start().ln(), range.end().ln());
    let grid = |k: usize| low + (high - low) * k as f64 / N_GRID as f64;
    let best = (0..=N_GRID)
        .map(|k| (k, f(grid(k).exp())))
        .filter(|(_, value)| value.is_finite())
        .max_by(|a, b| a.1.total_cmp(&b.1))?
        .0;
    let (mut left, mut right) = (grid(best.saturating_sub(1)), grid((best + 1).min(N_GRID)));
    while 1e-9 < right - left {
        let (a, b) = (right - GOLDEN * (right - left), left + GOLDEN * (right - left));
        if f(a.exp()) < f(b.exp()) { left = a } else { right = b }
    }
    Some(((left + right) / 2.0).exp())
}

fn standard_deviation(values: &[f64]) -> f64 {
    let centre = mean(values);
    (values.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2};

    use super::*;
    use crate::detectors::LinearDetector;
    use crate::filters::Padding;

    /// Row t holds the thesis' filter as it is laid over a signal to detect a jump at t.
    fn rows_of(filter: &Filter) -> Array2<f64> {
        Array2::from_shape_fn((60, 100), |(row, i)| filter.tap((21 + row) as isize - (i + 1) as isize))
    }

    #[test]
    fn rows_that_repeat_a_filter_give_that_filter_back() {
        let filter = Filter::gaussian_derivative(19, 2.9);
        let profile = Profile::aligned(rows_of(&filter).view(), 21, 12);
        assert!(profile.sd.iter().all(|sd| *sd < 1e-12) && profile.n_rows.iter().all(|n| *n == 60));
        let signal = Array1::from_shape_fn(100, |i| (i as f64 * 0.37).sin());
        let difference = profile.filter().convolve(signal.view(), Padding::Reflect)
            - filter.convolve(signal.view(), Padding::Reflect);
        assert!(difference.iter().all(|d| d.abs() < 1e-12));
    }

    #[test]
    fn the_fit_finds_width_amplitude_and_level() {
        let rows = rows_of(&(&Filter::gaussian_derivative(41, 2.9) * 5.0)) + 0.25;
        let fit =
            Profile::aligned(rows.view(), 21, 20).fit_gaussian_derivative(0.5..=15.0).expect("it varies");
        assert!((fit.tau - 2.9).abs() < 1e-4 && (fit.amplitude - 5.0).abs() < 1e-3, "{fit:?}");
        assert!((fit.level - 0.25).abs() < 1e-6 && 0.999_999 < fit.correlation, "{fit:?}");
    }

    #[test]
    fn offsets_beyond_the_signal_count_only_the_rows_that_reach_them() {
        let profile = Profile::aligned(Array2::ones((60, 100)).view(), 21, 25);
        assert_eq!((profile.offsets[0], profile.n_rows[0]), (-25, 55));
        assert_eq!((profile.offsets[50], profile.n_rows[50]), (25, 55));
        assert_eq!(profile.n_rows[25], 60);
    }

    #[test]
    fn a_constant_profile_has_no_width() {
        let profile = Profile::aligned(Array2::ones((60, 100)).view(), 21, 10);
        assert_eq!(profile.fit_gaussian_derivative(0.5..=10.0), None);
    }

    #[test]
    fn the_best_linear_detector_steps_up_at_the_jump_by_theta_over_variance() {
        let best = LinearDetector::best(3.0, 2.0, 100, 21, 80);
        let profile = Profile::aligned(best.weights.view(), 21, 5);
        // One 60th of the step is the ramp that all rows share.
        assert!((profile.mean[5] - profile.mean[4] - 0.75 * (1.0 - 1.0 / 60.0)).abs() < 0.02);
        assert!(profile.mean[6] < profile.mean[5] && profile.mean[4] < profile.mean[3]);
    }
}
