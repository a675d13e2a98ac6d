//! Activations on tensors, by the formulas of `graph/activation.rs`.

use std::f32::consts::FRAC_1_SQRT_2;

use burn::tensor::Tensor;
use burn::tensor::activation::{leaky_relu, relu, sigmoid, silu, tanh};

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
        // The exact form, as PyTorch's. Not burn's, whose gradient is that of the form with tanh but on flex.
        Activation::Gelu => ((z.clone() * FRAC_1_SQRT_2).erf() + 1.0) * z * 0.5,
        Activation::Silu => silu(z),
    }
}
