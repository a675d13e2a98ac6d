//! How the values of samples lie in a buffer: in rows, or side by side.
//!
//! Filters and pools do the same with every sample. So their samples lie side by side, one in each lane of a vector: what
//! is computed of one value is computed of as many samples at once, whatever windows, strides and paddings there are, and
//! no lane knows of another.

use crate::kernels::elementwise::{transpose, vectorised};
use crate::kernels::lanes::lanes;

/// Blocks of `lanes` samples `[width, lanes]`, one after the other; in rows, a block is a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Values of a sample.
    pub width: usize,
    pub lanes: usize,
}

impl Layout {
    pub fn rows(width: usize) -> Layout {
        Layout { width, lanes: 1 }
    }

    pub fn side_by_side(width: usize) -> Layout {
        Layout { width, lanes: lanes() }
    }

    /// Values of a block.
    pub fn block(self) -> usize {
        self.width * self.lanes
    }

    /// Values of so many samples; the last block is whole.
    pub fn len(self, n_samples: usize) -> usize {
        self.width * n_samples.next_multiple_of(self.lanes)
    }

    /// Where a value is found.
    pub fn index(self, sample: usize, value: usize) -> usize {
        (sample / self.lanes * self.width + value) * self.lanes + sample % self.lanes
    }

    /// Lays down samples that come in rows; lanes without a sample hold zeros.
    pub fn take(self, rows: &[f32], to: &mut [f32]) {
        if self.lanes == 1 {
            to[..rows.len()].copy_from_slice(rows);
            return;
        }
        vectorised(
            #[inline(always)]
            || {
                for (rows, block) in rows.chunks(self.block()).zip(to.chunks_exact_mut(self.block())) {
                    if rows.len() < block.len() {
                        block.fill(0.0);
                    }
                    transpose(rows, self.width, block, self.lanes, rows.len() / self.width);
                }
            },
        );
    }

    /// Writes samples into rows, as many as there are.
    pub fn give(self, from: &[f32], rows: &mut [f32]) {
        if self.lanes == 1 {
            let len = rows.len();
            rows.copy_from_slice(&from[..len]);
            return;
        }
        vectorised(
            #[inline(always)]
            || {
                for (block, rows) in from.chunks_exact(self.block()).zip(rows.chunks_mut(self.block())) {
                    transpose(block, self.lanes, rows, self.width, self.width);
                }
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_back_as_they_went() {
        for (layout, n) in [
            (Layout::side_by_side(5), 1),
            (Layout::side_by_side(8), 16),
            (Layout::side_by_side(11), 37),
            (Layout::rows(5), 3),
            (Layout { width: 9, lanes: 4 }, 11),
        ] {
            let rows: Vec<f32> = (1..=n * layout.width).map(|i| i as f32).collect();
            let mut there = vec![-1.0; layout.len(n)];
            layout.take(&rows, &mut there);
            for sample in 0..n {
                for value in 0..layout.width {
                    assert_eq!(there[layout.index(sample, value)], rows[sample * layout.width + value]);
                }
            }
            let n_zeros = there.iter().filter(|&&v| v == 0.0).count();
            assert_eq!(n_zeros, layout.len(n) - rows.len());
            let mut back = vec![0.0; rows.len()];
            layout.give(&there, &mut back);
            assert_eq!(back, rows);
        }
    }
}
