//! What each op computes, in burn.

use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use burn::tensor::module::{conv1d, linear};
use burn::tensor::ops::ConvOptions;
use rand::Rng;

use super::activation::activate;
use super::batch_norm::{self, BatchMoments};
use super::parameter::ParameterTensor;
use super::spatial::{average_pool, conv, global_average, max_pool};
use super::tensor;
use super::value::{Value, one};
use crate::graph::Op;
use crate::train::draw_mask;

/// What a node does in training and not in use.
#[derive(Default)]
pub(super) struct InTraining {
    /// What its values are multiplied by, where it has noise.
    pub noise: Option<Tensor<2>>,
    /// What it saw of the batch, where it normalises.
    pub moments: Option<BatchMoments>,
}

/// What a node gives, `[n_samples, n_units]`, from the nodes that it takes and its parameters in the order of
/// [`Op::parameters`]; in training with its noise, and what it saw of the batch is left there.
///
/// # Panics
/// If inputs or parameters are not those that the op states.
pub(super) fn forward(
    op: &Op,
    inputs: Vec<Value<'_>>,
    parameters: &[ParameterTensor],
    training: Option<&mut InTraining>,
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
        Op::Conv { window, groups, has_bias, .. } => {
            let weight = match parameters[0].n_axes() {
                3 => parameters[0].cube().unsqueeze_dim::<4>(2),
                _ => parameters[0].tesseract(),
            };
            conv(one(inputs), weight, has_bias.then(|| parameters[1].vector()), window, *groups)
        }
        Op::MaxPool { window } => max_pool(one(inputs), window),
        Op::AveragePool { window, counts_padding } => average_pool(one(inputs), window, *counts_padding),
        Op::GlobalAveragePool => global_average(one(inputs)),
        Op::BatchNorm { epsilon, .. } => match training {
            Some(training) => {
                let (values, moments) = batch_norm::in_training(one(inputs), parameters, *epsilon);
                training.moments = Some(moments);
                values
            }
            None => batch_norm::in_use(one(inputs), parameters, *epsilon),
        },
        Op::Add => inputs.into_iter().map(|value| value.rows).reduce(|a, b| a + b).expect("an input"),
        Op::Flatten => one(inputs).rows,
        Op::Activation(activation) => activate(*activation, one(inputs).rows),
        Op::Dropout { .. } => match training.and_then(|training| training.noise.take()) {
            Some(mask) => one(inputs).rows * mask,
            None => one(inputs).rows,
        },
        Op::Softmax => {
            let Value { rows, shape } = one(inputs);
            let ([n, n_units], n_last) = (rows.dims(), shape.last().copied().unwrap_or(1));
            softmax(rows.reshape([n * n_units / n_last, n_last]), 1).reshape([n, n_units])
        }
        Op::Each(op) => {
            let Value { rows, shape } = one(inputs);
            let ([n, n_units], n_parts) = (rows.dims(), shape[0]);
            let parts = Value { rows: rows.reshape([n * n_parts, n_units / n_parts]), shape: &shape[1..] };
            let given = forward(op, vec![parts], parameters, training);
            let n_given = given.dims()[1];
            given.reshape([n, n_parts * n_given])
        }
        Op::Tensor(op) => tensor::forward(op, inputs, parameters),
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
pub(super) fn differs_in_training(op: &Op) -> bool {
    has_noise(op) || matches!(op.of_part(), Op::BatchNorm { .. })
}

/// The noise of an op in training, one value per value of the node, drawn on the host; `None` where it has none.
pub(super) fn draw_noise(op: &Op, n_values: usize, rng: &mut impl Rng) -> Option<Vec<f32>> {
    let Op::Dropout { share } = op else { return None };
    has_noise(op).then(|| {
        let mut mask = vec![0.0; n_values];
        draw_mask(&mut mask, *share as f32, rng);
        mask
    })
}

fn has_noise(op: &Op) -> bool {
    matches!(op, Op::Dropout { share } if *share != 0.0)
}
