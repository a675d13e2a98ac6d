//! Deviations against SciPy, by hand and by drawing anew.

use ndarray::{Array2, Axis, array, concatenate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use proptest::prelude::*;
use rand_distr::{Distribution, StandardNormal};

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

fn plain(distances: &PlainDistances) -> [f64; 4] {
    let PlainDistances { euclidean, normalised_euclidean, cosine, correlation } = *distances;
    [euclidean, normalised_euclidean, cosine, correlation]
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
            let inter = plain(&found.plain_inter).into_iter().zip(expected.row(row));
            for (value, &expected) in inner.chain(inter) {
                let is_same = (value - expected).abs() <= 1e-5 * expected + 1e-14
                    || (value.is_nan() && expected.is_nan());
                assert!(is_same, "{name}, {pairs:?}: {value} for {expected}");
            }
        }
        let found = measure(&activations, &labels, 5, ClassPairs::All);
        let counted: Vec<f64> = undefined(&found.inner).map(|n| n as f64).into();
        assert_eq!(counted, expected.row(3).to_vec(), "{name}");
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
    // The means are (1.5, 2) and (1, 1); the first is that of two signals 5 apart, whose noise is 12.5 / 2.
    assert!((found.plain_inter.euclidean - 1.25f64.sqrt()).abs() < 1e-12);
    assert!((found.inter.euclidean.interval.mean + (6.25 - 1.25f64).sqrt()).abs() < 1e-12);
    // That is all of its squared length, 6.25: it has no direction.
    assert_eq!((found.inter.cosine.n_undefined, found.inter.cosine.interval.n), (1, 0));
    assert_eq!((found.inter.correlation.n_undefined, found.inter.correlation.interval.n), (1, 0));
    assert!(found.inter.correlation.interval.mean.is_nan());
}

#[test]
fn noise_of_the_means_is_taken_off_distances_between_classes_by_hand() {
    // Means (3, 0) and (3, 3), of two signals 2 apart each: noise 2 / 2 in both.
    let found = measure(
        &array![[2.0, 0.0], [4.0, 0.0], [3.0, 2.0], [3.0, 4.0]],
        &[0, 0, 1, 1],
        2,
        ClassPairs::Adjacent,
    );
    let is = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-12, "{value} for {expected}");
    is(found.inter.euclidean.interval.mean, (9.0f64 - 2.0).sqrt());
    is(found.inter.normalised_euclidean.interval.mean, 7.0f64.sqrt() / 4.5);
    is(found.inter.cosine.interval.mean, 1.0 - 9.0 / (8.0f64 * 17.0).sqrt());
    is(found.plain_inter.euclidean, 3.0);
    is(found.plain_inter.normalised_euclidean, 3.0 / 4.5);
    is(found.plain_inter.cosine, 1.0 - 0.5f64.sqrt());
}

#[test]
fn a_class_of_one_signal_has_no_distance_to_others_but_the_plain_one() {
    let found = measure(&array![[0.0, 1.0], [3.0, 5.0], [3.0, 5.0]], &[0, 1, 1], 2, ClassPairs::All);
    assert_eq!(undefined(&found.inter), [1, 1, 1, 1]);
    assert_eq!(found.plain_inter.euclidean, 5.0);
}

#[test]
fn a_class_mean_shorter_than_its_noise_has_no_direction() {
    // Means (1, 0) and (0, 2), of two signals ± d apart from them: noise is d² in the first, and left of it 1 − d².
    let of = |d: f32| {
        measure(&array![[1.0, d], [1.0, -d], [0.0, 2.0], [0.0, 2.0]], &[0, 0, 1, 1], 2, ClassPairs::All)
    };
    let [clear, drowned] = [0.7, 0.8].map(|d| of(d).inter);
    assert_eq!([clear, drowned].map(|inter| inter.cosine.n_undefined), [0, 1]);
    assert_eq!(clear.cosine.interval.mean, 1.0, "they are at right angles");
    assert!(drowned.cosine.interval.mean.is_nan() && 0.0 < drowned.euclidean.interval.mean);
    assert_eq!(of(0.8).plain_inter.cosine, 1.0);
}

