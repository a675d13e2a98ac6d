//! The signal-processing approach (thesis sec. 3.2): Gaussian smoothing, first difference, largest value.

use ndarray::{ArrayView1, ArrayView2};
use rayon::prelude::*;

use super::argmax;

/// What lies beyond the ends of a signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// The signal mirrored at its edge, the edge sample twice: `x[−1] = x[0]`.
    #[default]
    Reflect,
    /// The edge sample.
    Edge,
    /// Zeros.
    Zero,
}

impl Padding {
    /// The value at index `i` of a signal that is padded.
    fn at(self, signal: ArrayView1<f32>, i: isize) -> f64 {
        let n = signal.len() as isize;
        let inside = (0..n).contains(&i);
        let index = match self {
            _ if inside => i,
            Padding::Zero => return 0.0,
            Padding::Edge => i.clamp(0, n - 1),
            Padding::Reflect => {
                let around = i.rem_euclid(2 * n);
                if around < n { around } else { 2 * n - 1 - around }
            }
        };
        f64::from(signal[index as usize])
    }
}

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
    /// The Gaussian's taps, which sum to one.
    pub fn taps(&self) -> Vec<f64> {
        let half = (self.window / 2) as f64;
        let weight = |i: usize| (-((i as f64 - half) / self.tau).powi(2) / 2.0).exp();
        let weights: Vec<f64> = (0..self.window).map(weight).collect();
        let total: f64 = weights.iter().sum();
        weights.into_iter().map(|w| w / total).collect()
    }

    /// First differences of the smoothed signal, `d[i] = s[i] − s[i−1]`, one per sample.
    pub fn response(&self, signal: ArrayView1<f32>) -> Vec<f64> {
        let taps = self.taps();
        let half = (self.window / 2) as isize;
        let smooth = |i: isize| -> f64 {
            taps.iter().enumerate().map(|(k, w)| w * self.padding.at(signal, i + k as isize - half)).sum()
        };
        let smoothed: Vec<f64> = (-1..signal.len() as isize).map(smooth).collect();
        smoothed.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    /// Estimated jumps of `signals [n_samples, n_features]`, over the whole signal.
    pub fn detect(&self, signals: ArrayView2<f32>) -> Vec<usize> {
        let rows: Vec<_> = signals.rows().into_iter().collect();
        rows.into_par_iter().map(|signal| 1 + argmax(self.response(signal))).collect()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2, array};

    use super::*;

    #[test]
    fn a_clean_step_is_found_where_it_is() {
        let steps = Array2::from_shape_fn((60, 100), |(k, i)| if i + 1 < 21 + k { 0.0f32 } else { 3.0 });
        let expected: Vec<usize> = (21..=80).collect();
        assert_eq!(GaussianDerivative::default().detect(steps.view()), expected);
    }

    #[test]
    fn a_mirrored_signal_repeats_its_edge() {
        let signal = array![1.0f32, 2.0, 3.0];
        let values: Vec<f64> = (-3..6).map(|i| Padding::Reflect.at(signal.view(), i)).collect();
        assert_eq!(values, [3.0, 2.0, 1.0, 1.0, 2.0, 3.0, 3.0, 2.0, 1.0]);
        assert_eq!(Padding::Zero.at(signal.view(), -1), 0.0);
        assert_eq!(Padding::Edge.at(signal.view(), 7), 3.0);
    }

    #[test]
    fn a_constant_signal_has_no_response() {
        let signal = Array1::from_elem(30, 2.0f32);
        let response = GaussianDerivative::default().response(signal.view());
        assert!(response.iter().all(|d| d.abs() < 1e-12));
    }
}
