//! Forward passes over many samples: fixed chunks that fit the cache, on all cores, the same bits for any number.

use rayon::prelude::*;

use super::loss;
use super::network::FusedNetwork;
use super::workspace::Workspace;
use crate::kernels::aligned::Aligned;
use crate::kernels::elementwise::vectorised;
use crate::train::LossSums;

/// Two buffers for the activations of a chunk, which the layers use in turn.
struct Scratch {
    current: Aligned,
    next: Aligned,
    workspace: Workspace,
}

impl FusedNetwork {
    /// Loss and right answers over all samples; chunks are added up in their order.
    pub fn loss(&self, inputs: &[f32], labels: &[usize]) -> LossSums {
        let (n_classes, chunk) = (self.n_outputs(), self.chunk());
        let sums: Vec<LossSums> = inputs
            .par_chunks(chunk * self.layouts[0].width)
            .zip(labels.par_chunks(chunk))
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
        let buffer = || Aligned::zeros(self.most_values(self.chunk()));
        Scratch { current: buffer(), next: buffer(), workspace: Workspace::default() }
    }

    /// The logits of `n` samples.
    fn forward_chunk<'a>(&self, inputs: &[f32], n: usize, scratch: &'a mut Scratch) -> &'a mut [f32] {
        let Scratch { current, next, workspace } = scratch;
        let is_in_rows = self.layouts[0].lanes == 1;
        if !is_in_rows {
            self.layouts[0].take(inputs, current);
        }
        for l in 0..self.layers.len() {
            let x = if l == 0 && is_in_rows { inputs } else { &current[..] };
            self.forward(l, x, &mut next[..self.layouts[l + 1].len(n)], n, None, workspace);
            std::mem::swap(current, next);
        }
        &mut current[..n * self.n_outputs()]
    }
}
