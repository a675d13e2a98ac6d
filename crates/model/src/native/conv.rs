//! Filters over channels as products of matrices: the values under the taps of many places, lowered into panels, times the
//! weights of a strip of filters (Chellapilla, Puri & Simard, "High Performance Convolutional Neural Networks for Document
//! Processing", 2006; panels as in Goto & van de Geijn 2008).
//!
//! The lowered matrix is never whole: a block of places, of a few channels, is made, used for all filters while it is
//! in the cache, and overwritten by the next. Every sum goes over the taps in their order, so that no bit of it hangs on
//! which places and filters are computed together, or by whom.

use std::ops::Range;

use rayon::prelude::*;

use super::lowering::Lowering;
use super::shares::{Share, shares};
use crate::kernels::aligned::Aligned;
use crate::kernels::finish::Blend;
use crate::kernels::lanes::lanes;
use crate::kernels::matrix::Matrix;
use crate::kernels::plane::Plane;
use crate::kernels::small::{product_with_panels, strips_of};

/// Panels of places that are computed at once: with the channels at once, what half of a small second-level cache holds.
const PANELS: usize = 4;
/// Taps of all channels that are summed up at once, where a channel has not more of them: as many as are still as fast, for
/// short sums are more exact.
pub const DEPTH: usize = 96;
/// Shares of the work for each thread, so that none waits long for the last.
const SHARES_PER_THREAD: usize = 4;
/// Filters of a share are a multiple of this, which all heights of strips divide.
const FILTERS: usize = 12;

/// A layer of filters.
#[derive(Debug)]
pub struct Conv {
    pub plane: Plane,
    pub n_filters: usize,
    /// Parts of channels and filters that see nothing of each other.
    pub groups: usize,
    /// Weights `[n_taps, filters of the strip]` of each strip of each group.
    strips: Vec<f32>,
    /// Of each filter; zeros where there is none.
    bias: Vec<f32>,
}

/// What a share of the work needs on the way.
#[derive(Default)]
struct Workspace {
    panels: Aligned,
    sums: Aligned,
    lowering: Lowering,
}

impl Conv {
    /// Filters over a plane with weights `[n_filters, channels / groups, taps…]`.
    pub fn new(plane: Plane, groups: usize, weight: &[f32], bias: Vec<f32>) -> Conv {
        let n_filters = bias.len();
        let of_group = weight.chunks_exact(weight.len() / groups);
        let strips = of_group.flat_map(|weight| strips(weight, n_filters / groups)).collect();
        Conv { plane, n_filters, groups, strips, bias }
    }

    /// `z[f, p] = b[f] + Σ_{c, k} w[f, c, k] x[c, p · stride + k]` of each sample.
    pub fn forward(&self, x: &[f32], z: &mut [f32]) {
        let n_places = self.plane.n_places();
        let n_blocks = (z.len() / self.n_filters).div_ceil(block());
        let n_shares = (SHARES_PER_THREAD * rayon::current_num_threads()).div_ceil(n_blocks);
        let n_together = match self.groups {
            1 => self.n_filters.div_ceil(n_shares).next_multiple_of(FILTERS).min(self.n_filters),
            _ => self.n_filters,
        };
        let shares = shares(z, n_places, self.n_filters, block(), n_together);
        shares
            .into_par_iter()
            .for_each_init(Workspace::default, |workspace, share| self.compute(x, share, workspace));
    }

    /// The weights `[n_filters, channels / groups, taps…]`.
    pub fn weight(&self) -> Vec<f32> {
        let (n_taps, filters) = (self.strips.len() / self.n_filters, self.n_filters / self.groups);
        let mut weight = Vec::with_capacity(self.strips.len());
        for of_group in self.strips.chunks_exact(filters * n_taps) {
            for (first, n) in strips_of(filters, lanes()) {
                let strip = &of_group[first * n_taps..][..n * n_taps];
                weight.extend((0..n).flat_map(|f| strip.iter().skip(f).step_by(n)));
            }
        }
        weight
    }

    fn compute(&self, x: &[f32], share: Share<'_>, workspace: &mut Workspace) {
        let Workspace { panels, sums, lowering } = workspace;
        let width = share.places.len().next_multiple_of(2 * lanes());
        let sums = sums.room(share.filters.len() * width);
        for (sums, &bias) in sums.chunks_exact_mut(width).zip(&self.bias[share.filters.clone()]) {
            sums.fill(bias);
        }
        lowering.aim(&self.plane, share.places.clone());
        let n_filters = self.n_filters / self.groups;
        for group in 0..self.groups {
            let filters = (group * n_filters).max(share.filters.start)
                ..((group + 1) * n_filters).min(share.filters.end);
            let first = (filters.start - share.filters.start) * width;
            let sums = &mut sums[first..][..filters.len() * width];
            self.add_up(x, filters, sums, panels, lowering);
        }
        for piece in share.pieces {
            piece.values.copy_from_slice(&sums[piece.filter * width + piece.start..][..piece.values.len()]);
        }
    }

    /// Adds the products of filters of one group with all that they see.
    fn add_up(
        &self,
        x: &[f32],
        filters: Range<usize>,
        sums: &mut [f32],
        panels: &mut Aligned,
        lowering: &Lowering,
    ) {
        let (n_channels, of_group) = (self.plane.channels / self.groups, self.n_filters / self.groups);
        let n_taps = self.plane.n_taps();
        let width = sums.len() / filters.len();
        let group = filters.start / of_group;
        let at_once = (DEPTH / n_taps).max(1);
        for first in (0..n_channels).step_by(at_once) {
            let channels = first..n_channels.min(first + at_once);
            let taps = channels.start * n_taps..channels.end * n_taps;
            let panels = panels.room(taps.len() * width);
            let from = group * n_channels;
            lowering.lower(x, from + channels.start..from + channels.end, panels);
            let strips =
                &self.strips[filters.start * n_channels * n_taps..][..filters.len() * n_channels * n_taps];
            add_products(strips, filters.len(), taps, panels, sums);
        }
    }
}

/// Places of a block.
fn block() -> usize {
    PANELS * 2 * lanes()
}

/// A matrix of so many rows as the products take it: strips of a few rows, each column by column.
pub fn strips(matrix: &[f32], n_rows: usize) -> Vec<f32> {
    let n_columns = matrix.len() / n_rows;
    let strip = |(first, n): (usize, usize)| {
        let rows = &matrix[first * n_columns..];
        (0..n_columns).flat_map(move |column| (0..n).map(move |row| rows[row * n_columns + column]))
    };
    strips_of(n_rows, lanes()).flat_map(strip).collect()
}

/// `sums ← sums + left · right` with `left` in strips and so many columns at once of `right`, which lies in panels.
pub fn add_products(strips: &[f32], n_rows: usize, columns: Range<usize>, panels: &[f32], sums: &mut [f32]) {
    let (n_columns, width) = (strips.len() / n_rows, sums.len() / n_rows);
    for (first, n) in strips_of(n_rows, lanes()) {
        let strip = &strips[first * n_columns..][..n * n_columns];
        let left = Matrix {
            values: &strip[columns.start * n..columns.end * n],
            rows: n,
            columns: columns.len(),
            row_stride: 1,
            column_stride: n,
        };
        let sums = &mut sums[first * width..][..n * width];
        product_with_panels(sums, Blend { keep: 1.0, scale: 1.0 }, left, panels, width);
    }
}
