//! A chain of layers, compiled: plain arrays as weights, and what follows each layer.

use super::layer::{Keeps, Layer};
use super::layout::Layout;
use super::workspace::Workspace;
use crate::chain::Chain;
use crate::graph::Activation;
use crate::kernels::elementwise::{multiply, vectorised};
use crate::weights::Weights;

/// The layers of a chain.
#[derive(Clone, Debug)]
pub struct FusedNetwork {
    pub layers: Vec<Layer>,
    pub names: Vec<String>,
    pub activations: Vec<Option<Activation>>,
    pub dropouts: Vec<f32>,
    /// How samples lie at the input and after every layer: side by side where a layer over channels takes them, otherwise
    /// in rows.
    pub layouts: Vec<Layout>,
}

/// What a layer gave on the forward pass.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// After the activation.
    pub values: &'a [f32],
    /// Slopes of the activation, where they are kept.
    pub slopes: &'a [f32],
}

impl FusedNetwork {
    /// With weights that belong to the chain.
    pub fn new(chain: &Chain, weights: &Weights, keeps: Keeps) -> FusedNetwork {
        let links = &chain.links;
        let widths = links.iter().take(1).map(|link| link.n_in).chain(links.iter().map(|link| link.n_out));
        let layout = |(place, width): (usize, usize)| match links.get(place) {
            Some(link) if link.kind.is_spatial() => Layout::side_by_side(width),
            _ => Layout::rows(width),
        };
        let layouts: Vec<Layout> = widths.enumerate().map(layout).collect();
        let layers = links.iter().zip(layouts.windows(2));
        FusedNetwork {
            layers: layers
                .map(|(link, around)| Layer::new(link, [around[0], around[1]], weights, keeps))
                .collect(),
            names: links.iter().map(|link| link.name.clone()).collect(),
            activations: links.iter().map(|link| link.activation).collect(),
            dropouts: links.iter().map(|link| link.dropout).collect(),
            layouts,
        }
    }

    pub fn n_outputs(&self) -> usize {
        self.layouts[self.layouts.len() - 1].width
    }

    /// Values of so many samples at the place that has most of them.
    pub fn most_values(&self, n_samples: usize) -> usize {
        self.layouts.iter().map(|layout| layout.len(n_samples)).max().unwrap_or(0)
    }

    /// Samples that pass the layers together, so that their activations stay in the second-level cache.
    pub fn chunk(&self) -> usize {
        const MOST: usize = 120;
        /// Samples that lie side by side at most.
        const BLOCK: usize = 16;
        /// Half a megabyte.
        const VALUES: usize = 1 << 17;
        match self.layouts[0].lanes {
            1 => MOST,
            _ => (VALUES / self.most_values(1) * self.layouts[0].lanes).clamp(BLOCK, MOST) / BLOCK * BLOCK,
        }
    }

    /// Writes the present weights to arrays of their shapes.
    pub fn write_weights(&self, weights: &mut Weights) {
        let layers = self.layers.iter().zip(&self.names).filter(|(layer, _)| layer.learns());
        layers.for_each(|(layer, name)| layer.parameters().write_to(weights, name));
    }

    /// Whether the slopes of layer `l` are kept from the forward pass: those of the ReLU are seen from what it gives.
    pub fn keeps_slopes(&self, l: usize) -> bool {
        !matches!(self.activations[l], None | Some(Activation::Relu))
    }

    /// `a = f(x Wᵀ + b)` of layer `l`, and where they are asked for the slopes `f'`.
    pub fn forward(
        &self,
        l: usize,
        x: &[f32],
        a: &mut [f32],
        n: usize,
        slopes: Option<&mut [f32]>,
        workspace: &mut Workspace,
    ) {
        match self.activations[l] {
            None => self.layers[l].forward(x, a, n, false, workspace),
            Some(Activation::Relu) => self.layers[l].forward(x, a, n, true, workspace),
            Some(_) => {
                self.layers[l].forward(x, a, n, false, workspace);
                self.activate(l, a, slopes);
            }
        }
    }

    /// `a ← f(a)` of layer `l`, and where they are asked for the slopes `f'`.
    pub fn activate(&self, l: usize, a: &mut [f32], slopes: Option<&mut [f32]>) {
        if let Some(activation) = self.activations[l] {
            vectorised(
                #[inline(always)]
                || activation.apply(a, slopes),
            );
        }
    }

    /// `∂z` of the layer below layer `l > 0` from that of layer `l`.
    pub fn backward(
        &self,
        l: usize,
        dz: &[f32],
        below: &mut [f32],
        n: usize,
        given: Given<'_>,
        workspace: &mut Workspace,
    ) {
        let is_gated = self.activations[l - 1] == Some(Activation::Relu);
        self.layers[l].backward(given.values, dz, below, n, is_gated, workspace);
        if self.keeps_slopes(l - 1) {
            vectorised(
                #[inline(always)]
                || multiply(&mut below[..self.layouts[l].len(n)], given.slopes),
            );
        }
    }
}
