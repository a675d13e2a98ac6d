//! Units of any layer, and their gradients with respect to the inputs, for rows that each ask for units of their own.

use super::kernels::{relu, vectorised};
use super::product::Workspace;
use super::{FusedNetwork, loss};
use crate::spec::Activation;

/// Rows that are computed together: their activations stay in the second-level cache.
pub(crate) const ROWS: usize = 120;

/// A share of one unit in what a row asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct UnitShare {
    pub layer: usize,
    pub unit: usize,
    /// After the activation, or before it.
    pub is_post: bool,
    pub weight: f32,
}

/// Buffers for up to [`ROWS`] rows of a network.
pub(crate) struct Slopes<'a> {
    network: &'a FusedNetwork,
    /// Layers that any row asks for; those above are not computed.
    depth: usize,
    /// Whether the softmax of the output is asked for.
    has_softmax: bool,
    /// Before the activation, by layer; empty where it is asked for by nobody or is what `post` holds.
    pre: Vec<Vec<f32>>,
    /// After the activation, by layer.
    post: Vec<Vec<f32>>,
    /// `∂z` of the layer at hand and of the one below.
    gradients: [Vec<f32>; 2],
    workspace: Workspace,
}

impl<'a> Slopes<'a> {
    /// Buffers for rows that ask for `shares` and no other units.
    pub fn new<'s>(network: &'a FusedNetwork, shares: impl IntoIterator<Item = &'s UnitShare>) -> Slopes<'a> {
        let n_layers = network.layers.len();
        let (mut depth, mut has_pre, mut has_post) = (0, vec![false; n_layers], vec![false; n_layers]);
        for share in shares {
            depth = depth.max(share.layer + 1);
            if share.is_post { has_post[share.layer] = true } else { has_pre[share.layer] = true }
        }
        let has_softmax = has_post[n_layers - 1];
        let differs = |l: usize| match network.activations[l] {
            Activation::Relu => true,
            Activation::Identity => l + 1 == n_layers && has_softmax,
        };
        let buffer = |l: usize| vec![0.0; ROWS * network.widths[l + 1]];
        let pre = (0..depth).map(|l| if has_pre[l] && differs(l) { buffer(l) } else { Vec::new() });
        let widest = network.widths.iter().copied().max().unwrap_or(0);
        Slopes {
            network,
            depth,
            has_softmax,
            pre: pre.collect(),
            post: (0..depth).map(buffer).collect(),
            gradients: [vec![0.0; ROWS * widest], vec![0.0; ROWS * widest]],
            workspace: Workspace::default(),
        }
    }

    /// Computes every layer asked for, of `n` rows `x [n, n_inputs]`.
    pub fn forward(&mut self, x: &[f32], n: usize) {
        for l in 0..self.depth {
            let is_softmax = self.is_softmax(l);
            let (layer, activation) = (&self.network.layers[l], self.network.activations[l]);
            let (below, above) = self.post.split_at_mut(l);
            let x = below.last().map_or(x, Vec::as_slice);
            let post = &mut above[0][..n * self.network.widths[l + 1]];
            if self.pre[l].is_empty() {
                layer.forward(x, post, n, activation, &mut self.workspace);
            } else {
                layer.forward(x, post, n, Activation::Identity, &mut self.workspace);
                self.pre[l][..post.len()].copy_from_slice(post);
                if activation == Activation::Relu {
                    vectorised(
                        #[inline(always)]
                        || relu(post),
                    );
                }
            }
            if is_softmax {
                vectorised(
                    #[inline(always)]
                    || loss::softmax(post, self.network.widths[l + 1]),
                );
            }
        }
    }

    /// What `shares` of row `row` add up to, after [`forward`](Self::forward).
    pub fn value(&self, row: usize, shares: &[UnitShare]) -> f32 {
        let unit = |share: &UnitShare| {
            let pre = &self.pre[share.layer];
            let values = if share.is_post || pre.is_empty() { &self.post[share.layer] } else { pre };
            share.weight * values[row * self.network.widths[share.layer + 1] + share.unit]
        };
        shares.iter().map(unit).sum()
    }

    /// Gradients of those sums with respect to the inputs, `[shares.len(), n_inputs]`, one list of shares per row.
    pub fn backward(&mut self, shares: &[&[UnitShare]]) -> &[f32] {
        let n = shares.len();
        self.gradients[0].fill(0.0);
        for l in (0..self.depth).rev() {
            let width = self.network.widths[l + 1];
            let mut dz = std::mem::take(&mut self.gradients[0]);
            for (row, (dz, shares)) in dz.chunks_exact_mut(width).zip(shares).enumerate() {
                shares.iter().filter(|s| s.layer == l).for_each(|share| self.add_slope(row, share, dz));
            }
            let [_, dx] = &mut self.gradients;
            let gate = l.checked_sub(1).and_then(|below| self.network.gate(l, &self.post[below]));
            self.network.layers[l].backward(&dz, dx, n, gate, &mut self.workspace);
            self.gradients[0] = dz;
            self.gradients.swap(0, 1);
        }
        &self.gradients[0][..n * self.network.widths[0]]
    }

    /// `∂z += weight · f'(z)` of one unit of one row; of the softmax `∂z_j += weight · p_u (δ_ju − p_j)`.
    fn add_slope(&self, row: usize, share: &UnitShare, dz: &mut [f32]) {
        let UnitShare { layer, unit, weight, .. } = *share;
        if !share.is_post {
            dz[unit] += weight;
            return;
        }
        let post = &self.post[layer][row * dz.len()..][..dz.len()];
        if self.is_softmax(layer) {
            let scale = weight * post[unit];
            dz.iter_mut().zip(post).for_each(|(dz, p)| *dz -= scale * p);
            dz[unit] += scale;
        } else if self.network.activations[layer] == Activation::Identity || 0.0 < post[unit] {
            dz[unit] += weight;
        }
    }

    fn is_softmax(&self, layer: usize) -> bool {
        self.has_softmax && layer + 1 == self.network.layers.len()
    }
}
