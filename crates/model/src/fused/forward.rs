//! Forward passes over many samples: fixed chunks that fit the cache, on all cores, the same bits for any number.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use super::kernels::{relu, vectorised};
use super::product::Workspace;
use super::{FusedNetwork, LossSums, loss};
use crate::capture::LayerActivations;
use crate::spec::Activation;

/// Samples that pass the layers together: their activations stay in the second-level cache.
const CHUNK: usize = 120;

/// Two buffers for the activations of a chunk, which the layers use in turn.
struct Scratch {
    current: Vec<f32>,
    next: Vec<f32>,
    workspace: Workspace,
}

impl FusedNetwork {
    /// Loss and right answers over all samples; chunks are added up in their order.
    pub fn loss(&self, inputs: &[f32], labels: &[usize]) -> LossSums {
        let n_classes = self.n_outputs();
        let sums: Vec<LossSums> = inputs
            .par_chunks(CHUNK * self.widths[0])
            .zip(labels.par_chunks(CHUNK))
            .map_init(
                || self.scratch(),
                |scratch, (inputs, labels)| {
                    let logits = self.forward_chunk(inputs, labels.len(), scratch);
                    vectorised(
                        #[inline(always)]
                        || loss::loss::<false>(logits, labels, n_classes),
                    )
                },
            )
            .collect();
        sums.into_iter().fold(LossSums::default(), LossSums::and)
    }

    /// The last layer before the softmax: `[n_samples, n_classes]`.
    pub fn logits(&self, inputs: ArrayView2<f32>) -> Array2<f32> {
        let (n_samples, n_classes) = (inputs.nrows(), self.n_outputs());
        let inputs = inputs.as_standard_layout();
        let inputs = inputs.as_slice().expect("in standard layout");
        let mut logits = vec![0.0; n_samples * n_classes];
        logits
            .par_chunks_mut(CHUNK * n_classes)
            .zip(inputs.par_chunks(CHUNK * self.widths[0]))
            .for_each_init(
                || self.scratch(),
                |scratch, (logits, inputs)| {
                    let n = logits.len() / n_classes;
                    logits.copy_from_slice(self.forward_chunk(inputs, n, scratch));
                },
            );
        Array2::from_shape_vec((n_samples, n_classes), logits).expect("n_samples × n_classes values")
    }

    /// Every layer before and after its activation; after the output stands the softmax.
    pub fn capture(&self, inputs: ArrayView2<f32>, names: &[String]) -> Vec<LayerActivations> {
        let n_samples = inputs.nrows();
        let mut captured: Vec<LayerActivations> = Vec::with_capacity(self.layers.len());
        for (l, name) in names.iter().enumerate() {
            let below = captured.last().map_or(inputs, |layer| layer.post.view());
            let below = below.as_standard_layout();
            let below = below.as_slice().expect("in standard layout");
            let width = self.widths[l + 1];
            let mut pre = vec![0.0; n_samples * width];
            let mut post = vec![0.0; n_samples * width];
            pre.par_chunks_mut(CHUNK * width)
                .zip(post.par_chunks_mut(CHUNK * width))
                .zip(below.par_chunks(CHUNK * self.widths[l]))
                .for_each_init(Workspace::default, |workspace, ((pre, post), below)| {
                    self.layers[l].forward(below, pre, pre.len() / width, Activation::Identity, workspace);
                    post.copy_from_slice(pre);
                    self.activate(l, post);
                });
            let matrix =
                |values| Array2::from_shape_vec((n_samples, width), values).expect("a row per sample");
            captured.push(LayerActivations { name: name.clone(), pre: matrix(pre), post: matrix(post) });
        }
        captured
    }

    /// Gradient with respect to the inputs, given that with respect to `z` of layer `l`: `[n_samples, n_units]`.
    ///
    /// `captured` are the activations of the same inputs.
    pub fn input_gradient(
        &self,
        captured: &[LayerActivations],
        l: usize,
        dz: ArrayView2<f32>,
    ) -> Array2<f32> {
        let n_samples = dz.nrows();
        let mut gradient = dz.as_standard_layout().into_owned();
        for layer in (0..=l).rev() {
            let width_below = self.widths[layer];
            let mut dx = vec![0.0; n_samples * width_below];
            let dz = gradient.as_slice().expect("in standard layout");
            let below = captured[layer.saturating_sub(1)].post.as_slice().expect("in standard layout");
            dx.par_chunks_mut(CHUNK * width_below)
                .zip(dz.par_chunks(CHUNK * self.widths[layer + 1]))
                .enumerate()
                .for_each_init(Workspace::default, |workspace, (chunk, (dx, dz))| {
                    let gate = self.gate(layer, below).map(|below| &below[chunk * CHUNK * width_below..]);
                    self.layers[layer].backward(dz, dx, dx.len() / width_below, gate, workspace);
                });
            gradient = Array2::from_shape_vec((n_samples, width_below), dx).expect("a row per sample");
        }
        gradient
    }

    fn n_outputs(&self) -> usize {
        self.widths[self.widths.len() - 1]
    }

    fn scratch(&self) -> Scratch {
        let widest = self.widths.iter().copied().max().unwrap_or(0);
        let buffer = || vec![0.0; CHUNK * widest];
        Scratch { current: buffer(), next: buffer(), workspace: Workspace::default() }
    }

    /// The logits of `n` samples.
    fn forward_chunk<'a>(&self, inputs: &[f32], n: usize, scratch: &'a mut Scratch) -> &'a mut [f32] {
        let Scratch { current, next, workspace } = scratch;
        for (l, layer) in self.layers.iter().enumerate() {
            let x = if l == 0 { inputs } else { &current[..] };
            layer.forward(x, &mut next[..n * self.widths[l + 1]], n, self.activations[l], workspace);
            std::mem::swap(current, next);
        }
        &mut current[..n * self.n_outputs()]
    }

    fn activate(&self, l: usize, z: &mut [f32]) {
        match self.activations[l] {
            _ if l + 1 == self.layers.len() => vectorised(
                #[inline(always)]
                || loss::softmax(z, self.widths[l + 1]),
            ),
            Activation::Relu => vectorised(
                #[inline(always)]
                || relu(z),
            ),
            Activation::Identity => {}
        }
    }
}
