//! Products of matrices.

use burn::tensor::Tensor;
use burn::tensor::module;

use super::stretch::{common, stretched};
use crate::general::value::Value;

/// `x W` along the last axis, with W as burn keeps it, `[n_in, n_out]`.
pub(super) fn linear(x: Value<'_>, weight: Tensor<2>) -> Tensor<2> {
    let ([n, n_units], [n_in, n_out]) = (x.rows.dims(), weight.dims());
    let n_parts = n_units / n_in;
    module::linear(x.rows.reshape([n * n_parts, n_in]), weight, None).reshape([n, n_parts * n_out])
}

/// The products of matrices along the last two axes, those before stretched to each other.
pub(super) fn matmul(a: Value<'_>, b: Value<'_>) -> Tensor<2> {
    let (before_a, [m, k]) = matrices(a.shape);
    let (before_b, [_, p]) = matrices(b.shape);
    let before = common(before_a, before_b);
    let n_matrices: usize = before.iter().product();
    let laid_out = |x: Value<'_>, sizes: [usize; 2]| {
        let n = x.rows.dims()[0];
        let full = [&before[..], &sizes].concat();
        stretched(x, &full).reshape([n, n_matrices, sizes[0], sizes[1]])
    };
    let product = laid_out(a, [m, k]).matmul(laid_out(b, [k, p]));
    let n = product.dims()[0];
    product.reshape([n, n_matrices * m * p])
}

fn matrices(shape: &[usize]) -> (&[usize], [usize; 2]) {
    match shape {
        [before @ .., m, k] => (before, [*m, *k]),
        _ => unreachable!("the op's rule of shapes admits matrices alone"),
    }
}
