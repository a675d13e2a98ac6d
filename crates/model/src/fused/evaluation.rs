//! Forward passes over many samples: fixed chunks that fit the cache, on all cores, the same bits for any number.

use rayon::prelude::*;

use super::kernels::vectorised;
use super::loss;
use super::network::FusedNetwork;
use super::small::Workspace;
use crate::train::LossSums;

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

    fn scratch(&self) -> Scratch {
        let buffer = || vec![0.0; CHUNK * self.widest()];
        Scratch { current: buffer(), next: buffer(), workspace: Workspace::default() }
    }

    /// The logits of `n` samples.
    fn forward_chunk<'a>(&self, inputs: &[f32], n: usize, scratch: &'a mut Scratch) -> &'a mut [f32] {
        let Scratch { current, next, workspace } = scratch;
        for l in 0..self.layers.len() {
            let x = if l == 0 { inputs } else { &current[..] };
            self.forward(l, x, &mut next[..n * self.widths[l + 1]], n, None, workspace);
            std::mem::swap(current, next);
        }
        &mut current[..n * self.n_outputs()]
    }
}
