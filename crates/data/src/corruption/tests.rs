//! Laws of the corruptions, and what they look like on signals of 60 classes.

use ndarray::{Array2, ArrayView2, Axis};
use proptest::prelude::*;

use super::*;
use crate::generate::draw_signals;

const N_TRAIN: usize = 240;

fn split(seed: u64) -> Split {
    let draw = |n, name| draw_signals(n, &Streams::new(seed).child(name));
    Split { train: draw(N_TRAIN, "train"), validation: draw(60, "validation"), test: draw(60, "test") }
}

fn corrupted(corruption: Corruption, seed: u64) -> (Split, Split) {
    let before = split(seed);
    let mut after = before.clone();
    corruption.apply(&mut after, &Streams::new(seed));
    (before, after)
}

fn sorted<T: Clone + PartialOrd>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_by(|a, b| a.partial_cmp(b).unwrap());
    values
}

fn n_unlike(a: &[usize], b: &[usize]) -> usize {
    a.iter().zip(b).filter(|(a, b)| a != b).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn shuffling_keeps_how_often_each_label_occurs(fraction in 0.0..=1.0, seed in 0u64..9) {
        let (before, after) = corrupted(Corruption::ShuffleLabels { fraction }, seed);
        prop_assert_eq!(sorted(before.train.labels().to_vec()), sorted(after.train.labels().to_vec()));
    }

    #[test]
    fn at_most_the_fraction_of_labels_changes(fraction in 0.0..=1.0, seed in 0u64..9, redraw: bool) {
        let corruption =
            if redraw { Corruption::RedrawLabels { fraction } } else { Corruption::ShuffleLabels { fraction } };
        let (before, after) = corrupted(corruption, seed);
        let n_changed = n_unlike(before.train.labels(), after.train.labels());
        prop_assert!(n_changed as f64 <= (fraction * N_TRAIN as f64).round());
        prop_assert!(after.train.labels().iter().all(|&label| label < 60));
    }

    #[test]
    fn new_labels_touch_neither_signals_nor_the_sets_held_out(fraction in 0.0..=1.0, seed in 0u64..9) {
        let (before, after) = corrupted(Corruption::RedrawLabels { fraction }, seed);
        prop_assert_eq!(after.train.true_labels(), before.train.labels());
        prop_assert_eq!(after.train.inputs(), before.train.inputs());
        prop_assert_eq!((after.validation, after.test), (before.validation, before.test));
    }

    #[test]
    fn permuted_elements_keep_each_sample_s_values(seed in 0u64..9, per_sample: bool) {
        let corruption =
            if per_sample { Corruption::ShuffleElementsPerSample } else { Corruption::ShuffleElements };
        let (before, after) = corrupted(corruption, seed);
        let sorted_rows = |x: ArrayView2<'_, f32>| x.rows().into_iter().map(|row| sorted(row.to_vec())).collect::<Vec<_>>();
        prop_assert_eq!(sorted_rows(before.train.rows()), sorted_rows(after.train.rows()));
        prop_assert_eq!(before.train.labels(), after.train.labels());
    }
}

#[test]
fn no_corruption_changes_nothing() {
    let (before, after) = corrupted(Corruption::None, 0);
    assert_eq!(before, after);
}

#[test]
fn labels_that_are_all_shuffled_or_redrawn_say_next_to_nothing_of_the_true_ones() {
    for corruption in
        [Corruption::ShuffleLabels { fraction: 1.0 }, Corruption::RedrawLabels { fraction: 1.0 }]
    {
        let (_, after) = corrupted(corruption, 0);
        let n_right = N_TRAIN - n_unlike(after.train.labels(), after.train.true_labels());
        // One of 60 by chance: 4 of 240, with a standard deviation of 2.
        assert!(n_right <= 12, "{n_right} of {N_TRAIN} labels are still right");
    }
}

