//! Data made unlearnable, to see what a network memorises.
//!
//! C. Zhang, S. Bengio, M. Hardt, B. Recht, O. Vinyals, "Understanding deep learning requires rethinking
//! generalization", ICLR 2017, sec. 2.

use ndarray::{Array1, ArrayViewMut1};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, Normal};
use serde::{Deserialize, Serialize};

use crate::dataset::Dataset;
use crate::error::DataError;
use crate::split::Split;
use crate::streams::Streams;

/// What is done to the training data.
///
/// In a recipe `corruption = { kind = "shuffle_labels", fraction = 0.5 }`, `{ kind = "noise_inputs" }` and so on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Corruption {
    /// Nothing.
    #[default]
    #[serde(deserialize_with = "crate::no_fields")]
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
    #[serde(deserialize_with = "crate::no_fields")]
    ShuffleElements,
    /// Another permutation of the elements for each sample.
    #[serde(deserialize_with = "crate::no_fields")]
    ShuffleElementsPerSample,
    /// Inputs replaced by Gaussian noise with the mean and standard deviation of all inputs.
    #[serde(deserialize_with = "crate::no_fields")]
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
                Err(DataError::setting("fraction", fraction, "a share of the samples lies at 0 to 1"))
            }
            _ => Ok(()),
        }
    }

    /// Whether it changes labels, which there must be then.
    pub fn is_of_labels(&self) -> bool {
        matches!(self, Corruption::ShuffleLabels { .. } | Corruption::RedrawLabels { .. })
    }

    /// Corrupts the training set, with the stream `corruption`; changed labels leave the first ones in
    /// `true_labels`. The elements of a sample are its features, whatever their shape. One permutation of the elements for all samples is another order of the features, so it
    /// touches validation and test alike.
    ///
    /// # Panics
    /// If a fraction does not pass [`check`](Corruption::check), or labels are to be changed where there are none.
    pub fn apply(&self, split: &mut Split, streams: &Streams) {
        assert!(self.check().is_ok(), "a fraction lies at 0 to 1");
        let mut rng = streams.rng("corruption");
        let train = &mut split.train;
        match *self {
            Corruption::None => {}
            Corruption::ShuffleLabels { fraction } => {
                let chosen = choose(train.n_samples(), fraction, &mut rng);
                let mut shuffled: Vec<usize> = chosen.iter().map(|&i| train.labels()[i]).collect();
                shuffled.shuffle(&mut rng);
                train.relabel(&chosen, &shuffled);
            }
            Corruption::RedrawLabels { fraction } => {
                let chosen = choose(train.n_samples(), fraction, &mut rng);
                let redrawn: Vec<usize> =
                    chosen.iter().map(|_| rng.random_range(0..train.n_classes())).collect();
                train.relabel(&chosen, &redrawn);
            }
            Corruption::ShuffleElements => {
                let mut order: Vec<usize> = (0..train.n_features()).collect();
                order.shuffle(&mut rng);
                for set in [&mut split.train, &mut split.validation, &mut split.test] {
                    set.rows_mut().rows_mut().into_iter().for_each(|sample| reorder(sample, &order));
                }
            }
            Corruption::ShuffleElementsPerSample => {
                let mut order: Vec<usize> = (0..train.n_features()).collect();
                for sample in train.rows_mut().rows_mut() {
                    order.shuffle(&mut rng);
                    reorder(sample, &order);
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

/// Element `k` becomes what element `order[k]` was.
fn reorder(mut sample: ArrayViewMut1<'_, f32>, order: &[usize]) {
    let reordered: Array1<f32> = order.iter().map(|&i| sample[i]).collect();
    sample.assign(&reordered);
}

fn replace_by_noise(set: &mut Dataset, rng: &mut impl Rng) {
    let values = set.values();
    let n = values.len() as f64;
    let mean = values.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
    let variance = values.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / n;
    if let Ok(noise) = Normal::new(mean, variance.sqrt()) {
        set.rows_mut().mapv_inplace(|_| noise.sample(rng) as f32);
    }
}

#[cfg(test)]
mod tests;
