//! The best linear detector, which a one-layer network could become (claim C3).
//!
//! A detector is linear if it gives each jump position a score `w_t · x + b_t` and takes the largest: this is what
//! the network `mlp:100-60` computes. Under the model of the signals the log posterior is itself linear,
//! `ln p(t | x) = const + Σ_{i ≥ t} (θ x[i] − θ²/2) / σ²`, so its scores (the linear discriminants of classes with
//! means `θ u_t` and covariance `σ² I`, Fisher 1936) are the best linear detector: no detector of any kind is right more
//! often. Row t is `θ/σ²` from the jump on.
//!
//! A row that is added to all rows changes neither argmax nor softmax, so rows are given without their common part:
//! `θ/σ² (1[i ≥ t] − share of jumps ≤ i)`, a sawtooth that steps up at the jump.

use ndarray::{Array1, Array2, ArrayView2, Axis};
use rayon::prelude::*;

use super::argmax::argmax;

/// Scores `w_t · x + b_t` of each jump position t.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearDetector {
    /// `[n_positions, n_features]`.
    pub weights: Array2<f64>,
    /// `[n_positions]`.
    pub biases: Array1<f64>,
    /// First jump position, from 1.
    pub first_jump: usize,
}

impl LinearDetector {
    /// The discriminants for a step from 0 to `jump_size` in white noise of standard deviation `sigma`.
    ///
    /// Weights and biases have mean zero over the positions.
    ///
    /// # Panics
    /// If `last_jump` lies before `first_jump` or beyond `n_features`.
    pub fn best(
        jump_size: f64,
        sigma: f64,
        n_features: usize,
        first_jump: usize,
        last_jump: usize,
    ) -> LinearDetector {
        assert!(first_jump <= last_jump && last_jump <= n_features, "jumps lie within the signal");
        let slope = jump_size / (sigma * sigma);
        let from_jump = |(p, i): (usize, usize)| if first_jump + p <= i + 1 { slope } else { 0.0 };
        let weights = Array2::from_shape_fn((last_jump + 1 - first_jump, n_features), from_jump);
        let biases = weights.sum_axis(Axis(1)) * (-jump_size / 2.0);
        let biases = &biases - biases.sum() / biases.len() as f64;
        LinearDetector { weights: without_common_row(weights.view()), biases, first_jump }
    }

    /// `[n_samples, n_positions]`: the score of every position for `signals [n_samples, n_features]`.
    pub fn scores(&self, signals: ArrayView2<f32>) -> Array2<f64> {
        signals.mapv(f64::from).dot(&self.weights.t()) + &self.biases
    }

    /// Estimated jumps of `signals [n_samples, n_features]`.
    pub fn detect(&self, signals: ArrayView2<f32>) -> Vec<usize> {
        let rows: Vec<_> = signals.axis_chunks_iter(Axis(0), 256).collect();
        let best = |chunk: ArrayView2<f32>| -> Vec<usize> {
            let scores = self.scores(chunk);
            scores.rows().into_iter().map(|row| self.first_jump + argmax(row.iter().copied())).collect()
        };
        rows.into_par_iter().map(best).collect::<Vec<_>>().concat()
    }
}

/// Rows less their mean row: what a softmax over rows cannot see is left out.
pub fn without_common_row(weights: ArrayView2<f64>) -> Array2<f64> {
    match weights.mean_axis(Axis(0)) {
        Some(common) => &weights - &common,
        None => weights.to_owned(),
    }
}
