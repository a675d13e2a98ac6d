//! The fast CPU engine: backpropagation as matrix products and element-wise passes over buffers made once.
//!
//! Of a layer `z = x Wᵀ + b`, `a = f(z)` with loss gradient `∂a`: `∂z = ∂a ⊙ f'(z)`, `∂W = ∂zᵀ x`, `∂x = ∂z W`.

mod conv;
mod dense;
mod engine;
mod forward;
mod kernels;
mod large;
mod loss;
mod product;
mod slopes;
#[cfg(test)]
mod tests;

use rand::{Rng, RngExt};

use crate::spec::{Activation, LayerKind, NetworkSpec};
use crate::weights::{LayerWeights, Weights};
use conv::Conv;
use dense::Dense;
pub(crate) use engine::FusedEngine;
use kernels::{scale_add, vectorised};
pub(crate) use loss::LossSums;
use product::Workspace;
pub(crate) use slopes::{ROWS, Slopes, UnitShare};

/// The constants of a step of stochastic gradient descent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub learning_rate: f32,
    pub momentum: f32,
    pub weight_decay: f32,
}

/// Weight and bias of a layer, or something of their shapes; the weight column by column, as the forward pass
/// of a dense layer reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

impl Parameters {
    fn of(layer: &LayerWeights) -> Parameters {
        Parameters { weight: layer.weight.t().iter().copied().collect(), bias: layer.bias.to_vec() }
    }

    fn zeros_like(&self) -> Parameters {
        Parameters { weight: vec![0.0; self.weight.len()], bias: vec![0.0; self.bias.len()] }
    }

    fn write_to(&self, layer: &mut LayerWeights) {
        layer
            .weight
            .view_mut()
            .reversed_axes()
            .iter_mut()
            .zip(&self.weight)
            .for_each(|(to, from)| *to = *from);
        layer.bias.iter_mut().zip(&self.bias).for_each(|(to, from)| *to = *from);
    }

    /// `v ← v + λ W`, then `W ← W − η v`, with `self` as v.
    fn move_along(&mut self, parameters: &mut Parameters, learning_rate: f32, weight_decay: f32) {
        vectorised(
            #[inline(always)]
            || {
                for (v, w) in
                    [(&mut self.weight, &mut parameters.weight), (&mut self.bias, &mut parameters.bias)]
                {
                    scale_add(v, 1.0, weight_decay, w);
                    scale_add(w, 1.0, -learning_rate, v);
                }
            },
        );
    }
}

/// A layer with its activation.
#[derive(Clone, Debug)]
enum Layer {
    Dense(Dense),
    Conv(Conv),
}

impl Layer {
    fn forward(&self, x: &[f32], a: &mut [f32], n: usize, activation: Activation, workspace: &mut Workspace) {
        let relu = activation == Activation::Relu;
        match self {
            Layer::Dense(dense) => dense.forward(x, a, n, relu, workspace),
            Layer::Conv(conv) => conv.forward(x, a, n, relu),
        }
    }

    fn backward(
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

    fn update(&mut self, x: &[f32], dz: &[f32], n: usize, step: &Step, workspace: &mut Workspace) {
        match self {
            Layer::Dense(dense) => dense.update(x, dz, n, step, workspace),
            Layer::Conv(conv) => conv.update(x, dz, n, step),
        }
    }

    fn parameters(&self) -> &Parameters {
        match self {
            Layer::Dense(Dense { parameters, .. }) | Layer::Conv(Conv { parameters, .. }) => parameters,
        }
    }

    fn velocity(&self) -> Option<&Parameters> {
        match self {
            Layer::Dense(Dense { velocity, .. }) | Layer::Conv(Conv { velocity, .. }) => velocity.as_ref(),
        }
    }

    fn set_velocity(&mut self, parameters: Parameters) {
        match self {
            Layer::Dense(Dense { velocity, .. }) | Layer::Conv(Conv { velocity, .. }) => {
                *velocity = Some(parameters)
            }
        }
    }
}

/// The layers of a network with plain arrays as weights.
#[derive(Clone, Debug)]
pub(crate) struct FusedNetwork {
    layers: Vec<Layer>,
    activations: Vec<Activation>,
    dropouts: Vec<f32>,
    /// Units of the input and of every layer.
    widths: Vec<usize>,
}

impl FusedNetwork {
    pub(crate) fn new(spec: &NetworkSpec, weights: &Weights, with_velocity: bool) -> FusedNetwork {
        let layer = |(layer, weights): (&crate::spec::LayerSpec, &LayerWeights)| {
            let parameters = Parameters::of(weights);
            let velocity = with_velocity.then(|| parameters.zeros_like());
            match layer.kind {
                LayerKind::Dense { n_in, n_out } => {
                    Layer::Dense(Dense::new(n_in, n_out, parameters, velocity))
                }
                LayerKind::Conv1d { length, .. } => Layer::Conv(Conv::new(length, parameters, velocity)),
            }
        };
        let widths = spec.layers().iter().map(|l| l.n_units());
        FusedNetwork {
            layers: spec.layers().iter().zip(&weights.0).map(layer).collect(),
            activations: spec.layers().iter().map(|l| l.activation).collect(),
            dropouts: spec.layers().iter().map(|l| l.dropout as f32).collect(),
            widths: std::iter::once(spec.n_inputs()).chain(widths).collect(),
        }
    }

