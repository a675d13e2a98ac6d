//! What the files of a source hold, before it is split.

use std::path::PathBuf;

use ndarray::ArrayD;

use crate::about::About;
use crate::dataset::Dataset;
use crate::error::DataError;
use crate::labels::Labels;
use crate::masks::Masks;
use crate::not_finite::NotFinite;
use crate::split::Split;
use crate::split_settings::{Part, SplitSettings};
use crate::streams::Streams;

/// The largest set that is read from files has so many values, 4 GiB of them.
pub const MAX_VALUES: usize = 1 << 30;

/// Samples of one file or folder.
#[derive(Clone, Debug)]
pub struct Samples {
    /// Where they were read, for errors.
    pub path: PathBuf,
    /// `[n_samples, feature shape…]`.
    pub inputs: ArrayD<f32>,
    pub labels: Option<Labels>,
    pub masks: Option<Masks>,
}

/// The sets of a source as its files have them.
#[derive(Clone, Debug)]
pub struct FileSets {
    /// What is trained on, and what shares are taken of.
    pub train: Samples,
    pub validation: Option<Samples>,
    pub test: Option<Samples>,
    /// The classes of all sets together; none where samples have no labels.
    pub classes: Vec<String>,
    pub feature_names: Option<Vec<String>>,
    /// What is in the files, as a hash.
    pub content: String,
}

impl FileSets {
    /// Refuses sets that are not of one kind, samples without values, and shares of a set that the files give.
    pub fn check(&self, split: &SplitSettings) -> Result<(), DataError> {
        let train = &self.train;
        if train.inputs.shape()[0] == 0 {
            return Err(DataError::bad(&train.path, "holds no samples; at least one is needed to train on"));
        }
        if train.inputs.shape()[1..].contains(&0) {
            let shape = train.inputs.shape();
            return Err(DataError::bad(&train.path, format!("samples of no values, in an array {shape:?}")));
        }
        for samples in [Some(train), self.validation.as_ref(), self.test.as_ref()].into_iter().flatten() {
            let shape = samples.inputs.shape();
            if shape[1..] != train.inputs.shape()[1..] {
                return Err(DataError::Unlike {
                    path: samples.path.clone(),
                    other: train.path.clone(),
                    what: "the shape of a sample",
                    here: format!("{:?}", &shape[1..]),
                    there: format!("{:?}", &train.inputs.shape()[1..]),
                });
            }
            let is_labelled =
                |samples: &Samples| if samples.labels.is_some() { "given" } else { "not given" };
            if samples.labels.is_some() != train.labels.is_some() {
                return Err(DataError::Unlike {
                    path: samples.path.clone(),
                    other: train.path.clone(),
                    what: "labels",
                    here: is_labelled(samples).into(),
                    there: is_labelled(train).into(),
                });
            }
        }
        for (name, part, given) in
            [("validation", &split.validation, &self.validation), ("test", &split.test, &self.test)]
        {
            if let (Some(Part::Share(share)), Some(given)) = (part, given) {
                let right = format!("{} holds a {name} set; leave this setting out", given.path.display());
                return Err(DataError::setting(name, share, right));
            }
        }
        Ok(())
    }

    /// Shape and sizes, once split.
    pub fn about(&self, split: &SplitSettings) -> About {
        let n_of = |samples: &Option<Samples>| samples.as_ref().map_or(0, |s| s.inputs.shape()[0]);
        let groups = self.groups(split);
        let n_train = groups.iter().map(|group| self.sizes(split, group.len())[0]).sum();
        About {
            feature_shape: self.train.inputs.shape()[1..].to_vec(),
            n_classes: self.classes.len(),
            n_train,
            n_made: self.train.inputs.shape()[0] + n_of(&self.validation) + n_of(&self.test),
        }
    }

    /// What in the files is no finite number.
    pub fn not_finite(&self) -> Vec<NotFinite> {
        let all = [Some(&self.train), self.validation.as_ref(), self.test.as_ref()];
        all.into_iter().flatten().filter_map(|s| NotFinite::of(&s.path, s.inputs.view())).collect()
    }

    /// The three sets: those that the files give, and shares of the first for the others.
    pub fn split(self, split: &SplitSettings, streams: &Streams) -> Split {
        let (has_validation, has_test) = (self.validation.is_some(), self.test.is_some());
        let [train, validation, test] = split.draw(self.groups(split), has_validation, has_test, streams);
        let FileSets {
            train: all,
            validation: given_validation,
            test: given_test,
            classes,
            feature_names,
            ..
        } = self;
        let set = |samples| dataset(samples, &classes, &feature_names);
        let all = set(all);
        Split {
            validation: given_validation.map_or_else(|| all.select(&validation), set),
            test: given_test.map_or_else(|| all.select(&test), set),
            train: if train.len() == all.n_samples() { all } else { all.select(&train) },
        }
    }

    fn groups(&self, split: &SplitSettings) -> Vec<Vec<usize>> {
        let labels = self.train.labels.as_ref().map(|labels| labels.indices(&self.classes));
        split.groups(self.train.inputs.shape()[0], &labels.unwrap_or_default(), self.classes.len())
    }

    fn sizes(&self, split: &SplitSettings, group: usize) -> [usize; 3] {
        split.sizes(group, self.validation.is_some(), self.test.is_some())
    }
}

fn dataset(samples: Samples, classes: &[String], feature_names: &Option<Vec<String>>) -> Dataset {
    let Samples { inputs, labels, masks, .. } = samples;
    let mut set = match labels {
        Some(labels) => Dataset::new(inputs, labels.indices(classes), classes.to_vec()),
        None => Dataset::unlabelled(inputs),
    };
    if let Some(names) = feature_names {
        set = set.with_feature_names(names.clone());
    }
    match masks {
        Some(masks) => set.with_masks(masks),
        None => set,
    }
}
