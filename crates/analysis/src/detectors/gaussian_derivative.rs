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
        self.detect_within(signals, 1, signals.ncols())
    }

    /// Estimated jumps among the positions from `first_jump` to `last_jump`, from 1.
    ///
    /// # Panics
    /// If these are not all within the signals.
    pub fn detect_within(&self, signals: ArrayView2<f32>, first_jump: usize, last_jump: usize) -> Vec<usize> {
        let (filter, padding) = (self.filter(), self.padding);
        FilterDetector { filter, padding, first_jump, last_jump }.detect(signals)
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
    fn a_larger_jump_outside_the_positions_searched_is_passed_over() {
        let signal = |i: usize| {
            if i + 1 < 10 {
                0.0f32
            } else if i + 1 < 50 {
                9.0
            } else {
                12.0
            }
        };
        let signals = Array2::from_shape_fn((1, 100), |(_, i)| signal(i));
        let filter = GaussianDerivative::default();
        assert_eq!(
            (filter.detect(signals.view()), filter.detect_within(signals.view(), 21, 80)),
            (vec![10], vec![50])
        );
    }

    #[test]
    fn a_constant_signal_has_no_response() {
        let signal = Array1::from_elem(30, 2.0f32);
        let response = GaussianDerivative::default().response(signal.view());
        assert!(response.iter().all(|d| d.abs() < 1e-12));
    }
}
