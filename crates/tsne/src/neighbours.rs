//! Nearest neighbours, exact: all distances in single precision, the nearest ones again in double.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use crate::distances::{PANEL, Panels, Visit};

/// The `k` nearest neighbours of every point.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    /// `[n_points, k]`: which points they are, nearest first; never the point itself. Of equally distant points the one
    /// with the lower number comes first.
    pub indices: Array2<u32>,
    /// `[n_points, k]`: their squared Euclidean distances.
    pub squared_distances: Array2<f64>,
}

/// Points that a thread looks at together, so that a panel stays in its cache.
const BLOCK: usize = 64;
/// Candidates beyond the k nearest: they make it all but certain that rounding hides no neighbour.
const SPARE: usize = 16;

impl Neighbours {
    /// The `k` nearest neighbours of each of `points [n_points, n_features]`, on all threads of the current rayon pool.
    ///
    /// # Panics
    /// If there are not more than `k` points, or a value is not finite.
    pub fn exact(points: ArrayView2<f32>, k: usize) -> Neighbours {
        let n_points = points.nrows();
        assert!(0 < k && k < n_points, "{k} neighbours among {n_points} points");
        assert!(points.iter().all(|x| x.is_finite()), "neighbours of points that are numbers");
        let panels = Panels::new(points);
        let mut indices = vec![0; n_points * k];
        let mut squared_distances = vec![0.0; n_points * k];
        indices
            .par_chunks_mut(BLOCK * k)
            .zip(squared_distances.par_chunks_mut(BLOCK * k))
            .enumerate()
            .for_each(|(block, (indices, squared_distances))| {
                let first = block * BLOCK;
                let end = n_points.min(first + BLOCK);
                let mut candidates = Candidates::new(first..end, k + SPARE);
                panels.scan(first..end, &mut candidates);
                let rows = indices.chunks_exact_mut(k).zip(squared_distances.chunks_exact_mut(k));
                for ((i, nearest), (indices, squared_distances)) in
                    (first..).zip(candidates.of_queries).zip(rows)
                {
                    for (place, (distance, j)) in nearest.ranked(i, k, &panels).into_iter().enumerate() {
                        (indices[place], squared_distances[place]) = (j, distance);
                    }
                }
            });
        Neighbours {
            indices: Array2::from_shape_vec((n_points, k), indices).expect("k neighbours each"),
            squared_distances: Array2::from_shape_vec((n_points, k), squared_distances)
                .expect("k distances each"),
        }
    }

    /// How many neighbours each point has.
    pub fn k(&self) -> usize {
        self.indices.ncols()
    }
}

/// The candidates of a block of points.
struct Candidates {
    first: usize,
    of_queries: Vec<Nearest>,
}

impl Candidates {
    fn new(queries: std::ops::Range<usize>, n_wanted: usize) -> Candidates {
        let of_queries = queries.clone().map(|_| Nearest::new(n_wanted)).collect();
        Candidates { first: queries.start, of_queries }
    }
}

impl Visit for Candidates {
    #[inline(always)]
    fn visit(&mut self, query: usize, first: usize, distances: &[f32; PANEL]) {
        let nearest = &mut self.of_queries[query - self.first];
        let mut any = false;
        for &distance in distances {
            any |= distance < nearest.limit;
        }
        if any {
            nearest.keep(query, first, distances);
        }
    }
}

/// The nearest points that a query has met, by rounded distances.
struct Nearest {
    n_wanted: usize,
    /// Distances from here on are of no interest.
    limit: f32,
    kept: Vec<(f32, u32)>,
}

impl Nearest {
    fn new(n_wanted: usize) -> Nearest {
        Nearest { n_wanted, limit: f32::INFINITY, kept: Vec::with_capacity(2 * n_wanted + PANEL) }
    }

    #[inline(never)]
    fn keep(&mut self, query: usize, first: usize, distances: &[f32; PANEL]) {
        for (j, &distance) in (first..).zip(distances) {
            if distance < self.limit && j != query {
                self.kept.push((distance, j as u32));
            }
        }
        if 2 * self.n_wanted <= self.kept.len() {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        let (_, last, _) = self.kept.select_nth_unstable_by(self.n_wanted - 1, by_distance);
        self.limit = last.0;
        self.kept.truncate(self.n_wanted);
    }

    /// The k nearest to point i by exact distances.
    fn ranked(mut self, i: usize, k: usize, panels: &Panels) -> Vec<(f64, u32)> {
        if self.n_wanted < self.kept.len() {
            self.shrink();
        }
        let mut ranked = rank(&self.kept, i, k, panels);
        // What was left out is at least `limit` away, but for rounding.
        let farthest = ranked[k - 1].0;
        let reach = panels.in_panels(farthest) * (1.0 + 2.0 * panels.relative_error());
        if self.limit < reach {
            let mut all = Within { limit: reach, kept: Vec::new() };
            panels.scan(i..i + 1, &mut all);
            ranked = rank(&all.kept, i, k, panels);
        }
        ranked
    }
}

fn rank(kept: &[(f32, u32)], i: usize, k: usize, panels: &Panels) -> Vec<(f64, u32)> {
    let mut ranked: Vec<(f64, u32)> = kept.iter().map(|&(_, j)| (panels.exact(i, j as usize), j)).collect();
    ranked.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    ranked.truncate(k);
    ranked
}

fn by_distance(a: &(f32, u32), b: &(f32, u32)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
}

/// Every point within a limit of a query.
struct Within {
    limit: f32,
    kept: Vec<(f32, u32)>,
}

impl Visit for Within {
    #[inline(always)]
    fn visit(&mut self, query: usize, first: usize, distances: &[f32; PANEL]) {
        for (j, &distance) in (first..).zip(distances) {
            if distance <= self.limit && j != query {
                self.kept.push((distance, j as u32));
            }
        }
    }
}
