//! What draws neighbours together: `Σ_j p[i, j] (y_i − y_j) / (1 + |y_i − y_j|²)`.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::Point;
use super::affinities::Affinities;

/// The affinities in single precision, each row filled up with zeros to whole vectors.
pub(super) struct Attraction {
    row_starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    longest: usize,
}

/// Lanes of the widest vector.
const LANES: usize = 16;
/// Rows that a thread works on at once.
const BLOCK: usize = 128;
/// Rows whose partners are fetched together.
const GROUP: usize = 4;

impl Attraction {
    pub fn new(affinities: &Affinities) -> Attraction {
        let mut attraction =
            Attraction { row_starts: vec![0], columns: Vec::new(), values: Vec::new(), longest: 0 };
        for i in 0..affinities.n_points() {
            let (columns, values) = affinities.row(i);
            let padded = attraction.columns.len() + columns.len().next_multiple_of(LANES);
            attraction.columns.extend(columns);
            attraction.columns.resize(padded, i as u32);
            attraction.values.extend(values.iter().map(|&p| p as f32));
            attraction.values.resize(padded, 0.0);
            attraction.row_starts.push(padded);
            attraction.longest = attraction.longest.max(columns.len().next_multiple_of(LANES));
        }
        attraction
    }

    /// The pull on each of `points`, to be descended.
    pub fn forces(&self, points: &[Point], forces: &mut [Point]) {
        let scratch = || vec![[[0.0; LANES]; 2]; GROUP * self.longest / LANES];
        forces.par_chunks_mut(BLOCK).enumerate().for_each_init(scratch, |scratch, (block, forces)| {
            Arch::new().dispatch(Rows { attraction: self, points, first: block * BLOCK, forces, scratch });
        });
    }
}

struct Rows<'a> {
    attraction: &'a Attraction,
    points: &'a [Point],
    first: usize,
    forces: &'a mut [Point],
    scratch: &'a mut [[[f32; LANES]; 2]],
}

impl WithSimd for Rows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Rows { attraction, points, first, forces, scratch } = self;
        let one = simd.splat_f32s(1.0);
        for (start, forces) in (first..).step_by(GROUP).zip(forces.chunks_mut(GROUP)) {
            // All partners of a few rows are fetched first: by the time they are read as vectors, they are in the cache.
            let starts = &attraction.row_starts[start..=start + forces.len()];
            let columns = &attraction.columns[starts[0]..starts[forces.len()]];
            for ([xs, ys], columns) in scratch.iter_mut().zip(columns.as_chunks::<LANES>().0) {
                for lane in 0..LANES {
                    [xs[lane], ys[lane]] = points[columns[lane] as usize];
                }
            }
            for ((i, force), row) in (start..).zip(forces).zip(starts.windows(2)) {
                let values = S::as_simd_f32s(&attraction.values[row[0]..row[1]]).0;
                let partners = &scratch[(row[0] - starts[0]) / LANES..(row[1] - starts[0]) / LANES];
                let (x, y) = (simd.splat_f32s(points[i][0]), simd.splat_f32s(points[i][1]));
                let (mut fx, mut fy) = (simd.splat_f32s(0.0), simd.splat_f32s(0.0));
                for ([xs, ys], values) in partners.iter().zip(values.chunks_exact(LANES / S::F32_LANES)) {
                    let (xs, ys) = (S::as_simd_f32s(xs).0, S::as_simd_f32s(ys).0);
                    for ((&xs, &ys), &value) in xs.iter().zip(ys).zip(values) {
                        let (dx, dy) = (simd.sub_f32s(x, xs), simd.sub_f32s(y, ys));
                        let distance = simd.mul_add_e_f32s(dx, dx, simd.mul_add_e_f32s(dy, dy, one));
                        let pull = simd.div_f32s(value, distance);
                        fx = simd.mul_add_e_f32s(pull, dx, fx);
                        fy = simd.mul_add_e_f32s(pull, dy, fy);
                    }
                }
                *force = [simd.reduce_sum_f32s(fx), simd.reduce_sum_f32s(fy)];
            }
        }
    }
}
