//! Deviations against SciPy, by hand and by resampling in full.

use ndarray::{Array2, Axis, array, concatenate, s};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::reference::matrix_of;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn measure(
    activations: &Array2<f32>,
    labels: &[usize],
    n_classes: usize,
    pairs: ClassPairs,
) -> LayerDeviations {
    Deviations { pairs, n_resamples: 200 }.measure(activations.view(), labels, n_classes, &mut rng(0))
}

fn values(distances: &Distances) -> [f64; 4] {
    let Distances { euclidean, normalised_euclidean, cosine, correlation } = *distances;
    [euclidean, normalised_euclidean, cosine, correlation].map(|deviation| deviation.interval.mean)
}

fn undefined(distances: &Distances) -> [usize; 4] {
    let Distances { euclidean, normalised_euclidean, cosine, correlation } = *distances;
    [euclidean, normalised_euclidean, cosine, correlation].map(|deviation| deviation.n_undefined)
}

/// Classes of unlike size, some of zeros, constants and repeated signals, far from the origin and near to it.
fn layers() -> impl Iterator<Item = (String, Array2<f32>, Vec<usize>)> {
    ["relu", "offset", "tight", "one_unit"].into_iter().map(|name| {
        let activations = matrix_of("deviations", name);
        let labels: Array2<f64> = matrix_of("deviations", "labels");
        (name.to_owned(), activations, labels.iter().map(|&label| label as usize).collect())
    })
}

