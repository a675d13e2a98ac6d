//! How the samples of files are split into training, validation and test.

use std::path::PathBuf;

use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use crate::error::DataError;
use crate::streams::Streams;

/// The share of the samples that validation takes where nothing is said, and as much the test.
const SHARE: f64 = 0.2;

/// Where validation and test come from: `split = { validation = 0.2, test = "GunPoint_TEST.ts", seed = 0 }`.
///
/// Samples keep the order that they have in the files, in each of the sets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SplitSettings {
    /// The validation set: a share of the samples, or a file. Where nothing is said, what the files themselves set apart
    /// for it, else a share of 0.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation: Option<Part>,
    /// The test set, as `validation`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<Part>,
    /// Whether shares are taken of each class, so that all sets have their classes in the same proportions.
    pub stratified: bool,
    /// The seed by which shares are drawn, so that networks of all seeds have one split; where none is given, the
    /// recipe's, so that each seed has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// Where a set comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Part {
    /// A share of the samples, 0 to 1.
    Share(f64),
    /// A file or folder of its own, of the same form as that of the training samples.
    File(PathBuf),
    /// Arrays of its own.
    Arrays {
        /// The file of the inputs.
        inputs: PathBuf,
        /// The file of the labels.
        #[serde(skip_serializing_if = "Option::is_none")]
        labels: Option<PathBuf>,
    },
}

impl Default for SplitSettings {
    fn default() -> Self {
        SplitSettings { validation: None, test: None, stratified: true, seed: None }
    }
}

impl SplitSettings {
    /// Refuses shares out of range, and those that leave nothing to train on.
    ///
    /// # Errors
    /// Names the share.
    pub fn check(&self) -> Result<(), DataError> {
        let mut sum = 0.0;
        for (name, part) in [("validation", &self.validation), ("test", &self.test)] {
            if let Some(Part::Share(share)) = part {
                if !(0.0..1.0).contains(share) {
                    let right = "a share of the samples lies at 0 to 1, below 1";
                    return Err(DataError::setting(name, share, right));
                }
                sum += share;
                if 1.0 <= sum {
                    return Err(DataError::setting(name, share, "nothing is left to train on"));
                }
            }
        }
        Ok(())
    }

    /// The paths that are set.
    pub fn paths(&mut self) -> Vec<&mut PathBuf> {
        let mut paths = Vec::new();
        for part in [&mut self.validation, &mut self.test] {
            match part {
                Some(Part::File(path)) => paths.push(path),
                Some(Part::Arrays { inputs, labels }) => {
                    paths.push(inputs);
                    paths.extend(labels);
                }
                Some(Part::Share(_)) | None => {}
            }
        }
        paths
    }

    /// How many of each group of samples go to training, validation and test, where the sets that are given take none.
    pub(crate) fn sizes(&self, group: usize, has_validation: bool, has_test: bool) -> [usize; 3] {
        let share = |part: &Option<Part>, is_given: bool| match part {
            _ if is_given => 0.0,
            Some(Part::Share(share)) => *share,
            _ => SHARE,
        };
        let of = |share: f64| (share * group as f64).round() as usize;
        let test = of(share(&self.test, has_test)).min(group);
        let validation = of(share(&self.validation, has_validation)).min(group - test);
        [group - validation - test, validation, test]
    }

    /// The groups of which shares are taken: the samples of each class, or all.
    pub(crate) fn groups(&self, n_samples: usize, labels: &[usize], n_classes: usize) -> Vec<Vec<usize>> {
        if !self.stratified || n_classes == 0 {
            return vec![(0..n_samples).collect()];
        }
        let mut groups = vec![Vec::new(); n_classes];
        labels.iter().enumerate().for_each(|(sample, &class)| groups[class].push(sample));
        groups
    }

    /// The samples of training, validation and test, drawn from the stream `split` of the given seed or of `streams`.
    pub(crate) fn draw(
        &self,
        groups: Vec<Vec<usize>>,
        has_validation: bool,
        has_test: bool,
        streams: &Streams,
    ) -> [Vec<usize>; 3] {
        let mut rng = match self.seed {
            Some(seed) => Streams::new(seed).rng("split"),
            None => streams.rng("split"),
        };
        let mut sets: [Vec<usize>; 3] = Default::default();
        for mut group in groups {
            let [train, validation, _] = self.sizes(group.len(), has_validation, has_test);
            group.shuffle(&mut rng);
            let (train, rest) = group.split_at(train);
            let (validation, test) = rest.split_at(validation);
            sets.iter_mut().zip([train, validation, test]).for_each(|(set, part)| set.extend(part));
        }
        sets.iter_mut().for_each(|set| set.sort_unstable());
        sets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(validation: f64, test: f64) -> SplitSettings {
        let [validation, test] = [validation, test].map(|share| Some(Part::Share(share)));
        SplitSettings { validation, test, ..SplitSettings::default() }
    }

    #[test]
    fn each_class_gives_its_share_to_each_set() {
        let labels: Vec<usize> = (0..30).map(|i| usize::from(i % 3 == 0)).collect();
        let split = settings(0.1, 0.2);
        let sets = split.draw(split.groups(30, &labels, 2), false, false, &Streams::new(0));
        let counts =
            sets.each_ref().map(|set| [0, 1].map(|c| set.iter().filter(|&&i| labels[i] == c).count()));
        assert_eq!(counts, [[14, 7], [2, 1], [4, 2]]);
        let mut all = sets.concat();
        all.sort_unstable();
        assert_eq!(all, (0..30).collect::<Vec<_>>());
    }

    #[test]
    fn a_seed_of_its_own_is_the_same_split_for_every_network() {
        let own = SplitSettings { seed: Some(3), ..settings(0.2, 0.2) };
        let draw = |settings: &SplitSettings, seed| {
            settings.draw(settings.groups(50, &[], 0), false, false, &Streams::new(seed))
        };
        assert_eq!(draw(&own, 0), draw(&own, 1));
        let drawn = settings(0.2, 0.2);
        assert_ne!(draw(&drawn, 0), draw(&drawn, 1));
        assert_eq!(draw(&drawn, 0), draw(&drawn, 0));
    }

    #[test]
    fn a_set_that_is_given_takes_no_share_and_a_class_of_one_sample_is_trained_on() {
        let split = SplitSettings::default();
        assert_eq!(split.sizes(10, false, true), [8, 2, 0]);
        assert_eq!(split.sizes(10, true, true), [10, 0, 0]);
        assert_eq!(split.sizes(1, false, false), [1, 0, 0]);
    }

    #[test]
    fn shares_that_are_none_or_leave_nothing_are_refused() {
        for (split, start) in [
            (settings(1.5, 0.1), "validation = 1.5:"),
            (settings(0.1, f64::NAN), "test = NaN:"),
            (settings(0.6, 0.4), "test = 0.4: nothing is left"),
        ] {
            let error = split.check().unwrap_err().to_string();
            assert!(error.starts_with(start), "{error}");
        }
        settings(0.0, 0.0).check().unwrap();
    }
}
