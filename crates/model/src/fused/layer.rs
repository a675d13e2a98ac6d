//! A layer of either kind.

use super::conv::Conv;
use super::dense::Dense;
use super::parameters::Parameters;
use super::small::Workspace;
use crate::chain::{Link, LinkKind};
use crate::train::Rule;
use crate::weights::Weights;

/// A layer without its activation, but for the ReLU, which its products apply on the way.
#[derive(Clone, Debug)]
pub enum Layer {
    Dense(Dense),
    Conv(Conv),
}

impl Layer {
    pub fn new(link: &Link, weights: &Weights, n_moments: usize) -> Layer {
        let parameters = Parameters::of(weights, &link.name);
        let moments = vec![parameters.zeros_like(); n_moments];
        match link.kind {
            LinkKind::Dense => Layer::Dense(Dense::new(link.n_in, link.n_out, parameters, moments)),
            LinkKind::Conv { .. } => Layer::Conv(Conv::new(link.n_in, parameters, moments)),
        }
    }

    /// `a = z`, or its ReLU, of `n` samples.
    pub fn forward(&self, x: &[f32], a: &mut [f32], n: usize, relu: bool, workspace: &mut Workspace) {
        match self {
            Layer::Dense(dense) => dense.forward(x, a, n, relu, workspace),
            Layer::Conv(conv) => conv.forward(x, a, n, relu),
        }
    }

    /// `∂x` of `∂z`; where a gate is given, only as far as it is open, that is above zero.
    pub fn backward(
        &self,
        dz: &[f32],
        dx: &mut [f32],
        n: usize,
        gate: Option<&[f32]>,
        workspace: &mut Workspace,
    ) {
        match self {
            Layer::Dense(dense) => dense.backward(dz, dx, n, gate, workspace),
            Layer::Conv(conv) => conv.backward(dz, dx, n, gate),
        }
    }

    /// A step along the gradient that `∂z` gives.
    pub fn update(&mut self, x: &[f32], dz: &[f32], n: usize, rule: &Rule, workspace: &mut Workspace) {
        match self {
            Layer::Dense(dense) => dense.update(x, dz, n, rule, workspace),
            Layer::Conv(conv) => conv.update(x, dz, n, rule),
        }
    }

    pub fn parameters(&self) -> &Parameters {
        match self {
            Layer::Dense(Dense { parameters, .. }) | Layer::Conv(Conv { parameters, .. }) => parameters,
        }
    }

    pub fn moments(&self) -> &[Parameters] {
        match self {
            Layer::Dense(Dense { moments, .. }) | Layer::Conv(Conv { moments, .. }) => moments,
        }
    }

    pub fn moments_mut(&mut self) -> &mut [Parameters] {
        match self {
            Layer::Dense(Dense { moments, .. }) | Layer::Conv(Conv { moments, .. }) => moments,
        }
    }
}
