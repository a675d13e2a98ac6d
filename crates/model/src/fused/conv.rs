//! A conv layer of one filter, unit stride, same padding: `z[i] = b + Σ_k w[k] x[i + k − p]`.
//!
//! The filter is not flipped, as in all frameworks; the thesis' convolution (eq. 3.8) has it the other way round.

use super::parameters::Parameters;
use crate::kernels::elementwise::{
    self, LANES, add_products, correlate, relu_gradient, scale_add, sum, vectorised,
};
use crate::train::Sgd;

/// A conv layer with what its update needs.
#[derive(Clone, Debug)]
pub struct Conv {
    /// Length of the signal, before and after.
    pub length: usize,
    /// Weight `[kernel_size]` and bias `[1]`.
    pub parameters: Parameters,
    /// Running means of the gradients and of their squares, as many as the optimiser keeps.
    pub moments: Vec<Parameters>,
    /// Sums over a batch.
    pub gradient: Parameters,
    /// Partial sums of the gradient of each tap.
    tap_lanes: Vec<[f32; LANES]>,
}

impl Conv {
    pub fn new(length: usize, parameters: Parameters, moments: Vec<Parameters>) -> Conv {
        let tap_lanes = vec![[0.0; LANES]; parameters.weight.len()];
        Conv { length, gradient: parameters.zeros_like(), tap_lanes, parameters, moments }
    }

    /// `a[i] = f(b + Σ_k w[k] x[i + k − p])` for every sample; f is the ReLU or nothing.
    pub fn forward(&self, x: &[f32], a: &mut [f32], n: usize, relu: bool) {
        let Parameters { weight, bias } = &self.parameters;
        vectorised(
            #[inline(always)]
            || {
                for (x, a) in x.chunks_exact(self.length).zip(a.chunks_exact_mut(self.length)).take(n) {
                    correlate(x, weight.iter().copied(), bias[0], self.padding(), a);
                    if relu {
                        elementwise::relu(a);
                    }
                }
            },
        );
    }

    /// `∂x[j] = Σ_k w[k] ∂z[j − k + p]`, a correlation with the filter turned round; where a gate is given, only
    /// as far as it is open, that is above zero.
    pub fn backward(&self, dz: &[f32], dx: &mut [f32], n: usize, gate: Option<&[f32]>) {
        let weight = &self.parameters.weight;
        let padding = weight.len() - 1 - self.padding();
        vectorised(
            #[inline(always)]
            || {
                for (dz, dx) in dz.chunks_exact(self.length).zip(dx.chunks_exact_mut(self.length)).take(n) {
                    correlate(dz, weight.iter().rev().copied(), 0.0, padding, dx);
                }
                if let Some(gate) = gate {
                    relu_gradient(&mut dx[..n * self.length], gate);
                }
            },
        );
    }

    /// The sums `∂w[k] = Σ ∂z[i] x[i + k − p]` and `∂b = Σ ∂z`.
    pub fn sum_gradient(&mut self, x: &[f32], dz: &[f32], n: usize) {
        let (length, padding) = (self.length, self.padding());
        let Conv { gradient, tap_lanes, .. } = self;
        vectorised(
            #[inline(always)]
            || {
                tap_lanes.fill([0.0; LANES]);
                for (x, dz) in x.chunks_exact(length).zip(dz.chunks_exact(length)).take(n) {
                    for (tap, lanes) in tap_lanes.iter_mut().enumerate() {
                        // A tap reaches x[from..length − to] for z[to..length − from]: one of the two is 0.
                        let (from, to) = (tap.saturating_sub(padding), padding.saturating_sub(tap));
                        add_products(lanes, &dz[to..length - from], &x[from..length - to]);
                    }
                }
                gradient.weight.iter_mut().zip(tap_lanes).for_each(|(dw, lanes)| *dw = sum(lanes));
                gradient.bias[0] = sum(&dz[..n * length]);
            },
        );
    }

    /// The sums, then a step along them by plain descent or with momentum.
    pub fn descend(&mut self, x: &[f32], dz: &[f32], n: usize, sgd: &Sgd) {
        self.sum_gradient(x, dz, n);
        match &mut *self.moments {
            [] => {
                let (keep, scale) = sgd.folded(n);
                scale_add(&mut self.parameters.weight, keep, scale, &self.gradient.weight);
                scale_add(&mut self.parameters.bias, keep, scale, &self.gradient.bias);
            }
            [velocity, ..] => {
                let (keep, scale) = sgd.folded_velocity(n);
                scale_add(&mut velocity.weight, keep, scale, &self.gradient.weight);
                scale_add(&mut velocity.bias, keep, scale, &self.gradient.bias);
                velocity.move_along(&mut self.parameters, sgd);
            }
        }
    }

    /// Zeros before the signal. Of an even number of taps, the one more lies to the right, as in PyTorch.
    fn padding(&self) -> usize {
        (self.parameters.weight.len() - 1) / 2
    }
}
