//! What each signal adds to each value, and the intervals that follow from it.

use ndarray::ArrayView2;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::between::Between;
use super::samples::{gather, l1_norm, mean_over};
use super::within::{Pairs, Within};
use crate::statistics::{Interval, quantile};

/// Activation level and four distances within and between classes; between them the Euclidean ones squared.
pub(super) const N_VALUES: usize = 9;

/// Per signal of a class: to first order, a value moves by the mean of these when the class is drawn anew.
pub(super) type ClassParts = Vec<[f64; N_VALUES]>;

/// The parts of one class's signals.
pub(super) fn of_class(
    activations: ArrayView2<f32>,
    samples: &[usize],
    class: usize,
    within: &[Within],
    between: &Between,
) -> ClassParts {
    let own = &within[class];
    let n_classes = within.iter().filter(|class| !class.level.is_nan()).count() as f64;
    let level = mean_over(within.iter().map(|class| class.level));
    let inner: [Vec<f64>; 3] = [0, 1, 2].map(|k| {
        let n_averaged = within.iter().filter(|class| !class.distances[k].mean.is_nan()).count();
        jackknife(&own.distances[k], n_averaged)
    });
    let inner_euclidean = mean_over(within.iter().map(|class| class.distances[0].mean));
    let inter_squared = between.means[0];
    let signals = gather(activations, samples);
    let gradients = &between.gradients[class];
    let at_mean = [0, 1, 2].map(|k| gradients[k].dot(&own.mean));
    let part = |(signal, row): (usize, ndarray::ArrayView1<f64>)| {
        let of_level = (l1_norm(row) - own.level) / n_classes;
        let [euclidean, cosine, correlation] = [0, 1, 2].map(|k| inner[k][signal]);
        let [inter, inter_cosine, inter_correlation] = [0, 1, 2].map(|k| gradients[k].dot(&row) - at_mean[k]);
        let over_level = |part: f64, value: f64| (part - value / level * of_level) / level;
        [
            of_level,
            euclidean,
            over_level(euclidean, inner_euclidean),
            cosine,
            correlation,
            inter,
            (inter - 2.0 * inter_squared / level * of_level) / (level * level),
            inter_cosine,
            inter_correlation,
        ]
    };
    signals.rows().into_iter().enumerate().map(part).collect()
}

/// Leave-one-out parts of a mean over pairs: `2 (n − 1) / (n − 2) · (mean distance of the signal − mean)`.
///
/// Zero where the distance is not defined, and throughout a class of two signals, of which one cannot be left out.
fn jackknife(pairs: &Pairs, n_classes: usize) -> Vec<f64> {
    let n_signals = pairs.of_signal.len() as f64;
    let n = n_signals - pairs.n_undefined as f64;
    if n < 3.0 {
        return vec![0.0; pairs.of_signal.len()];
    }
    // Parts are averaged over all signals of the class, the undefined ones included.
    let factor = 2.0 * (n - 1.0) / (n - 2.0) * (n_signals / n) / n_classes as f64;
    let part = |&distance: &f64| if distance.is_nan() { 0.0 } else { factor * (distance - pairs.mean) };
    pairs.of_signal.iter().map(part).collect()
}

/// The interval of each value.
///
/// Each resample draws as many signals of every class with replacement, from a stream of its own under `key`.
pub(super) fn intervals(
    classes: &[ClassParts],
    values: [f64; N_VALUES],
    n_resamples: usize,
    key: [u8; 32],
) -> [Interval; N_VALUES] {
    let errors = standard_errors(classes);
    let resamples: Vec<[f64; N_VALUES]> =
        (0..n_resamples as u64).into_par_iter().map(|resample| shift(classes, key, resample)).collect();
    std::array::from_fn(|k| {
        let mean = values[k];
        let (lo, hi) = if resamples.is_empty() {
            (mean - 1.96 * errors[k], mean + 1.96 * errors[k])
        } else {
            let mut shifts: Vec<f64> = resamples.iter().map(|shifts| shifts[k]).collect();
            shifts.sort_unstable_by(f64::total_cmp);
            (mean + quantile(&shifts, 0.025), mean + quantile(&shifts, 0.975))
        };
        Interval { mean, lo, hi, n: 0 }
    })
}

/// By how much one resample moves the values.
fn shift(classes: &[ClassParts], key: [u8; 32], resample: u64) -> [f64; N_VALUES] {
    let mut rng = ChaCha8Rng::from_seed(key);
    rng.set_stream(resample);
    let mut shift = [0.0; N_VALUES];
    for parts in classes.iter().filter(|parts| !parts.is_empty()) {
        let mut sums = [0.0; N_VALUES];
        for _ in 0..parts.len() {
            let part = &parts[rng.random_range(0..parts.len() as u32) as usize];
            (0..N_VALUES).for_each(|k| sums[k] += part[k]);
        }
        (0..N_VALUES).for_each(|k| shift[k] += sums[k] / parts.len() as f64);
    }
    shift
}

fn standard_errors(classes: &[ClassParts]) -> [f64; N_VALUES] {
    let mut variances = [0.0; N_VALUES];
    for parts in classes.iter().filter(|parts| 1 < parts.len()) {
        let n = parts.len() as f64;
        for part in parts {
            (0..N_VALUES).for_each(|k| variances[k] += part[k] * part[k] / (n * (n - 1.0)));
        }
    }
    variances.map(f64::sqrt)
}
