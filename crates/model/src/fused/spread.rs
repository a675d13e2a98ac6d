//! The way back through filters: `∂x[p + t] += Σ_f w[t, f] ∂z[f, p]`, a few taps by a few places at once in registers.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::sweep::{Sweep, every, most_beside_six, parts, vectors, vectors_mut};

/// The gradient of one block of samples, spread over what its filters saw.
pub struct Spread<'a> {
    pub sweep: &'a Sweep,
    /// `[all filters, n_places]`.
    pub dz: &'a [f32],
    /// `[n_taps, all filters]`.
    pub weight: &'a [f32],
    pub n_filters: usize,
    /// These filters among all.
    pub filters: Range<usize>,
    /// The channels that these filters see, with their padding; it is added to.
    pub dx: &'a mut [f32],
}

impl WithSimd for Spread<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let ([rows, columns], most) = (self.sweep.places, most_beside_six::<S>());
        for row in 0..rows {
            for (column, n_places) in parts(columns, most) {
                for (tap, n_taps) in parts(self.sweep.offsets.len(), 6) {
                    let at = [tap, row, column];
                    match (n_taps, n_places) {
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

impl Spread<'_> {
    #[inline(always)]
    fn tile<S: Simd, const TAPS: usize, const PLACES: usize>(
        &mut self,
        simd: S,
        [tap, row, column]: [usize; 3],
    ) {
        let (sweep, filters) = (self.sweep, self.filters.clone());
        let n_places = sweep.n_places();
        let dz = &vectors::<S>(self.dz)[filters.start * n_places + row * sweep.places[1] + column..];
        let weights: [&[f32]; TAPS] = std::array::from_fn(|t| {
            &self.weight[(tap + t) * self.n_filters + filters.start..][..filters.len()]
        });
        let mut sums = [[simd.splat_f32s(0.0); PLACES]; TAPS];
        for (f, dz) in dz.chunks(n_places).take(filters.len()).enumerate() {
            let dz: [S::f32s; PLACES] = every(dz, 0, 1);
            for (sums, weight) in sums.iter_mut().zip(weights) {
                let weight = simd.splat_f32s(weight[f]);
                for (sum, dz) in sums.iter_mut().zip(dz) {
                    *sum = simd.mul_add_e_f32s(weight, dz, *sum);
                }
            }
        }
        let dx = &mut vectors_mut::<S>(self.dx)[sweep.base(row, column)..];
        for (sums, offset) in sums.into_iter().zip(&sweep.offsets[tap..tap + TAPS]) {
            for (dx, sum) in dx[*offset..].iter_mut().step_by(sweep.step).zip(sums) {
                *dx = simd.add_f32s(*dx, sum);
            }
        }
    }
}
