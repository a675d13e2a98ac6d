//! What is measured of a layer.

use serde::{Deserialize, Serialize};

use crate::statistics::Interval;

/// One measure of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    /// The value with its 95 % interval over signals; `n` is the number of classes, or of pairs of classes, it averages.
    /// NaN where there is nothing to average.
    pub interval: Interval,
    /// Standard error over signals.
    pub standard_error: f64,
    /// Left out because the distance is not defined: signals within classes, pairs of class means between them.
    pub n_undefined: usize,
}

/// The four distances, averaged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Distances {
    /// `|x − y|` (eq. 6.1).
    pub euclidean: Deviation,
    /// The mean Euclidean distance over the activation level (eq. 6.5, 6.6).
    pub normalised_euclidean: Deviation,
    /// `1 − cos(x, y)` (eq. 6.7), not defined for a vector of zeros.
    pub cosine: Deviation,
    /// `1 − ρ(x, y)` (eq. 6.8), not defined for a constant vector.
    pub correlation: Deviation,
}

/// What is measured of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerDeviations {
    /// Mean of `|a|₁` over the signals of a class, averaged over classes (eq. 6.4 where classes are alike in number).
    pub activation_level: Deviation,
    /// Within classes: the mean over all pairs of a class, averaged over classes (eq. 6.2).
    pub inner: Distances,
    /// Between the means of classes (eq. 6.3).
    pub inter: Distances,
}
