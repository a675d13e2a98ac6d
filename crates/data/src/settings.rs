//! Data by its settings: which set, how large, how corrupted.

use std::path::Path;

use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use crate::mnist::{self, Mnist};
use crate::{Corruption, DataError, JumpSettings, Split, Streams};

/// Which data a network is trained on; in a recipe `kind = "jump"` or `kind = "mnist"`, the rest as here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DataSettings {
    /// Jump signals, drawn from the streams `train`, `validation` and `test`.
    Jump {
        /// Training signals.
        #[serde(default = "thesis::n_train")]
        n_train: usize,
        /// Validation signals.
        #[serde(default = "thesis::n_held_out")]
        n_validation: usize,
        /// Test signals.
        #[serde(default = "thesis::n_held_out")]
        n_test: usize,
        /// What is done to the training signals.
        #[serde(default)]
        corruption: Corruption,
        /// The signals.
        #[serde(default)]
        signals: JumpSettings,
    },
    /// MNIST: training and validation drawn from its 60 000 training images, its 10 000 test images for test.
    Mnist {
        /// Training images.
        #[serde(default = "thesis::n_mnist_train")]
        n_train: usize,
        /// Validation images.
        #[serde(default = "thesis::n_mnist_validation")]
        n_validation: usize,
        /// What is done to the training images.
        #[serde(default)]
        corruption: Corruption,
    },
}

/// Values of the largest set that is drawn, 16 GiB of them: more is taken for a slip of the pen.
const MAX_VALUES: usize = 1 << 32;

/// Sizes of the thesis' sets.
mod thesis {
    pub fn n_train() -> usize {
        12_000
    }
    pub fn n_held_out() -> usize {
        6_000
    }
    pub fn n_mnist_train() -> usize {
        48_000
    }
    pub fn n_mnist_validation() -> usize {
        12_000
    }
}

impl DataSettings {
    /// Draws or reads the sets, and corrupts the training set where asked.
    ///
    /// Jump signals come from the streams of the children `train`, `validation` and `test`, so that the size of
    /// one set changes nothing in another. The split of MNIST comes from the stream `split`.
    ///
    /// # Errors
    /// Settings out of range, and whatever is wrong with the MNIST files in `mnist_dir`.
    pub fn load(&self, streams: &Streams, mnist_dir: Option<&Path>) -> Result<Split, DataError> {
        self.check()?;
        let mut split = match self {
            DataSettings::Jump { n_train, n_validation, n_test, signals, .. } => {
                let draw = |n, name| signals.draw(n, &streams.child(name)).dataset;
                Split {
                    train: draw(*n_train, "train"),
                    validation: draw(*n_validation, "validation"),
                    test: draw(*n_test, "test"),
                }
            }
            DataSettings::Mnist { n_train, n_validation, .. } => {
                let mnist = Mnist::read(mnist_dir.ok_or(DataError::NoMnistFolder)?)?;
                let n_images = mnist.train.n_samples();
                if n_images < n_train.saturating_add(*n_validation) {
                    let expected =
                        format!("n_train + n_validation must not exceed the {n_images} training images");
                    return Err(DataError::setting("n_train", n_train, expected));
                }
                let mut order: Vec<usize> = (0..n_images).collect();
                order.shuffle(&mut streams.rng("split"));
                let (train, rest) = order.split_at(*n_train);
                Split {
                    train: mnist.train.select(train),
                    validation: mnist.train.select(&rest[..*n_validation]),
                    test: mnist.test,
                }
            }
        };
        self.corruption().apply(&mut split, streams);
        Ok(split)
    }

    /// Refuses settings out of range.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    pub fn check(&self) -> Result<(), DataError> {
        if self.n_train() == 0 {
            return Err(DataError::setting("n_train", 0, "at least one training sample is needed"));
        }
        self.corruption().check()?;
        let DataSettings::Jump { n_train, n_validation, n_test, signals, .. } = self else {
            return Ok(());
        };
        signals.check()?;
        for (name, n_samples) in [("n_train", *n_train), ("n_validation", *n_validation), ("n_test", *n_test)]
        {
            if MAX_VALUES < n_samples.saturating_mul(signals.n_features) {
                let expected = format!("a set of more than {MAX_VALUES} values would not fit in memory");
                return Err(DataError::setting(name, n_samples, expected));
            }
        }
        Ok(())
    }

    /// Number of training samples.
    pub fn n_train(&self) -> usize {
        match self {
            DataSettings::Jump { n_train, .. } | DataSettings::Mnist { n_train, .. } => *n_train,
        }
    }

    /// Number of features of a sample.
    pub fn n_features(&self) -> usize {
        match self {
            DataSettings::Jump { signals, .. } => signals.n_features,
            DataSettings::Mnist { .. } => mnist::N_PIXELS,
        }
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        match self {
            DataSettings::Jump { signals, .. } => signals.n_classes(),
            DataSettings::Mnist { .. } => mnist::N_DIGITS,
        }
    }

    fn corruption(&self) -> Corruption {
        match self {
            DataSettings::Jump { corruption, .. } | DataSettings::Mnist { corruption, .. } => *corruption,
        }
    }
}

#[cfg(test)]
mod tests;
