//! Shapes stretched to each other, as NumPy does, in tensors of a fixed number of axes.

use burn::tensor::Tensor;

use crate::general::value::{Value, of_all};
use crate::graph::{MAX_GROUPS, stretches};

/// The axis of the samples, and the groups of axes.
pub(super) const N_AXES: usize = 1 + MAX_GROUPS;

/// Both as tensors that burn stretches to each other.
pub(super) fn laid_out(a: Value<'_>, b: Value<'_>) -> [Tensor<N_AXES>; 2] {
    let groups = stretches(a.shape, b.shape);
    let lay = |rows: Tensor<2>, sizes: Vec<usize>| {
        let mut shape = [1; N_AXES];
        shape[0] = rows.dims()[0];
        shape[1..=sizes.len()].copy_from_slice(&sizes);
        rows.reshape(shape)
    };
    let (of_a, of_b) = groups.into_iter().unzip();
    [lay(a.rows, of_a), lay(b.rows, of_b)]
}

/// The values of one, repeated to a shape.
pub(super) fn stretched(x: Value<'_>, shape: &[usize]) -> Tensor<2> {
    if x.shape == shape {
        return x.rows;
    }
    let n = x.rows.dims()[0];
    let (mut from, mut to) = ([1; N_AXES], [1; N_AXES]);
    (from[0], to[0]) = (n, n);
    for (group, (of_x, of_shape)) in stretches(x.shape, shape).into_iter().enumerate() {
        (from[1 + group], to[1 + group]) = (of_x, of_shape);
    }
    x.rows.reshape(from).expand(to).reshape([n, shape.iter().product()])
}

/// `a` where the condition is not zero, and `b` elsewhere.
pub(super) fn choose([condition, a, b]: [Value<'_>; 3]) -> Tensor<2> {
    let mut shape = condition.shape.to_vec();
    for other in [a.shape, b.shape] {
        shape = common(&shape, other);
    }
    let n = [&condition, &a, &b].map(|value| value.rows.dims()[0]).into_iter().max().unwrap_or(1);
    let [condition, a, b] = [condition, a, b].map(|value| of_all(stretched(value, &shape), n));
    b.mask_where(condition.not_equal_scalar(0.0), a)
}

/// The shape that two are stretched to, which the op's rule of shapes has checked.
pub(super) fn common(a: &[usize], b: &[usize]) -> Vec<usize> {
    let n_axes = a.len().max(b.len());
    let at = |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(n_axes).map_or(1, |i| shape[i]);
    (0..n_axes).map(|axis| at(a, axis).max(at(b, axis))).collect()
}
