//! What a set keeps whatever is done to it, and what its hash sees.

use ndarray::{Array2, Array3, Array4, Axis, IxDyn, ShapeBuilder, array};
use proptest::prelude::*;

use super::*;

fn three_samples() -> Dataset {
    Dataset::numbered(array![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], vec![0, 1, 2], 3)
}

/// Sets of up to 6 samples whose features have up to three axes, in standard layout or with its axes reversed.
fn sets() -> impl Strategy<Value = Dataset> {
    (1usize..=6, prop::collection::vec(1usize..=4, 0..=3), any::<bool>()).prop_flat_map(
        |(n_samples, feature_shape, reversed)| {
            let n_values = n_samples * feature_shape.iter().product::<usize>();
            let values = prop::collection::vec(-9.0f32..9.0, n_values);
            let labels = prop::collection::vec(0usize..4, n_samples);
            (values, labels).prop_map(move |(values, labels)| {
                let shape = IxDyn(&[&[n_samples], &feature_shape[..]].concat());
                let inputs = ArrayD::from_shape_vec(shape.set_f(reversed), values).unwrap();
                Dataset::numbered(inputs, labels, 4)
            })
        },
    )
}

proptest! {
    #[test]
    fn rows_hold_what_the_inputs_hold_sample_by_sample(set in sets()) {
        prop_assert!(set.inputs().is_standard_layout());
        prop_assert_eq!(set.rows().dim(), (set.n_samples(), set.feature_shape().iter().product()));
        for (row, sample) in set.rows().axis_iter(Axis(0)).zip(set.inputs().axis_iter(Axis(0))) {
            prop_assert_eq!(row.to_vec(), sample.iter().copied().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_selection_is_a_sound_set_of_the_samples_asked_for(
        set in sets(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
    ) {
        let indices: Vec<usize> = picks.iter().map(|pick| pick.index(set.n_samples())).collect();
        let chosen = set.select(&indices);
        prop_assert!(chosen.inputs().is_standard_layout());
        prop_assert_eq!(chosen.inputs(), set.inputs().select(Axis(0), &indices));
        prop_assert_eq!((chosen.feature_shape(), chosen.classes()), (set.feature_shape(), set.classes()));
        for (k, &i) in indices.iter().enumerate() {
            prop_assert_eq!(chosen.labels()[k], set.labels()[i]);
        }
    }

    #[test]
    fn the_hash_of_all_samples_selected_in_order_is_the_set_s_own(set in sets()) {
        let all: Vec<usize> = (0..set.n_samples()).collect();
        prop_assert_eq!(set.select(&all).content_hash(), set.content_hash());
    }

    #[test]
    fn the_hash_changes_with_any_label_and_any_value(set in sets(), pick: prop::sample::Index) {
        let sample = pick.index(set.n_samples());
        let mut relabelled = set.clone();
        relabelled.relabel(&[sample], &[(set.labels()[sample] + 1) % 4]);
        prop_assert_ne!(relabelled.content_hash(), set.content_hash());
        prop_assert_eq!(relabelled.with_true_labels().content_hash(), set.content_hash());

        let mut changed = set.clone();
        let place = pick.index(set.values().len());
        let value = changed.rows_mut().into_iter().nth(place).unwrap();
        *value = f32::from_bits(value.to_bits() ^ 1);
        prop_assert_ne!(changed.content_hash(), set.content_hash());
    }
}

#[test]
fn the_hash_sees_the_shape_and_the_names_of_the_classes() {
    let hash = |set: Dataset| set.content_hash();
    let flat = hash(Dataset::numbered(Array2::zeros((2, 4)), vec![0, 1], 2));
    let square = hash(Dataset::numbered(Array3::zeros((2, 2, 2)), vec![0, 1], 2));
    let named =
        |names: [&str; 2]| Dataset::new(Array2::zeros((2, 4)), vec![0, 1], names.map(String::from).to_vec());
    assert_ne!(flat, square);
    assert_eq!(flat, hash(named(["0", "1"])));
    assert_ne!(hash(named(["ab", "c"])), hash(named(["a", "bc"])));
    assert_ne!(flat, hash(Dataset::numbered(Array2::zeros((2, 4)), vec![0, 1], 3)));
}

#[test]
fn the_hash_is_the_same_for_ever() {
    assert_eq!(&three_samples().content_hash()[..16], "7849f77924624e7c");
}

#[test]
fn images_are_rows_of_their_pixels_channel_by_channel() {
    let images = Array4::from_shape_fn((2, 3, 2, 2), |(n, c, y, x)| (1000 * n + 100 * c + 10 * y + x) as f32);
    let set = Dataset::numbered(images, vec![0, 1], 2);
    assert_eq!((set.feature_shape(), set.n_features()), (&[3, 2, 2][..], 12));
    assert_eq!(set.rows().row(1).to_vec()[3..6], [1011.0, 1100.0, 1101.0]);
}

#[test]
fn selected_samples_come_in_the_order_asked_for_with_both_labels() {
    let mut set = Dataset::numbered(array![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], vec![2, 0, 1], 3);
    set.relabel(&[0, 1, 2], &[0, 1, 2]);
    let chosen = set.select(&[2, 0, 2]);
    assert_eq!(chosen.rows(), array![[4.0, 5.0], [0.0, 1.0], [4.0, 5.0]]);
    assert_eq!((chosen.labels(), chosen.true_labels()), (&[2, 0, 2][..], &[1, 2, 1][..]));
    assert_eq!((chosen.n_samples(), chosen.n_features(), chosen.n_classes()), (3, 2, 3));
}

#[test]
fn labels_are_the_true_ones_until_they_are_changed() {
    let mut set = three_samples();
    assert_eq!(set.true_labels(), [0, 1, 2]);
    set.relabel(&[2], &[0]);
    set.relabel(&[2, 1], &[1, 1]);
    assert_eq!((set.labels(), set.true_labels()), (&[0, 1, 1][..], &[0, 1, 2][..]));
}

#[test]
#[should_panic(expected = "labels are below n_classes")]
fn a_label_without_a_class_is_a_slip() {
    Dataset::numbered(array![[0.0]], vec![1], 1);
}

#[test]
#[should_panic(expected = "labels are below n_classes")]
fn so_is_a_new_label_without_a_class() {
    three_samples().relabel(&[0], &[3]);
}

#[test]
#[should_panic(expected = "one label per sample")]
fn so_is_a_sample_without_a_label() {
    Dataset::numbered(array![[0.0], [1.0]], vec![0], 1);
}
