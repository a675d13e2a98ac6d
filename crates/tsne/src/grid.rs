//! The grid of the interpolated repulsion: its size and the spectrum of its kernel.

use std::sync::Arc;

use rayon::prelude::*;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use crate::point::Point;

/// Nodes are at most so far apart, where the similarity falls to one half over a distance of 1.
const WIDEST_SPACING: f32 = 0.4;
/// Nodes over the longer side of the embedding, at least.
const FEWEST_NODES: f32 = 100.0;
/// Nodes over the longer side of the embedding, at most: beyond it, a longer embedding is seen more coarsely.
const MOST_NODES: f32 = 2_000.0;
/// A new grid leaves room for the embedding to grow by this factor.
const ROOM: f32 = 1.1;
/// Columns that are transformed at once: as many as fill a line of the cache.
pub(crate) const COLUMNS: usize = 8;

pub(crate) type Value = Complex<f32>;

/// A grid of nodes that act on each other.
pub(crate) struct Grid {
    /// Distance of nodes, in the units of the embedding.
    pub spacing: f32,
    pub x: Axis,
    pub y: Axis,
    pub kernel: Kernel,
}

/// The nodes along one direction. Twice as many make the period, so that a convolution does not come around.
pub(crate) struct Axis {
    pub n_nodes: usize,
    pub period: usize,
    pub forward: Arc<dyn Fft<f32>>,
    pub inverse: Arc<dyn Fft<f32>>,
}

/// Spectra of the kernels, `[width][period of y]`, divided by the number of nodes of a period.
///
/// The similarity is even and its spectrum is real; the forces are odd along one direction and their spectra are `i`
/// times these real numbers.
pub(crate) struct Kernel {
    pub similarity: Vec<f32>,
    pub force_x: Vec<f32>,
    pub force_y: Vec<f32>,
}

impl Grid {
    /// A grid for points between these corners.
    pub fn around(low: Point, high: Point, planner: &mut FftPlanner<f32>) -> Grid {
        let sides = sides(low, high);
        // Points that all lie together still get a grid.
        let longer = sides[0].max(sides[1]).max(f32::MIN_POSITIVE / f32::EPSILON);
        let spacing = wanted_spacing(ROOM * longer);
        let [x, y] = sides.map(|side| Axis::new(n_nodes_over(ROOM * side, spacing), planner));
        let kernel = Kernel::new(spacing, &x, &y);
        Grid { spacing, x, y, kernel }
    }

    /// Whether points between these corners have room on the grid, and not too much of it.
    pub fn suits(&self, low: Point, high: Point) -> bool {
        let sides = sides(low, high);
        let fits = |side, axis: &Axis| n_nodes_over(side, self.spacing) <= axis.n_nodes;
        let longer = sides[0].max(sides[1]);
        fits(sides[0], &self.x)
            && fits(sides[1], &self.y)
            && self.spacing <= wanted_spacing(1.5 * longer)
            && 0.6 * self.x.n_nodes.max(self.y.n_nodes) as f32 <= longer / self.spacing
    }

    /// Columns of a spectrum, with those that fill up the last block.
    pub fn width(&self) -> usize {
        (self.x.period / 2 + 1).next_multiple_of(COLUMNS)
    }
}

impl Axis {
    fn new(n_nodes: usize, planner: &mut FftPlanner<f32>) -> Axis {
        let period = (2 * n_nodes..).find(|&period| is_fast(period)).unwrap_or(2 * n_nodes);
        Axis {
            n_nodes: period / 2,
            period,
            forward: planner.plan_fft_forward(period),
            inverse: planner.plan_fft_inverse(period),
        }
    }

    /// Room for so many transforms.
    pub fn work(&self, n_transforms: usize) -> Work {
        let scratch = self.forward.get_inplace_scratch_len().max(self.inverse.get_inplace_scratch_len());
        Work {
            values: vec![Complex::default(); n_transforms * self.period],
            scratch: vec![Complex::default(); scratch],
        }
    }

    /// What undoes, at the k-th frequency, the blur of spreading and reading with cubic splines, whose values at the
    /// nodes are 1/6, 2/3, 1/6: with it, splines interpolate the kernel between the nodes.
    fn sharpening(&self, k: usize) -> f32 {
        let angle = std::f64::consts::TAU * k as f64 / self.period as f64;
        (3.0 / (2.0 + angle.cos())).powi(2) as f32
    }

