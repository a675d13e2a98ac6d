//! Squared Euclidean distances from a few points to all, in single precision.
//!
//! Coordinates are subtracted before they are squared: a distance is known to a few units in its last place, however
//! far from the origin the points lie. (A Gram matrix would take as long, and lose what nearby points differ in.)

use std::ops::Range;

use ndarray::ArrayView2;
use pulp::{Arch, Simd, WithSimd};

/// Points that lie side by side, one a lane.
pub const PANEL: usize = 32;
/// Queries that share a load of a panel.
const QUERIES: usize = 4;
/// Vectors that are summed at once for each query.
const VECTORS: usize = 2;
/// Where lanes without a point lie: infinitely far from all others.
const NOWHERE: f32 = 1e30;

/// All points twice: as rows, and in panels of `[n_features][PANEL]`.
pub struct Panels {
    n_points: usize,
    n_features: usize,
    rows: Vec<f32>,
    panels: Vec<f32>,
    scale: f64,
}

/// What is done with distances as they come.
pub trait Visit {
    /// Squared distances, in the scale of the panels, from `query` to the points `first..first + PANEL`; infinite from
    /// the last point on.
    fn visit(&mut self, query: usize, first: usize, distances: &[f32; PANEL]);
}

impl Panels {
    /// Panels of `points [n_points, n_features]`, which must be finite.
    ///
    /// They are scaled by a power of two into [−1, 1], so that no square overflows.
    pub fn new(points: ArrayView2<f32>) -> Panels {
        let (n_points, n_features) = points.dim();
        let largest = points.iter().fold(0.0f32, |largest, x| largest.max(x.abs()));
        let exponent = if largest == 0.0 { 0 } else { (-largest.log2().ceil() as i32).min(126) };
        let factor = 2.0f32.powi(exponent);
        let rows: Vec<f32> = points.iter().map(|x| x * factor).collect();
        let mut panels = vec![NOWHERE; n_points.div_ceil(PANEL) * PANEL * n_features];
        for (i, row) in rows.chunks_exact(n_features.max(1)).enumerate() {
            let panel = &mut panels[i / PANEL * PANEL * n_features..];
            for (feature, &x) in row.iter().enumerate() {
                panel[feature * PANEL + i % PANEL] = x;
            }
        }
        Panels { n_points, n_features, rows, panels, scale: 4.0f64.powi(-exponent) }
    }

    /// A bound of the relative error of a distance in single precision.
    pub fn relative_error(&self) -> f32 {
        (self.n_features as f32 + 4.0) * f32::EPSILON
    }

    /// Shows `visitor` the distances from each of `queries` to all points, panel by panel.
    pub fn scan(&self, queries: Range<usize>, visitor: &mut impl Visit) {
        let panels = 0..self.n_points.div_ceil(PANEL);
        Arch::new().dispatch(Scan { all: self, panels, queries, visitor });
    }

    /// The distance of two points as [`scan`](Panels::scan) rounds it.
    pub fn rounded(&self, i: usize, j: usize) -> f32 {
        let mut lane = Lane { wanted: j % PANEL, distance: f32::NAN };
        let panels = j / PANEL..j / PANEL + 1;
        Arch::new().dispatch(Scan { all: self, panels, queries: i..i + 1, visitor: &mut lane });
        lane.distance
    }

    /// The squared distance of two points in double precision and in their own scale.
    pub fn exact(&self, i: usize, j: usize) -> f64 {
        const LANES: usize = 8;
        let difference = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
        let ((a, a_rest), (b, b_rest)) = (self.row(i).as_chunks::<LANES>(), self.row(j).as_chunks::<LANES>());
        let mut sums = [0.0; LANES];
        for (a, b) in a.iter().zip(b) {
            for lane in 0..LANES {
                sums[lane] += difference((&a[lane], &b[lane]));
            }
        }
        let rest: f64 = a_rest.iter().zip(b_rest).map(difference).sum();
        (sums.iter().sum::<f64>() + rest) * self.scale
    }

    /// A squared distance in the scale of the panels.
    pub fn in_panels(&self, squared_distance: f64) -> f32 {
        (squared_distance / self.scale) as f32
    }

    fn row(&self, i: usize) -> &[f32] {
        &self.rows[i * self.n_features..(i + 1) * self.n_features]
    }
}

/// The distance of one lane.
struct Lane {
    wanted: usize,
    distance: f32,
}

impl Visit for Lane {
    #[inline(always)]
    fn visit(&mut self, _: usize, _: usize, distances: &[f32; PANEL]) {
        self.distance = distances[self.wanted];
    }
}

struct Scan<'a, V> {
    all: &'a Panels,
    panels: Range<usize>,
    queries: Range<usize>,
    visitor: &'a mut V,
}

impl<V: Visit> WithSimd for Scan<'_, V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Scan { all, panels, queries, visitor } = self;
        let panel_len = all.n_features * PANEL;
        let last = all.n_points - 1;
        for panel_idx in panels {
            let panel = &all.panels[panel_idx * panel_len..][..panel_len];
            for first in queries.clone().step_by(QUERIES) {
                let mut rows = [&[][..]; QUERIES];
                for (q, row) in rows.iter_mut().enumerate() {
                    *row = all.row((first + q).min(last));
                }
                let distances = distances(simd, panel, rows);
                for (query, distances) in (first..queries.end).zip(&distances) {
                    visitor.visit(query, panel_idx * PANEL, distances);
                }
            }
        }
    }
}

/// Squared distances from each of `rows` to the points of a panel.
#[inline(always)]
fn distances<S: Simd>(simd: S, panel: &[f32], rows: [&[f32]; QUERIES]) -> [[f32; PANEL]; QUERIES] {
    let n_vectors = PANEL / S::F32_LANES;
    let vectors = S::as_simd_f32s(panel).0;
    let mut distances = [[0.0; PANEL]; QUERIES];
    for start in (0..n_vectors).step_by(VECTORS) {
        let mut sums = [[simd.splat_f32s(0.0); VECTORS]; QUERIES];
        for (feature, vectors) in vectors.chunks_exact(n_vectors).enumerate() {
            let xs = &vectors[start..start + VECTORS];
            for q in 0..QUERIES {
                let y = simd.splat_f32s(rows[q][feature]);
                for v in 0..VECTORS {
                    let difference = simd.sub_f32s(xs[v], y);
                    sums[q][v] = simd.mul_add_e_f32s(difference, difference, sums[q][v]);
                }
            }
        }
        for q in 0..QUERIES {
            let target = &mut S::as_mut_simd_f32s(&mut distances[q]).0[start..start + VECTORS];
            target.copy_from_slice(&sums[q]);
        }
    }
    distances
}
