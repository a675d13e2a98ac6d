//! Exact least squares for one jump of unknown size, the maximum of CUSUM's weighted statistic.

use ndarray::{ArrayView1, ArrayView2};
use rayon::prelude::*;

use super::argmax::argmax;

/// Fits a step of unknown level and size at every allowed position and takes the best.
///
/// The fall of the sum of squares by a step at t is `m (n − m) / n · (mean after − mean before)²` with `m = t − 1`
/// samples before it (Hawkins 1977; `ruptures` calls it the l2 cost).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeastSquares {
    /// First position allowed, from 2.
    pub first_jump: usize,
    /// Last position allowed.
    pub last_jump: usize,
}

impl LeastSquares {
    /// Fall of the sum of squares for each allowed position.
    pub fn gain(&self, signal: ArrayView1<f32>) -> Vec<f64> {
        let n = signal.len() as f64;
        let total: f64 = signal.iter().map(|&x| f64::from(x)).sum();
        let mut before: f64 = signal.iter().take(self.first_jump - 1).map(|&x| f64::from(x)).sum();
        let mut gains = Vec::with_capacity(self.last_jump + 1 - self.first_jump);
        for jump in self.first_jump..=self.last_jump {
            let m = (jump - 1) as f64;
            let difference = (total - before) / (n - m) - before / m;
            gains.push(m * (n - m) / n * difference * difference);
            before += f64::from(signal[jump - 1]);
        }
        gains
    }

    /// Estimated jumps of `signals [n_samples, n_features]`.
    pub fn detect(&self, signals: ArrayView2<f32>) -> Vec<usize> {
        let rows: Vec<_> = signals.rows().into_iter().collect();
        rows.into_par_iter().map(|signal| self.first_jump + argmax(self.gain(signal))).collect()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_gain_is_the_fall_of_the_sum_of_squares() {
        let signal = array![0.0f32, 1.0, 4.0, 5.0];
        let squares = |values: &[f64]| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|x| (x - mean).powi(2)).sum::<f64>()
        };
        let gains = LeastSquares { first_jump: 2, last_jump: 4 }.gain(signal.view());
        let whole = squares(&[0.0, 1.0, 4.0, 5.0]);
        for (gain, cut) in gains.iter().zip(1..) {
            let values = [0.0, 1.0, 4.0, 5.0];
            let expected = whole - squares(&values[..cut]) - squares(&values[cut..]);
            assert!((gain - expected).abs() < 1e-9);
        }
        assert_eq!(
            LeastSquares { first_jump: 2, last_jump: 4 }.detect(signal.insert_axis(ndarray::Axis(0)).view()),
            [3]
        );
    }
}
