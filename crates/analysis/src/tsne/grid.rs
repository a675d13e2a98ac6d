//! The grid of [`gradient_fft`](super::gradient_fft): its size, the spectrum of its kernel, and the convolution.

use std::sync::Arc;

use rayon::prelude::*;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use super::Point;

/// Nodes are at most so far apart, where the similarity falls to one half over a distance of 1.
const WIDEST_SPACING: f32 = 0.4;
/// Nodes over the longer side of the embedding, at least.
const FEWEST_NODES: f32 = 100.0;
/// Nodes over the longer side of the embedding, at most: beyond it, a longer embedding is seen more coarsely.
const MOST_NODES: f32 = 2_000.0;
/// A new grid leaves room for the embedding to grow by this factor.
const ROOM: f32 = 1.1;
/// Columns that are transformed at once: as many as fill a line of the cache.
pub(super) const COLUMNS: usize = 8;

type Value = Complex<f32>;

/// A grid of nodes that act on each other.
pub(super) struct Grid {
    /// Distance of nodes, in the units of the embedding.
    pub spacing: f32,
    pub x: Axis,
    pub y: Axis,
    kernel: Kernel,
}

/// The nodes along one direction. Twice as many make the period, so that a convolution does not come around.
pub(super) struct Axis {
    pub n_nodes: usize,
    period: usize,
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
}

/// Spectra of the kernels, `[width][period of y]`, divided by the number of nodes of a period.
///
/// The similarity is even and its spectrum is real; the forces are odd along one direction and their spectra are `i`
/// times these real numbers.
struct Kernel {
    similarity: Vec<f32>,
    force_x: Vec<f32>,
    force_y: Vec<f32>,
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

    /// Transforms each row of `charges [n_y][n_x]` into half a period of `spectrum [n_y][width]`.
    pub fn transform_rows(&self, charges: &[f32], spectrum: &mut [Value]) {
        let (n, period, width) = (self.x.n_nodes, self.x.period, self.width());
        let rows = spectrum.par_chunks_mut(2 * width).zip(charges.par_chunks(2 * n));
        // Two real rows are the real and imaginary part of one transform.
        rows.for_each_init(
            || self.x.work(1),
            |work, (spectrum, charges)| {
                let (first, second) = charges.split_at(n);
                for (value, (&re, &im)) in work.values.iter_mut().zip(first.iter().zip(second)) {
                    *value = Complex::new(re, im);
                }
                work.values[n..].fill(Complex::default());
                work.run(&*self.x.forward);
                let (first, second) = spectrum.split_at_mut(width);
                let mirrored = std::iter::once(&work.values[0]).chain(work.values.iter().rev());
                let values = work.values[..period / 2 + 1].iter().zip(mirrored);
                for ((first, second), (value, mirrored)) in first.iter_mut().zip(second).zip(values) {
                    let (sum, difference) = (value + mirrored.conj(), value - mirrored.conj());
                    *first = sum * 0.5;
                    *second = Complex::new(0.5 * difference.im, -0.5 * difference.re);
                }
            },
        );
    }

    /// Transforms the columns, multiplies by the kernel, transforms back; returns the sum of all similarities.
    ///
    /// `convolved [n_blocks][n_y][2][COLUMNS]` becomes, of the row spectra X and Y of the two forces, `X + iY` at each
    /// column and `X* + iY*`, which is what `X + iY` is at the mirrored column.
    pub fn convolve_columns(&self, spectrum: &[Value], convolved: &mut [Value]) -> f64 {
        let n_y = self.y.n_nodes;
        let blocks = convolved.par_chunks_mut(n_y * 2 * COLUMNS).enumerate();
        let work = || [self.y.work(COLUMNS), self.y.work(COLUMNS)];
        let sums = blocks.map_init(work, |work, (block, convolved)| {
            self.convolve_block(spectrum, block * COLUMNS, convolved, work)
        });
        sums.collect::<Vec<f64>>().iter().sum()
    }

