//! Sums, means and largest values along axes.

use burn::tensor::Tensor;

use crate::general::value::Value;
use crate::graph::{Reduce, Reduction};

pub(super) fn forward(reduce: &Reduce, x: Value<'_>) -> Tensor<2> {
    let Value { rows, shape } = x;
    let (n, mut shape) = (rows.dims()[0], shape.to_vec());
    let mut rows = match reduce.kind {
        Reduction::L1 => rows.abs(),
        Reduction::L2 | Reduction::SumSquare => rows.square(),
        _ => rows,
    };
    for &axis in reduce.axes.iter().rev() {
        let along = Value { rows, shape: &shape }.along(axis);
        let reduced = of_axis(reduce.kind, along);
        shape[axis] = 1;
        rows = reduced.reshape([n, shape.iter().product()]);
    }
    match reduce.kind {
        Reduction::L2 => rows.sqrt(),
        Reduction::LogSum => rows.log(),
        _ => rows,
    }
}

/// `[before, size, after]` → `[before, 1, after]`.
fn of_axis(kind: Reduction, x: Tensor<3>) -> Tensor<3> {
    match kind {
        Reduction::Sum | Reduction::L1 | Reduction::L2 | Reduction::LogSum | Reduction::SumSquare => {
            x.sum_dim(1)
        }
        Reduction::Mean => x.mean_dim(1),
        Reduction::Max => x.max_dim(1),
        Reduction::Min => x.min_dim(1),
        Reduction::Prod => product(x),
        Reduction::LogSumExp => {
            let largest = x.clone().detach().max_dim(1);
            (x - largest.clone()).exp().sum_dim(1).log() + largest
        }
        Reduction::ArgMax { is_last } => place(x, is_last, |x| x.argmax(1).float()),
        Reduction::ArgMin { is_last } => place(x, is_last, |x| x.argmin(1).float()),
    }
}

/// The product by halves: burn's gradient of its own goes by logarithms.
fn product(x: Tensor<3>) -> Tensor<3> {
    let mut x = x;
    loop {
        let size = x.dims()[1];
        if size == 1 {
            return x;
        }
        let half = size / 2;
        let halves = x.clone().narrow(1, 0, half) * x.clone().narrow(1, half, half);
        x = match size % 2 {
            0 => halves,
            _ => Tensor::cat(vec![halves, x.narrow(1, 2 * half, 1)], 1),
        };
    }
}

fn place(x: Tensor<3>, is_last: bool, first: impl Fn(Tensor<3>) -> Tensor<3>) -> Tensor<3> {
    let size = x.dims()[1];
    match is_last {
        false => first(x),
        true => first(x.flip([1])).neg() + (size as f32 - 1.0),
    }
}
