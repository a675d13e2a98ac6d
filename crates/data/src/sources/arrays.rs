//! Arrays as a source of training data: `kind = "arrays"` in a recipe.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::array_names::{self, ArrayNames, Chosen};
use super::class_names::{ClassNames, check_named};
use crate::error::DataError;
use crate::file_sets::{FileSets, Samples};
use crate::file_source::FileSource;
use crate::labels::{Labels, numbered_classes_of};
use crate::masks::Masks;
use crate::read::array::ArrayFile;
use crate::read::bounds::read_data;
use crate::read::content::Content;
use crate::split_settings::{Part, SplitSettings};

/// Inputs of any shape and their labels from files of NumPy (`.npy`, `.npz`) or `.safetensors`.
///
/// ```toml
/// [data]
/// kind = "arrays"
/// path = "signals.npz"                      # or inputs = "x.npy" and labels = "y.npy"
/// names = { inputs = "signals", labels = "classes" }
/// split = { test = { inputs = "x_test.npy", labels = "y_test.npy" } }
/// ```
///
/// In a file of several arrays, the inputs are `inputs`, `x`, `X` or `data`, the labels `labels`, `y`, `Y` or `targets`, and
/// masks `masks`, where `names` says nothing else; `x_train`, `y_train`, `x_test`, `y_test`, `x_val`, `y_val` are sets of
/// their own. Labels are whole numbers. Where they start at 0, they are the indices of classes, and a number that does not
/// occur is a class, too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArraysSource {
    /// The file of the inputs, or of everything.
    #[serde(alias = "inputs")]
    pub path: PathBuf,
    /// The file of the labels, where it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<PathBuf>,
    /// What arrays are called in a file of several.
    pub names: ArrayNames,
    /// The names of the classes, class 0 first, or `"fashion-mnist"`; where nothing is said, their numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<ClassNames>,
    /// The names of the concepts that masks show; where nothing is said, their numbers from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concepts: Option<Vec<String>>,
    /// Whether each feature is brought to mean 0 and standard deviation 1: by those of the training set, in all sets. A
    /// feature that is constant in the training set becomes 0.
    pub standardise: bool,
    /// Where validation and test come from.
    pub split: SplitSettings,
}

impl ArraysSource {
    /// The sets of a file, and of the file of its labels: training, validation, test.
    fn read_one(
        &self,
        path: &Path,
        labels_path: Option<&Path>,
        role: &str,
        content: &mut Content,
    ) -> Result<[Option<Samples>; 3], DataError> {
        let bytes = read_data(path)?;
        content.add(role, &bytes);
        let mut file = ArrayFile::open(path, &bytes)?;
        let chosen = array_names::choose(path, &file.names(), &self.names, labels_path.is_none())?;
        let mut sets = [None, None, None];
        for (set, Chosen { inputs, labels, masks }) in
            sets.iter_mut().zip(chosen).filter_map(|(s, c)| Some((s, c?)))
        {
            let values = file.array(path, &inputs)?.inputs(path, &inputs)?;
            let labels = match labels {
                Some(name) => Some(file.array(path, &name)?.labels(path, &name)?),
                None => None,
            };
            let labels = match labels_path {
                Some(labels_path) => Some(read_labels(labels_path, role, content)?),
                None => labels,
            };
            if let Some(labels) = labels.as_ref().filter(|labels| labels.len() != values.shape()[0]) {
                return Err(DataError::Unlike {
                    path: labels_path.unwrap_or(path).into(),
                    other: path.into(),
                    what: "number of labels",
                    here: labels.len().to_string(),
                    there: format!("{} samples", values.shape()[0]),
                });
            }
            let masks = match masks {
                Some(name) => Some(self.masks(
                    path,
                    &name,
                    file.array(path, &name)?.values(path, &name)?,
                    values.shape(),
                )?),
                None => None,
            };
            *set = Some(Samples { path: path.into(), inputs: values, labels, masks });
        }
        Ok(sets)
    }

    fn masks(
        &self,
        path: &Path,
        name: &str,
        masks: ndarray::ArrayD<f32>,
        inputs: &[usize],
    ) -> Result<Masks, DataError> {
        let shape = masks.shape().to_vec();
        let places = match inputs {
            // The places of an image are its pixels, whatever its channels.
            [_, _, rows, columns] => vec![*rows, *columns],
            [_, feature_shape @ ..] => feature_shape.to_vec(),
            [] => Vec::new(),
        };
        if shape.len() < 2 || shape[0] != inputs[0] || (shape[2..] != places && shape[2..] != inputs[1..]) {
            let wrong = format!(
                "masks `{name}` are an array {shape:?}; for inputs {inputs:?}, [{}, concepts, {}] is needed",
                inputs[0],
                places.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
            );
            return Err(DataError::bad(path, wrong));
        }
        let concepts = match &self.concepts {
            Some(names) if names.len() != shape[1] => {
                let right = format!("{} has masks of {} concepts", path.display(), shape[1]);
                return Err(DataError::setting("concepts", names.join(", "), right));
            }
            Some(names) => names.clone(),
            None => (0..shape[1]).map(|concept| concept.to_string()).collect(),
        };
        Ok(Masks::new(masks, concepts))
    }

