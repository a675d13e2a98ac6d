//! What draws neighbours together: `Σ_j p[i, j] (y_i − y_j) / (1 + |y_i − y_j|²)`.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use crate::affinities::Affinities;
use crate::point::Point;

/// The affinities in single precision, each row filled up with zeros to whole vectors.
pub(crate) struct Attraction {
    row_starts: Vec<usize>,
    partners: Partners,
    values: Vec<f32>,
    longest: usize,
}

/// Numbers of the partners, short ones where the points are few: half as much to read, and no bound to check.
enum Partners {
    Short(Vec<u16>, Box<Few>),
    Long(Vec<u32>),
}

/// As many points as short numbers can name.
type Few = [Point; 1 << 16];

/// Lanes of the widest vector.
const LANES: usize = 16;
/// Rows that a thread works on at once.
const BLOCK: usize = 128;
/// Rows whose partners are fetched together.
const GROUP: usize = 4;

impl Attraction {
    pub fn new(affinities: &Affinities) -> Attraction {
        let (mut row_starts, mut partners, mut values) = (vec![0], Vec::<u32>::new(), Vec::new());
        let mut longest = 0;
        for i in 0..affinities.n_points() {
            let (columns, of_row) = affinities.row(i);
            let padded = columns.len().next_multiple_of(LANES);
            partners.extend(columns);
            values.extend(of_row.iter().map(|&p| p as f32));
            let end = row_starts[i] + padded;
            partners.resize(end, i as u32);
            values.resize(end, 0.0);
            row_starts.push(end);
            longest = longest.max(padded);
        }
        Arch::new().dispatch(Shuffle { values: &mut values });
        let few = vec![[0.0; 2]; 1 << 16].into_boxed_slice().try_into();
        let partners = match few {
            Ok(few) if affinities.n_points() <= 1 << 16 => {
                Partners::Short(partners.iter().map(|&j| j as u16).collect(), few)
            }
            _ => Partners::Long(partners),
        };
        Attraction { row_starts, partners, values, longest }
    }

    /// The pull on each of `points`, to be descended.
    pub fn forces(&mut self, points: &[Point], forces: &mut [Point]) {
        if let Partners::Short(_, few) = &mut self.partners {
            few[..points.len()].copy_from_slice(points);
        }
        match &self.partners {
            Partners::Short(partners, few) => self.pull(points, partners, &**few, forces),
            Partners::Long(partners) => self.pull(points, partners, points, forces),
        }
    }

    fn pull<P: Partner>(&self, points: &[Point], partners: &[P], table: &P::Table, forces: &mut [Point]) {
        let scratch = || vec![[[0.0; 2]; LANES]; GROUP * self.longest / LANES];
        forces.par_chunks_mut(BLOCK).enumerate().for_each_init(scratch, |scratch, (block, forces)| {
            let first = block * BLOCK;
            Arch::new().dispatch(Rows { attraction: self, points, partners, table, first, forces, scratch });
        });
    }
}

/// The number of a point.
trait Partner: Copy + Sync {
    /// What it is looked up in.
    type Table: ?Sized + Sync;

    fn find(self, table: &Self::Table) -> Point;
}

impl Partner for u16 {
    type Table = Few;

    #[inline(always)]
    fn find(self, table: &Few) -> Point {
        table[self as usize]
    }
}

impl Partner for u32 {
    type Table = [Point];

    #[inline(always)]
    fn find(self, table: &[Point]) -> Point {
        table[self as usize]
    }
}

/// Brings values into the order in which vectors of coordinates come out of a list of points.
struct Shuffle<'a> {
    values: &'a mut [f32],
}

impl WithSimd for Shuffle<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for values in self.values.as_chunks_mut::<LANES>().0 {
            let pairs = values.map(|value| [value; 2]);
            let pairs = S::as_simd_f32s(pairs.as_flattened()).0.as_chunks::<2>().0;
            for (values, &pair) in S::as_mut_simd_f32s(values).0.iter_mut().zip(pairs) {
                *values = simd.deinterleave_shfl_f32s(pair)[0];
            }
        }
    }
}

struct Rows<'a, P: Partner> {
    attraction: &'a Attraction,
    points: &'a [Point],
    partners: &'a [P],
    table: &'a P::Table,
    first: usize,
    forces: &'a mut [Point],
    scratch: &'a mut [[Point; LANES]],
}

impl<P: Partner> WithSimd for Rows<'_, P> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Rows { attraction, points, partners, table, first, forces, scratch } = self;
        let one = simd.splat_f32s(1.0);
        for (start, forces) in (first..).step_by(GROUP).zip(forces.chunks_mut(GROUP)) {
            // All partners of a few rows are fetched first: by the time they are read as vectors, they are in the cache.
            let starts = &attraction.row_starts[start..=start + forces.len()];
            let partners = &partners[starts[0]..starts[forces.len()]];
            for (fetched, partners) in scratch.iter_mut().zip(partners.as_chunks::<LANES>().0) {
                for lane in 0..LANES {
                    fetched[lane] = partners[lane].find(table);
                }
            }
            for ((i, force), row) in (start..).zip(forces).zip(starts.windows(2)) {
                let values = S::as_simd_f32s(&attraction.values[row[0]..row[1]]).0;
                let fetched = &scratch[(row[0] - starts[0]) / LANES..(row[1] - starts[0]) / LANES];
                let fetched = S::as_simd_f32s(fetched.as_flattened().as_flattened()).0.as_chunks::<2>().0;
                let (x, y) = (simd.splat_f32s(points[i][0]), simd.splat_f32s(points[i][1]));
                let (mut fx, mut fy) = (simd.splat_f32s(0.0), simd.splat_f32s(0.0));
                for (&fetched, &value) in fetched.iter().zip(values) {
                    let [xs, ys] = simd.deinterleave_shfl_f32s(fetched);
                    let (dx, dy) = (simd.sub_f32s(x, xs), simd.sub_f32s(y, ys));
                    let distance = simd.mul_add_e_f32s(dx, dx, simd.mul_add_e_f32s(dy, dy, one));
                    let pull = simd.div_f32s(value, distance);
                    fx = simd.mul_add_e_f32s(pull, dx, fx);
                    fy = simd.mul_add_e_f32s(pull, dy, fy);
                }
                *force = [simd.reduce_sum_f32s(fx), simd.reduce_sum_f32s(fy)];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::neighbours::Neighbours;

    #[test]
    fn long_numbers_of_partners_give_the_bits_of_short_ones() {
        let points = Array2::from_shape_fn((50, 2), |(i, c)| ((7 * i + 3 * c) % 50) as f32);
        let affinities = Affinities::of(&Neighbours::exact(points.view(), 12), 4.0);
        let mut attraction = Attraction::new(&affinities);
        let points: Vec<Point> = points.rows().into_iter().map(|row| [row[0], row[1]]).collect();
        let [mut by_short, mut by_long] = [(); 2].map(|()| vec![[0.0; 2]; 50]);
        attraction.forces(&points, &mut by_short);
        let Partners::Short(partners, _) = &attraction.partners else { panic!("50 points are few") };
        attraction.partners = Partners::Long(partners.iter().map(|&j| u32::from(j)).collect());
        attraction.forces(&points, &mut by_long);
        assert_eq!(by_short, by_long);
        assert!(by_short.iter().any(|force| force[0] != 0.0));
    }
}
