//! How well an embedding keeps neighbours: trustworthiness and neighbour preservation.

use ndarray::{ArrayView2, Zip};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::distances::{PANEL, Panels, Visit};
use crate::neighbours::Neighbours;

/// How well neighbours are kept, over all points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmbeddingQuality {
    /// Neighbours of each point that were looked at.
    pub k: usize,
    /// `1 − 2 / (n k (2n − 3k − 1)) Σ_i Σ_j max(0, r(i, j) − k)` over the k nearest neighbours j of i in the embedding,
    /// with r their rank among the neighbours of i in the data (Venna and Kaski 2001). 1 where no neighbour is new.
    pub trustworthiness: f64,
    /// Share of the k nearest neighbours in the data that are among the k nearest in the embedding, too.
    pub neighbour_preservation: f64,
}

/// Points that cannot be compared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum QualityError {
    /// Data and embedding are not of the same points.
    #[error("{n_activations} rows of activations, but {n_points} points")]
    CountMismatch {
        /// Rows of the data.
        n_activations: usize,
        /// Rows of the embedding.
        n_points: usize,
    },
    /// A rank beyond half of the points.
    #[error("k = {k}: must be at least 1 and below half of the {n_points} points")]
    Neighbours {
        /// The number asked for.
        k: usize,
        /// Number of points.
        n_points: usize,
    },
    /// A value that has no place in a distance, or no values at all.
    #[error("neighbours are defined between points of finite numbers")]
    NotFinite,
}

/// Points that a thread looks at together.
const BLOCK: usize = 64;

impl EmbeddingQuality {
    /// How well `points [n_points, n_dimensions]` keep the `k` nearest neighbours of `activations [n_points, n_features]`,
    /// exact over all points, on all threads of the current rayon pool.
    ///
    /// # Errors
    /// If the two are not of the same points, there are fewer than `2k + 1`, or a value is not finite.
    pub fn of(
        activations: ArrayView2<f32>,
        points: ArrayView2<f32>,
        k: usize,
    ) -> Result<EmbeddingQuality, QualityError> {
        let (n_activations, n_points) = (activations.nrows(), points.nrows());
        if n_activations != n_points {
            return Err(QualityError::CountMismatch { n_activations, n_points });
        }
        if k == 0 || n_points <= 2 * k {
            return Err(QualityError::Neighbours { k, n_points });
        }
        let is_sound = |set: &ArrayView2<f32>| 0 < set.ncols() && set.iter().all(|x| x.is_finite());
        if !is_sound(&activations) || !is_sound(&points) {
            return Err(QualityError::NotFinite);
        }
        let embedded = Neighbours::exact(points, k);
        let original = Neighbours::exact(activations, k);
        Ok(EmbeddingQuality {
            k,
            trustworthiness: trustworthiness(activations, &embedded),
            neighbour_preservation: preservation(&original, &embedded),
        })
    }
}

fn preservation(original: &Neighbours, embedded: &Neighbours) -> f64 {
    let mut n_kept = 0;
    Zip::from(original.indices.rows()).and(embedded.indices.rows()).for_each(|original, embedded| {
        n_kept += original.iter().filter(|&j| embedded.iter().any(|e| e == j)).count();
    });
    n_kept as f64 / original.indices.len() as f64
}

fn trustworthiness(activations: ArrayView2<f32>, embedded: &Neighbours) -> f64 {
    let (n_points, k) = embedded.indices.dim();
    let panels = Panels::new(activations);
    let of_block = |block: usize| -> u64 {
        let queries = block * BLOCK..n_points.min((block + 1) * BLOCK);
        let distances = queries.clone().flat_map(|i| {
            let panels = &panels;
            embedded.indices.row(i).into_iter().map(move |&j| panels.rounded(i, j as usize))
        });
        let distances: Vec<f32> = distances.collect();
        let mut ranks = Ranks { first: queries.start, k, counts: vec![0; distances.len()], distances };
        panels.scan(queries, &mut ranks);
        // A point is nearest to itself, and stands for the 1 that ranks begin with.
        ranks.counts.iter().map(|&rank| u64::from(rank).saturating_sub(k as u64)).sum()
    };
    let excess: u64 = (0..n_points.div_ceil(BLOCK)).into_par_iter().map(of_block).sum();
    let (n, k) = (n_points as f64, k as f64);
    1.0 - 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0)) * excess as f64
}

/// Counts, for each of some distances of a query, the points that are nearer.
struct Ranks {
    first: usize,
    k: usize,
    /// `[n_queries][k]`.
    distances: Vec<f32>,
    counts: Vec<u32>,
}

impl Visit for Ranks {
    #[inline(always)]
    fn visit(&mut self, query: usize, _: usize, distances: &[f32; PANEL]) {
        let range = (query - self.first) * self.k..(query - self.first + 1) * self.k;
        for (count, &limit) in self.counts[range.clone()].iter_mut().zip(&self.distances[range]) {
            *count += distances.iter().map(|&d| u32::from(d < limit)).sum::<u32>();
        }
    }
}
