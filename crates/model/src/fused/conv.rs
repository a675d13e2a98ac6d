//! A conv layer of one filter, unit stride, same padding: `z[i] = b + Σ_k w[k] x[i + k − p]`.
//!
//! The filter is not flipped, as in all frameworks; the thesis' convolution (eq. 3.8) has it the other way round.

use super::kernels::{self, add_scaled, dot, relu_gradient, scale_add, sum, vectorised};
use super::{Parameters, Step};

/// A conv layer with what its update needs.
#[derive(Clone, Debug)]
pub struct Conv {
    /// Length of the signal, before and after.
    pub length: usize,
    /// Weight `[kernel_size]` and bias `[1]`.
    pub parameters: Parameters,
    /// Running means of the gradients; only with momentum.
    pub velocity: Option<Parameters>,
    gradient: Parameters,
}

impl Conv {
    pub fn new(length: usize, parameters: Parameters, velocity: Option<Parameters>) -> Conv {
        Conv { length, gradient: parameters.zeros_like(), parameters, velocity }
    }

    /// `a[i] = f(b + Σ_k w[k] x[i + k − p])` for every sample; f is the ReLU or nothing.
    pub fn forward(&self, x: &[f32], a: &mut [f32], n: usize, relu: bool) {
        let length = self.length;
        vectorised(|| {
            for (x, a) in x.chunks_exact(length).zip(a.chunks_exact_mut(length)).take(n) {
                a.fill(self.parameters.bias[0]);
                for (tap, &w) in self.parameters.weight.iter().enumerate() {
                    let (from, to) = self.overlap(tap);
                    add_scaled(&mut a[to..length - from], w, &x[from..length - to]);
                }
                if relu {
                    kernels::relu(a);
                }
            }
        });
    }

    /// `∂x[i + k − p] += w[k] ∂z[i]`; where a gate is given, only as far as it is open, that is above zero.
    pub fn backward(&self, dz: &[f32], dx: &mut [f32], n: usize, gate: Option<&[f32]>) {
        let length = self.length;
        vectorised(|| {
            for (dz, dx) in dz.chunks_exact(length).zip(dx.chunks_exact_mut(length)).take(n) {
                dx.fill(0.0);
                for (tap, &w) in self.parameters.weight.iter().enumerate() {
                    let (from, to) = self.overlap(tap);
                    add_scaled(&mut dx[from..length - to], w, &dz[to..length - from]);
                }
            }
            if let Some(gate) = gate {
                relu_gradient(&mut dx[..n * length], gate);
            }
        });
    }

    /// `∂w[k] = Σ ∂z[i] x[i + k − p] / n`, then the step of stochastic gradient descent.
    pub fn update(&mut self, x: &[f32], dz: &[f32], n: usize, step: &Step) {
        let Step { learning_rate, momentum, weight_decay } = *step;
        let (length, mean) = (self.length, 1.0 / n as f32);
        let mut gradient = std::mem::take(&mut self.gradient);
        vectorised(|| {
            gradient.weight.fill(0.0);
            gradient.bias.fill(0.0);
            for (x, dz) in x.chunks_exact(length).zip(dz.chunks_exact(length)).take(n) {
                for (tap, dw) in gradient.weight.iter_mut().enumerate() {
                    let (from, to) = self.overlap(tap);
                    *dw += dot(&dz[to..length - from], &x[from..length - to]);
                }
                gradient.bias[0] += sum(dz);
            }
        });
        match &mut self.velocity {
            None => {
                let keep = 1.0 - learning_rate * weight_decay;
                scale_add(&mut self.parameters.weight, keep, -learning_rate * mean, &gradient.weight);
                scale_add(&mut self.parameters.bias, keep, -learning_rate * mean, &gradient.bias);
            }
            Some(velocity) => {
                scale_add(&mut velocity.weight, momentum, mean, &gradient.weight);
                scale_add(&mut velocity.bias, momentum, mean, &gradient.bias);
                velocity.move_along(&mut self.parameters, learning_rate, weight_decay);
            }
        }
        self.gradient = gradient;
    }

    /// A tap reaches `x[from..length − to]` for `z[to..length − from]`: one of the two is 0.
    ///
    /// Of an even number of taps, the one more lies to the right, as in PyTorch.
    fn overlap(&self, tap: usize) -> (usize, usize) {
        let padding = (self.parameters.weight.len() - 1) / 2;
        (tap.saturating_sub(padding), padding.saturating_sub(tap))
    }
}
