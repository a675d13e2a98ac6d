//! A layer of any kind.

use super::blocks::Blocks;
use super::conv::Conv;
use super::dense::Dense;
use super::filters::Filters;
use super::layout::Layout;
use super::parameters::Parameters;
use super::pool::Pool;
use super::workspace::Workspace;
use crate::chain::{Link, LinkKind};
use crate::kernels::elementwise::{relu as rectify, relu_gradient, vectorised};
use crate::kernels::plane::Plane;
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
    Filters(Filters),
    Pool(Pool),
}

/// What a pool has of weights.
static NOTHING: Parameters = Parameters { weight: Vec::new(), bias: Vec::new() };

impl Layer {
    /// That of a link, with samples that lie so before and after it.
    pub fn new(link: &Link, [before, after]: [Layout; 2], weights: &Weights, keeps: Keeps) -> Layer {
        let blocks = Blocks { before, after };
        let parameters = || Parameters::of(weights, &link.name);
        let moments = |parameters: &Parameters| vec![parameters.zeros_like(); keeps.n_moments];
        match &link.kind {
            LinkKind::Dense => {
                let parameters = parameters();
                let moments = moments(&parameters);
                Layer::Dense(Dense::new(link.n_in, link.n_out, parameters, moments, keeps.gradient))
            }
            LinkKind::Conv { .. } => {
                let parameters = parameters();
                let moments = moments(&parameters);
                Layer::Conv(Conv::new(link.n_in, parameters, moments))
            }
            LinkKind::Filters { shape, window, groups } => {
                let parameters = parameters();
                let moments = moments(&parameters);
                Layer::Filters(Filters::new(Plane::of(shape, window), *groups, blocks, parameters, moments))
            }
            LinkKind::Pool { shape, window, pooling } => {
                Layer::Pool(Pool { plane: Plane::of(shape, window), pooling: *pooling, blocks })
            }
        }
    }

    /// `a = z`, or its ReLU, of `n` samples.
    pub fn forward(&self, x: &[f32], a: &mut [f32], n: usize, relu: bool, workspace: &mut Workspace) {
        match self {
            Layer::Dense(dense) => dense.forward(x, a, n, relu, workspace),
            Layer::Conv(conv) => conv.forward(x, a, n, relu),
            Layer::Filters(filters) => filters.forward(x, a, n, relu, workspace),
            Layer::Pool(pool) => {
                pool.forward(x, a, n, workspace);
                if relu {
                    vectorised(
                        #[inline(always)]
                        || rectify(a),
                    );
                }
            }
        }
    }

    /// `∂x` of `∂z`; where it is gated, only as far as `x`, what a ReLU gave, is above zero.
    pub fn backward(
        &self,
        x: &[f32],
        dz: &[f32],
        dx: &mut [f32],
        n: usize,
        is_gated: bool,
        workspace: &mut Workspace,
    ) {
        let gate = is_gated.then_some(x);
        let before = match self {
            Layer::Dense(dense) => return dense.backward(dz, dx, n, gate, workspace),
            Layer::Conv(conv) => return conv.backward(dz, dx, n, gate),
            Layer::Filters(filters) => {
                filters.backward(x, dz, dx, n, workspace);
                filters.blocks.before
            }
            Layer::Pool(pool) => {
                pool.backward(x, dz, dx, n, workspace);
                pool.blocks.before
            }
        };
        if is_gated {
            vectorised(
                #[inline(always)]
                || relu_gradient(&mut dx[..before.len(n)], x),
            );
        }
    }

    /// A step along the gradient that `∂z` gives, of which nothing is kept.
    pub fn descend(&mut self, x: &[f32], dz: &[f32], n: usize, sgd: &Sgd, workspace: &mut Workspace) {
        match self {
            Layer::Dense(dense) => dense.descend(x, dz, n, sgd, workspace),
            Layer::Conv(conv) => conv.descend(x, dz, n, sgd),
            // Sums of filters are small beside what is added up to them: they are kept all the same.
            Layer::Filters(_) | Layer::Pool(_) => {
                self.sum_gradient(x, dz, n, workspace);
                self.step(1.0 / n as f32, &Rule::Sgd(*sgd));
            }
        }
    }

    /// Keeps the gradient that `∂z` gives, summed over the batch.
    pub fn sum_gradient(&mut self, x: &[f32], dz: &[f32], n: usize, workspace: &mut Workspace) {
        match self {
            Layer::Dense(dense) => dense.sum_gradient(x, dz, n, workspace),
            Layer::Conv(conv) => conv.sum_gradient(x, dz, n),
            Layer::Filters(filters) => filters.sum_gradient(x, dz, n, workspace),
            Layer::Pool(_) => {}
        }
    }

    /// A step along what is kept of the gradient, times `scale`.
    pub fn step(&mut self, scale: f32, rule: &Rule) {
        match self {
            Layer::Dense(Dense { parameters, gradient, moments, .. })
            | Layer::Conv(Conv { parameters, gradient, moments, .. })
            | Layer::Filters(Filters { parameters, gradient, moments, .. }) => {
                parameters.step(gradient, scale, moments, rule);
            }
            Layer::Pool(_) => {}
        }
    }

    /// What is kept of the gradient.
    pub fn gradient(&self) -> &Parameters {
        match self {
            Layer::Dense(Dense { gradient, .. })
            | Layer::Conv(Conv { gradient, .. })
            | Layer::Filters(Filters { gradient, .. }) => gradient,
            Layer::Pool(_) => &NOTHING,
        }
    }

    /// Whether it has weights.
    pub fn learns(&self) -> bool {
        !matches!(self, Layer::Pool(_))
    }

    pub fn parameters(&self) -> &Parameters {
        match self {
            Layer::Dense(Dense { parameters, .. })
            | Layer::Conv(Conv { parameters, .. })
            | Layer::Filters(Filters { parameters, .. }) => parameters,
            Layer::Pool(_) => &NOTHING,
        }
    }

    /// Those that the optimiser keeps; of a pool none.
    pub fn moments(&self) -> &[Parameters] {
        match self {
            Layer::Dense(Dense { moments, .. })
            | Layer::Conv(Conv { moments, .. })
            | Layer::Filters(Filters { moments, .. }) => moments,
            Layer::Pool(_) => &[],
        }
    }

    pub fn moments_mut(&mut self) -> &mut [Parameters] {
        match self {
            Layer::Dense(Dense { moments, .. })
            | Layer::Conv(Conv { moments, .. })
            | Layer::Filters(Filters { moments, .. }) => moments,
            Layer::Pool(_) => &mut [],
        }
    }
}