    fn convolve_block(
        &self,
        spectrum: &[Value],
        first: usize,
        convolved: &mut [Value],
        [x, y]: &mut [Work; 2],
    ) -> f64 {
        let (width, period) = (self.width(), self.y.period);
        for column in x.values.chunks_exact_mut(period) {
            column[self.y.n_nodes..].fill(Complex::default());
        }
        for (row, values) in spectrum.chunks_exact(width).enumerate() {
            for (column, &value) in values[first..first + COLUMNS].iter().enumerate() {
                x.values[column * period + row] = value;
            }
        }
        x.run(&*self.y.forward);
        let mut sum = 0.0;
        let columns = x.values.chunks_exact_mut(period).zip(y.values.chunks_exact_mut(period));
        for (column, (x, y)) in (first..).zip(columns) {
            let range = column * period..(column + 1) * period;
            let similarity = &self.kernel.similarity[range.clone()];
            let (force_x, force_y) = (&self.kernel.force_x[range.clone()], &self.kernel.force_y[range]);
            // All columns but the first and the middle one stand for their mirror image, too.
            let weight = if column == 0 || 2 * column == self.x.period { 1.0 } else { 2.0 };
            sum += weight * energy(x, similarity);
            for ((x, y), (&a, &b)) in x.iter_mut().zip(y).zip(force_x.iter().zip(force_y)) {
                let turned = Complex::new(-x.im, x.re);
                (*x, *y) = (turned * a, turned * b);
            }
        }
        x.run(&*self.y.inverse);
        y.run(&*self.y.inverse);
        for (row, convolved) in convolved.chunks_exact_mut(2 * COLUMNS).enumerate() {
            let (direct, mirrored) = convolved.split_at_mut(COLUMNS);
            for column in 0..COLUMNS {
                let (x, y) = (x.values[column * period + row], y.values[column * period + row]);
                direct[column] = Complex::new(x.re - y.im, x.im + y.re);
                mirrored[column] = Complex::new(x.re + y.im, y.re - x.im);
            }
        }
        sum
    }

    /// Transforms the rows back: `field [n_y][n_x]` holds the force along x and, as imaginary part, along y.
    pub fn restore_rows(&self, convolved: &[Value], field: &mut [Value]) {
        let (n_x, n_y, period) = (self.x.n_nodes, self.y.n_nodes, self.x.period);
        field.par_chunks_mut(n_x).enumerate().for_each_init(
            || self.x.work(1),
            |work, (row, field)| {
                let blocks = convolved.chunks_exact(n_y * 2 * COLUMNS);
                for (first, block) in (0..).step_by(COLUMNS).zip(blocks) {
                    let (direct, mirrored) = block[row * 2 * COLUMNS..][..2 * COLUMNS].split_at(COLUMNS);
                    for (column, (&direct, &mirrored)) in
                        (first..=period / 2).zip(direct.iter().zip(mirrored))
                    {
                        // The first and the middle column are their own mirror image, and must not be lost.
                        work.values[(period - column) % period] = mirrored;
                        work.values[column] = direct;
                    }
                }
                work.run(&*self.x.inverse);
                field.copy_from_slice(&work.values[..n_x]);
            },
        );
    }
}

/// `Σ |value|² · similarity` of one column.
fn energy(values: &[Value], similarity: &[f32]) -> f64 {
    const LANES: usize = 16;
    let of_lane = |value: &Value, similarity: f32| (value.re * value.re + value.im * value.im) * similarity;
    let (values, values_rest) = values.as_chunks::<LANES>();
    let (similarity, similarity_rest) = similarity.as_chunks::<LANES>();
    let mut sums = [0.0f32; LANES];
    for (values, similarity) in values.iter().zip(similarity) {
        for lane in 0..LANES {
            sums[lane] += of_lane(&values[lane], similarity[lane]);
        }
    }
    let rest: f32 = values_rest.iter().zip(similarity_rest).map(|(v, &s)| of_lane(v, s)).sum();
    sums.iter().map(|&sum| f64::from(sum)).sum::<f64>() + f64::from(rest)
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
    fn work(&self, n_transforms: usize) -> Work {
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
struct Work {
    values: Vec<Value>,
    scratch: Vec<Value>,
}

impl Work {
    fn run(&mut self, transform: &dyn Fft<f32>) {
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
                for (k, value) in work.values.iter().enumerate() {
                    // Along y the force along x is even, and the force along y is odd.
                    let mirrored = work.values[(y.period - k) % y.period].im;
                    let sharpened = across * y.sharpening(k);
                    similarity[k] = sharpened * value.re;
                    force_x[k] = 0.5 * sharpened * (value.im + mirrored);
                    force_y[k] = 0.5 * sharpened * (value.im - mirrored);
                }
            },
        );
        kernel
    }
}
