//! What t-SNE makes small: the Kullback–Leibler divergence of the embedding's similarities from the affinities.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use crate::affinities::Affinities;
use crate::point::Point;

/// Points that a thread works on at once.
const BLOCK: usize = 64;

/// `Σ p ln(p / q)` over all pairs, with `q[i, j] = (1 + |y_i − y_j|²)⁻¹ / Z` and Z the sum over all pairs: exact, in
/// double precision.
///
/// # Panics
/// If there is not one point per row of `affinities`.
pub fn kl_divergence(affinities: &Affinities, points: &[Point]) -> f64 {
    kl_divergence_with(affinities, points, sum_of_similarities(points))
}

/// The same with a sum of similarities that is known.
pub(crate) fn kl_divergence_with(affinities: &Affinities, points: &[Point], sum: f64) -> f64 {
    assert_eq!(affinities.n_points(), points.len(), "one point per row of affinities");
    let of_block = |(block, points_of_block): (usize, &[Point])| -> f64 {
        let mut total = 0.0;
        for (i, [x, y]) in (block * BLOCK..).zip(points_of_block) {
            let (columns, values) = affinities.row(i);
            for (&j, &p) in columns.iter().zip(values).filter(|(_, p)| 0.0 < **p) {
                let [other_x, other_y] = points[j as usize];
                let (dx, dy) = (f64::from(*x) - f64::from(other_x), f64::from(*y) - f64::from(other_y));
                total += p * (p * (1.0 + dx * dx + dy * dy)).ln();
            }
        }
        total
    };
    let blocks: Vec<f64> = points.par_chunks(BLOCK).enumerate().map(of_block).collect();
    blocks.iter().sum::<f64>() + sum.ln()
}

/// `Σ_{i ≠ j} (1 + |y_i − y_j|²)⁻¹`, every pair counted both ways.
fn sum_of_similarities(points: &[Point]) -> f64 {
    let xs: Vec<f64> = points.iter().map(|p| f64::from(p[0])).collect();
    let ys: Vec<f64> = points.iter().map(|p| f64::from(p[1])).collect();
    let blocks = points.len().div_ceil(BLOCK);
    let of_block = |block: usize| -> f64 {
        let rows = block * BLOCK..points.len().min((block + 1) * BLOCK);
        Arch::new().dispatch(Rows { rows, xs: &xs, ys: &ys })
    };
    let sums: Vec<f64> = (0..blocks).into_par_iter().map(of_block).collect();
    2.0 * sums.iter().sum::<f64>()
}

/// Similarities of some points to all that come after them.
struct Rows<'a> {
    rows: Range<usize>,
    xs: &'a [f64],
    ys: &'a [f64],
}

impl WithSimd for Rows<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let one = simd.splat_f64s(1.0);
        let mut total = 0.0;
        for i in self.rows {
            let (x, y) = (simd.splat_f64s(self.xs[i]), simd.splat_f64s(self.ys[i]));
            let (xs, xs_rest) = S::as_simd_f64s(&self.xs[i + 1..]);
            let (ys, ys_rest) = S::as_simd_f64s(&self.ys[i + 1..]);
            let mut sum = simd.splat_f64s(0.0);
            for (&xs, &ys) in xs.iter().zip(ys) {
                let (dx, dy) = (simd.sub_f64s(x, xs), simd.sub_f64s(y, ys));
                let distance = simd.mul_add_e_f64s(dx, dx, simd.mul_add_e_f64s(dy, dy, one));
                sum = simd.add_f64s(sum, simd.div_f64s(one, distance));
            }
            total += simd.reduce_sum_f64s(sum);
            for (&other_x, &other_y) in xs_rest.iter().zip(ys_rest) {
                let (dx, dy) = (self.xs[i] - other_x, self.ys[i] - other_y);
                total += 1.0 / (1.0 + dx * dx + dy * dy);
            }
        }
        total
    }
}
