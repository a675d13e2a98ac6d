//! A dense layer: `z = x Wᵀ + b`.

use super::parameters::Parameters;
use super::workspace::Workspace;
use crate::kernels::elementwise::{scale_add, sum_rows, vectorised};
use crate::kernels::finish::{Bias, Blend, Gate, Plain};
use crate::kernels::matrix::Matrix;
use crate::kernels::product::product;
use crate::train::Sgd;

/// A dense layer with what its update needs.
#[derive(Clone, Debug)]
pub struct Dense {
    pub n_in: usize,
    pub n_out: usize,
    /// The transpose of the weight, `Wᵀ [n_in, n_out]`, row by row, and bias `[n_out]`.
    pub parameters: Parameters,
    /// Running means of the gradients and of their squares, as many as the optimiser keeps.
    pub moments: Vec<Parameters>,
    /// Sums over a batch; those of the weight only where they are kept, not folded into a product.
    pub gradient: Parameters,
}

impl Dense {
    pub fn new(
        n_in: usize,
        n_out: usize,
        parameters: Parameters,
        moments: Vec<Parameters>,
        keeps_gradient: bool,
    ) -> Dense {
        let weight = vec![0.0; if keeps_gradient { n_in * n_out } else { 0 }];
        let gradient = Parameters { weight, bias: vec![0.0; n_out] };
        Dense { n_in, n_out, parameters, moments, gradient }
    }

    /// `a = f(x Wᵀ + b)` for `n` samples; f is the ReLU or nothing.
    pub fn forward(&self, x: &[f32], a: &mut [f32], n: usize, relu: bool, workspace: &mut Workspace) {
        let (x, bias) = (Matrix::new(x, n, self.n_in), &self.parameters.bias);
        match relu {
            true => product(a, Bias::<true>(bias), x, self.transpose(), &mut workspace.panels),
            false => product(a, Bias::<false>(bias), x, self.transpose(), &mut workspace.panels),
        }
    }

    /// `∂x = ∂z W`; where a gate is given, only as far as it is open, that is above zero.
    pub fn backward(
        &self,
        dz: &[f32],
        dx: &mut [f32],
        n: usize,
        gate: Option<&[f32]>,
        workspace: &mut Workspace,
    ) {
        let dz = Matrix::new(dz, n, self.n_out);
        match gate {
            Some(activation) => {
                product(dx, Gate(activation), dz, self.transpose().t(), &mut workspace.panels)
            }
            None => product(dx, Plain, dz, self.transpose().t(), &mut workspace.panels),
        }
    }

    /// The sums `∂Wᵀ = xᵀ ∂z` and `∂b = Σ ∂z`, where they are kept.
    pub fn sum_gradient(&mut self, x: &[f32], dz: &[f32], n: usize, workspace: &mut Workspace) {
        let gradient = &mut self.gradient;
        vectorised(
            #[inline(always)]
            || sum_rows(&dz[..n * self.n_out], &mut gradient.bias),
        );
        let (dz, x) = (Matrix::new(dz, n, self.n_out), Matrix::new(x, n, self.n_in));
        product(&mut gradient.weight, Plain, x.t(), dz, &mut workspace.panels);
    }

    /// A step along `∂Wᵀ = xᵀ ∂z / n` and `∂b = Σ ∂z / n` by plain descent or with momentum, folded into the product.
    pub fn descend(&mut self, x: &[f32], dz: &[f32], n: usize, sgd: &Sgd, workspace: &mut Workspace) {
        let Parameters { weight, bias } = &mut self.parameters;
        let gradient = &mut self.gradient;
        vectorised(
            #[inline(always)]
            || sum_rows(&dz[..n * self.n_out], &mut gradient.bias),
        );
        let (dz, x) = (Matrix::new(dz, n, self.n_out), Matrix::new(x, n, self.n_in));
        match &mut *self.moments {
            [] => {
                let (keep, scale) = sgd.folded(n);
                product(weight, Blend { keep, scale }, x.t(), dz, &mut workspace.panels);
                vectorised(
                    #[inline(always)]
                    || scale_add(bias, keep, scale, &gradient.bias),
                );
            }
            [velocity, ..] => {
                let (keep, scale) = sgd.folded_velocity(n);
                product(&mut velocity.weight, Blend { keep, scale }, x.t(), dz, &mut workspace.panels);
                vectorised(
                    #[inline(always)]
                    || scale_add(&mut velocity.bias, keep, scale, &gradient.bias),
                );
                velocity.move_along(&mut self.parameters, sgd);
            }
        }
    }

    fn transpose(&self) -> Matrix<'_> {
        Matrix::new(&self.parameters.weight, self.n_in, self.n_out)
    }
}
