//! The gradient of filters with respect to what they see: `∂x[c, q] = Σ_{f, p, k: p · stride + k = q} w[f, c, k] ∂z[f, p]`.
//!
//! Of unit stride it is what filters give that are turned around. Of others, every place hands its share to each value that
//! it saw: the transposed weights times the gradients, the lowering backwards.

use rayon::prelude::*;

use super::conv::{Conv, DEPTH, add_products, strips};
use super::lowering::Lowering;
use crate::kernels::aligned::Aligned;
use crate::kernels::lanes::lanes;
use crate::kernels::plane::Plane;

/// Panels of places that hand on their shares at once.
const PANELS: usize = 2;

/// The way back through filters.
#[derive(Debug)]
pub enum ConvBack {
    /// Through filters over the gradients.
    Turned(Conv),
    /// From every place to what it saw.
    Spread(Spread),
}

/// Filters as each tap sees them.
#[derive(Debug)]
pub struct Spread {
    plane: Plane,
    n_filters: usize,
    groups: usize,
    /// Of each group `[channels · taps, filters]`, in strips.
    strips: Vec<f32>,
}

impl ConvBack {
    pub fn of(conv: &Conv) -> ConvBack {
        match conv.plane.stride {
            [1, 1] => ConvBack::Turned(turned(conv)),
            _ => ConvBack::Spread(Spread::of(conv)),
        }
    }

    /// `∂x` of `∂z`, sample by sample.
    pub fn backward(&self, dz: &[f32], dx: &mut [f32]) {
        match self {
            ConvBack::Turned(conv) => conv.forward(dz, dx),
            ConvBack::Spread(spread) => spread.backward(dz, dx),
        }
    }
}

/// Filters of unit stride over the gradients: every channel's, over all filters, turned around.
fn turned(conv: &Conv) -> Conv {
    let Plane { channels, size, places, taps, stride, dilation, padding } = conv.plane;
    let padding = [0, 1].map(|axis| {
        let (before, reach) = (padding[axis].0, (taps[axis] - 1) * dilation[axis]);
        (reach - before, size[axis] + before - places[axis])
    });
    let (of_group, filters, n_taps) =
        (channels / conv.groups, conv.n_filters / conv.groups, conv.plane.n_taps());
    let weight = conv.weight();
    let mut turned = Vec::with_capacity(weight.len());
    for channel in 0..channels {
        let group = channel / of_group;
        for filter in group * filters..(group + 1) * filters {
            let taps = &weight[(filter * of_group + channel % of_group) * n_taps..][..n_taps];
            turned.extend(taps.iter().rev());
        }
    }
    let plane =
        Plane { channels: conv.n_filters, size: places, places: size, taps, stride, dilation, padding };
    Conv::new(plane, conv.groups, &turned, vec![0.0; channels])
}

impl Spread {
    fn of(conv: &Conv) -> Spread {
        let (n_filters, groups) = (conv.n_filters, conv.groups);
        let weight = conv.weight();
        let (n_rows, n_columns) = (weight.len() / n_filters, n_filters / groups);
        let transposed = |weight: &[f32]| -> Vec<f32> {
            (0..n_rows).flat_map(|row| weight.iter().skip(row).step_by(n_rows)).copied().collect()
        };
        let of_group = weight.chunks_exact(n_rows * n_columns);
        let strips = of_group.flat_map(|weight| strips(&transposed(weight), n_rows)).collect();
        Spread { plane: conv.plane.clone(), n_filters, groups, strips }
    }

    fn backward(&self, dz: &[f32], dx: &mut [f32]) {
        let n_places = self.plane.n_places();
        let n_values = self.plane.channels / self.groups * self.plane.n_values();
        let of_group = self.n_filters / self.groups * n_places;
        let shares = dx.par_chunks_mut(n_values).zip(dz.par_chunks(of_group)).enumerate();
        shares.for_each_init(Workspace::default, |workspace, (i, (dx, dz))| {
            let strips = &self.strips[i % self.groups * (self.strips.len() / self.groups)..];
            self.spread(&strips[..self.strips.len() / self.groups], dz, dx, workspace);
        });
    }

    /// One group of one sample.
    fn spread(&self, strips: &[f32], dz: &[f32], dx: &mut [f32], workspace: &mut Workspace) {
        let Workspace { panels, sums, lowering } = workspace;
        let (n_places, n_filters) = (self.plane.n_places(), self.n_filters / self.groups);
        let (width, n_rows) = (2 * lanes(), strips.len() / n_filters);
        dx.fill(0.0);
        for first in (0..n_places).step_by(PANELS * width) {
            let places = first..n_places.min(first + PANELS * width);
            let n_columns = places.len().next_multiple_of(width);
            let sums = sums.room(n_rows * n_columns);
            sums.fill(0.0);
            for first in (0..n_filters).step_by(DEPTH) {
                let filters = first..n_filters.min(first + DEPTH);
                let panels = panels.room(filters.len() * n_columns);
                for (panel, start) in
                    panels.chunks_exact_mut(filters.len() * width).zip(places.clone().step_by(width))
                {
                    let len = width.min(places.end - start);
                    for (row, filter) in panel.chunks_exact_mut(width).zip(filters.clone()) {
                        row[..len].copy_from_slice(&dz[filter * n_places + start..][..len]);
                        row[len..].fill(0.0);
                    }
                }
                add_products(strips, n_rows, filters, panels, sums);
            }
            lowering.aim(&self.plane, places);
            lowering.raise(sums, n_columns, dx);
        }
    }
}

/// What a share of the work needs on the way.
#[derive(Default)]
struct Workspace {
    panels: Aligned,
    sums: Aligned,
    lowering: Lowering,
}
