//! A set split into training, validation and test.

use crate::dataset::Dataset;

/// Sets for training, for choosing when to stop, and for the final errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What weights are fitted to.
    pub train: Dataset,
    /// What decides when to stop; may be empty.
    pub validation: Dataset,
    /// What errors are stated on; may be empty.
    pub test: Dataset,
}
