//! The convolution on the grid of the interpolated repulsion: rows, columns and kernel, rows.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use rustfft::num_complex::Complex;

use crate::grid::{COLUMNS, Grid, Value, Work};

impl Grid {
    /// Transforms each row of `charges [n_y][n_x]` into half a period of `spectrum [n_y][width]`.
    pub fn transform_rows(&self, charges: &[f32], spectrum: &mut [Value]) {
        let rows = spectrum.par_chunks_mut(2 * self.width()).zip(charges.par_chunks(2 * self.x.n_nodes));
        rows.for_each_init(
            || self.x.work(1),
            |work, (spectrum, charges)| Arch::new().dispatch(TwoRows { grid: self, work, charges, spectrum }),
        );
    }

    /// Transforms the columns, multiplies by the kernel, transforms back; returns the sum of all similarities.
    ///
    /// `convolved [n_blocks][n_y][2][COLUMNS]` becomes, of the row spectra X and Y of the two forces, `X + iY` at each
    /// column and `X* + iY*`, which is what `X + iY` is at the mirrored column.
    pub fn convolve_columns(&self, spectrum: &[Value], convolved: &mut [Value]) -> f64 {
        let blocks = convolved.par_chunks_mut(self.y.n_nodes * 2 * COLUMNS).enumerate();
        let work = || [self.y.work(COLUMNS), self.y.work(COLUMNS)];
        let sums = blocks.map_init(work, |work, (block, convolved)| {
            Arch::new().dispatch(ColumnBlock {
                grid: self,
                work,
                first: block * COLUMNS,
                spectrum,
                convolved,
            })
        });
        sums.collect::<Vec<f64>>().iter().sum()
    }

    /// Transforms the rows back: `field [n_y][n_x]` holds the force along x and, as imaginary part, along y.
    pub fn restore_rows(&self, convolved: &[Value], field: &mut [Value]) {
        field.par_chunks_mut(self.x.n_nodes).enumerate().for_each_init(
            || self.x.work(1),
            |work, (row, field)| {
                Arch::new().dispatch(RestoredRow { grid: self, work, row, convolved, field })
            },
        );
    }
}

/// Two real rows, which are the real and imaginary part of one transform.
struct TwoRows<'a> {
    grid: &'a Grid,
    work: &'a mut Work,
    charges: &'a [f32],
    spectrum: &'a mut [Value],
}

impl WithSimd for TwoRows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let TwoRows { grid, work, charges, spectrum } = self;
        let (n, period) = (grid.x.n_nodes, grid.x.period);
        let (first, second) = charges.split_at(n);
        for (value, (&re, &im)) in work.values.iter_mut().zip(first.iter().zip(second)) {
            *value = Complex::new(re, im);
        }
        work.values[n..].fill(Complex::default());
        work.run(&*grid.x.forward);
        let (first, second) = spectrum.split_at_mut(grid.width());
        let mirrored = std::iter::once(&work.values[0]).chain(work.values.iter().rev());
        let values = work.values[..period / 2 + 1].iter().zip(mirrored);
        for ((first, second), (value, mirrored)) in first.iter_mut().zip(second).zip(values) {
            *first = Complex::new(0.5 * (value.re + mirrored.re), 0.5 * (value.im - mirrored.im));
            *second = Complex::new(0.5 * (value.im + mirrored.im), 0.5 * (mirrored.re - value.re));
        }
    }
}

/// Columns from `first` on, as many as fill a line of the cache.
struct ColumnBlock<'a> {
    grid: &'a Grid,
    work: &'a mut [Work; 2],
    first: usize,
    spectrum: &'a [Value],
    convolved: &'a mut [Value],
}

impl WithSimd for ColumnBlock<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f64 {
        let ColumnBlock { grid, work: [x, y], first, spectrum, convolved } = self;
        let (n_y, period) = (grid.y.n_nodes, grid.y.period);
        for column in x.values.chunks_exact_mut(period) {
            column[n_y..].fill(Complex::default());
        }
        for (row, values) in spectrum.chunks_exact(grid.width()).enumerate() {
            for (column, &value) in values[first..first + COLUMNS].iter().enumerate() {
                x.values[column * period + row] = value;
            }
        }
        x.run(&*grid.y.forward);
        let mut sum = 0.0;
        let columns = x.values.chunks_exact_mut(period).zip(y.values.chunks_exact_mut(period));
        for (column, (x, y)) in (first..).zip(columns) {
            let range = column * period..(column + 1) * period;
            // All columns but the first and the middle one stand for their mirror image, too.
            let weight = if column == 0 || 2 * column == grid.x.period { 1.0 } else { 2.0 };
            sum += weight * energy(x, &grid.kernel.similarity[range.clone()]);
            let forces = grid.kernel.force_x[range.clone()].iter().zip(&grid.kernel.force_y[range]);
            for ((x, y), (&a, &b)) in x.iter_mut().zip(y).zip(forces) {
                let turned = Complex::new(-x.im, x.re);
                (*x, *y) = (turned * a, turned * b);
            }
        }
        x.run(&*grid.y.inverse);
        y.run(&*grid.y.inverse);
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
}

/// `Σ |value|² · similarity` of one column.
#[inline(always)]
fn energy(values: &[Value], similarity: &[f32]) -> f64 {
    const LANES: usize = 16;
    let ((values, values_rest), (similarity, rest)) =
        (values.as_chunks::<LANES>(), similarity.as_chunks::<LANES>());
    let mut sums = [0.0f32; LANES];
    for (values, similarity) in values.iter().zip(similarity) {
        for lane in 0..LANES {
            sums[lane] += values[lane].norm_sqr() * similarity[lane];
        }
    }
    for (sum, (value, similarity)) in sums.iter_mut().zip(values_rest.iter().zip(rest)) {
        *sum += value.norm_sqr() * similarity;
    }
    sums.iter().map(|&sum| f64::from(sum)).sum()
}

/// One row of the field.
struct RestoredRow<'a> {
    grid: &'a Grid,
    work: &'a mut Work,
    row: usize,
    convolved: &'a [Value],
    field: &'a mut [Value],
}

impl WithSimd for RestoredRow<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let RestoredRow { grid, work, row, convolved, field } = self;
        let period = grid.x.period;
        let blocks = convolved.chunks_exact(grid.y.n_nodes * 2 * COLUMNS);
        for (first, block) in (0..).step_by(COLUMNS).zip(blocks) {
            let (direct, mirrored) = block[row * 2 * COLUMNS..][..2 * COLUMNS].split_at(COLUMNS);
            for (column, (&direct, &mirrored)) in (first..=period / 2).zip(direct.iter().zip(mirrored)) {
                // The first and the middle column are their own mirror image, and must not be lost.
                work.values[(period - column) % period] = mirrored;
                work.values[column] = direct;
            }
        }
        work.run(&*grid.x.inverse);
        field.copy_from_slice(&work.values[..grid.x.n_nodes]);
    }
}