#[test]
fn labels_corrupted_twice_keep_the_first_labelling_as_the_true_one() {
    let before = split(0);
    let mut after = before.clone();
    Corruption::RedrawLabels { fraction: 1.0 }.apply(&mut after, &Streams::new(0));
    Corruption::ShuffleLabels { fraction: 1.0 }.apply(&mut after, &Streams::new(1));
    assert_eq!(after.train.true_labels(), before.train.labels());
}

#[test]
fn one_permutation_of_the_elements_serves_all_sets() {
    let (before, after) = corrupted(Corruption::ShuffleElements, 1);
    let first = before.train.rows().row(0).to_vec();
    let place = |value: f32| first.iter().position(|&x| x == value).unwrap();
    let order: Vec<usize> = after.train.rows().row(0).iter().map(|&x| place(x)).collect();
    assert_ne!(order, sorted(order.clone()));
    assert_eq!(after.train.rows(), before.train.rows().select(Axis(1), &order));
    assert_eq!(after.validation.rows(), before.validation.rows().select(Axis(1), &order));
    assert_eq!(after.test.rows(), before.test.rows().select(Axis(1), &order));
}

#[test]
fn a_permutation_per_sample_is_another_for_each_and_for_training_only() {
    let (before, mut after) = corrupted(Corruption::ShuffleElementsPerSample, 1);
    assert_eq!((&after.validation, &after.test), (&before.validation, &before.test));

    let rising = Array2::from_shape_fn((N_TRAIN, 100), |(_, i)| i as f32);
    after.train = Dataset::numbered(rising, vec![0; N_TRAIN], 60);
    Corruption::ShuffleElementsPerSample.apply(&mut after, &Streams::new(1));
    assert_ne!(after.train.rows().row(0), after.train.rows().row(1));
}

#[test]
fn elements_of_images_are_permuted_as_those_of_rows_and_stay_images() {
    let before = split(0);
    let as_images = |set: &Dataset| {
        let images = set.rows().to_owned().into_shape_with_order((set.n_samples(), 4, 5, 5)).unwrap();
        Dataset::numbered(images, set.labels().to_vec(), 60)
    };
    for corruption in
        [Corruption::ShuffleElements, Corruption::ShuffleElementsPerSample, Corruption::NoiseInputs]
    {
        let mut rows = before.clone();
        let [train, validation, test] = [&before.train, &before.validation, &before.test].map(as_images);
        let mut images = Split { train, validation, test };
        corruption.apply(&mut rows, &Streams::new(0));
        corruption.apply(&mut images, &Streams::new(0));
        assert_eq!(images.train.feature_shape(), [4, 5, 5]);
        assert_eq!([images.train.rows(), images.test.rows()], [rows.train.rows(), rows.test.rows()]);
    }
}

#[test]
fn noise_has_the_mean_and_spread_of_the_inputs_but_no_class() {
    let (before, after) = corrupted(Corruption::NoiseInputs, 1);
    let (signals, noise) = (before.train.rows(), after.train.rows());
    // 24 000 values of standard deviation 1.8: their mean is known to 0.012.
    assert!((signals.mean().unwrap() - noise.mean().unwrap()).abs() < 0.05);
    assert!((signals.std(0.0) - noise.std(0.0)).abs() < 0.05);
    // A signal is low at its start and high at its end; noise is neither.
    assert!((noise.column(0).mean().unwrap() - noise.column(99).mean().unwrap()).abs() < 0.6);
    assert_eq!(before.train.labels(), after.train.labels());
    assert_eq!((before.validation, before.test), (after.validation, after.test));
}

#[test]
fn a_fraction_that_is_no_share_is_refused() {
    for fraction in [-0.1, 1.5, f64::NAN] {
        let error = Corruption::ShuffleLabels { fraction }.check().unwrap_err().to_string();
        assert!(error.starts_with(&format!("fraction = {fraction}")), "{error}");
    }
    assert!(Corruption::RedrawLabels { fraction: 1.0 }.check().is_ok());
}
