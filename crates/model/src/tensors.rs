//! What burn's engines share: activations on tensors, losses, and values read back.

use burn::tensor::Tensor;
use burn::tensor::activation::{gelu, leaky_relu, relu, sigmoid, silu, tanh};

use crate::graph::Activation;

/// An activation of every unit.
pub(crate) fn activate<const D: usize>(activation: Activation, z: Tensor<D>) -> Tensor<D> {
    match activation {
        Activation::Relu => relu(z),
        Activation::Sigmoid => sigmoid(z),
        Activation::Tanh => tanh(z),
        Activation::LeakyRelu => leaky_relu(z, 0.01),
        // Not burn's, whose exponential of large z is infinite and spoils the gradient.
        Activation::Elu => relu(z.clone()) + (z.clamp_max(0.0).exp() - 1.0),
        Activation::Gelu => gelu(z),
        Activation::Silu => silu(z),
    }
}

/// The values of a tensor, on the host.
pub(crate) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().convert::<f32>().try_into_vec::<f32>().expect("just converted to f32")
}