    /// Displacement of node m from node 0, the short way round.
    fn displacement(&self, m: usize) -> f32 {
        if m <= self.period / 2 { m as f32 } else { m as f32 - self.period as f32 }
    }
}

/// Values that are transformed in place.
pub(crate) struct Work {
    pub values: Vec<Value>,
    scratch: Vec<Value>,
}

impl Work {
    pub fn run(&mut self, transform: &dyn Fft<f32>) {
        transform.process_with_scratch(&mut self.values, &mut self.scratch);
    }
}

/// Multiples of 4 with no prime factor above 5, so that both an axis and its half are even.
fn is_fast(period: usize) -> bool {
    let without = |mut n: usize, factor: usize| {
        while n.is_multiple_of(factor) {
            n /= factor;
        }
        n
    };
    period.is_multiple_of(4) && [2, 3, 5].into_iter().fold(period, without) == 1
}

fn sides(low: Point, high: Point) -> [f32; 2] {
    [high[0] - low[0], high[1] - low[1]]
}

fn wanted_spacing(longer_side: f32) -> f32 {
    WIDEST_SPACING.min(longer_side / FEWEST_NODES).max(longer_side / MOST_NODES)
}

/// Nodes that points over such a length need: with those around the outermost points, one more against rounding, and
/// a few between the longest distance and the half period, near which the kernel is not smooth.
fn n_nodes_over(side: f32, spacing: f32) -> usize {
    (side / spacing).ceil() as usize + 9
}

impl Kernel {
    /// All three at once: the sum of the kernels is real, and its spectrum falls apart by symmetry.
    fn new(spacing: f32, x: &Axis, y: &Axis) -> Kernel {
        let width = (x.period / 2 + 1).next_multiple_of(COLUMNS);
        let mut rows = vec![Complex::default(); width * y.period];
        rows.par_chunks_mut(width).enumerate().for_each_init(
            || x.work(1),
            |work, (row, target)| {
                let dy = y.displacement(row);
                for (column, value) in work.values.iter_mut().enumerate() {
                    let dx = x.displacement(column);
                    let similarity = 1.0 / (1.0 + spacing * spacing * (dx * dx + dy * dy));
                    // Half a period off, where an odd kernel must vanish, no two nodes lie.
                    let is_odd = 2 * column != x.period && 2 * row != y.period;
                    let force = if is_odd { (dx + dy) * similarity * similarity } else { 0.0 };
                    *value = Complex::new(similarity + force, 0.0);
                }
                work.run(&*x.forward);
                target[..x.period / 2 + 1].copy_from_slice(&work.values[..x.period / 2 + 1]);
            },
        );
        let len = width * y.period;
        let sharpening_y: Vec<f32> = (0..y.period).map(|k| y.sharpening(k)).collect();
        let norm = 1.0 / (x.period * y.period) as f32;
        let mut kernel =
            Kernel { similarity: vec![0.0; len], force_x: vec![0.0; len], force_y: vec![0.0; len] };
        let forces = kernel.force_x.par_chunks_mut(y.period).zip(kernel.force_y.par_chunks_mut(y.period));
        let columns = kernel.similarity.par_chunks_mut(y.period).zip(forces).enumerate();
        columns.for_each_init(
            || y.work(1),
            |work, (column, (similarity, (force_x, force_y)))| {
                for (value, row) in work.values.iter_mut().zip(rows.chunks_exact(width)) {
                    *value = row[column] * norm;
                }
                work.run(&*y.forward);
                let across = x.sharpening(column);
                for (k, (value, along)) in work.values.iter().zip(&sharpening_y).enumerate() {
                    // Along y the force along x is even, and the force along y is odd.
                    let mirrored = work.values[(y.period - k) % y.period].im;
                    let sharpened = across * along;
                    similarity[k] = sharpened * value.re;
                    force_x[k] = 0.5 * sharpened * (value.im + mirrored);
                    force_y[k] = 0.5 * sharpened * (value.im - mirrored);
                }
            },
        );
        kernel
    }
}
