//! Folders of images as a source of training data: `kind = "images"` in a recipe.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::DataError;
use crate::file_sets::FileSets;
use crate::file_source::FileSource;
use crate::labels::classes_of;
use crate::read::content::Content;
use crate::read::image_folder::{SetFolders, files, read_folder, samples};
use crate::split_settings::{Part, SplitSettings};

/// Images are brought to no larger size.
const MAX_SIDE: usize = 4096;

/// PNG and JPEG images in a folder for each class, whose name it has; with `train`, `validation` and `test` above those
/// folders, sets of their own. A sample is `[channels, rows, columns]` with pixels 0 to 1: one channel where all images are
/// grey, else red, green and blue.
///
/// ```toml
/// [data]
/// kind = "images"
/// path = "flowers"
/// size = [64, 64]
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImagesSource {
    /// The folder.
    pub path: PathBuf,
    /// Rows and columns that all images are brought to; where nothing is said, all must be of one size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<[usize; 2]>,
    /// Whether each pixel is brought to mean 0 and standard deviation 1: by those of the training set, in all sets. One
    /// that is constant in the training set becomes 0.
    pub standardise: bool,
    /// Where validation and test come from.
    pub split: SplitSettings,
}

impl ImagesSource {
    fn folders(&self) -> SetFolders {
        let given = |part: &Option<Part>| match part {
            Some(Part::File(path)) => Some(path.clone()),
            _ => None,
        };
        let found = SetFolders::find(&self.path);
        SetFolders {
            train: found.train,
            validation: given(&self.split.validation).or(found.validation),
            test: given(&self.split.test).or(found.test),
        }
    }

    fn check_path(&self) -> Result<(), DataError> {
        match self.path.as_os_str().is_empty() {
            true => Err(DataError::setting("path", "\"\"", "the folder of the data must be named")),
            false => Ok(()),
        }
    }
}

impl FileSource for ImagesSource {
    const NAME: &'static str = "images";

    fn check_own(&self) -> Result<(), DataError> {
        for (name, part) in [("validation", &self.split.validation), ("test", &self.split.test)] {
            if let Some(Part::Arrays { inputs, .. }) = part {
                return Err(DataError::setting(name, inputs.display(), "a share, or a folder of images"));
            }
        }
        match self.size {
            Some(size) if !size.iter().all(|side| (1..=MAX_SIDE).contains(side)) => {
                let right = format!("rows and columns of 1 to {MAX_SIDE} pixels");
                Err(DataError::setting("size", format!("{size:?}"), right))
            }
            _ => Ok(()),
        }
    }

    fn all_paths(&mut self) -> Vec<&mut PathBuf> {
        std::iter::once(&mut self.path).chain(self.split.paths()).collect()
    }

    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        self.check_path()?;
        let SetFolders { train, validation, test } = self.folders();
        let mut all = Vec::new();
        for folder in std::iter::once(train).chain(validation).chain(test) {
            all.extend(files(&folder)?.into_iter().flat_map(|(_, paths)| paths));
        }
        Ok(all)
    }

    fn read(&self) -> Result<FileSets, DataError> {
        self.check_path()?;
        let mut content = Content::default();
        let SetFolders { train, validation, test } = self.folders();
        let mut read = |folder: &Path, role| read_folder(folder, self.size, role, &mut content);
        let train = read(&train, "train")?;
        let validation = validation.map(|folder| read(&folder, "validation")).transpose()?;
        let test = test.map(|folder| read(&folder, "test")).transpose()?;
        let [train, validation, test] = samples([Some(train), validation, test])?;
        let train = train.ok_or_else(|| DataError::bad(&self.path, "holds no training images"))?;
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

    fn keys(&self) -> &'static [&'static str] {
        &["size"]
    }

    fn set_own(&mut self, _key: &str, value: &str) -> Result<(), DataError> {
        let (rows, columns) = value.split_once('x').unwrap_or((value, value));
        match (rows.parse(), columns.parse()) {
            (Ok(rows), Ok(columns)) => self.size = Some([rows, columns]),
            _ => {
                return Err(DataError::setting(
                    "size",
                    value.escape_debug(),
                    "rows and columns, as in 28x28",
                ));
            }
        }
        Ok(())
    }
}
