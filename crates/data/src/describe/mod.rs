//! What data are: their shape, classes, ranges, what is missing, constant or double, and what leaks between the sets.

mod doubles;
mod ranges;
#[cfg(test)]
mod tests;

use serde::Serialize;

use self::doubles::Doubles;
pub use self::doubles::Leak;
pub use self::ranges::FeatureRange;
use self::ranges::{of_features, of_values};
use crate::dataset::Dataset;
use crate::source::Loaded;

/// A description of the three sets of some data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Description {
    /// The source.
    pub kind: String,
    /// The shape of a sample.
    pub feature_shape: Vec<usize>,
    /// The sets: training, validation, test.
    pub sets: [SetSummary; 3],
    /// The classes with how many samples of each set have them; none where samples have no labels.
    pub classes: Vec<ClassCounts>,
    /// Each feature in the training set, where features have names.
    pub features: Vec<FeatureRange>,
    /// Features that are constant in the training set: their number, and the first few by name or place.
    pub n_constant: usize,
    /// The first few of them.
    pub constant: Vec<String>,
    /// Training samples that an earlier one equals in every value.
    pub n_duplicates: usize,
    /// Of those, the ones whose label is another than the earlier one's.
    pub n_contradictions: usize,
    /// Samples of validation and test that are among the training samples.
    pub leaks: Vec<Leak>,
    /// What of the files is no finite number: a line for each file.
    pub not_finite: Vec<String>,
    /// The concepts that masks show.
    pub concepts: Vec<String>,
}

/// One of the sets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SetSummary {
    /// `training`, `validation` or `test`.
    pub name: String,
    /// Number of samples.
    pub n_samples: usize,
    /// The least of all values; none of an empty set. Of these four, what is not finite is left out.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// The mean.
    pub mean: Option<f64>,
    /// The standard deviation.
    pub deviation: Option<f64>,
}

/// A class, and how many samples of training, validation and test it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassCounts {
    /// Its name.
    pub name: String,
    /// Samples of each set.
    pub n_samples: [usize; 3],
}

impl Description {
    /// The description of what a source of that name gave.
    pub fn of(kind: &str, loaded: &Loaded) -> Description {
        let split = &loaded.split;
        let sets = [&split.train, &split.validation, &split.test];
        let names = ["training", "validation", "test"];
        let train = &split.train;
        let features = of_features(train);
        let constant: Vec<&FeatureRange> =
            features.iter().filter(|f| f.min.is_some() && f.min == f.max).collect();
        let doubles = Doubles::of(train, &[(names[1], &split.validation), (names[2], &split.test)]);
        let masks = train.masks();
        Description {
            kind: kind.into(),
            feature_shape: train.feature_shape().to_vec(),
            sets: [0, 1, 2].map(|i| summary(names[i], sets[i])),
            classes: counts(train.classes(), sets),
            n_constant: constant.len(),
            constant: constant.iter().take(5).map(|feature| feature.name.clone()).collect(),
            features: if train.feature_names().is_some() { features } else { Vec::new() },
            n_duplicates: doubles.n_duplicates,
            n_contradictions: doubles.n_contradictions,
            leaks: doubles.leaks,
            not_finite: loaded.not_finite.iter().map(ToString::to_string).collect(),
            concepts: masks.map_or(Vec::new(), |masks| masks.concepts().to_vec()),
        }
    }

    /// The names of classes that the training set has no sample of.
    pub fn not_trained(&self) -> Vec<&str> {
        self.classes.iter().filter(|class| class.n_samples[0] == 0).map(|class| class.name.as_str()).collect()
    }
}

fn summary(name: &str, set: &Dataset) -> SetSummary {
    let range = of_values(set.values().iter().copied());
    SetSummary {
        name: name.into(),
        n_samples: set.n_samples(),
        min: range.min,
        max: range.max,
        mean: range.mean,
        deviation: range.deviation,
    }
}

fn counts(classes: &[String], sets: [&Dataset; 3]) -> Vec<ClassCounts> {
    let mut counts = vec![[0; 3]; classes.len()];
    for (k, set) in sets.iter().enumerate() {
        set.labels().iter().for_each(|&label| counts[label][k] += 1);
    }
    let named = classes.iter().zip(counts);
    named.map(|(name, n_samples)| ClassCounts { name: name.clone(), n_samples }).collect()
}
