//! Filters over all channels of signals or images: `z[f, p] = b[f] + Σ_t w[f, t] x[p · stride + t]`.

use std::ops::Range;

use pulp::Arch;

use super::blocks::Blocks;
use super::correlation::Correlation;
use super::filter_gradient::FilterGradient;
use super::padding::{crop, pad};
use super::parameters::Parameters;
use super::spread::Spread;
use super::sweep::Sweep;
use super::workspace::Workspace;
use crate::kernels::aligned::Aligned;
use crate::kernels::plane::Plane;

/// A layer of filters with what its update needs.
#[derive(Clone, Debug)]
pub struct Filters {
    plane: Plane,
    n_filters: usize,
    /// Parts of channels and filters that see nothing of each other.
    groups: usize,
    sweep: Sweep,
    pub blocks: Blocks,
    /// Weight `[n_taps, n_filters]`, the taps channel after channel, and bias `[n_filters]` or none.
    pub parameters: Parameters,
    /// Running means of the gradients and of their squares, as many as the optimiser keeps.
    pub moments: Vec<Parameters>,
    /// Sums over a batch.
    pub gradient: Parameters,
}

impl Filters {
    pub fn new(
        plane: Plane,
        groups: usize,
        blocks: Blocks,
        parameters: Parameters,
        moments: Vec<Parameters>,
    ) -> Filters {
        let n_channels = plane.channels / groups;
        let n_filters = parameters.weight.len() / (n_channels * plane.n_taps());
        let sweep = Sweep::over(&plane, n_channels);
        let gradient = parameters.zeros_like();
        Filters { plane, n_filters, groups, sweep, blocks, parameters, moments, gradient }
    }

    /// `a = f(z)` for `n` samples; f is the ReLU or nothing.
    pub fn forward(&self, x: &[f32], a: &mut [f32], n: usize, relu: bool, workspace: &mut Workspace) {
        let Workspace { padded, block, .. } = workspace;
        self.blocks.forward(x, a, n, block, |x, z| {
            let x = self.with_padding(x, padded);
            for group in 0..self.groups {
                Arch::new().dispatch(Correlation {
                    sweep: &self.sweep,
                    x: &x[self.values_of(group)],
                    weight: &self.parameters.weight,
                    bias: &self.parameters.bias,
                    n_filters: self.n_filters,
                    filters: self.filters_of(group),
                    relu,
                    z,
                });
            }
        });
    }

    /// `∂x` of `∂z`.
    pub fn backward(&self, x: &[f32], dz: &[f32], dx: &mut [f32], n: usize, workspace: &mut Workspace) {
        let Workspace { padded, block, .. } = workspace;
        self.blocks.backward(x, dz, dx, n, block, |_, dz, dx| match self.is_padded() {
            false => self.spread(dz, dx),
            true => {
                let padded = padded.room(self.n_padded());
                self.spread(dz, padded);
                crop(&self.plane, self.blocks.before.lanes, padded, dx);
            }
        });
    }

    /// `∂x`, with its padding, of a block.
    fn spread(&self, dz: &[f32], dx: &mut [f32]) {
        dx.fill(0.0);
        for group in 0..self.groups {
            Arch::new().dispatch(Spread {
                sweep: &self.sweep,
                dz,
                weight: &self.parameters.weight,
                n_filters: self.n_filters,
                filters: self.filters_of(group),
                dx: &mut dx[self.values_of(group)],
            });
        }
    }

    /// The sums `∂w[f, t] = Σ ∂z[f, p] x[p · stride + t]` and `∂b = Σ ∂z`.
    pub fn sum_gradient(&mut self, x: &[f32], dz: &[f32], n: usize, workspace: &mut Workspace) {
        let Workspace { padded, block, .. } = workspace;
        let Parameters { mut weight, mut bias } = std::mem::take(&mut self.gradient);
        weight.fill(0.0);
        bias.fill(0.0);
        self.blocks.gradient(x, dz, n, block, |x, dz| {
            let x = self.with_padding(x, padded);
            for group in 0..self.groups {
                Arch::new().dispatch(FilterGradient {
                    sweep: &self.sweep,
                    x: &x[self.values_of(group)],
                    dz,
                    n_filters: self.n_filters,
                    filters: self.filters_of(group),
                    weight: &mut weight,
                    bias: &mut bias,
                });
            }
        });
        self.gradient = Parameters { weight, bias };
    }

    fn filters_of(&self, group: usize) -> Range<usize> {
        let n_filters = self.n_filters / self.groups;
        group * n_filters..(group + 1) * n_filters
    }

    /// The channels of a block that a group sees, with their padding.
    fn values_of(&self, group: usize) -> Range<usize> {
        let n_values = self.sweep.n_values * self.blocks.before.lanes;
        group * n_values..(group + 1) * n_values
    }

    fn is_padded(&self) -> bool {
        self.plane.padded() != self.plane.size
    }

    /// Values of a block with its padding.
    fn n_padded(&self) -> usize {
        self.groups * self.sweep.n_values * self.blocks.before.lanes
    }

    fn with_padding<'a>(&self, x: &'a [f32], room: &'a mut Aligned) -> &'a [f32] {
        if !self.is_padded() {
            return x;
        }
        let padded = room.room(self.n_padded());
        pad(&self.plane, self.blocks.before.lanes, x, padded);
        padded
    }
}
