//! A dense layer: `z = x Wᵀ + b`.

use super::kernels::{Matrix, add_rows, product, scale_add, sum_rows, vectorised};
use super::{Parameters, Step};

/// A dense layer with what its update needs.
#[derive(Clone, Debug)]
pub struct Dense {
    pub n_in: usize,
    pub n_out: usize,
    /// Weight `[n_out, n_in]`, row by row, and bias `[n_out]`.
    pub parameters: Parameters,
    /// Running means of the gradients; only with momentum.
    pub velocity: Option<Parameters>,
    bias_gradient: Vec<f32>,
}

impl Dense {
    pub fn new(n_in: usize, n_out: usize, parameters: Parameters, velocity: Option<Parameters>) -> Dense {
        Dense { n_in, n_out, parameters, velocity, bias_gradient: vec![0.0; n_out] }
    }

    /// `z = x Wᵀ + b` for `n` samples.
    pub fn forward(&self, x: &[f32], z: &mut [f32], n: usize) {
        product(z, 0.0, 1.0, Matrix::new(x, n, self.n_in), self.weight().t());
        vectorised(|| add_rows(&mut z[..n * self.n_out], &self.parameters.bias));
    }

    /// `∂x = ∂z W`.
    pub fn backward(&self, dz: &[f32], dx: &mut [f32], n: usize) {
        product(dx, 0.0, 1.0, Matrix::new(dz, n, self.n_out), self.weight());
    }

    /// `W ← W − η ∂zᵀ x / n` and `b ← b − η Σ ∂z / n`; with momentum through `v ← μ v + ∂W + λ W`, `W ← W − η v`.
    pub fn update(&mut self, x: &[f32], dz: &[f32], n: usize, step: &Step) {
        let Step { learning_rate, momentum, weight_decay } = *step;
        let mean = 1.0 / n as f32;
        let Parameters { weight, bias } = &mut self.parameters;
        let gradient = &mut self.bias_gradient;
        vectorised(|| sum_rows(&dz[..n * self.n_out], gradient));
        let (dz, x) = (Matrix::new(dz, n, self.n_out), Matrix::new(x, n, self.n_in));
        match &mut self.velocity {
            None => {
                let keep = 1.0 - learning_rate * weight_decay;
                product(weight, keep, -learning_rate * mean, dz.t(), x);
                vectorised(|| scale_add(bias, keep, -learning_rate * mean, gradient));
            }
            Some(velocity) => {
                product(&mut velocity.weight, momentum, mean, dz.t(), x);
                vectorised(|| scale_add(&mut velocity.bias, momentum, mean, gradient));
                velocity.move_along(&mut self.parameters, learning_rate, weight_decay);
            }
        }
    }

    fn weight(&self) -> Matrix<'_> {
        Matrix::new(&self.parameters.weight, self.n_out, self.n_in)
    }
}
