//! Any filter as a detector: the jump is where its response is largest.

use ndarray::{Array1, ArrayView1, ArrayView2};
use rayon::prelude::*;

use super::argmax::argmax;
use crate::filters::{Filter, Padding};

/// Filters a signal and takes the allowed position of the largest response.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterDetector {
    /// The filter; its response to a step is largest at the first sample after the jump.
    pub filter: Filter,
    /// What lies beyond the ends.
    pub padding: Padding,
    /// First position allowed, from 1.
    pub first_jump: usize,
    /// Last position allowed.
    pub last_jump: usize,
}

impl FilterDetector {
    /// The response at each allowed position.
    pub fn response(&self, signal: ArrayView1<f32>) -> Array1<f64> {
        let response = self.filter.convolve(signal, self.padding);
        response.slice_move(ndarray::s![self.first_jump - 1..self.last_jump])
    }

    /// Estimated jumps of `signals [n_samples, n_features]`.
    ///
    /// # Panics
    /// If the allowed positions are not all within the signals.
    pub fn detect(&self, signals: ArrayView2<f32>) -> Vec<usize> {
        let rows: Vec<_> = signals.rows().into_iter().collect();
        rows.into_par_iter().map(|signal| self.first_jump + argmax(self.response(signal))).collect()
    }
}