/// The squared length of a class's expected activations is the mean product of two different signals.
#[test]
fn distances_between_classes_are_those_of_products_of_different_signals() {
    for (name, activations, labels) in layers() {
        let found = measure(&activations, &labels, 5, ClassPairs::All);
        let exact = activations.mapv(f64::from);
        let centred = &exact - &exact.mean_axis(Axis(1)).unwrap().insert_axis(Axis(1));
        let of_class: Vec<Vec<usize>> =
            (0..5).map(|class| (0..labels.len()).filter(|&i| labels[i] == class).collect()).collect();
        let product = |rows: &Array2<f64>, a: usize, b: usize| {
            let (mut sum, mut n) = (0.0, 0);
            for &i in &of_class[a] {
                for &j in of_class[b].iter().filter(|&&j| j != i) {
                    (sum, n) = (sum + rows.row(i).dot(&rows.row(j)), n + 1);
                }
            }
            sum / f64::from(n)
        };
        let mean = |of_pair: &dyn Fn(usize, usize) -> f64| {
            let all = (0..5).flat_map(|a| (a + 1..5).map(move |b| (a, b)));
            let values: Vec<f64> = all.map(|(a, b)| of_pair(a, b)).filter(|v| !v.is_nan()).collect();
            (values.iter().sum::<f64>() / values.len() as f64, 10 - values.len())
        };
        let cosine = |rows: &Array2<f64>, a: usize, b: usize| {
            let squares = [product(rows, a, a), product(rows, b, b)];
            // Of the squared length of a mean, noise is what the product of different signals does not hold.
            let is_defined = [a, b].iter().zip(squares).all(|(&class, square)| {
                let mean = rows.select(Axis(0), &of_class[class]).mean_axis(Axis(0)).unwrap();
                1e-12 < square && mean.dot(&mean) - square < square
            });
            if is_defined { 1.0 - product(rows, a, b) / (squares[0] * squares[1]).sqrt() } else { f64::NAN }
        };
        let (squared, _) =
            mean(&|a, b| product(&exact, a, a) + product(&exact, b, b) - 2.0 * product(&exact, a, b));
        let (cosine_mean, n_undefined) = mean(&|a, b| cosine(&exact, a, b));
        let (correlation_mean, n_constant) = mean(&|a, b| cosine(&centred, a, b));
        let [euclidean, _, found_cosine, found_correlation] = values(&found.inter);
        let scale = 1e-9 * exact.mapv(|x| x * x).sum() / labels.len() as f64;
        let is = |value: f64, expected: f64, slack: f64| {
            let is_same = (value - expected).abs() <= slack || (value.is_nan() && expected.is_nan());
            assert!(is_same, "{name}: {value} for {expected}");
        };
        is(euclidean * euclidean.abs(), squared, scale);
        is(found_cosine, cosine_mean, 1e-9 * (1.0 + cosine_mean.abs()));
        is(found_correlation, correlation_mean, 1e-9 * (1.0 + correlation_mean.abs()));
        assert_eq!(undefined(&found.inter), [0, 0, n_undefined, n_constant], "{name}");
    }
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
    // As text, which tells numbers apart by their bits and holds NaN equal to itself.
    let [alone, two, five] = [1, 2, 5].map(|n_threads| format!("{:?}", in_pool(n_threads)));
    assert_eq!(two, alone);
    assert_eq!(five, alone);
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
        let half = |draw: &Vec<Deviation>| (draw[k].interval.hi - draw[k].interval.lo) / 2.0;
        let error = draws.iter().map(half).sum::<f64>() / n / 1.96;
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

/// Normal classes of `n` signals with `n_units` units: their means differ by `apart` along each unit.
fn normal_classes(
    n: usize,
    n_units: usize,
    apart: f64,
    scales: [f64; 2],
    seed: u64,
) -> (Array2<f32>, Vec<usize>) {
    let mut rng = rng(seed);
    let labels: Vec<usize> = (0..2 * n).map(|signal| signal % 2).collect();
    let activations = Array2::from_shape_fn((2 * n, n_units), |(signal, unit)| {
        let class = signal % 2;
        let noise: f64 = StandardNormal.sample(&mut rng);
        let spread = scales[class] * (1.0 + unit as f64) / n_units as f64;
        (apart * class as f64 + spread * noise) as f32
    });
    (activations, labels)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 6,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(64),
        ..ProptestConfig::default()
    })]

    /// Whatever their number, shape and spread: two classes come out as far apart as they are, on average over draws.
    #[test]
    fn the_squared_distance_of_two_classes_is_theirs_at_any_number_of_signals(
        theta in prop_oneof![Just(0.0), 0.1..4.0],
        n_units in 1..12usize,
        scale in 0.2..2.0,
    ) {
        const N_DRAWS: u64 = 400;
        for n in [5, 20, 100] {
            let apart = theta / (n_units as f64).sqrt();
            let squared = |seed: u64| {
                let (activations, labels) = normal_classes(n, n_units, apart, [1.0, scale], seed);
                let deviations = Deviations { n_resamples: 0, ..Deviations::default() };
                let found = deviations.measure(activations.view(), &labels, 2, &mut rng(0));
                let distance = found.inter.euclidean.interval.mean;
                distance * distance.abs()
            };
            let draws: Vec<f64> = (0..N_DRAWS).map(squared).collect();
            let (mean, error) = (crate::statistics::mean(&draws), crate::statistics::standard_error(&draws));
            prop_assert!((mean - theta * theta).abs() < 4.0 * error, "{n}: {mean} ± {error} for {}", theta * theta);
        }
    }
}

#[test]
fn classes_that_do_not_differ_come_out_at_zero_and_their_intervals_cover_it() {
    let found = |seed: u64| {
        let (activations, labels) = normal_classes(100, 20, 0.0, [1.0, 1.0], seed);
        // Far from the origin, so that directions are defined.
        measure(&(activations + 2.0), &labels, 2, ClassPairs::All)
    };
    let draws: Vec<LayerDeviations> = (0..200).map(found).collect();
    for pick in
        [|l: &LayerDeviations| l.inter.euclidean.interval, |l: &LayerDeviations| l.inter.cosine.interval]
    {
        let n_below = draws.iter().filter(|draw| pick(draw).mean < 0.0).count();
        assert!((70..140).contains(&n_below), "{n_below} of 200 below zero");
        let covered = draws.iter().filter(|draw| pick(draw).lo <= 0.0 && 0.0 <= pick(draw).hi).count();
        assert!(190 <= covered, "{covered} of 200");
    }
    let plain = draws.iter().map(|draw| draw.plain_inter.euclidean).fold(f64::INFINITY, f64::min);
    assert!(0.1 < plain, "noise alone: {plain}");
}
