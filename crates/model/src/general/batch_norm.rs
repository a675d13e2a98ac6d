//! Batch normalisation, in training and in use.

use burn::tensor::Tensor;
use burn::tensor::module::{batch_norm, batch_norm_train};

use super::parameter::ParameterTensor;
use super::value::Value;

/// Mean and unbiased variance of a batch, channel by channel, without gradient.
#[derive(Clone, Debug)]
pub(super) struct BatchMoments {
    pub mean: Tensor<1>,
    pub variance: Tensor<1>,
}

/// By the running means.
pub(super) fn in_use(x: Value<'_>, parameters: &[ParameterTensor], epsilon: f64) -> Tensor<2> {
    let (dims, x) = channels(x);
    let [scale, shift, mean, variance] = [0, 1, 2, 3].map(|i| parameters[i].vector());
    batch_norm(x, scale, shift, mean, variance, epsilon).reshape(dims)
}

/// By the batch's own mean and variance, which are given back.
pub(super) fn in_training(
    x: Value<'_>,
    parameters: &[ParameterTensor],
    epsilon: f64,
) -> (Tensor<2>, BatchMoments) {
    let (dims, x) = channels(x);
    let [n, _, n_places] = x.dims();
    let given = batch_norm_train(x, parameters[0].vector(), parameters[1].vector(), epsilon);
    // Of a single value there is no unbiased variance; the biased one, zero, stands for it.
    let n_values = (n * n_places) as f32;
    let unbias = n_values / (n_values - 1.0).max(1.0);
    let moments = BatchMoments { mean: given.mean.inner(), variance: given.variance.inner() * unbias };
    (given.output.reshape(dims), moments)
}

/// The running means after a batch: `(1 − momentum) · running + momentum · batch`.
pub(super) fn run_on(parameters: &mut [ParameterTensor], batch: BatchMoments, momentum: f64) {
    for (place, of_batch) in [(2, batch.mean), (3, batch.variance)] {
        let before = parameters[place].vector().inner();
        parameters[place].put_vector(before * (1.0 - momentum) + of_batch * momentum);
    }
}

/// The dimensions of the rows, and the same values as `[n, channels, places]`.
fn channels(Value { rows, shape }: Value<'_>) -> ([usize; 2], Tensor<3>) {
    let dims = rows.dims();
    let n_places: usize = shape[1..].iter().product();
    (dims, rows.reshape([dims[0], shape[0], n_places]))
}
