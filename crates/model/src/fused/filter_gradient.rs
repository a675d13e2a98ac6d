//! The gradient of filters: `∂w[t, f] = Σ_p ∂z[f, p] x[p + t]`, a few filters by a few taps at once in registers.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::sweep::{Sweep, most_beside_six, parts, vectors};

/// What one block of samples adds to the gradient.
pub struct FilterGradient<'a> {
    pub sweep: &'a Sweep,
    /// The channels that these filters see, with their padding.
    pub x: &'a [f32],
    /// `[all filters, n_places]`; zero in lanes without a sample.
    pub dz: &'a [f32],
    pub n_filters: usize,
    /// These filters among all.
    pub filters: Range<usize>,
    /// `[n_taps, all filters]`.
    pub weight: &'a mut [f32],
    /// Of all filters, or empty.
    pub bias: &'a mut [f32],
}

impl WithSimd for FilterGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (first, n_filters) in parts(self.filters.len(), 6) {
            let filter = self.filters.start + first;
            for (tap, n_taps) in parts(self.sweep.offsets.len(), most_beside_six::<S>()) {
                let at = [filter, tap];
                match (n_filters, n_taps) {
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
        let n_places = self.sweep.n_places();
        let images = vectors::<S>(self.dz).chunks_exact(n_places);
        for (bias, dz) in self.bias.iter_mut().zip(images).take(self.filters.end).skip(self.filters.start) {
            let sum = dz.iter().fold(simd.splat_f32s(0.0), |sum, &dz| simd.add_f32s(sum, dz));
            *bias += simd.reduce_sum_f32s(sum);
        }
    }
}

impl FilterGradient<'_> {
    #[inline(always)]
    fn tile<S: Simd, const FILTERS: usize, const TAPS: usize>(&mut self, simd: S, [filter, tap]: [usize; 2]) {
        let sweep = self.sweep;
        let (x, dz) = (vectors::<S>(self.x), vectors::<S>(self.dz));
        let [rows, columns] = sweep.places;
        let reach = (columns - 1) * sweep.step + 1;
        let mut sums = [[simd.splat_f32s(0.0); TAPS]; FILTERS];
        for row in 0..rows {
            let dz: [&[S::f32s]; FILTERS] =
                std::array::from_fn(|f| &dz[(filter + f) * sweep.n_places() + row * columns..][..columns]);
            let x: [&[S::f32s]; TAPS] =
                std::array::from_fn(|t| &x[row * sweep.row_step + sweep.offsets[tap + t]..][..reach]);
            for column in 0..columns {
                let x: [S::f32s; TAPS] = std::array::from_fn(|t| x[t][column * sweep.step]);
                for (sums, dz) in sums.iter_mut().zip(dz) {
                    for (sum, x) in sums.iter_mut().zip(x) {
                        *sum = simd.mul_add_e_f32s(dz[column], x, *sum);
                    }
                }
            }
        }
        for (t, weight) in self.weight.chunks_mut(self.n_filters).skip(tap).take(TAPS).enumerate() {
            for (weight, sums) in weight[filter..filter + FILTERS].iter_mut().zip(sums) {
                *weight += simd.reduce_sum_f32s(sums[t]);
            }
        }
    }
}
