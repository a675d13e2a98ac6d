//! A chain of layers, compiled: plain arrays as weights, and what follows each layer.

use super::kernels::{multiply, vectorised};
use super::layer::{Keeps, Layer};
use super::small::Workspace;
use crate::chain::Chain;
use crate::graph::Activation;
use crate::weights::Weights;

/// The layers of a chain.
#[derive(Clone, Debug)]
pub struct FusedNetwork {
    pub layers: Vec<Layer>,
    pub names: Vec<String>,
    pub activations: Vec<Option<Activation>>,
    pub dropouts: Vec<f32>,
    /// Units of the input and of every layer.
    pub widths: Vec<usize>,
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
        FusedNetwork {
            layers: links.iter().map(|link| Layer::new(link, weights, keeps)).collect(),
            names: links.iter().map(|link| link.name.clone()).collect(),
            activations: links.iter().map(|link| link.activation).collect(),
            dropouts: links.iter().map(|link| link.dropout).collect(),
            widths: links.iter().take(1).map(|link| link.n_in).chain(links.iter().map(|l| l.n_out)).collect(),
        }
    }

    pub fn n_outputs(&self) -> usize {
        self.widths[self.widths.len() - 1]
    }

    pub fn widest(&self) -> usize {
        self.widths.iter().copied().max().unwrap_or(0)
    }

    /// Writes the present weights to arrays of their shapes.
    pub fn write_weights(&self, weights: &mut Weights) {
        let layers = self.layers.iter().zip(&self.names);
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
        let gate = (self.activations[l - 1] == Some(Activation::Relu)).then_some(given.values);
        self.layers[l].backward(dz, below, n, gate, workspace);
        if self.keeps_slopes(l - 1) {
            vectorised(
                #[inline(always)]
                || multiply(&mut below[..n * self.widths[l]], given.slopes),
            );
        }
    }
}
