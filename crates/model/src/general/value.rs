//! What nodes hand to each other.

use burn::tensor::Tensor;

/// Values of a node that another one takes.
pub(super) struct Value<'a> {
    /// `[n_samples, n_units]`, a sample's values in a row.
    pub rows: Tensor<2>,
    /// The shape of one sample.
    pub shape: &'a [usize],
}
