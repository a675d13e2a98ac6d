//! Values in files that are no numbers.

use std::fmt;
use std::path::{Path, PathBuf};

use ndarray::ArrayViewD;

/// How many values of a file are NaN or infinite, and where the first is.
#[derive(Clone, Debug, PartialEq)]
pub struct NotFinite {
    /// The file.
    pub path: PathBuf,
    /// How many there are.
    pub n_values: usize,
    /// The sample of the first one, from 0.
    pub sample: usize,
    /// Its place in the sample.
    pub feature: Vec<usize>,
    /// What it is.
    pub value: f32,
}

impl NotFinite {
    /// What of `inputs`, read from `path`, is not finite; `None` where everything is.
    pub fn of(path: &Path, inputs: ArrayViewD<'_, f32>) -> Option<NotFinite> {
        let n_values = inputs.iter().filter(|value| !value.is_finite()).count();
        let (place, value) = inputs.indexed_iter().find(|(_, value)| !value.is_finite())?;
        let place = ndarray::Dimension::as_array_view(&place).to_vec();
        let (&sample, feature) = place.split_first()?;
        Some(NotFinite { path: path.into(), n_values, sample, feature: feature.to_vec(), value: *value })
    }
}

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NotFinite { path, n_values, sample, feature, value } = self;
        write!(f, "{}: sample {sample} is {value} at {feature:?}", path.display())?;
        if 1 < *n_values {
            write!(f, ", and {} values more are no finite numbers", n_values - 1)?;
        }
        Ok(())
    }
}
