//! What drives all points apart, summed over all pairs: `Σ_j (y_i − y_j) / (1 + |y_i − y_j|²)²` (van der Maaten and
//! Hinton 2008, eq. 5).

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use crate::point::Point;
use crate::repulsion::Repulsion;

/// Repulsion over all pairs.
#[derive(Default)]
pub(crate) struct ExactRepulsion {
    xs: Vec<f32>,
    ys: Vec<f32>,
}

/// Lanes of the widest vector.
const LANES: usize = 16;
/// Points that a thread works on at once.
const BLOCK: usize = 64;
/// Where lanes without a point lie: so far away that they repel nothing.
const NOWHERE: f32 = 1e15;

impl Repulsion for ExactRepulsion {
    fn forces(&mut self, points: &[Point], forces: &mut [Point]) -> f64 {
        let padded = points.len().next_multiple_of(LANES);
        for (coordinate, values) in [&mut self.xs, &mut self.ys].into_iter().enumerate() {
            values.clear();
            values.extend(points.iter().map(|point| point[coordinate]));
            values.resize(padded, NOWHERE);
        }
        let (xs, ys) = (&self.xs[..], &self.ys[..]);
        let sums = forces.par_chunks_mut(BLOCK).zip(points.par_chunks(BLOCK));
        let sums: Vec<f64> =
            sums.map(|(forces, points)| Arch::new().dispatch(Rows { points, forces, xs, ys })).collect();
        // Each point was counted as its own neighbour, at distance 0.
        sums.iter().sum::<f64>() - points.len() as f64
    }
}

struct Rows<'a> {
    points: &'a [Point],
    forces: &'a mut [Point],
    xs: &'a [f32],
    ys: &'a [f32],
}

impl WithSimd for Rows<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let one = simd.splat_f32s(1.0);
        let mut total = 0.0;
        for (point, force) in self.points.iter().zip(self.forces) {
            let (x, y) = (simd.splat_f32s(point[0]), simd.splat_f32s(point[1]));
            let mut sums = [simd.splat_f32s(0.0); 3];
            for (&xs, &ys) in S::as_simd_f32s(self.xs).0.iter().zip(S::as_simd_f32s(self.ys).0) {
                let (dx, dy) = (simd.sub_f32s(x, xs), simd.sub_f32s(y, ys));
                let distance = simd.mul_add_e_f32s(dx, dx, simd.mul_add_e_f32s(dy, dy, one));
                let q = simd.div_f32s(one, distance);
                let push = simd.mul_f32s(q, q);
                sums[0] = simd.mul_add_e_f32s(push, dx, sums[0]);
                sums[1] = simd.mul_add_e_f32s(push, dy, sums[1]);
                sums[2] = simd.add_f32s(sums[2], q);
            }
            *force = [simd.reduce_sum_f32s(sums[0]), simd.reduce_sum_f32s(sums[1])];
            total += f64::from(simd.reduce_sum_f32s(sums[2]));
        }
        total
    }
}
