//! Matrix products with a finishing touch, for matrices that fit the cache.
//!
//! The right matrix is copied into panels two vectors wide; a tile of the target, a few rows by one panel, then
//! stays in registers until its sums are complete (Goto & van de Geijn, "Anatomy of High-Performance Matrix
//! Multiplication", 2008). Bias, ReLU or the step of descent is applied while it is still there.

use pulp::{Arch, Simd, WithSimd, bytemuck};

use super::aligned::Aligned;
use super::elementwise::transpose;
use super::finish::{Finish, load};
use super::lanes::lanes;
use super::matrix::Matrix;

/// `target ← finish(left · right)`, row-major, of shapes that fit.
pub fn product<F: Finish>(
    target: &mut [f32],
    finish: F,
    left: Matrix<'_>,
    right: Matrix<'_>,
    panels: &mut Aligned,
) {
    product_with_panels(target, finish, left, pack(right, panels), right.columns);
}

/// The same with a right matrix that lies in panels already: two vectors wide, zero beyond the last column, one after the
/// other, and each at the start of a cache line.
pub fn product_with_panels<F: Finish>(
    target: &mut [f32],
    finish: F,
    left: Matrix<'_>,
    panels: &[f32],
    n_columns: usize,
) {
    Arch::new().dispatch(Tile { target, n_columns, left, panels, finish });
}

/// Copies a matrix into panels, two vectors wide and zero beyond the last column, one after the other.
fn pack<'a>(right: Matrix<'_>, room: &'a mut Aligned) -> &'a [f32] {
    let width = 2 * lanes();
    let panels = room.room(right.rows * right.columns.next_multiple_of(width));
    Arch::new().dispatch(Panels { panels, right });
    panels
}

struct Panels<'a> {
    panels: &'a mut [f32],
    right: Matrix<'a>,
}

impl WithSimd for Panels<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (right, width) = (self.right, 2 * S::F32_LANES);
        for (panel, first) in self.panels.chunks_exact_mut(right.rows * width).zip((0..).step_by(width)) {
            let columns = width.min(right.columns - first);
            let part = right.part(0, right.rows, first, columns);
            // A single row that is a transposed column has both strides 1, and is gathered like any transpose.
            if part.column_stride != 1 || part.row_stride < columns {
                if columns < width {
                    panel.fill(0.0);
                }
                transpose(part.values, part.column_stride, panel, width, columns);
                continue;
            }
            let rows = part.values.chunks(part.row_stride);
            for (to, from) in bytemuck::cast_slice_mut(panel).as_chunks_mut::<2>().0.iter_mut().zip(rows) {
                if columns == width {
                    to.copy_from_slice(&bytemuck::cast_slice(&from[..width])[..2]);
                } else {
                    let (first, second) = from[..columns].split_at(columns.min(S::F32_LANES));
                    *to = [load(simd, first), load(simd, second)];
                }
            }
        }
    }
}

/// First row and number of rows of each strip: as many as registers hold the sums of, then fewer.
pub fn strips_of(n_rows: usize, lanes: usize) -> impl Iterator<Item = (usize, usize)> {
    // Sixteen registers hold 6 × 2 sums beside the factors, thirty-two 12 × 2.
    let most = if lanes < 16 { 6 } else { 12 };
    let mut first = 0;
    std::iter::from_fn(move || {
        let rest = n_rows - first;
        let rows = [12, 6, 4, 2, 1].into_iter().find(|&rows| rows <= most && rows <= rest)?;
        first += rows;
        Some((first - rows, rows))
    })
}

/// A product ready to be computed.
struct Tile<'a, F> {
    target: &'a mut [f32],
    n_columns: usize,
    left: Matrix<'a>,
    panels: &'a [f32],
    finish: F,
}