#[test]
fn deviations_are_scipy_s() {
    for (name, activations, labels) in layers() {
        let expected: Array2<f64> = matrix_of("deviations", &format!("{name}_values"));
        for (row, pairs) in [(1, ClassPairs::Adjacent), (2, ClassPairs::All)] {
            let found = measure(&activations, &labels, 5, pairs);
            let inner = values(&found.inner).into_iter().zip(expected.row(0));
            let inter = values(&found.inter).into_iter().zip(expected.row(row));
            for (value, &expected) in inner.chain(inter) {
                let is_same =
                    (value - expected).abs() <= 1e-5 * expected || (value.is_nan() && expected.is_nan());
                assert!(is_same, "{name}, {pairs:?}: {value} for {expected}");
            }
        }
        let found = measure(&activations, &labels, 5, ClassPairs::All);
        let counted: Vec<f64> =
            undefined(&found.inner).into_iter().chain(undefined(&found.inter)).map(|n| n as f64).collect();
        assert_eq!(counted, expected.slice(s![3..5, ..]).iter().copied().collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn deviations_of_four_signals_by_hand() {
    // Class 0: (3, 0) and (0, 4); class 1: (1, 1) twice.
    let found = measure(
        &array![[3.0, 0.0], [1.0, 1.0], [0.0, 4.0], [1.0, 1.0]],
        &[0, 1, 0, 1],
        2,
        ClassPairs::Adjacent,
    );
    assert_eq!(found.activation_level.interval.mean, (3.5 + 2.0) / 2.0);
    assert_eq!(found.inner.euclidean.interval.mean, (5.0 + 0.0) / 2.0);
    assert_eq!(found.inner.cosine.interval.mean, (1.0 + 0.0) / 2.0);
    assert_eq!(found.inner.euclidean.interval.n, 2);
    // A constant signal has no correlation, and a class of those none to average.
    assert_eq!(found.inner.correlation.n_undefined, 2);
    assert_eq!(found.inner.correlation.interval.n, 1);
    assert!((found.inner.correlation.interval.mean - 2.0).abs() < 1e-12);
    // The means are (1.5, 2) and (1, 1).
    assert!((found.inter.euclidean.interval.mean - 1.25f64.sqrt()).abs() < 1e-12);
    assert_eq!((found.inter.correlation.n_undefined, found.inter.correlation.interval.n), (1, 0));
    assert!(found.inter.correlation.interval.mean.is_nan());
}

#[test]
fn deviation_of_a_constant_class_is_zero() {
    let found = measure(&Array2::from_elem((6, 3), 0.1), &[0; 6], 1, ClassPairs::Adjacent);
    assert!(found.inner.euclidean.interval.mean < 1e-12);
    assert!(found.inner.cosine.interval.mean < 1e-12);
    assert_eq!(found.inner.correlation.n_undefined, 6);
}

#[test]
fn classes_without_signals_are_left_out() {
    let activations = array![[1.0, 0.0], [0.0, 1.0], [2.0, 0.0], [0.0, 3.0]];
    let dense = measure(&activations, &[0, 0, 1, 1], 2, ClassPairs::All);
    let sparse = measure(&activations, &[1, 1, 4, 4], 6, ClassPairs::All);
    // In bits, since the correlation of constant means is NaN on both sides.
    let bits = |distances: &Distances| values(distances).map(f64::to_bits);
    assert_eq!(bits(&sparse.inner), bits(&dense.inner));
    assert_eq!(bits(&sparse.inter), bits(&dense.inter));
    assert_eq!(sparse.activation_level, dense.activation_level);
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let (_, activations, labels) = layers().next().unwrap();
    let in_pool = |n_threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| measure(&activations, &labels, 5, ClassPairs::All))
    };
    let alone = in_pool(1);
    assert_eq!(in_pool(2), alone);
    assert_eq!(in_pool(5), alone);
}

/// Three classes of 60 signals each, drawn many times: the spread over draws is what one draw says of itself.
#[test]
fn standard_errors_and_intervals_are_those_of_new_draws() {
    let labels: Vec<usize> = (0..180).map(|signal| signal % 3).collect();
    let draw = |seed: u64| {
        let mut rng = rng(seed);
        let mut scale = 0.0;
        Array2::from_shape_fn((180, 8), |(signal, unit)| {
            // Signals differ in their spread, and a new draw draws that too.
            if unit == 0 {
                scale = 0.4 + 0.5 * rng.random_range(0..4) as f32;
            }
            let centre =
                ((signal % 3 + 1) * (unit + 1)) as f32 / 4.0 + if unit % 3 == signal % 3 { 2.0 } else { 0.0 };
            centre + scale * (rng.random::<f32>() + rng.random::<f32>() + rng.random::<f32>() - 1.5)
        })
    };
    let all = |found: &LayerDeviations| {
        let of = |d: &Distances| [d.euclidean, d.normalised_euclidean, d.cosine, d.correlation];
        [vec![found.activation_level], of(&found.inner).to_vec(), of(&found.inter).to_vec()].concat()
    };
    let draws: Vec<Vec<Deviation>> =
        (0..300).map(|seed| all(&measure(&draw(seed), &labels, 3, ClassPairs::All))).collect();
    for k in 0..9 {
        let n = draws.len() as f64;
        let mean = draws.iter().map(|draw| draw[k].interval.mean).sum::<f64>() / n;
        let spread =
            (draws.iter().map(|draw| (draw[k].interval.mean - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        let error = draws.iter().map(|draw| draw[k].standard_error).sum::<f64>() / n;
        assert!((0.85..1.2).contains(&(error / spread)), "value {k}: {error} for {spread}");
        let covered =
            draws.iter().filter(|draw| draw[k].interval.lo <= mean && mean <= draw[k].interval.hi).count();
        assert!(0.89 < covered as f64 / n, "value {k}: {covered} of 300");
    }
}

#[test]
fn a_large_class_is_taken_in_blocks() {
    let (_, activations, _) = layers().next().unwrap();
    let class = concatenate![Axis(0), activations, &activations + 1.0, &activations * 0.5];
    let n = class.nrows();
    assert!(100 < n);
    let mut sum = 0.0;
    for i in 0..n {
        for j in 0..i {
            let step = (&class.row(i) - &class.row(j)).mapv(f64::from);
            sum += step.dot(&step).sqrt();
        }
    }
    let expected = sum / (n * (n - 1) / 2) as f64;
    let found = measure(&class, &vec![0; n], 1, ClassPairs::All).inner.euclidean.interval.mean;
    assert!((found - expected).abs() < 1e-7 * expected, "{found} for {expected}");
}
