//! What filters give: `z[f, p] = b[f] + Σ_t w[t, f] x[p + t]`, a few filters by a few places at once in registers.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::sweep::{Sweep, every, most_beside_six, parts, vectors, vectors_mut};

/// Filters over one block of samples.
pub struct Correlation<'a> {
    pub sweep: &'a Sweep,
    /// The channels that these filters see, with their padding.
    pub x: &'a [f32],
    /// `[n_taps, all filters]`.
    pub weight: &'a [f32],
    /// Of all filters, or empty.
    pub bias: &'a [f32],
    pub n_filters: usize,
    /// These filters among all.
    pub filters: Range<usize>,
    /// Whether what is below zero becomes zero.
    pub relu: bool,
    /// `[all filters, n_places]`.
    pub z: &'a mut [f32],
}

impl WithSimd for Correlation<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let ([rows, columns], most) = (self.sweep.places, most_beside_six::<S>());
        for (first, n_filters) in parts(self.filters.len(), 6) {
            let filter = self.filters.start + first;
            for row in 0..rows {
                for (column, n_places) in parts(columns, most) {
                    let at = [filter, row, column];
                    match (n_filters, n_places) {
                        (6, 4) if 16 <= S::F32_LANES => self.tile::<S, 6, 4>(simd, at),
                        (6, 2) => self.tile::<S, 6, 2>(simd, at),
                        (6, _) => self.tile::<S, 6, 1>(simd, at),
                        (4, 4) if 16 <= S::F32_LANES => self.tile::<S, 4, 4>(simd, at),
                        (4, 2) => self.tile::<S, 4, 2>(simd, at),
                        (4, _) => self.tile::<S, 4, 1>(simd, at),
                        (2, 4) if 16 <= S::F32_LANES => self.tile::<S, 2, 4>(simd, at),
                        (2, 2) => self.tile::<S, 2, 2>(simd, at),
                        (2, _) => self.tile::<S, 2, 1>(simd, at),
                        (_, 4) if 16 <= S::F32_LANES => self.tile::<S, 1, 4>(simd, at),
                        (_, 2) => self.tile::<S, 1, 2>(simd, at),
                        _ => self.tile::<S, 1, 1>(simd, at),
                    }
                }
            }
        }
    }
}

impl Correlation<'_> {
    #[inline(always)]
    fn tile<S: Simd, const FILTERS: usize, const PLACES: usize>(
        &mut self,
        simd: S,
        [filter, row, column]: [usize; 3],
    ) {
        let sweep = self.sweep;
        let x = &vectors::<S>(self.x)[sweep.base(row, column)..];
        let mut sums = [[simd.splat_f32s(0.0); PLACES]; FILTERS];
        if let Some(bias) = self.bias.get(filter..filter + FILTERS) {
            sums = std::array::from_fn(|f| [simd.splat_f32s(bias[f]); PLACES]);
        }
        for (&offset, weight) in sweep.offsets.iter().zip(self.weight[filter..].chunks(self.n_filters)) {
            let x: [S::f32s; PLACES] = every(x, offset, sweep.step);
            for (sums, &weight) in sums.iter_mut().zip(&weight[..FILTERS]) {
                let weight = simd.splat_f32s(weight);
                for (sum, x) in sums.iter_mut().zip(x) {
                    *sum = simd.mul_add_e_f32s(weight, x, *sum);
                }
            }
        }
        let z = vectors_mut::<S>(self.z);
        let first = row * sweep.places[1] + column;
        for (f, sums) in sums.into_iter().enumerate() {
            let z = &mut z[(filter + f) * sweep.n_places() + first..][..PLACES];
            for (z, sum) in z.iter_mut().zip(sums) {
                *z = if self.relu { simd.max_f32s(sum, simd.splat_f32s(0.0)) } else { sum };
            }
        }
    }
}
