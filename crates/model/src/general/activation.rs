//! Activations on tensors, by the formulas of `graph/activation.rs`.

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
        // The exact form with erf, as PyTorch's.
        Activation::Gelu => gelu(z),
        Activation::Silu => silu(z),
    }
}