    /// The set that a setting of the split gives, from files of its own.
    fn part(
        &self,
        part: &Option<Part>,
        role: &str,
        content: &mut Content,
    ) -> Result<Option<Samples>, DataError> {
        let (path, labels) = match part {
            Some(Part::File(path)) => (path, None),
            Some(Part::Arrays { inputs, labels }) => (inputs, labels.as_deref()),
            Some(Part::Share(_)) | None => return Ok(None),
        };
        let [samples, _, _] = self.read_one(path, labels, role, content)?;
        Ok(samples)
    }
}

/// The labels in a file of their own.
fn read_labels(path: &Path, role: &str, content: &mut Content) -> Result<Labels, DataError> {
    let bytes = read_data(path)?;
    content.add(&format!("{role} labels"), &bytes);
    let mut file = ArrayFile::open(path, &bytes)?;
    let name = array_names::only(path, &file.names())?;
    file.array(path, &name)?.labels(path, &name)
}

impl FileSource for ArraysSource {
    const NAME: &'static str = "arrays";

    fn check_own(&self) -> Result<(), DataError> {
        Ok(())
    }

    fn all_paths(&mut self) -> Vec<&mut PathBuf> {
        std::iter::once(&mut self.path).chain(&mut self.labels).chain(self.split.paths()).collect()
    }

    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        Ok(self.clone().all_paths().into_iter().map(|path| path.clone()).collect())
    }

    fn read(&self) -> Result<FileSets, DataError> {
        let mut content = Content::default();
        let [train, validation, test] =
            self.read_one(&self.path, self.labels.as_deref(), "train", &mut content)?;
        let train = train.ok_or_else(|| DataError::bad(&self.path, "holds no training inputs"))?;
        let validation = self.part(&self.split.validation, "validation", &mut content)?.or(validation);
        let test = self.part(&self.split.test, "test", &mut content)?.or(test);
        let all = [Some(&train), validation.as_ref(), test.as_ref()];
        let labels = all.into_iter().flatten().filter_map(|samples| samples.labels.as_ref());
        let mut classes = numbered_classes_of(labels.flat_map(|labels| labels.words()));
        let (mut train, mut validation, mut test) = (train, validation, test);
        let has_masks = [Some(&train), validation.as_ref(), test.as_ref()]
            .into_iter()
            .flatten()
            .any(|s| s.masks.is_some());
        if let Some(concepts) = self.concepts.as_ref().filter(|_| !has_masks) {
            return Err(DataError::setting(
                "concepts",
                concepts.join(", "),
                "there are no masks that would show them",
            ));
        }
        if let Some(names) = self.classes.as_ref().map(ClassNames::names) {
            if classes.is_empty() {
                return Err(DataError::setting(
                    "classes",
                    names.join(", "),
                    "there are no labels of these classes",
                ));
            }
            check_named(&classes, &names)?;
            for samples in [Some(&mut train), validation.as_mut(), test.as_mut()].into_iter().flatten() {
                samples.labels = samples.labels.take().map(|labels| labels.renamed(&names));
            }
            classes = names;
        }
        Ok(FileSets { train, validation, test, classes, feature_names: None, content: content.finish() })
    }

    fn common(&self) -> (&SplitSettings, bool) {
        (&self.split, self.standardise)
    }

    fn common_mut(&mut self) -> (&mut SplitSettings, &mut bool) {
        (&mut self.split, &mut self.standardise)
    }

    fn keys(&self) -> &'static [&'static str] {
        &["inputs", "labels", "masks", "classes", "concepts"]
    }

    fn set_own(&mut self, key: &str, value: &str) -> Result<(), DataError> {
        match key {
            "inputs" => self.names.inputs = Some(value.into()),
            "labels" => self.names.labels = Some(value.into()),
            "masks" => self.names.masks = Some(value.into()),
            "classes" => self.classes = Some(ClassNames::of_word(value)),
            _ => self.concepts = Some(value.split('/').map(String::from).collect()),
        }
        Ok(())
    }
}
