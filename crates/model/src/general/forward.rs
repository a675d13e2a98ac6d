//! What each op computes, in burn.

use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use burn::tensor::module::{conv1d, linear};
use burn::tensor::ops::ConvOptions;
use rand::Rng;

use super::activation::activate;
use super::parameter::ParameterTensor;
use crate::graph::Op;
use crate::train::draw_mask;

/// Values of a node that another one takes.
pub(super) struct Value<'a> {
    /// `[n_samples, n_units]`, a sample's values in a row.
    pub rows: Tensor<2>,
    /// The shape of one sample.
    pub shape: &'a [usize],
}

/// What a node gives, `[n_samples, n_units]`, from the nodes that it takes, its parameters in the order of
/// [`Op::parameters`], and in training its noise.
///
/// # Panics
/// If inputs or parameters are not those that the op states.
pub(super) fn forward(
    op: Op,
    inputs: Vec<Value<'_>>,
    parameters: &[ParameterTensor],
    noise: Option<Tensor<2>>,
) -> Tensor<2> {
    match op {
        Op::Input => unreachable!("an input takes no node"),
        Op::Dense { .. } => linear(one(inputs).rows, parameters[0].matrix(), Some(parameters[1].vector())),
        Op::Conv1d { kernel_size } => {
            let options = ConvOptions::new([1], [kernel_size / 2], [1], 1);
            let signal = one(inputs).rows.unsqueeze_dim::<3>(1);
            let (filters, bias) = (odd(parameters[0].cube()), parameters[1].vector());
            conv1d(signal, filters, Some(bias), options).squeeze_dim::<2>(1)
        }
        Op::Activation(activation) => activate(activation, one(inputs).rows),
        Op::Dropout { .. } => match noise {
            Some(mask) => one(inputs).rows * mask,
            None => one(inputs).rows,
        },
        Op::Softmax => {
            let Value { rows, shape } = one(inputs);
            let ([n, n_units], n_last) = (rows.dims(), shape.last().copied().unwrap_or(1));
            softmax(rows.reshape([n * n_units / n_last, n_last]), 1).reshape([n, n_units])
        }
    }
}

/// The same filters with an odd number of taps, `[channels_out, channels_in, kernel_size]`: of an even number, the one
/// more lies to the right, and a tap of zero before them makes the padding the same on both sides. With another on either
/// side burn 0.22 computes wrong gradients of some filters on wgpu, from six taps on.
fn odd(filters: Tensor<3>) -> Tensor<3> {
    let [channels_out, channels_in, kernel_size] = filters.dims();
    match kernel_size % 2 {
        1 => filters,
        _ => Tensor::cat(vec![Tensor::zeros([channels_out, channels_in, 1], &filters.device()), filters], 2),
    }
}

/// Whether an op does something else in training than in use.
pub(super) fn has_noise(op: Op) -> bool {
    matches!(op, Op::Dropout { share } if share != 0.0)
}

/// The noise of an op in training, one value per value of the node, drawn on the host; `None` where it has none.
pub(super) fn draw_noise(op: Op, n_values: usize, rng: &mut impl Rng) -> Option<Vec<f32>> {
    let Op::Dropout { share } = op else { return None };
    has_noise(op).then(|| {
        let mut mask = vec![0.0; n_values];
        draw_mask(&mut mask, share as f32, rng);
        mask
    })
}

fn one(inputs: Vec<Value<'_>>) -> Value<'_> {
    assert_eq!(inputs.len(), 1, "a node that takes one other");
    inputs.into_iter().next().expect("just counted")
}
