//! MNIST as a source of training data: `kind = "mnist"` in a recipe.

use std::path::PathBuf;

use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use super::n_train::check_n_train;
use crate::about::About;
use crate::error::DataError;
use crate::folders::Folders;
use crate::read::mnist::{FILES, IMAGE_SHAPE, Mnist, N_DIGITS, NAME, content_in, first_missing, places};
use crate::source::{Loaded, Source};
use crate::split::Split;
use crate::streams::Streams;

/// Training and validation images drawn from MNIST's 60 000 training images with the stream `split`; its 10 000 test
/// images for test. The default is what the thesis trains on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MnistSource {
    /// Training images.
    pub n_train: usize,
    /// Validation images.
    pub n_validation: usize,
}

impl Default for MnistSource {
    fn default() -> Self {
        MnistSource { n_train: 48_000, n_validation: 12_000 }
    }
}

impl Source for MnistSource {
    fn name(&self) -> &'static str {
        NAME
    }

    fn check(&self) -> Result<(), DataError> {
        check_n_train(self.n_train)
    }

    fn about(&self, _folders: &Folders) -> Result<About, DataError> {
        let feature_shape = IMAGE_SHAPE.to_vec();
        Ok(About { feature_shape, n_classes: N_DIGITS, n_train: self.n_train, n_made: 0 })
    }

    fn content(&self, folders: &Folders) -> Result<Option<String>, DataError> {
        let folder = folders.of(NAME)?;
        if let Some(missing) = first_missing(folder) {
            return Err(missing);
        }
        let files: Vec<PathBuf> = FILES.into_iter().flat_map(|file| places(folder, file)).collect();
        folders.content_once(folder, &files, || content_in(folder)).map(Some)
    }

    fn load(&self, streams: &Streams, folders: &Folders) -> Result<Loaded, DataError> {
        let Mnist { train: images, test, content } = Mnist::read(folders.of(NAME)?)?;
        let n_images = images.n_samples();
        if n_images < self.n_train.saturating_add(self.n_validation) {
            let expected = format!("n_train + n_validation must not exceed the {n_images} training images");
            return Err(DataError::setting("n_train", self.n_train, expected));
        }
        let mut order: Vec<usize> = (0..n_images).collect();
        order.shuffle(&mut streams.rng("split"));
        let (train, rest) = order.split_at(self.n_train);
        let split = Split {
            train: images.select(train),
            validation: images.select(&rest[..self.n_validation]),
            test,
        };
        Ok(Loaded { split, content: Some(content), not_finite: Vec::new() })
    }
}
