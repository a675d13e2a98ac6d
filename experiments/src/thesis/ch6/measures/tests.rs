//! Layers made by hand, for all tests of what is shown of layers; and what is measured of signals that are known.

use ndarray::{Array1, Array2};
use vitrine_analysis::deviations::{Distances, PlainDistances};
use vitrine_analysis::statistics::Interval;
use vitrine_data::{JumpSettings, Streams};
use vitrine_model::Weights;

use super::*;

/// Layers with a level, and all distances alike within classes and between them; the softmax comes last.
pub fn network(levels: [f64; 4], inner: [f64; 4], inter: [f64; 4]) -> Vec<Measured> {
    let deviation = |mean: f64| {
        let interval = Interval { mean, lo: mean - 0.01, hi: mean + 0.01, n: 60 };
        Deviation { interval, n_undefined: 0 }
    };
    let distances = |mean: f64| {
        let alike = deviation(mean);
        Distances { euclidean: alike, normalised_euclidean: alike, cosine: alike, correlation: alike }
    };
    let layer = |l: usize| {
        let plain = inter[l] + 0.2 * l as f64;
        let deviations = LayerDeviations {
            activation_level: deviation(levels[l]),
            inner: distances(inner[l]),
            inter: distances(inter[l]),
            plain_inter: PlainDistances {
                euclidean: plain,
                normalised_euclidean: plain,
                cosine: plain,
                correlation: plain,
            },
        };
        Measured { layer: format!("hidden{l}"), deviations, permuted: deviations }
    };
    let mut layers: Vec<Measured> = (0..4).map(layer).collect();
    layers.push(layer(0));
    layers
}

#[test]
fn sets_of_unlike_size_are_cut_to_one_number_of_each_class() {
    let set = Dataset::numbered(Array2::<f32>::zeros((7, 1)), vec![0, 1, 0, 0, 1, 0, 1], 2);
    assert_eq!(smallest_class(&set), 3);
    assert_eq!(first_of_each_class(&set, 2).labels(), [0, 1, 0, 1]);
    assert_eq!(first_of_each_class(&set, 9).labels(), set.labels());
}

#[test]
fn classes_lie_as_far_apart_as_their_jumps_make_them_and_under_permuted_labels_nowhere() {
    // Jumps of size 3 at 11 and at 12: the means differ in one sample of 30, by 3.
    let settings = JumpSettings { n_features: 30, first_jump: 11, last_jump: 12, ..JumpSettings::default() };
    let streams = Streams::new(0);
    let signals = settings.draw(400, &streams).dataset;
    let weights = Weights::default().with("output", "weight", Array2::<f32>::zeros((2, 30))).with(
        "output",
        "bias",
        Array1::<f32>::zeros(2),
    );
    let network = Network::new("mlp:30-2".parse().unwrap(), weights).unwrap();
    let measured = measure(&network, &signals, ClassPairs::All, &mut streams.rng("deviations"));
    let input = &measured[0];
    let [apart, permuted] = [&input.deviations, &input.permuted].map(|d| d.inter.euclidean.interval.mean);
    assert!((2.8..3.2).contains(&apart), "{apart}");
    assert!(permuted.abs() < 0.5, "{permuted}");
    // What is taken off is tr S / 200 of either class: 30 of the noise, and 9/4 of the sample in which the jumps differ.
    let noise = input.permuted.plain_inter.euclidean.powi(2) - permuted * permuted.abs();
    assert!((noise - 2.0 * 32.25 / 200.0).abs() < 0.02, "{noise}");
}
