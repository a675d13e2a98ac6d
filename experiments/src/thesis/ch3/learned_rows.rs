//! What the weight rows of a one-layer network are like, for every seed: aligned on their jump and averaged, and before
//! that how near the jump they are, and how alike (thesis figs. 3.14 and 3.15).

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};
use vitrine_analysis::detectors::{FilterDetector, GaussianDerivative, LinearDetector};
use vitrine_analysis::errors::DetectionErrors;
use vitrine_analysis::filters::{Filter, Padding};
use vitrine_analysis::profiles::Profile;
use vitrine_analysis::statistics::{mean, pearson};
use vitrine_data::{JumpSettings, JumpSignals};

use crate::thesis::layers::LayerWeights;
use crate::thesis::rows::BLOCK;

/// The rows of one seed's network, aligned on their jump and averaged.
#[derive(Serialize, Deserialize)]
pub struct Rows {
    /// Errors of their average as a filter.
    pub profile: DetectionErrors,
    /// Errors of the thesis' filter.
    pub gaussian_derivative: DetectionErrors,
    /// Width of the Gaussian derivative that is nearest to the average, where one can be fitted.
    pub tau: Option<f64>,
    /// Correlation with it.
    pub correlation: Option<f64>,
    /// What the rows are like before they are averaged.
    pub pattern: Pattern,
    /// Mean absolute error of the network, in samples.
    pub l1: f64,
    /// The same without its weights that are farther from the jump than the aligned rows reach.
    pub l1_of_near_weights: f64,
}

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

impl Rows {
    /// Of a network's weights, its `rows` without what is common to them, and their average.
    pub fn of(
        learned: &LayerWeights,
        rows: ArrayView2<f64>,
        profile: &Profile,
        signals: &JumpSignals,
        settings: &JumpSettings,
    ) -> Rows {
        let fit = profile.fit_gaussian_derivative(0.3..=20.0);
        let JumpSettings { first_jump, last_jump, .. } = *settings;
        let inputs = signals.dataset.rows();
        let errors = |estimates: &[usize]| DetectionErrors::in_blocks(estimates, &signals.jumps, BLOCK);
        let of_filter = |filter: Filter| {
            let detector = FilterDetector { filter, padding: Padding::Reflect, first_jump, last_jump };
            errors(&detector.detect(inputs))
        };
        let l1 = |weights: Array2<f64>| {
            let detector = LinearDetector { weights, biases: learned.bias.0.clone(), first_jump };
            errors(&detector.detect(inputs)).l1
        };
        Rows {
            profile: of_filter(profile.filter()),
            gaussian_derivative: of_filter(GaussianDerivative::default().filter()),
            tau: fit.map(|f| f.tau),
            correlation: fit.map(|f| f.correlation),
            pattern: Pattern::of(learned.weight.view(), rows, profile, first_jump),
            l1: l1(rows.to_owned()),
            l1_of_near_weights: l1(near_the_jump(rows, profile, first_jump)),
        }
    }
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
            far_from_the_jump: far_from_the_jump(weights, profile, first_jump),
            like_their_average: mean(&(0..rows.nrows()).map(correlation).collect::<Vec<_>>()),
            at_the_jump: edge.map(|(_, w)| w.abs()).sum::<f64>() / size,
        }
    }
}

/// Share of the squared weight of rows that lies beyond the profile's reach from the jump.
fn far_from_the_jump(weights: ArrayView2<f64>, profile: &Profile, first_jump: usize) -> f64 {
    let squared = |weights: ArrayView2<f64>| weights.iter().map(|w| w * w).sum::<f64>();
    1.0 - squared(near_the_jump(weights, profile, first_jump).view()) / squared(weights)
}

/// `rows` without the weights beyond the profile's reach from the jump.
pub fn near_the_jump(rows: ArrayView2<f64>, profile: &Profile, first_jump: usize) -> Array2<f64> {
    let mut near = rows.to_owned();
    for ((row, i), weight) in near.indexed_iter_mut() {
        if !is_near(profile, first_jump + row, i) {
            *weight = 0.0;
        }
    }
    near
}

/// Whether the sample of index `i` lies within the profile's reach from a jump, counted from 1.
fn is_near(profile: &Profile, jump: usize, i: usize) -> bool {
    profile.offsets.contains(&(i as isize + 1 - jump as isize))
}

#[cfg(test)]
mod tests {
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
        let near = near_the_jump(rows.view(), &Profile::aligned(rows.view(), 21, 10), 21);
        assert_eq!((near[(0, 99)], near[(0, 20)], near[(59, 89)] > 0.0), (0.0, 2.0, false));
    }
}
