//! Images of the MNIST family as a source of training data: `kind = "idx"` in a recipe.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::class_names::{ClassNames, check_named};
use crate::error::DataError;
use crate::file_sets::{FileSets, Samples};
use crate::file_source::FileSource;
use crate::labels::numbered_classes_of;
use crate::read::content::Content;
use crate::read::idx_family::{Family, read_pair};
use crate::split_settings::{Part, SplitSettings};

/// A folder of images and labels in IDX format: MNIST, Fashion-MNIST, KMNIST, EMNIST, or of any other size. Files of test
/// images are the test set; a folder may lack them.
///
/// ```toml
/// [data]
/// kind = "idx"
/// path = "fashion"
/// classes = "fashion-mnist"
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdxSource {
    /// The folder.
    pub path: PathBuf,
    /// What the names of the files begin with, where the folder has those of several sets: `"emnist-letters-"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// The names of the classes, class 0 first, or `"fashion-mnist"`; where nothing is said, their numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<ClassNames>,
    /// Whether each pixel is brought to mean 0 and standard deviation 1: by those of the training set, in all sets. One
    /// that is constant in the training set becomes 0.
    pub standardise: bool,
    /// Where validation and test come from.
    pub split: SplitSettings,
}

impl IdxSource {
    fn family(&self) -> Result<Family, DataError> {
        if self.path.as_os_str().is_empty() {
            return Err(DataError::setting("path", "\"\"", "the folder of the data must be named"));
        }
        Family::find(&self.path, self.prefix.as_deref())
    }
}

impl FileSource for IdxSource {
    const NAME: &'static str = "idx";

    fn check_own(&self) -> Result<(), DataError> {
        for (name, part) in [("validation", &self.split.validation), ("test", &self.split.test)] {
            if let Some(Part::File(path) | Part::Arrays { inputs: path, .. }) = part {
                return Err(DataError::setting(
                    name,
                    path.display(),
                    "a share; the test files are in the folder",
                ));
            }
        }
        Ok(())
    }

    fn all_paths(&mut self) -> Vec<&mut PathBuf> {
        std::iter::once(&mut self.path).chain(self.split.paths()).collect()
    }

    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        Ok(self.family()?.places(&self.path))
    }

    fn read(&self) -> Result<FileSets, DataError> {
        let mut content = Content::default();
        let family = self.family()?;
        let train = read_pair(&self.path, &family.train, "train", &mut content)?;
        let test = family.test.map(|pair| read_pair(&self.path, &pair, "test", &mut content)).transpose()?;
        let words = [Some(&train), test.as_ref()].into_iter().flatten().filter_map(|s| s.labels.as_ref());
        let mut classes = numbered_classes_of(words.flat_map(|labels| labels.words()));
        let (mut train, mut test) = (train, test);
        if let Some(names) = self.classes.as_ref().map(ClassNames::names) {
            check_named(&classes, &names)?;
            let rename = |samples: &mut Samples| {
                samples.labels = samples.labels.take().map(|labels| labels.renamed(&names));
            };
            [Some(&mut train), test.as_mut()].into_iter().flatten().for_each(rename);
            classes = names;
        }
        let content = content.finish();
        Ok(FileSets { train, validation: None, test, classes, feature_names: None, content })
    }

    fn common(&self) -> (&SplitSettings, bool) {
        (&self.split, self.standardise)
    }

    fn common_mut(&mut self) -> (&mut SplitSettings, &mut bool) {
        (&mut self.split, &mut self.standardise)
    }

    fn keys(&self) -> &'static [&'static str] {
        &["prefix", "classes"]
    }

    fn set_own(&mut self, key: &str, value: &str) -> Result<(), DataError> {
        match key {
            "prefix" => self.prefix = Some(value.into()),
            _ => self.classes = Some(ClassNames::of_word(value)),
        }
        Ok(())
    }
}