    /// `f'(z)` of the layer below layer `l`, as far as it is not 1: open where its activation is above zero.
    fn gate<'a>(&self, l: usize, activation: &'a [f32]) -> Option<&'a [f32]> {
        (l > 0 && self.activations[l - 1] == Activation::Relu).then_some(activation)
    }
}

/// A network in training, with buffers for one batch.
#[derive(Clone, Debug)]
pub struct Trainer {
    network: FusedNetwork,
    step: Step,
    batch_size: usize,
    /// Activations of the input and of every layer; the last one holds the logits, then their gradient.
    activations: Vec<Vec<f32>>,
    /// Dropout masks by layer: 0 or 1 / (1 − p); empty without dropout.
    masks: Vec<Vec<f32>>,
    /// `∂z` of the layer at hand and of the one below.
    gradients: [Vec<f32>; 2],
    labels: Vec<usize>,
    workspace: Workspace,
}

impl Trainer {
    pub fn new(spec: &NetworkSpec, weights: &Weights, step: Step, batch_size: usize) -> Trainer {
        let network = FusedNetwork::new(spec, weights, step.momentum != 0.0);
        let widest = network.widths.iter().copied().max().unwrap_or(0);
        let buffer = |width: usize| vec![0.0; batch_size * width];
        let mask = |(l, &p): (usize, &f32)| {
            if p == 0.0 { Vec::new() } else { buffer(network.widths[l + 1]) }
        };
        Trainer {
            step,
            batch_size,
            activations: network.widths.iter().map(|&width| buffer(width)).collect(),
            masks: network.dropouts.iter().enumerate().map(mask).collect(),
            gradients: [buffer(widest), buffer(widest)],
            labels: Vec::with_capacity(batch_size),
            workspace: Workspace::default(),
            network,
        }
    }

    /// The weights, in the shapes and under the names of `like`.
    pub fn weights(&self, like: &Weights) -> Weights {
        let mut weights = like.clone();
        self.network
            .layers
            .iter()
            .zip(&mut weights.0)
            .for_each(|(layer, to)| layer.parameters().write_to(to));
        weights
    }

    /// One step on the samples that `batch` indexes; `rng` draws the dropout masks.
    ///
    /// # Panics
    /// If the batch is larger than the buffers, or an index is out of range.
    pub fn step(
        &mut self,
        inputs: &[f32],
        labels: &[usize],
        batch: &[usize],
        rng: &mut impl Rng,
    ) -> LossSums {
        assert!(batch.len() <= self.batch_size, "a batch fits its buffers");
        self.gather(inputs, labels, batch);
        self.forward(batch.len(), rng);
        self.backward_and_update(batch.len())
    }

    fn gather(&mut self, inputs: &[f32], labels: &[usize], batch: &[usize]) {
        let width = self.network.widths[0];
        for (row, &sample) in self.activations[0].chunks_exact_mut(width).zip(batch) {
            row.copy_from_slice(&inputs[sample * width..][..width]);
        }
        self.labels.clear();
        self.labels.extend(batch.iter().map(|&sample| labels[sample]));
    }

    fn forward(&mut self, n: usize, rng: &mut impl Rng) {
        for (l, layer) in self.network.layers.iter().enumerate() {
            let (below, above) = self.activations.split_at_mut(l + 1);
            let a = &mut above[0][..n * self.network.widths[l + 1]];
            layer.forward(&below[l], a, n, self.network.activations[l], &mut self.workspace);
            if !self.masks[l].is_empty() {
                draw_mask(&mut self.masks[l][..a.len()], self.network.dropouts[l], rng);
                a.iter_mut().zip(&self.masks[l]).for_each(|(a, m)| *a *= m);
            }
        }
    }

    fn backward_and_update(&mut self, n: usize) -> LossSums {
        let last = self.network.layers.len() - 1;
        let n_classes = self.network.widths[last + 1];
        let logits = &mut self.activations[last + 1][..n * n_classes];
        let sums = vectorised(
            #[inline(always)]
            || loss::loss::<true>(logits, &self.labels, n_classes),
        );
        let [current, next] = &mut self.gradients;
        current[..logits.len()].copy_from_slice(logits);
        for l in (0..=last).rev() {
            let x = &self.activations[l];
            if l > 0 {
                // A dropped unit is zero, so the mask of its ReLU stops the gradient too; the scale is still due.
                let gate = self.network.gate(l, x);
                self.network.layers[l].backward(current, next, n, gate, &mut self.workspace);
                if !self.masks[l - 1].is_empty() {
                    next.iter_mut().zip(&self.masks[l - 1]).for_each(|(g, m)| *g *= m);
                }
            }
            self.network.layers[l].update(x, current, n, &self.step, &mut self.workspace);
            std::mem::swap(current, next);
        }
        sums
    }
}

/// Inverted dropout: a unit is kept with probability 1 − p, and then scaled by 1 / (1 − p).
pub(crate) fn draw_mask(mask: &mut [f32], p: f32, rng: &mut impl Rng) {
    let kept = 1.0 / (1.0 - p);
    mask.iter_mut().for_each(|m| *m = if rng.random::<f32>() < p { 0.0 } else { kept });
}
