//! Where a grid lies over the points, and which of its nodes each of them touches.

use pulp::{Arch, Simd, WithSimd};

use crate::grid::Grid;
use crate::point::Point;

/// Nodes along each direction that a point touches.
pub(crate) const NODES: usize = 4;

/// Where the grid lies over the points.
pub(crate) struct Frame {
    /// The corner node.
    pub origin: Point,
    /// Distance of nodes, in the units of the embedding.
    pub spacing: f32,
    per_spacing: f32,
}

impl Frame {
    /// The grid centred over points between these corners.
    pub fn new(grid: &Grid, low: Point, high: Point) -> Frame {
        let spacing = grid.spacing;
        let origin =
            |c: usize, n_nodes: usize| 0.5 * (low[c] + high[c]) - 0.5 * spacing * (n_nodes - 1) as f32;
        Frame {
            origin: [origin(0, grid.x.n_nodes), origin(1, grid.y.n_nodes)],
            per_spacing: 1.0 / spacing,
            spacing,
        }
    }

    /// The lowest of the four nodes around a coordinate, and the cubic spline of each there.
    #[inline(always)]
    pub fn place(&self, x: f32, origin: f32) -> (usize, [f32; NODES]) {
        let u = (x - origin) * self.per_spacing;
        let below = u as u32;
        let t = u - below as f32;
        let s = 1.0 - t;
        let shares = [
            s * s * s / 6.0,
            (0.5 * t - 1.0) * t * t + 2.0 / 3.0,
            (0.5 * s - 1.0) * s * s + 2.0 / 3.0,
            t * t * t / 6.0,
        ];
        (below as usize - 1, shares)
    }
}

/// The corners of the smallest rectangle around all points.
pub(crate) fn bounds(points: &[Point]) -> (Point, Point) {
    Arch::new().dispatch(Bounds { points })
}

struct Bounds<'a> {
    points: &'a [Point],
}

impl WithSimd for Bounds<'_> {
    type Output = (Point, Point);

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> (Point, Point) {
        // Eight points side by side.
        const LANES: usize = 16;
        let (mut lows, mut highs) = ([f32::INFINITY; LANES], [f32::NEG_INFINITY; LANES]);
        for points in self.points.chunks(LANES / 2) {
            for ((&x, low), high) in points.as_flattened().iter().zip(&mut lows).zip(&mut highs) {
                *low = if x < *low { x } else { *low };
                *high = if *high < x { x } else { *high };
            }
        }
        let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for lane in 0..LANES {
            low[lane % 2] = low[lane % 2].min(lows[lane]);
            high[lane % 2] = high[lane % 2].max(highs[lane]);
        }
        (low, high)
    }
}
