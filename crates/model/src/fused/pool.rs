//! Pools: the largest value of each window, or its mean, channel by channel.

use pulp::Arch;

use super::average_pool::{Average, AverageBack};
use super::blocks::Blocks;
use super::max_pool::{Largest, LargestBack};
use super::workspace::Workspace;
use crate::chain::Pooling;
use crate::kernels::plane::Plane;

/// A pool; it learns nothing.
#[derive(Clone, Debug)]
pub struct Pool {
    pub plane: Plane,
    pub pooling: Pooling,
    pub blocks: Blocks,
}

impl Pool {
    /// What the windows of `n` samples give.
    pub fn forward(&self, x: &[f32], a: &mut [f32], n: usize, workspace: &mut Workspace) {
        let (plane, arch) = (&self.plane, Arch::new());
        self.blocks.forward(x, a, n, &mut workspace.block, |x, a| match self.pooling {
            Pooling::Max => arch.dispatch(Largest { plane, x, a }),
            Pooling::Average { counts_padding } => arch.dispatch(Average { plane, counts_padding, x, a }),
        });
    }

    /// `∂x` of `∂a`, which goes to the value that was the largest, or to all in equal shares.
    pub fn backward(&self, x: &[f32], da: &[f32], dx: &mut [f32], n: usize, workspace: &mut Workspace) {
        let (plane, arch) = (&self.plane, Arch::new());
        self.blocks.backward(x, da, dx, n, &mut workspace.block, |x, da, dx| match self.pooling {
            Pooling::Max => arch.dispatch(LargestBack { plane, x, da, dx }),
            Pooling::Average { counts_padding } => {
                arch.dispatch(AverageBack { plane, counts_padding, da, dx });
            }
        });
    }
}
