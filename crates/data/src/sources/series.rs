//! Time series as a source of training data: `kind = "series"` in a recipe.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::DataError;
use crate::file_sets::{FileSets, Samples};
use crate::file_source::FileSource;
use crate::labels::classes_of;
use crate::read::bounds::read_data;
use crate::read::content::Content;
use crate::read::series::read_series;
use crate::split_settings::{Part, SplitSettings};

/// Series of one length from files of the UCR and UEA archives: `.ts`, or `.tsv` and `.txt` with the label first. To
/// `X_TRAIN.ts` belongs `X_TEST.ts` beside it, unless the split says where the test comes from. A sample is
/// `[length]`, of several dimensions `[n_dimensions, length]`.
///
/// ```toml
/// [data]
/// kind = "series"
/// path = "GunPoint_TRAIN.ts"
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeriesSource {
    /// The file.
    pub path: PathBuf,
    /// Whether each point of time is brought to mean 0 and standard deviation 1: by those of the training set, in all
    /// sets. One that is constant in the training set becomes 0.
    pub standardise: bool,
    /// Where validation and test come from.
    pub split: SplitSettings,
}

impl SeriesSource {
    /// The file of the test: the one that is given, or the one beside that of training.
    fn test(&self) -> Option<PathBuf> {
        match &self.split.test {
            Some(Part::File(path)) => Some(path.clone()),
            Some(_) => None,
            None => {
                let name = self.path.file_name()?.to_str()?;
                let (start, end) = name.rsplit_once("_TRAIN")?;
                Some(self.path.with_file_name(format!("{start}_TEST{end}"))).filter(|path| path.exists())
            }
        }
    }

    fn validation(&self) -> Option<PathBuf> {
        match &self.split.validation {
            Some(Part::File(path)) => Some(path.clone()),
            _ => None,
        }
    }
}

fn read_one(path: &Path, role: &str, content: &mut Content) -> Result<Samples, DataError> {
    let bytes = read_data(path)?;
    content.add(role, &bytes);
    let has_header = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("ts"));
    let series = read_series(path, &bytes, has_header)?;
    Ok(Samples { path: path.into(), inputs: series.values, labels: series.labels, masks: None })
}

impl FileSource for SeriesSource {
    const NAME: &'static str = "series";

    fn check_own(&self) -> Result<(), DataError> {
        for (name, part) in [("validation", &self.split.validation), ("test", &self.split.test)] {
            if let Some(Part::Arrays { inputs, .. }) = part {
                return Err(DataError::setting(name, inputs.display(), "a share, or a file of series"));
            }
        }
        Ok(())
    }

    fn all_paths(&mut self) -> Vec<&mut PathBuf> {
        std::iter::once(&mut self.path).chain(self.split.paths()).collect()
    }

    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        Ok(std::iter::once(self.path.clone()).chain(self.validation()).chain(self.test()).collect())
    }

    fn read(&self) -> Result<FileSets, DataError> {
        let mut content = Content::default();
        let train = read_one(&self.path, "train", &mut content)?;
        let mut read =
            |path: Option<PathBuf>, role| path.map(|p| read_one(&p, role, &mut content)).transpose();
        let validation = read(self.validation(), "validation")?;
        let test = read(self.test(), "test")?;
        let all = [Some(&train), validation.as_ref(), test.as_ref()];
        let words = all.into_iter().flatten().filter_map(|s| s.labels.as_ref()).flat_map(|l| l.words());
        let classes = classes_of(words);
        Ok(FileSets { classes, train, validation, test, feature_names: None, content: content.finish() })
    }

    fn common(&self) -> (&SplitSettings, bool) {
        (&self.split, self.standardise)
    }

    fn common_mut(&mut self) -> (&mut SplitSettings, &mut bool) {
        (&mut self.split, &mut self.standardise)
    }
}
