//! Which embeddings of random points are tried, and how success changes from one to the next (thesis sec. 4.3.4).

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use vitrine_analysis::embedding_theory::{
    Cell, MapKind, PointLaw, Scheme, Separation, TRIALS_PER_BLOCK, successes_in_blocks,
};
use vitrine_lab::StopFlag;

/// Steps from n = 2p to 5p.
const N_STEPS: usize = 7;
/// Dimensions of figure 4.14.
const DIMENSIONS: [usize; 5] = [2, 4, 6, 8, 10];
/// Numbers of points of figure 4.15.
const SEPARATED: RangeInclusive<usize> = 5..=8;
/// Distances of figure 4.15.
const DISTANCES: [f64; 3] = [0.0, 0.1, 0.2];

/// The cells of figure 4.14: every law and map of the points, then by dimension.
pub fn by_dimension() -> Vec<Cell> {
    let mut cells = Vec::new();
    for points in [PointLaw::Cube, PointLaw::Sphere, PointLaw::Normal] {
        for map in [MapKind::Centred, MapKind::Linear] {
            for p in DIMENSIONS {
                cells.extend(n_points(p).map(|n| Cell { p, n, points, map, separation: None }));
            }
        }
    }
    cells
}

/// The cells of figure 4.15: points of the unit square, by the distance that they keep.
pub fn by_distance(scheme: Scheme) -> Vec<Cell> {
    DISTANCES.iter().flat_map(|&distance| SEPARATED.map(move |n| separated(n, distance, scheme))).collect()
}

/// The ratios of success in neighbouring cells that lie nearest to, or beyond, what claim C9 says. Zero successes are no
/// ratio; there is none where all are zero.
#[derive(Serialize, Deserialize)]
pub struct WorstRatios {
    /// The largest from n to the next n of figure 4.14.
    pub points: Option<f64>,
    /// The smallest from p to p + 2 at equal n/p in figure 4.14.
    pub dimension: Option<f64>,
    /// The smallest from r to the next r of figure 4.15, n = 5 to 7.
    pub separation: Option<f64>,
}

impl WorstRatios {
    /// Estimates them from `n_blocks` per cell of figure 4.14 and ten times as many per cell of figure 4.15, for the
    /// centred map and uniform points.
    pub fn estimate(seed: u64, n_blocks: u64, stop: &StopFlag) -> anyhow::Result<WorstRatios> {
        let share = |cell: Cell, n_blocks: u64| -> anyhow::Result<f64> {
            stop.check()?;
            let trials = (n_blocks * TRIALS_PER_BLOCK) as f64;
            Ok(successes_in_blocks(&cell, seed, 0..n_blocks)? as f64 / trials)
        };
        let (points, map) = (PointLaw::Cube, MapKind::Centred);
        let (mut by_dimension, mut by_n) = (Vec::new(), Vec::new());
        for p in DIMENSIONS {
            let cells = n_points(p).map(|n| share(Cell { p, n, points, map, separation: None }, n_blocks));
            by_dimension.push(cells.collect::<anyhow::Result<Vec<f64>>>()?);
        }
        for n in *SEPARATED.start()..*SEPARATED.end() {
            let cells = DISTANCES.map(|distance| separated(n, distance, Scheme::WholeSet));
            let shares = cells.into_iter().map(|cell| share(cell, 10 * n_blocks));
            by_n.push(shares.collect::<anyhow::Result<Vec<f64>>>()?);
        }
        let along_n = by_dimension.iter().flat_map(|shares| ratios(shares));
        let along_p = by_dimension.windows(2).flat_map(|shares| between(&shares[0], &shares[1]));
        let along_r = by_n.iter().flat_map(|shares| ratios(shares));
        Ok(WorstRatios {
            points: along_n.reduce(f64::max),
            dimension: along_p.reduce(f64::min),
            separation: along_r.reduce(f64::min),
        })
    }
}

/// n = 2p to 5p in equal steps.
fn n_points(p: usize) -> impl Iterator<Item = usize> {
    (0..N_STEPS).map(move |step| 2 * p + step * p / 2)
}

fn separated(n: usize, distance: f64, scheme: Scheme) -> Cell {
    let separation = (0.0 < distance).then_some(Separation { distance, scheme });
    Cell { p: 2, n, points: PointLaw::Cube, map: MapKind::Centred, separation }
}

/// The ratios of each share to the one before, where neither is zero.
pub fn ratios(shares: &[f64]) -> impl Iterator<Item = f64> {
    between(shares, &shares[1..])
}

/// The ratios pair by pair.
fn between(from: &[f64], to: &[f64]) -> impl Iterator<Item = f64> {
    from.iter().zip(to).filter(|&(&from, &to)| 0.0 < from && 0.0 < to).map(|(from, to)| to / from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_needs_successes_on_both_sides() {
        let shares = [0.5, 0.25, 0.0, 0.5, 1.0];
        assert_eq!(ratios(&shares).collect::<Vec<_>>(), [0.5, 2.0]);
        assert_eq!(between(&[0.5, 0.0], &[1.0, 1.0]).collect::<Vec<_>>(), [2.0]);
    }

    #[test]
    fn every_line_of_a_figure_has_its_cells() {
        assert_eq!(n_points(2).collect::<Vec<_>>(), [4, 5, 6, 7, 8, 9, 10]);
        assert_eq!(by_dimension().len(), 3 * 2 * 5 * 7);
        let distances: Vec<_> =
            by_distance(Scheme::Sequential).iter().map(|c| c.separation.map(|s| s.distance)).collect();
        assert_eq!(distances.len(), 3 * 4);
        assert_eq!([distances[0], distances[4], distances[8]], [None, Some(0.1), Some(0.2)]);
    }
}
