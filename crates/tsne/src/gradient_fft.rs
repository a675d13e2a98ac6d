//! What drives all points apart, through a grid and its Fourier transform (FIt-SNE: Linderman et al. 2019).
//!
//! Each point spreads its charge of 1 over the 4 × 4 nodes around it, the nodes act on each other by a convolution, and
//! each point reads its force off the same nodes. Apart from the paper, in ways that take less for more accuracy:
//!
//! - Cubic splines interpolate instead of quadratic polynomials (Essmann et al. 1995, smooth particle mesh Ewald): on
//!   the same grid the error is a twelfth.
//! - The force is convolved, not computed from potentials: one charge per point instead of four, and no cancellation.
//! - The sum Z of all similarities is read off the spectrum by Parseval's theorem: no transform of its own.
//! - Both components of the force come back as real and imaginary part of one transform.
//! - Spacing and size of the grid stay while the points fit, and with them the spectrum of the kernel.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use crate::frame::{Frame, NODES, bounds};
use crate::grid::Grid;
use crate::point::Point;
use crate::repulsion::Repulsion;

/// Points that a thread reads forces for at once.
const BLOCK: usize = 1024;

/// Repulsion through a grid.
pub(crate) struct InterpolatedRepulsion {
    planner: FftPlanner<f32>,
    grid: Option<Grid>,
    /// `[n_y][n_x]`.
    charges: Vec<f32>,
    /// `[n_y][width]`: rows transformed.
    spectrum: Vec<Complex<f32>>,
    /// `[n_blocks][n_y][2][COLUMNS]`: see [`Grid::convolve_columns`].
    convolved: Vec<Complex<f32>>,
    /// `[n_y][n_x]`: the force along x and, as imaginary part, along y.
    field: Vec<Complex<f32>>,
}

impl InterpolatedRepulsion {
    pub fn new() -> InterpolatedRepulsion {
        InterpolatedRepulsion {
            planner: FftPlanner::new(),
            grid: None,
            charges: Vec::new(),
            spectrum: Vec::new(),
            convolved: Vec::new(),
            field: Vec::new(),
        }
    }
}

impl Repulsion for InterpolatedRepulsion {
    fn forces(&mut self, points: &[Point], forces: &mut [Point]) -> f64 {
        let (low, high) = bounds(points);
        let grid = match self.grid.take().filter(|grid| grid.suits(low, high)) {
            Some(grid) => grid,
            None => Grid::around(low, high, &mut self.planner),
        };
        let (n_x, n_y) = (grid.x.n_nodes, grid.y.n_nodes);
        let frame = Frame::new(&grid, low, high);

        self.charges.clear();
        self.charges.resize(n_x * n_y, 0.0);
        Arch::new().dispatch(Spread { frame: &frame, points, charges: &mut self.charges, n_x });
        resize(&mut self.spectrum, n_y * grid.width());
        resize(&mut self.convolved, n_y * 2 * grid.width());
        resize(&mut self.field, n_y * n_x);
        grid.transform_rows(&self.charges, &mut self.spectrum);
        let sum = grid.convolve_columns(&self.spectrum, &mut self.convolved);
        grid.restore_rows(&self.convolved, &mut self.field);

        let field = &self.field;
        forces.par_chunks_mut(BLOCK).zip(points.par_chunks(BLOCK)).for_each(|(forces, points)| {
            Arch::new().dispatch(Read { frame: &frame, points, field, n_x, forces });
        });
        self.grid = Some(grid);
        // Each point was counted as its own neighbour, at distance 0.
        sum - points.len() as f64
    }
}

/// Spreads a charge of 1 for each point.
struct Spread<'a> {
    frame: &'a Frame,
    points: &'a [Point],
    charges: &'a mut [f32],
    n_x: usize,
}

impl WithSimd for Spread<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Spread { frame, points, charges, n_x } = self;
        for &[x, y] in points {
            let ((column, across), (row, along)) =
                (frame.place(x, frame.origin[0]), frame.place(y, frame.origin[1]));
            for (k, share) in along.into_iter().enumerate() {
                let start = (row + k) * n_x + column;
                for (charge, share_x) in charges[start..start + NODES].iter_mut().zip(across) {
                    *charge += share * share_x;
                }
            }
        }
    }
}

/// Reads the force on each point off the field.
struct Read<'a> {
    frame: &'a Frame,
    points: &'a [Point],
    field: &'a [Complex<f32>],
    n_x: usize,
    forces: &'a mut [Point],
}

impl WithSimd for Read<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Read { frame, points, field, n_x, forces } = self;
        for (force, &[x, y]) in forces.iter_mut().zip(points) {
            let ((column, across), (row, along)) =
                (frame.place(x, frame.origin[0]), frame.place(y, frame.origin[1]));
            // Four nodes of the grid, side by side, for each of four rows: only the sums run across.
            let mut sums = [[0.0; 2]; NODES];
            for (k, share) in along.into_iter().enumerate() {
                let start = (row + k) * n_x + column;
                for (sum, value) in sums.iter_mut().zip(&field[start..start + NODES]) {
                    sum[0] += share * value.re;
                    sum[1] += share * value.im;
                }
            }
            *force = [0.0; 2];
            for (sum, share) in sums.iter().zip(across) {
                // The kernel is held in units of the spacing.
                force[0] += share * frame.spacing * sum[0];
                force[1] += share * frame.spacing * sum[1];
            }
        }
    }
}

fn resize(values: &mut Vec<Complex<f32>>, len: usize) {
    values.resize(len, Complex::default());
}
