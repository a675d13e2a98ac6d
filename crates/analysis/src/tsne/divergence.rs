//! What t-SNE makes small: the Kullback–Leibler divergence of the embedding's similarities from the affinities.

use pulp::Arch;
use rayon::prelude::*;

use super::Point;
use super::affinities::Affinities;

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
pub(super) fn kl_divergence_with(affinities: &Affinities, points: &[Point], sum: f64) -> f64 {
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
        rows.map(|i| {
            let after = i + 1..;
            Arch::new().dispatch(
                #[inline(always)]
                || of_row(xs[i], ys[i], &xs[after.clone()], &ys[after.clone()]),
            )
        })
        .sum()
    };
    let sums: Vec<f64> = (0..blocks).into_par_iter().map(of_block).collect();
    2.0 * sums.iter().sum::<f64>()
}

#[inline(always)]
fn of_row(x: f64, y: f64, xs: &[f64], ys: &[f64]) -> f64 {
    const LANES: usize = 16;
    let similarity = |other_x: f64, other_y: f64| {
        let (dx, dy) = (x - other_x, y - other_y);
        1.0 / (1.0 + dx * dx + dy * dy)
    };
    let ((xs, xs_rest), (ys, ys_rest)) = (xs.as_chunks::<LANES>(), ys.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (xs, ys) in xs.iter().zip(ys) {
        for lane in 0..LANES {
            sums[lane] += similarity(xs[lane], ys[lane]);
        }
    }
    let rest: f64 = xs_rest.iter().zip(ys_rest).map(|(&x, &y)| similarity(x, y)).sum();
    sums.iter().sum::<f64>() + rest
}
