//! A network in training: forward, loss, backward and step over buffers made once.

use rand::Rng;

use super::layer::{Keeps, Layer};
use super::layout::Layout;
use super::loss;
use super::network::{FusedNetwork, Given};
use super::workspace::Workspace;
use crate::chain::Chain;
use crate::kernels::aligned::Aligned;
use crate::kernels::elementwise::vectorised;
use crate::train::{LossSums, Rule, draw_mask, kept_share};
use crate::weights::Weights;

/// A network in training, with buffers for one batch.
#[derive(Clone, Debug)]
pub struct Backpropagation {
    pub network: FusedNetwork,
    /// The rule of the next step.
    pub rule: Rule,
    /// Length that a gradient has at most.
    clip_norm: Option<f32>,
    pub batch_size: usize,
    /// Activations of the input and of every layer; the last one holds the logits, then their gradient.
    activations: Vec<Aligned>,
    /// Slopes of the activations by layer; empty where they are not kept.
    slopes: Vec<Aligned>,
    /// Dropout masks by layer: 0 or 1 / (1 − p); empty without dropout.
    pub masks: Vec<Aligned>,
    /// `∂z` of the layer at hand and of the one below.
    gradients: [Aligned; 2],
    /// Samples, or masks, in rows on their way to where they lie side by side.
    rows: Vec<f32>,
    labels: Vec<usize>,
    workspace: Workspace,
}

impl Backpropagation {
    pub fn new(
        chain: &Chain,
        weights: &Weights,
        rule: Rule,
        clip_norm: Option<f32>,
        batch_size: usize,
    ) -> Backpropagation {
        let gradient = clip_norm.is_some() || !rule.is_folded();
        let network = FusedNetwork::new(chain, weights, Keeps { n_moments: rule.n_moments(), gradient });
        let buffer = |layout: &Layout| Aligned::zeros(layout.len(batch_size));
        let of_layers = |is_needed: &dyn Fn(usize) -> bool| -> Vec<Aligned> {
            let after = network.layouts.iter().skip(1).enumerate();
            after.map(|(l, layout)| if is_needed(l) { buffer(layout) } else { Aligned::default() }).collect()
        };
        Backpropagation {
            rule,
            clip_norm,
            batch_size,
            activations: network.layouts.iter().map(buffer).collect(),
            slopes: of_layers(&|l| network.keeps_slopes(l)),
            masks: of_layers(&|l| network.dropouts[l] != 0.0),
            gradients: std::array::from_fn(|_| Aligned::zeros(network.most_values(batch_size))),
            rows: Vec::new(),
            labels: Vec::with_capacity(batch_size),
            workspace: Workspace::default(),
            network,
        }
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
        let (layout, x) = (self.network.layouts[0], &mut self.activations[0]);
        let rows = batch.iter().map(|&sample| &inputs[sample * layout.width..][..layout.width]);
        if layout.lanes == 1 {
            x.chunks_exact_mut(layout.width).zip(rows).for_each(|(to, row)| to.copy_from_slice(row));
        } else {
            self.rows.clear();
            rows.for_each(|row| self.rows.extend_from_slice(row));
            layout.take(&self.rows, x);
        }
        self.labels.clear();
        self.labels.extend(batch.iter().map(|&sample| labels[sample]));
    }

    fn forward(&mut self, n: usize, rng: &mut impl Rng) {
        for l in 0..self.network.layers.len() {
            let (below, above) = self.activations.split_at_mut(l + 1);
            let layout = self.network.layouts[l + 1];
            let a = &mut above[0][..layout.len(n)];
            let slopes = &mut self.slopes[l];
            self.network.forward(l, &below[l], a, n, Some(slopes), &mut self.workspace);
            let (mask, share) = (&mut self.masks[l], self.network.dropouts[l]);
            if mask.is_empty() {
                continue;
            }
            if layout.lanes == 1 {
                draw_mask(&mut mask[..a.len()], share, rng);
            } else {
                self.rows.resize(n * layout.width, 0.0);
                draw_mask(&mut self.rows, share, rng);
                layout.take(&self.rows, mask);
            }
            a.iter_mut().zip(mask.iter()).for_each(|(a, m)| *a *= m);
        }
    }

    fn backward_and_update(&mut self, n: usize) -> LossSums {
        let last = self.network.layers.len() - 1;
        let n_classes = self.network.n_outputs();
        let logits = &mut self.activations[last + 1][..n * n_classes];
        let sums = vectorised(
            #[inline(always)]
            || loss::loss::<true>(logits, &self.labels, n_classes),
        );
        let [current, next] = &mut self.gradients;
        current[..logits.len()].copy_from_slice(logits);
        let lowest = self.network.layers.iter().position(Layer::learns).unwrap_or(last);
        for l in (lowest..=last).rev() {
            let x = &self.activations[l];
            if l > lowest {
                // A dropped unit is zero, so the gate of its ReLU stops the gradient too; the scale is still due.
                let given = Given { values: x, slopes: &self.slopes[l - 1] };
                self.network.backward(l, current, next, n, given, &mut self.workspace);
                if !self.masks[l - 1].is_empty() {
                    next.iter_mut().zip(self.masks[l - 1].iter()).for_each(|(g, m)| *g *= m);
                }
            }
            let layer = &mut self.network.layers[l];
            match &self.rule {
                Rule::Sgd(sgd) if self.rule.is_folded() && self.clip_norm.is_none() => {
                    layer.descend(x, current, n, sgd, &mut self.workspace);
                }
                rule => {
                    layer.sum_gradient(x, current, n, &mut self.workspace);
                    if self.clip_norm.is_none() {
                        layer.step(1.0 / n as f32, rule);
                    }
                }
            }
            std::mem::swap(current, next);
        }
        self.step_clipped(n);
        sums
    }

    /// The step of all layers where the length of their gradient together is clipped.
    fn step_clipped(&mut self, n: usize) {
        let Some(most) = self.clip_norm else { return };
        let squares: f64 = self.network.layers.iter().map(|layer| layer.gradient().squares()).sum();
        let norm = squares.sqrt() / n as f64;
        let scale = kept_share(norm as f32, most) / n as f32;
        self.network.layers.iter_mut().for_each(|layer| layer.step(scale, &self.rule));
    }
}
