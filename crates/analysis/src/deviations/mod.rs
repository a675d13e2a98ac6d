//! Deviations within and between classes, layer by layer (thesis sec. 6.4).
//!
//! Within a class all pairs count. Euclidean distances come from the Gram matrix of the centred class, block by block:
//! `d²(x, y) = x·x + y·y − 2 x·y`. Cosine and correlation distance are half the squared distance of unit vectors `u`,
//! so that their means need no pairs: `Σ_{i<j} |u_i − u_j|² = n Σ_i |u_i − ū|²`.
//!
//! How far a value may be off follows from what each signal adds to it, to first order: for a mean over pairs the
//! jackknife (Arvesen 1969), for distances of class means the gradient. Intervals resample these parts within each
//! class, which needs no second look at the pairs; what is left out is of order 1/n of what is kept.

mod between;
mod parts;
#[cfg(test)]
mod tests;
mod within;

use ndarray::{Array2, ArrayView1, ArrayView2};
use rand::{Rng, RngExt};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::statistics::Interval;
use parts::{ClassParts, N_VALUES};

/// How deviations are measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deviations {
    /// Which class means are compared with each other.
    pub pairs: ClassPairs,
    /// Resamples for the intervals; without any, they are 1.96 standard errors to each side.
    pub n_resamples: usize,
}

/// Which class means are compared with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassPairs {
    /// Class c with c + 1, for classes in an order (eq. 6.3, over the N − 1 pairs there are).
    Adjacent,
    /// Each class with each other.
    All,
}

impl Default for Deviations {
    fn default() -> Deviations {
        Deviations { pairs: ClassPairs::Adjacent, n_resamples: 1_000 }
    }
}

/// One measure of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    /// The value with its 95 % interval over signals; `n` is the number of classes, or of pairs of classes, it averages.
    /// NaN where there is nothing to average.
    pub interval: Interval,
    /// Standard error over signals.
    pub standard_error: f64,
    /// Left out because the distance is not defined: signals within classes, pairs of class means between them.
    pub n_undefined: usize,
}

/// The four distances, averaged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Distances {
    /// `|x − y|` (eq. 6.1).
    pub euclidean: Deviation,
    /// The mean Euclidean distance over the activation level (eq. 6.5, 6.6).
    pub normalised_euclidean: Deviation,
    /// `1 − cos(x, y)` (eq. 6.7), not defined for a vector of zeros.
    pub cosine: Deviation,
    /// `1 − ρ(x, y)` (eq. 6.8), not defined for a constant vector.
    pub correlation: Deviation,
}

/// What is measured of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerDeviations {
    /// Mean of `|a|₁` over the signals of a class, averaged over classes (eq. 6.4 where classes are alike in number).
    pub activation_level: Deviation,
    /// Within classes: the mean over all pairs of a class, averaged over classes (eq. 6.2).
    pub inner: Distances,
    /// Between the means of classes (eq. 6.3).
    pub inter: Distances,
}

impl Deviations {
    /// Measures `activations [n_samples, n_units]` of one layer.
    ///
    /// Classes are shared out among the threads of the current rayon pool, one class of f64 in memory on each; the
    /// result has the same bits for any number of threads. Classes without signals are left out; within classes, those
    /// with fewer than two signals for which the distance is defined.
    ///
    /// # Panics
    /// If there is not one label per sample, or a label is not below `n_classes`.
    pub fn measure(
        &self,
        activations: ArrayView2<f32>,
        labels: &[usize],
        n_classes: usize,
        rng: &mut impl Rng,
    ) -> LayerDeviations {
        let samples = samples_by_class(activations, labels, n_classes);
        let within: Vec<within::Within> = samples
            .par_iter()
            .with_max_len(1)
            .map(|samples| within::within(gather(activations, samples)))
            .collect();
        let between = between::between(&within, self.pairs);
        let parts: Vec<ClassParts> = samples
            .par_iter()
            .with_max_len(1)
            .enumerate()
            .map(|(class, samples)| parts::of_class(activations, samples, class, &within, &between))
            .collect();
        let key = rng.random();
        let uncertain = parts::intervals(&parts, values(&within, &between), self.n_resamples, key);
        layer_deviations(&uncertain, &within, &between)
    }
}

/// Indices of the samples of each class.
fn samples_by_class(activations: ArrayView2<f32>, labels: &[usize], n_classes: usize) -> Vec<Vec<usize>> {
    assert_eq!(labels.len(), activations.nrows(), "one label per sample");
    let mut samples = vec![Vec::new(); n_classes];
    labels.iter().enumerate().for_each(|(sample, &label)| samples[label].push(sample));
    samples
}

fn gather(activations: ArrayView2<f32>, samples: &[usize]) -> Array2<f64> {
    let mut class = Array2::zeros((samples.len(), activations.ncols()));
    for (mut row, &sample) in class.rows_mut().into_iter().zip(samples) {
        row.zip_mut_with(&activations.row(sample), |to, &from| *to = f64::from(from));
    }
    class
}

/// `|a|₁`, in eight sums side by side.
fn l1_norm(row: ArrayView1<f64>) -> f64 {
    let mut sums = [0.0; 8];
    let mut add = |values: &[f64]| sums.iter_mut().zip(values).for_each(|(sum, a)| *sum += a.abs());
    match row.as_slice() {
        Some(values) => values.chunks(8).for_each(add),
        None => row.iter().for_each(|&a| add(&[a])),
    }
    sums.iter().sum()
}

/// Activation level; Euclidean, normalised, cosine, correlation within classes; the same between them.
fn values(within: &[within::Within], between: &between::Between) -> [f64; N_VALUES] {
    let level = mean_over(within.iter().map(|class| class.level));
    let [euclidean, cosine, correlation] =
        [0, 1, 2].map(|k| mean_over(within.iter().map(|class| class.distances[k].mean)));
    let [inter_euclidean, inter_cosine, inter_correlation] = between.means;
    [
        level,
        euclidean,
        euclidean / level,
        cosine,
        correlation,
        inter_euclidean,
        inter_euclidean / level,
        inter_cosine,
        inter_correlation,
    ]
}

/// The mean of what is a number.
fn mean_over(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) =
        values.filter(|value| !value.is_nan()).fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
    sum / f64::from(n)
}

fn layer_deviations(
    uncertain: &[(Interval, f64); N_VALUES],
    within: &[within::Within],
    between: &between::Between,
) -> LayerDeviations {
    let deviation = |value: usize, n: usize, n_undefined: usize| {
        let (interval, standard_error) = uncertain[value];
        Deviation { interval: Interval { n, ..interval }, standard_error, n_undefined }
    };
    let inner = |value: usize, distance: usize| {
        let n = within.iter().filter(|class| !class.distances[distance].mean.is_nan()).count();
        deviation(value, n, within.iter().map(|class| class.distances[distance].n_undefined).sum())
    };
    let inter = |value: usize, distance: usize| {
        deviation(value, between.n_pairs[distance], between.n_undefined[distance])
    };
    LayerDeviations {
        activation_level: deviation(0, within.iter().filter(|class| !class.level.is_nan()).count(), 0),
        inner: Distances {
            euclidean: inner(1, 0),
            normalised_euclidean: inner(2, 0),
            cosine: inner(3, 1),
            correlation: inner(4, 2),
        },
        inter: Distances {
            euclidean: inter(5, 0),
            normalised_euclidean: inter(6, 0),
            cosine: inter(7, 1),
            correlation: inter(8, 2),
        },
    }
}
