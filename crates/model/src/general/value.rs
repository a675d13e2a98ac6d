//! What nodes hand to each other.

use burn::tensor::Tensor;

/// Values of a node that another one takes.
pub(super) struct Value<'a> {
    /// `[n_samples, n_units]`, a sample's values in a row; one row where they are the same for all samples.
    pub rows: Tensor<2>,
    /// The shape of one sample.
    pub shape: &'a [usize],
}

impl Value<'_> {
    /// The values along an axis, `[n_samples · before, size of the axis, after]`.
    pub fn along(self, axis: usize) -> Tensor<3> {
        let n = self.rows.dims()[0];
        let before: usize = self.shape[..axis].iter().product();
        let after: usize = self.shape[axis + 1..].iter().product();
        self.rows.reshape([n * before, self.shape[axis], after])
    }
}

/// The one input of an op that takes one.
pub(super) fn one(inputs: Vec<Value<'_>>) -> Value<'_> {
    several::<1>(inputs).into_iter().next().expect("just counted")
}

/// As many inputs as an op takes.
pub(super) fn several<const N: usize>(inputs: Vec<Value<'_>>) -> [Value<'_>; N] {
    let n = inputs.len();
    inputs.try_into().unwrap_or_else(|_| panic!("a node that takes {N} others, not {n}"))
}

/// As many rows as there are samples: those that are the same for all are repeated.
pub(super) fn of_all(rows: Tensor<2>, n: usize) -> Tensor<2> {
    let [n_rows, n_units] = rows.dims();
    if n_rows == n { rows } else { rows.expand([n, n_units]) }
}
