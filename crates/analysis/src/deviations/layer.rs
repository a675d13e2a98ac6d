//! What is measured of a layer.

use serde::{Deserialize, Serialize};

use crate::statistics::Interval;

/// One measure of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    /// The value with its 95 % interval over signals; `n` is the number of classes, or of pairs of classes, it averages.
    /// NaN where there is nothing to average.
    pub interval: Interval,
    /// Left out because the distance is not defined: signals within classes, pairs of class means between them, which
    /// have no direction where noise is the longer part of one.
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

/// The four distances between class means as they are (eq. 6.3), each longer by what noise adds to a mean of so few
/// signals: comparable at one number of signals a class alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlainDistances {
    /// Mean Euclidean distance.
    pub euclidean: f64,
    /// The same over the activation level.
    pub normalised_euclidean: f64,
    /// Mean cosine distance.
    pub cosine: f64,
    /// Mean correlation distance.
    pub correlation: f64,
}

/// What is measured of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerDeviations {
    /// Mean of `|a|₁` over the signals of a class, averaged over classes (eq. 6.4 where classes are alike in number).
    pub activation_level: Deviation,
    /// Within classes: the mean over all pairs of a class, averaged over classes (eq. 6.2).
    pub inner: Distances,
    /// Between the means of classes (eq. 6.3), without what noise adds to the mean of a class of so few signals. Euclidean
    /// is the root of the mean squared distance, or less the root of less it where that mean is negative: there, classes
    /// differ by less than noise. So are cosine and correlation distance below zero.
    pub inter: Distances,
    /// Between the means of classes as they are.
    pub plain_inter: PlainDistances,
}
