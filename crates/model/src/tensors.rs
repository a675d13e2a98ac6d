//! What burn's engines share.

use burn::tensor::{Int, Tensor};

use crate::train::LossSums;

/// The values of a tensor, on the host.
pub(crate) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().convert::<f32>().try_into_vec::<f32>().expect("just converted to f32")
}

/// Loss and right answers of every network by batch, still on the device: read back together, then summed in f64.
#[derive(Default)]
pub(crate) struct PendingSums {
    losses: Vec<Tensor<1>>,
    right: Vec<Tensor<1, Int>>,
}

impl PendingSums {
    pub fn push(&mut self, loss: Tensor<1>, right: Tensor<1, Int>) {
        self.losses.push(loss);
        self.right.push(right);
    }

    /// The sums of each of `n_networks`.
    pub fn read(self, n_networks: usize) -> Vec<LossSums> {
        let mut sums = vec![LossSums::default(); n_networks];
        if self.losses.is_empty() {
            return sums;
        }
        let losses = values(Tensor::cat(self.losses, 0));
        // Counts are far below 2²⁴, so that f32 holds them exactly.
        let right = values(Tensor::cat(self.right, 0).float());
        for (loss, right) in losses.chunks_exact(n_networks).zip(right.chunks_exact(n_networks)) {
            for (place, sum) in sums.iter_mut().enumerate() {
                *sum = sum.and(LossSums { loss: f64::from(loss[place]), n_correct: right[place] as usize });
            }
        }
        sums
    }
}
