//! The weight rows of a one-layer network before they are averaged: how near the jump they are, and how alike.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};
use vitrine_analysis::profiles::Profile;
use vitrine_analysis::statistics::{mean, pearson};

/// Rows of weights, the first of which belongs to the first jump position.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pattern {
    /// Share of all squared weight that lies beyond the profile's reach from the jump.
    pub far_from_the_jump: f64,
    /// Mean correlation of the rows, within the profile's reach, with their average.
    pub like_their_average: f64,
    /// Share of the averaged row's absolute weight that is in the two taps at the edge, before and after the jump.
    pub at_the_jump: f64,
}

impl Pattern {
    /// Of `weights [n_positions, n_features]`, and of the same `rows` without what is common to them, whose average over
    /// the samples around the jump is `profile`.
    pub fn of(
        weights: ArrayView2<f64>,
        rows: ArrayView2<f64>,
        profile: &Profile,
        first_jump: usize,
    ) -> Pattern {
        let is_near = |row: usize, i: usize| {
            let offset = i as isize + 1 - (first_jump + row) as isize;
            profile.offsets.contains(&offset)
        };
        let near: f64 =
            weights.indexed_iter().filter(|((row, i), _)| is_near(*row, *i)).map(|(_, w)| w * w).sum();
        let all: f64 = weights.iter().map(|w| w * w).sum();
        let correlation = |row: usize| {
            let pairs = profile.offsets.iter().zip(&profile.mean).filter_map(|(&offset, &mean)| {
                let i = (first_jump + row).checked_add_signed(offset)?.checked_sub(1)?;
                Some((*rows.get((row, i))?, mean))
            });
            let (row, average): (Vec<f64>, Vec<f64>) = pairs.unzip();
            pearson(&row, &average)
        };
        let edge = profile.offsets.iter().zip(&profile.mean).filter(|(offset, _)| matches!(**offset, -1 | 0));
        let size: f64 = profile.mean.iter().map(|w| w.abs()).sum();
        Pattern {
            far_from_the_jump: 1.0 - near / all,
            like_their_average: mean(&(0..rows.nrows()).map(correlation).collect::<Vec<_>>()),
            at_the_jump: edge.map(|(_, w)| w.abs()).sum::<f64>() / size,
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn a_repeated_filter_is_regular_and_a_far_weight_counts_as_far() {
        let mut rows =
            Array2::from_shape_fn((60, 100), |(row, i)| match i as isize + 1 - (21 + row as isize) {
                -1 => -1.0,
                0 => 2.0,
                1 | 2 => 0.5,
                _ => 0.0,
            });
        let pattern = |rows: &Array2<f64>| {
            Pattern::of(rows.view(), rows.view(), &Profile::aligned(rows.view(), 21, 10), 21)
        };
        let found = pattern(&rows);
        assert!(found.far_from_the_jump.abs() < 1e-12 && (found.like_their_average - 1.0).abs() < 1e-12);
        assert!((found.at_the_jump - 0.75).abs() < 1e-12);
        // Each row has a squared weight of 5.5, and 5.5 more at the far end of the signal.
        rows.column_mut(99).fill(5.5f64.sqrt());
        assert!((pattern(&rows).far_from_the_jump - 0.5).abs() < 0.02);
    }
}
