//! Data made unlearnable, to see what a network memorises.
//!
//! C. Zhang, S. Bengio, M. Hardt, B. Recht, O. Vinyals, "Understanding deep learning requires rethinking
//! generalization", ICLR 2017, sec. 2.

use ndarray::{Array1, Axis};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, Normal};
use serde::{Deserialize, Serialize};

use crate::{DataError, Dataset, Split, Streams};

/// What is done to the training data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Corruption {
    /// Nothing.
    #[default]
    None,
    /// The labels of a fraction of the samples are permuted among them.
    ShuffleLabels {
        /// Share of the samples, 0 to 1.
        fraction: f64,
    },
    /// A fraction of the samples get labels drawn uniformly from all classes.
    RedrawLabels {
        /// Share of the samples, 0 to 1.
        fraction: f64,
    },
    /// One permutation of the elements, the same for every sample of every set.
    ShuffleElements,
    /// Another permutation of the elements for each sample.
    ShuffleElementsPerSample,
    /// Inputs replaced by Gaussian noise with the mean and standard deviation of all inputs.
    NoiseInputs,
}

impl Corruption {
    /// Refuses a fraction outside 0 to 1.
    ///
    /// # Errors
    /// Names the fraction.
    pub fn check(&self) -> Result<(), DataError> {
        match *self {
            Corruption::ShuffleLabels { fraction } | Corruption::RedrawLabels { fraction }
                if !(0.0..=1.0).contains(&fraction) =>
            {
                Err(DataError::setting(
                    "fraction",
                    fraction,
                    "a share of the samples lies at 0 to 1",
                ))
            }
            _ => Ok(()),
        }
    }

    /// Corrupts the training set. Permuted elements are the exception: that is another order of the features,
    /// so one permutation for all touches validation and test alike.
    pub fn apply(&self, split: &mut Split, streams: &Streams) {
        let mut rng = streams.rng("corruption");
        let train = &mut split.train;
        match *self {
            Corruption::None => {}
            Corruption::ShuffleLabels { fraction } => {
                let chosen = choose(train.n_samples(), fraction, &mut rng);
                let mut shuffled: Vec<usize> = chosen.iter().map(|&i| train.labels[i]).collect();
                shuffled.shuffle(&mut rng);
                relabel(train, &chosen, shuffled);
            }
            Corruption::RedrawLabels { fraction } => {
                let chosen = choose(train.n_samples(), fraction, &mut rng);
                let redrawn = chosen
                    .iter()
                    .map(|_| rng.random_range(0..train.n_classes))
                    .collect();
                relabel(train, &chosen, redrawn);
            }
            Corruption::ShuffleElements => {
                let mut order: Vec<usize> = (0..train.n_features()).collect();
                order.shuffle(&mut rng);
                for set in [&mut split.train, &mut split.validation, &mut split.test] {
                    set.inputs = set.inputs.select(Axis(1), &order);
                }
            }
            Corruption::ShuffleElementsPerSample => {
                let mut order: Vec<usize> = (0..train.n_features()).collect();
                for mut sample in train.inputs.rows_mut() {
                    order.shuffle(&mut rng);
                    let shuffled: Array1<f32> = order.iter().map(|&i| sample[i]).collect();
                    sample.assign(&shuffled);
                }
            }
            Corruption::NoiseInputs => replace_by_noise(train, &mut rng),
        }
    }
}

/// `fraction` of the indices below `n`, at random.
fn choose(n: usize, fraction: f64, rng: &mut impl Rng) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..n).collect();
    indices.shuffle(rng);
    indices.truncate((fraction * n as f64).round() as usize);
    indices
}

fn relabel(set: &mut Dataset, indices: &[usize], labels: Vec<usize>) {
    set.true_labels = Some(set.labels.clone());
    for (&i, label) in indices.iter().zip(labels) {
        set.labels[i] = label;
    }
}

fn replace_by_noise(set: &mut Dataset, rng: &mut impl Rng) {
    let n = set.inputs.len() as f64;
    let mean = set.inputs.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
    let variance = set
        .inputs
        .iter()
        .map(|&x| (f64::from(x) - mean).powi(2))
        .sum::<f64>()
        / n;
    if let Ok(noise) = Normal::new(mean, variance.sqrt()) {
        set.inputs.mapv_inplace(|_| noise.sample(rng) as f32);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::JumpSettings;

    fn split(seed: u64) -> Split {
        let draw = |name| {
            JumpSettings::default()
                .draw(120, &Streams::new(seed).child(name))
                .dataset
        };
        Split {
            train: draw("train"),
            validation: draw("validation"),
            test: draw("test"),
        }
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn shuffling_keeps_how_often_each_label_occurs(fraction in 0.0..=1.0, seed in 0u64..9) {
            let (before, after) = corrupted(Corruption::ShuffleLabels { fraction }, seed);
            prop_assert_eq!(sorted(before.train.labels.clone()), sorted(after.train.labels.clone()));
            prop_assert_eq!(after.train.true_labels(), &before.train.labels[..]);
            prop_assert_eq!(before.validation, after.validation);
        }

        #[test]
        fn at_most_the_fraction_of_labels_changes(fraction in 0.0..=1.0, seed in 0u64..9) {
            let (before, after) = corrupted(Corruption::RedrawLabels { fraction }, seed);
            let changed = before.train.labels.iter().zip(&after.train.labels).filter(|(a, b)| a != b).count();
            prop_assert!(changed as f64 <= (fraction * 120.0).round());
        }
    }

    #[test]
    fn one_permutation_of_the_elements_serves_all_sets() {
        let (before, after) = corrupted(Corruption::ShuffleElements, 1);
        let position = |value: f32| {
            before
                .train
                .inputs
                .row(0)
                .iter()
                .position(|&x| x == value)
                .unwrap()
        };
        let order: Vec<usize> = after.train.inputs.row(0).iter().map(|&x| position(x)).collect();
        assert_eq!(after.test.inputs, before.test.inputs.select(Axis(1), &order));
    }

    #[test]
    fn a_permutation_per_sample_keeps_each_sample_s_values() {
        let (before, after) = corrupted(Corruption::ShuffleElementsPerSample, 1);
        for (a, b) in before
            .train
            .inputs
            .rows()
            .into_iter()
            .zip(after.train.inputs.rows())
        {
            assert_eq!(sorted(a.to_vec()), sorted(b.to_vec()));
            assert_ne!(a, b);
        }
    }

    #[test]
    fn noise_inputs_share_nothing_with_the_signals_but_mean_and_spread() {
        let (before, after) = corrupted(Corruption::NoiseInputs, 1);
        assert!((before.train.inputs.mean().unwrap() - after.train.inputs.mean().unwrap()).abs() < 0.1);
        assert_ne!(before.train.inputs, after.train.inputs);
        assert_eq!(before.train.labels, after.train.labels);
    }

    #[test]
    fn a_fraction_above_one_is_refused() {
        assert!(Corruption::ShuffleLabels { fraction: 1.5 }.check().is_err());
    }
}
