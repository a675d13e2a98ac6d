//! Do averaged activations vary smoothly with the class? (claim C4)
//!
//! The measure is von Neumann's ratio (1941) for vectors: how far the means of neighbouring classes lie apart,
//! against how far any two lie apart. Whether it is small is judged against the same means in shuffled order, which
//! keeps every unit's values and takes only the order of the classes away.

use ndarray::{Array2, ArrayView2};
use rand::Rng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use crate::statistics::{mean, quantile};

/// How smoothly class means follow the order of the classes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Smoothness {
    /// Mean squared distance of neighbouring classes' means over that of all pairs: about 1 without any order, about
    /// `6 / n_classes²` on a straight line, 0 at best. NaN where all means are equal.
    pub roughness: f64,
    /// Mean of the roughness over shuffled orders.
    pub shuffled_mean: f64,
    /// Its 2.5 % quantile.
    pub shuffled_lo: f64,
    /// Its 97.5 % quantile.
    pub shuffled_hi: f64,
    /// Share of the orders, this one among them, that are no rougher (one-sided permutation test).
    pub p_value: f64,
    /// Number of shuffled orders.
    pub n_shuffles: usize,
}

impl Smoothness {
    /// Smoothness of `class_means [n_classes, n_units]` along their rows, against `n_shuffles` random orders.
    ///
    /// The smallest p-value is `1 / (n_shuffles + 1)`. With fewer than three classes, equal means or a NaN among them
    /// no order differs from another: the p-value is 1.
    pub fn of(class_means: ArrayView2<f64>, n_shuffles: usize, rng: &mut impl Rng) -> Smoothness {
        let distances = squared_distances(class_means);
        let mut order: Vec<usize> = (0..class_means.nrows()).collect();
        let scale = mean_over_pairs(&distances);
        let observed = mean_over_neighbours(&distances, &order) / scale;
        let mut shuffled: Vec<f64> = (0..n_shuffles)
            .map(|_| {
                order.shuffle(rng);
                mean_over_neighbours(&distances, &order) / scale
            })
            .collect();
        shuffled.sort_unstable_by(f64::total_cmp);
        // Counted this way round, a roughness of NaN (of equal means) is no evidence of an order.
        let no_rougher = n_shuffles - shuffled.iter().filter(|&&roughness| observed < roughness).count();
        Smoothness {
            roughness: observed,
            shuffled_mean: mean(&shuffled),
            shuffled_lo: quantile(&shuffled, 0.025),
            shuffled_hi: quantile(&shuffled, 0.975),
            p_value: (1 + no_rougher) as f64 / (1 + n_shuffles) as f64,
            n_shuffles,
        }
    }
}

/// Mean squared distance of neighbouring classes' means over that of all pairs, as in [`Smoothness::roughness`], for
/// `class_means [n_classes, n_units]`.
pub fn roughness(class_means: ArrayView2<f64>) -> f64 {
    let distances = squared_distances(class_means);
    let order: Vec<usize> = (0..class_means.nrows()).collect();
    mean_over_neighbours(&distances, &order) / mean_over_pairs(&distances)
}

/// Roughness of each unit by itself, for `class_means [n_classes, n_units]`; NaN for a unit with equal means.
pub fn roughness_of_units(class_means: ArrayView2<f64>) -> Vec<f64> {
    class_means.columns().into_iter().map(|unit| roughness(unit.insert_axis(ndarray::Axis(1)))).collect()
}

fn squared_distances(points: ArrayView2<f64>) -> Array2<f64> {
    let n = points.nrows();
    Array2::from_shape_fn((n, n), |(a, b)| {
        points.row(a).iter().zip(points.row(b)).map(|(x, y)| (x - y).powi(2)).sum()
    })
}

fn mean_over_neighbours(distances: &Array2<f64>, order: &[usize]) -> f64 {
    let steps: Vec<f64> = order.windows(2).map(|pair| distances[(pair[0], pair[1])]).collect();
    mean(&steps)
}

fn mean_over_pairs(distances: &Array2<f64>) -> f64 {
    let n = distances.nrows() as f64;
    distances.sum() / (n * (n - 1.0))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;

    #[test]
    fn points_on_a_line_have_the_roughness_worked_by_hand() {
        // Neighbours are 1 apart; all pairs of 0, 1, 2 have mean square (1 + 1 + 4) / 3 = 2.
        let line = Array2::from_shape_fn((3, 1), |(c, _)| c as f64);
        let smoothness = Smoothness::of(line.view(), 100, &mut ChaCha8Rng::seed_from_u64(0));
        assert_eq!((smoothness.roughness, roughness(line.view())), (0.5, 0.5));
        assert_eq!(roughness_of_units(line.view()), [0.5]);
    }

    #[test]
    fn a_smooth_map_is_told_from_chance() {
        let means = Array2::from_shape_fn((60, 20), |(c, u)| (c as f64 / 10.0 + u as f64).sin());
        let smoothness = Smoothness::of(means.view(), 999, &mut ChaCha8Rng::seed_from_u64(1));
        assert!(smoothness.roughness < 0.02, "{smoothness:?}");
        assert_eq!(smoothness.p_value, 0.001);
        assert!((smoothness.shuffled_mean - 1.0).abs() < 0.02);
    }

    #[test]
    fn noise_is_rejected_about_as_often_as_the_level_says() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let rejected = (0..200).filter(|_| {
            let means = Array2::from_shape_simple_fn((20, 3), || StandardNormal.sample(&mut rng));
            Smoothness::of(means.view(), 99, &mut rng).p_value <= 0.1
        });
        let rejected = rejected.count();
        assert!((8..=34).contains(&rejected), "{rejected}");
    }

    #[test]
    fn equal_means_are_no_evidence() {
        let smoothness = Smoothness::of(Array2::zeros((5, 2)).view(), 50, &mut ChaCha8Rng::seed_from_u64(3));
        assert!(smoothness.roughness.is_nan());
        assert_eq!(smoothness.p_value, 1.0);
    }
}
