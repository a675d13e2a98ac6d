//! A layer of either kind.

use super::conv::Conv;
use super::dense::Dense;
use super::parameters::Parameters;
use super::small::Workspace;
use crate::chain::{Link, LinkKind};
use crate::train::{Rule, Sgd};
use crate::weights::Weights;

/// What a layer keeps for its update.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keeps {
    /// Running means of gradients and of their squares.
    pub n_moments: usize,
    /// Whether the sums of a batch's gradient are kept, not folded into the step.
    pub gradient: bool,
}

/// A layer without its activation, but for the ReLU, which its products apply on the way.
#[derive(Clone, Debug)]
pub enum Layer {
    Dense(Dense),
    Conv(Conv),
}

impl Layer {
    pub fn new(link: &Link, weights: &Weights, keeps: Keeps) -> Layer {
        let parameters = Parameters::of(weights, &link.name);
        let moments = vec![parameters.zeros_like(); keeps.n_moments];
        match link.kind {
            LinkKind::Dense => {
                Layer::Dense(Dense::new(link.n_in, link.n_out, parameters, moments, keeps.gradient))
            }
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

    /// A step along the gradient that `∂z` gives, of which nothing is kept.
    pub fn descend(&mut self, x: &[f32], dz: &[f32], n: usize, sgd: &Sgd, workspace: &mut Workspace) {
        match self {
            Layer::Dense(dense) => dense.descend(x, dz, n, sgd, workspace),
            Layer::Conv(conv) => conv.descend(x, dz, n, sgd),
        }
    }

    /// Keeps the gradient that `∂z` gives, summed over the batch.
    pub fn sum_gradient(&mut self, x: &[f32], dz: &[f32], n: usize, workspace: &mut Workspace) {
        match self {
            Layer::Dense(dense) => dense.sum_gradient(x, dz, n, workspace),
            Layer::Conv(conv) => conv.sum_gradient(x, dz, n),
        }
    }

    /// A step along what is kept of the gradient, times `scale`.
    pub fn step(&mut self, scale: f32, rule: &Rule) {
        match self {
            Layer::Dense(Dense { parameters, gradient, moments, .. })
            | Layer::Conv(Conv { parameters, gradient, moments, .. }) => {
                parameters.step(gradient, scale, moments, rule);
            }
        }
    }

    /// What is kept of the gradient.
    pub fn gradient(&self) -> &Parameters {
        match self {
            Layer::Dense(Dense { gradient, .. }) | Layer::Conv(Conv { gradient, .. }) => gradient,
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
