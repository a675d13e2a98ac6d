//! A layer measured: distances within classes and between them, then the intervals of both.

use ndarray::ArrayView2;
use rand::{Rng, RngExt};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::between::{self, Between};
use super::layer::{Deviation, Distances, LayerDeviations, PlainDistances};
use super::pairs::ClassPairs;
use super::parts::{self, ClassParts, N_VALUES};
use super::samples::{gather, mean_over, samples_by_class};
use super::within::{self, Within};
use crate::statistics::Interval;

/// How deviations are measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deviations {
    /// Which class means are compared with each other.
    pub pairs: ClassPairs,
    /// Resamples for the intervals; without any, they are 1.96 standard errors to each side (of the squared distance,
    /// for Euclidean distances between classes).
    pub n_resamples: usize,
}

impl Default for Deviations {
    fn default() -> Deviations {
        Deviations { pairs: ClassPairs::Adjacent, n_resamples: 1_000 }
    }
}

impl Deviations {
    /// Measures `activations [n_samples, n_units]` of one layer.
    ///
    /// Classes are shared out among the threads of the current rayon pool, one class of f64 in memory on each; the
    /// result has the same bits for any number of threads. Classes without signals are left out; within classes, those
    /// with fewer than two signals for which the distance is defined. Between classes a pair is left out where one of
    /// them has a single signal, whose noise is not known, and of cosine and correlation where noise accounts for all of
    /// the length of a mean.
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
        let within: Vec<Within> = samples
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

/// Activation level; Euclidean, normalised, cosine, correlation within classes; the same between them, Euclidean ones
/// squared.
fn values(within: &[Within], between: &Between) -> [f64; N_VALUES] {
    let level = mean_over(within.iter().map(|class| class.level));
    let [euclidean, cosine, correlation] =
        [0, 1, 2].map(|k| mean_over(within.iter().map(|class| class.distances[k].mean)));
    let [inter_squared, inter_cosine, inter_correlation] = between.means;
    [
        level,
        euclidean,
        euclidean / level,
        cosine,
        correlation,
        inter_squared,
        inter_squared / (level * level),
        inter_cosine,
        inter_correlation,
    ]
}

fn layer_deviations(
    uncertain: &[Interval; N_VALUES],
    within: &[Within],
    between: &Between,
) -> LayerDeviations {
    let deviation = |value: usize, n: usize, n_undefined: usize| Deviation {
        interval: Interval { n, ..uncertain[value] },
        n_undefined,
    };
    let inner = |value: usize, distance: usize| {
        let n = within.iter().filter(|class| !class.distances[distance].mean.is_nan()).count();
        deviation(value, n, within.iter().map(|class| class.distances[distance].n_undefined).sum())
    };
    let inter = |value: usize, distance: usize| {
        deviation(value, between.n_pairs[distance], between.n_undefined[distance])
    };
    let level = uncertain[0].mean;
    let [plain_euclidean, plain_cosine, plain_correlation] = between.plain;
    LayerDeviations {
        activation_level: deviation(0, within.iter().filter(|class| !class.level.is_nan()).count(), 0),
        inner: Distances {
            euclidean: inner(1, 0),
            normalised_euclidean: inner(2, 0),
            cosine: inner(3, 1),
            correlation: inner(4, 2),
        },
        inter: Distances {
            euclidean: rooted(inter(5, 0)),
            normalised_euclidean: rooted(inter(6, 0)),
            cosine: inter(7, 1),
            correlation: inter(8, 2),
        },
        plain_inter: PlainDistances {
            euclidean: plain_euclidean,
            normalised_euclidean: plain_euclidean / level,
            cosine: plain_cosine,
            correlation: plain_correlation,
        },
    }
}

/// A distance from its square, which may be negative.
fn rooted(squared: Deviation) -> Deviation {
    let root = |x: f64| x.abs().sqrt().copysign(x);
    let Interval { mean, lo, hi, n } = squared.interval;
    Deviation { interval: Interval { mean: root(mean), lo: root(lo), hi: root(hi), n }, ..squared }
}
