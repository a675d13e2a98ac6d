//! Ops on tensors of any shape, in burn.

mod arrange;
mod elementwise;
mod product;
mod reduce;
mod stretch;

use burn::tensor::Tensor;
use burn::tensor::activation::{log_softmax, softmax};

use super::parameter::ParameterTensor;
use super::spatial::conv_transpose;
use super::value::{Value, one, several};
use crate::graph::TensorOp;

/// What a node gives, `[n_samples, n_units]`, or one row where it rests on no sample.
///
/// # Panics
/// If inputs or parameters are not those that the op states.
pub(super) fn forward(op: &TensorOp, inputs: Vec<Value<'_>>, parameters: &[ParameterTensor]) -> Tensor<2> {
    match op {
        TensorOp::Constant { is_learnt, .. } => {
            let values = parameters[0].vector().unsqueeze_dim(0);
            if *is_learnt { values } else { values.detach() }
        }
        TensorOp::Linear { .. } => product::linear(one(inputs), parameters[0].matrix()),
        TensorOp::Unary(unary) => elementwise::unary(*unary, one(inputs).rows),
        TensorOp::Binary(binary) => {
            let [a, b] = several(inputs);
            elementwise::binary(*binary, a, b)
        }
        TensorOp::Choose => stretch::choose(several(inputs)),
        TensorOp::MatMul => {
            let [a, b] = several(inputs);
            product::matmul(a, b)
        }
        TensorOp::Arrange(arrange) => arrange::forward(arrange, inputs),
        TensorOp::Lookup { axis } => {
            let [data, places] = several(inputs);
            arrange::look_up(data, places, *axis)
        }
        TensorOp::Reduce(reduce) => reduce::forward(reduce, one(inputs)),
        TensorOp::Softmax { axis, is_log } => {
            let (x, dims) = rows_and_dims(one(inputs));
            let along = x.along(*axis);
            let given = if *is_log { log_softmax(along, 1) } else { softmax(along, 1) };
            given.reshape(dims)
        }
        TensorOp::LayerNorm { n_axes, epsilon, has_bias } => {
            let (x, dims) = rows_and_dims(one(inputs));
            let n_values: usize = x.shape[x.shape.len() - n_axes..].iter().product();
            let rows = x.rows.reshape([dims[0] * dims[1] / n_values, n_values]);
            let centred = rows.clone() - rows.mean_dim(1);
            let variance = centred.clone().square().mean_dim(1);
            let scaled = centred / (variance + *epsilon).sqrt() * parameters[0].vector().unsqueeze_dim(0);
            let given = if *has_bias { scaled + parameters[1].vector().unsqueeze_dim(0) } else { scaled };
            given.reshape(dims)
        }
        TensorOp::ConvTranspose { window, groups, more, has_bias, .. } => {
            let weight = match parameters[0].n_axes() {
                3 => parameters[0].cube().unsqueeze_dim::<4>(2),
                _ => parameters[0].tesseract(),
            };
            let bias = has_bias.then(|| parameters[1].vector());
            conv_transpose(one(inputs), weight, bias, window, *groups, more)
        }
    }
}

fn rows_and_dims(x: Value<'_>) -> (Value<'_>, [usize; 2]) {
    let dims = x.rows.dims();
    (x, dims)
}
