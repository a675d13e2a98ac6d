//! The signal-processing approach (thesis sec. 3.2): Gaussian smoothing, first difference, largest value.

use ndarray::{ArrayView1, ArrayView2};

use super::filter_detector::FilterDetector;
use crate::filters::{Filter, Padding};

/// Smooths by a Gaussian window and looks for the largest first difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaussianDerivative {
    /// Taps of the window, odd.
    pub window: usize,
    /// Standard deviation of the Gaussian, in samples.
    pub tau: f64,
    /// What lies beyond the ends.
    pub padding: Padding,
}

impl Default for GaussianDerivative {
    /// The thesis' filter: 19 taps, τ = 2.9.
    fn default() -> Self {
        GaussianDerivative { window: 19, tau: 2.9, padding: Padding::Reflect }
    }
}

impl GaussianDerivative {
    /// Smoothing and first difference in one filter.
    pub fn filter(&self) -> Filter {
        Filter::gaussian_derivative(self.window, self.tau)
    }

    /// First differences of the smoothed signal, `d[i] = s[i] − s[i−1]`, one per sample.
    ///
    /// A difference over one sample and not the centred one: that would be wrong by half a sample at every jump.
    pub fn response(&self, signal: ArrayView1<f32>) -> Vec<f64> {
        self.filter().convolve(signal, self.padding).to_vec()
    }

    /// Estimated jumps of `signals [n_samples, n_features]`, over the whole signal.
    pub fn detect(&self, signals: ArrayView2<f32>) -> Vec<usize> {
        let (filter, padding, last_jump) = (self.filter(), self.padding, signals.ncols());
        FilterDetector { filter, padding, first_jump: 1, last_jump }.detect(signals)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2};

    use super::*;

    #[test]
    fn a_clean_step_is_found_where_it_is() {
        let steps = Array2::from_shape_fn((60, 100), |(k, i)| if i + 1 < 21 + k { 0.0f32 } else { 3.0 });
        let expected: Vec<usize> = (21..=80).collect();
        assert_eq!(GaussianDerivative::default().detect(steps.view()), expected);
    }

    #[test]
    fn a_constant_signal_has_no_response() {
        let signal = Array1::from_elem(30, 2.0f32);
        let response = GaussianDerivative::default().response(signal.view());
        assert!(response.iter().all(|d| d.abs() < 1e-12));
    }
}
