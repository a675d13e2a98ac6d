//! How large a change is.

use ndarray::{ArrayView, Dimension};
use serde::{Deserialize, Serialize};

/// How the size of a change is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Norm {
    /// Euclidean length.
    L2,
    /// Largest change of an element.
    Max,
}

impl Norm {
    /// The size of a change.
    pub fn of<D: Dimension>(self, change: ArrayView<f32, D>) -> f64 {
        match self {
            Norm::L2 => change.iter().map(|&d| f64::from(d) * f64::from(d)).sum::<f64>().sqrt(),
            Norm::Max => change.iter().fold(0.0, |m, &d| f64::from(d.abs()).max(m)),
        }
    }
}
