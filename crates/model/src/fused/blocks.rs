//! The blocks of samples that a layer over channels goes through.

use super::layout::Layout;
use crate::kernels::aligned::Aligned;

/// How samples lie before such a layer, side by side, and after it: the same, or in rows where dense layers follow.
#[derive(Clone, Copy, Debug)]
pub struct Blocks {
    pub before: Layout,
    pub after: Layout,
}

impl Blocks {
    /// Calls `each` with every block before the layer and the one after it, to be written.
    pub fn forward(
        self,
        x: &[f32],
        a: &mut [f32],
        n: usize,
        room: &mut Aligned,
        mut each: impl FnMut(&[f32], &mut [f32]),
    ) {
        let after = self.side_by_side();
        let a = a[..self.after.len(n)].chunks_mut(after.block());
        for (x, a) in x.chunks_exact(self.before.block()).zip(a) {
            if self.is_left_in_rows() {
                let block = room.room(after.block());
                each(x, block);
                after.give(block, a);
            } else {
                each(x, a);
            }
        }
    }

    /// Calls `each` with every block before the layer, with that of the gradients after it, and with that before it, to be
    /// written.
    pub fn backward(
        self,
        x: &[f32],
        dz: &[f32],
        dx: &mut [f32],
        n: usize,
        room: &mut Aligned,
        mut each: impl FnMut(&[f32], &[f32], &mut [f32]),
    ) {
        let mut blocks = dx[..self.before.len(n)].chunks_exact_mut(self.before.block());
        self.gradient(x, dz, n, room, |x, dz| each(x, dz, blocks.next().expect("as many blocks")));
    }

    /// Calls `each` with every block before the layer, and that of the gradients after it.
    pub fn gradient(
        self,
        x: &[f32],
        dz: &[f32],
        n: usize,
        room: &mut Aligned,
        mut each: impl FnMut(&[f32], &[f32]),
    ) {
        let after = self.side_by_side();
        let dz = dz[..self.after.len(n)].chunks(after.block());
        for (x, dz) in x[..self.before.len(n)].chunks_exact(self.before.block()).zip(dz) {
            if self.is_left_in_rows() {
                let block = room.room(after.block());
                after.take(dz, block);
                each(x, block);
            } else {
                each(x, dz);
            }
        }
    }

    fn is_left_in_rows(self) -> bool {
        self.before.lanes != self.after.lanes
    }

    /// After the layer, before samples are laid in rows.
    fn side_by_side(self) -> Layout {
        Layout { lanes: self.before.lanes, ..self.after }
    }
}