impl<F: Finish> WithSimd for Tile<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (vectors, _) = bytemuck::cast_slice(self.panels).as_chunks();
        for (panel, column) in vectors.chunks_exact(self.left.columns).zip((0..).step_by(2 * S::F32_LANES)) {
            let is_narrow = self.n_columns - column <= S::F32_LANES;
            for (row, rows) in strips_of(self.left.rows, S::F32_LANES) {
                match (rows, is_narrow) {
                    (12, false) if 16 <= S::F32_LANES => self.registers::<S, 12, 2>(simd, panel, row, column),
                    (12, true) if 16 <= S::F32_LANES => self.registers::<S, 12, 1>(simd, panel, row, column),
                    (6, false) => self.registers::<S, 6, 2>(simd, panel, row, column),
                    (6, true) => self.registers::<S, 6, 1>(simd, panel, row, column),
                    (4, false) => self.registers::<S, 4, 2>(simd, panel, row, column),
                    (4, true) => self.registers::<S, 4, 1>(simd, panel, row, column),
                    (2, _) => self.registers::<S, 2, 2>(simd, panel, row, column),
                    _ => self.registers::<S, 1, 2>(simd, panel, row, column),
                }
            }
        }
    }
}

impl<F: Finish> Tile<'_, F> {
    /// A strip of rows by a panel: the sums, then the finishing touch.
    #[inline(always)]
    fn registers<S: Simd, const ROWS: usize, const VECTORS: usize>(
        &mut self,
        simd: S,
        panel: &[[S::f32s; 2]],
        row: usize,
        column: usize,
    ) {
        let left = self.left.part(row, ROWS, 0, self.left.columns);
        let sums = sums::<S, ROWS, VECTORS>(simd, left, panel);
        let is_whole = column + VECTORS * S::F32_LANES <= self.n_columns;
        for (r, sums) in sums.into_iter().enumerate() {
            for (v, sum) in sums.into_iter().enumerate() {
                let column = column + v * S::F32_LANES;
                if is_whole {
                    self.finish(simd, sum, row + r, column, S::F32_LANES);
                } else if column < self.n_columns {
                    self.finish(simd, sum, row + r, column, S::F32_LANES.min(self.n_columns - column));
                }
            }
        }
    }

    #[inline(always)]
    fn finish<S: Simd>(&mut self, simd: S, sum: S::f32s, row: usize, column: usize, width: usize) {
        let start = row * self.n_columns + column;
        let beside = self.finish.beside(start, column);
        let beside = load(simd, &beside[..width.min(beside.len())]);
        let target = &mut self.target[start..start + width];
        let new = self.finish.finish(simd, sum, load(simd, target), beside);
        if width == S::F32_LANES {
            bytemuck::cast_slice_mut(target)[0] = new;
        } else {
            simd.partial_store_f32s(target, new);
        }
    }
}

/// `Σ_k left[r, k] panel[k]`: rows of the target in registers.
#[inline(always)]
fn sums<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    left: Matrix<'_>,
    panel: &[[S::f32s; 2]],
) -> [[S::f32s; VECTORS]; ROWS] {
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
    // Two loops, so that each finds the factors with as few additions of addresses as can be.
    if left.column_stride == 1 {
        let mut rows = [&left.values[..panel.len()]; ROWS];
        for (r, row) in rows.iter_mut().enumerate() {
            *row = &left.values[r * left.row_stride..][..panel.len()];
        }
        for (k, right) in panel.iter().enumerate() {
            for (sums, row) in sums.iter_mut().zip(rows) {
                add_product(simd, sums, row[k], right);
            }
        }
    } else {
        for (right, column) in panel.iter().zip(left.values.chunks(left.column_stride)) {
            for (sums, &factor) in sums.iter_mut().zip(&column[..ROWS]) {
                add_product(simd, sums, factor, right);
            }
        }
    }
    sums
}

#[inline(always)]
fn add_product<S: Simd>(simd: S, sums: &mut [S::f32s], factor: f32, right: &[S::f32s]) {
    let factor = simd.splat_f32s(factor);
    for (sum, &right) in sums.iter_mut().zip(right) {
        *sum = simd.mul_add_e_f32s(factor, right, *sum);
    }
}
