//! How much each point belongs to its neighbours (van der Maaten and Hinton 2008, sec. 2 and 3.1).
//!
//! `p[j|i] ∝ exp(−β_i d²(i, j))` over the nearest neighbours of i, with `β_i` such that the entropy of a row is the
//! logarithm of the perplexity; then `p[i, j] = (p[j|i] + p[i|j]) / 2n`, which sums to 1.

use rayon::prelude::*;

use crate::neighbours::Neighbours;

/// A symmetric sparse matrix of shares that sum to 1, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Affinities {
    row_starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
}

/// Largest difference of an entropy from the logarithm of the perplexity.
const TOLERANCE: f64 = 1e-10;
/// Rows that a thread works on at once.
const BLOCK: usize = 256;

impl Affinities {
    /// The affinities of points with these neighbours.
    ///
    /// A row whose neighbours cannot have that perplexity, for more of them than that are equally near, is as close to
    /// it as it can be.
    pub fn of(neighbours: &Neighbours, perplexity: f64) -> Affinities {
        let (n_points, k) = neighbours.indices.dim();
        let mut rows: Vec<(u32, f64)> = vec![(0, 0.0); n_points * k];
        rows.par_chunks_mut(BLOCK * k).enumerate().for_each(|(block, rows)| {
            for (row, i) in rows.chunks_exact_mut(k).zip(block * BLOCK..) {
                let squared = neighbours.squared_distances.row(i);
                let shares = conditional(&squared.to_vec(), perplexity);
                for ((entry, &j), share) in row.iter_mut().zip(neighbours.indices.row(i)).zip(shares) {
                    *entry = (j, share);
                }
                row.sort_unstable_by_key(|&(j, _)| j);
            }
        });
        symmetrised(&rows, n_points, k)
    }

    /// Number of points.
    pub fn n_points(&self) -> usize {
        self.row_starts.len() - 1
    }

    /// Number of pairs with an affinity, each counted both ways.
    pub fn n_pairs(&self) -> usize {
        self.columns.len()
    }

    /// Partners of point i, by rising number, and the affinity to each.
    pub fn row(&self, i: usize) -> (&[u32], &[f64]) {
        let range = self.row_starts[i]..self.row_starts[i + 1];
        (&self.columns[range.clone()], &self.values[range])
    }
}

/// `p[j|i]` over the neighbours of one point at these squared distances, nearest first.
///
/// Newton's method on ln β, within the bracket that bisection would keep.
fn conditional(squared: &[f64], perplexity: f64) -> Vec<f64> {
    let wanted = perplexity.ln();
    // Only differences count; the nearest neighbour has weight 1, so that no sum vanishes.
    let excess: Vec<f64> = squared.iter().map(|d| d - squared[0]).collect();
    let mean = excess.iter().sum::<f64>() / excess.len() as f64;
    let mut weights = vec![1.0; excess.len()];
    if mean == 0.0 {
        return vec![1.0 / excess.len() as f64; excess.len()];
    }
    let (mut beta, mut low, mut high) = (1.0 / mean, 0.0, f64::INFINITY);
    let mut sum = 0.0;
    for _ in 0..200 {
        let (mut first, mut second) = (0.0, 0.0);
        sum = 0.0;
        for (weight, &d) in weights.iter_mut().zip(&excess) {
            *weight = (-beta * d).exp();
            sum += *weight;
            first += *weight * d;
            second += *weight * d * d;
        }
        let expected = first / sum;
        let variance = second / sum - expected * expected;
        let too_much = sum.ln() + beta * expected - wanted;
        if too_much.abs() < TOLERANCE {
            break;
        }
        if 0.0 < too_much {
            low = beta;
        } else {
            high = beta;
        }
        let newton = beta * (too_much / (beta * beta * variance)).exp();
        beta = match (low < newton && newton < high, high.is_finite()) {
            (true, _) if newton < 8.0 * beta => newton,
            (_, true) => (low + high) / 2.0,
            (_, false) => 8.0 * beta,
        };
        if !beta.is_finite() {
            break;
        }
    }
    weights.iter().map(|weight| weight / sum).collect()
}

/// `(C + Cᵀ) / 2n` of a matrix C with `k` entries in each of its sorted rows.
fn symmetrised(rows: &[(u32, f64)], n_points: usize, k: usize) -> Affinities {
    let mut starts = vec![0; n_points + 1];
    for &(j, _) in rows {
        starts[j as usize + 1] += 1;
    }
    for i in 0..n_points {
        starts[i + 1] += starts[i];
    }
    // Rows of the transposed matrix come out sorted, since the rows are read in order.
    let mut transposed = vec![(0, 0.0); rows.len()];
    let mut next = starts.clone();
    for (i, row) in rows.chunks_exact(k).enumerate() {
        for &(j, share) in row {
            transposed[next[j as usize]] = (i as u32, share);
            next[j as usize] += 1;
        }
    }
    let norm = 0.5 / n_points as f64;
    let mut affinities = Affinities {
        row_starts: vec![0],
        columns: Vec::with_capacity(2 * rows.len()),
        values: Vec::with_capacity(2 * rows.len()),
    };
    for (i, row) in rows.chunks_exact(k).enumerate() {
        let (mut out, mut back) = (row, &transposed[starts[i]..starts[i + 1]]);
        while let Some(column) = out.first().into_iter().chain(back.first()).map(|entry| entry.0).min() {
            let mut sum = 0.0;
            for side in [&mut out, &mut back] {
                if let Some((&(j, share), rest)) = side.split_first()
                    && j == column
                {
                    sum += share;
                    *side = rest;
                }
            }
            affinities.columns.push(column);
            affinities.values.push(norm * sum);
        }
        affinities.row_starts.push(affinities.columns.len());
    }
    affinities
}
