//! Matrix products with a finishing touch, for matrices that fit the cache as well as for those that do not.
//!
//! The scheme is that of Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008): the
//! right matrix is copied into panels two vectors wide, over blocks of its rows; a tile of the target, a few
//! rows by one panel, then stays in registers for a whole block. Bias, ReLU or the step of descent is applied
//! while the tile is still there. Every element of the target is summed in the same order, however the rows are
//! shared among threads.

use pulp::{Arch, Simd, WithSimd, bytemuck};
use rayon::prelude::*;

use super::kernels::transpose;

/// A row-major matrix, or the transpose of one.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// `rows × columns` values, row by row.
    ///
    /// # Panics
    /// If there are fewer values than that.
    pub fn new(values: &'a [f32], rows: usize, columns: usize) -> Matrix<'a> {
        Matrix { values: &values[..rows * columns], rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// The transpose, without moving a value.
    pub fn t(self) -> Matrix<'a> {
        Matrix {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// The part from `row` and `column` on, of so many `rows` and `columns`.
    fn part(self, row: usize, rows: usize, column: usize, columns: usize) -> Matrix<'a> {
        let from = row * self.row_stride + column * self.column_stride;
        Matrix { values: &self.values[from..], rows, columns, ..self }
    }
}

/// What becomes of the sums `s = left · right` on their way into the target.
pub trait Finish: Copy + Sync {
    /// The new values of a vector of the target, from its sums, its old values and those of `beside`.
    fn finish<S: Simd>(self, simd: S, sum: S::f32s, old: S::f32s, beside: S::f32s) -> S::f32s;

    /// Values that belong to a row of the target from `column` on; `start` counts the target's values before them.
    fn beside(&self, _start: usize, _column: usize) -> &[f32] {
        &[]
    }
}

/// `t ← keep · t + scale · s`.
#[derive(Clone, Copy)]
pub struct Blend {
    pub keep: f32,
    pub scale: f32,
}

impl Finish for Blend {
    #[inline(always)]
    fn finish<S: Simd>(self, simd: S, sum: S::f32s, old: S::f32s, _: S::f32s) -> S::f32s {
        let sum = simd.mul_f32s(simd.splat_f32s(self.scale), sum);
        simd.mul_add_e_f32s(simd.splat_f32s(self.keep), old, sum)
    }
}

/// `t ← f(s + bias)` with f the ReLU or nothing.
#[derive(Clone, Copy)]
pub struct Bias<'a, const RELU: bool>(pub &'a [f32]);

impl<const RELU: bool> Finish for Bias<'_, RELU> {
    #[inline(always)]
    fn finish<S: Simd>(self, simd: S, sum: S::f32s, _: S::f32s, bias: S::f32s) -> S::f32s {
        let sum = simd.add_f32s(sum, bias);
        if RELU { simd.max_f32s(sum, simd.splat_f32s(0.0)) } else { sum }
    }

    #[inline(always)]
    fn beside(&self, _: usize, column: usize) -> &[f32] {
        &self.0[column..]
    }
}

/// `t ← s` where the activation is above zero, and 0 elsewhere: the derivative of the ReLU.
#[derive(Clone, Copy)]
pub struct Gate<'a>(pub &'a [f32]);

impl Finish for Gate<'_> {
    #[inline(always)]
    fn finish<S: Simd>(self, simd: S, sum: S::f32s, _: S::f32s, activation: S::f32s) -> S::f32s {
        let zero = simd.splat_f32s(0.0);
        simd.select_f32s(simd.less_than_f32s(zero, activation), sum, zero)
    }

    #[inline(always)]
    fn beside(&self, start: usize, _: usize) -> &[f32] {
        &self.0[start..]
    }
}

/// `t ← s`.
#[derive(Clone, Copy)]
pub struct Plain;

impl Finish for Plain {
    #[inline(always)]
    fn finish<S: Simd>(self, _: S, sum: S::f32s, _: S::f32s, _: S::f32s) -> S::f32s {
        sum
    }
}

/// Room for the panels; grows to what the largest product needs, and stays.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    right: Vec<f32>,
    left: Vec<f32>,
}

/// Rows of the target that one thread does at once; a block of the left matrix fits the second-level cache.
const TILE_ROWS: usize = 96;
/// Products of at least so many multiplications copy the left matrix too, and are shared among threads.
const LARGE: usize = 1 << 23;
/// Floats of a cache line.
const LINE: usize = 16;

/// `target ← finish(left · right)`, row-major.
///
/// # Panics
/// If the shapes do not fit.
pub fn product<F: Finish>(
    target: &mut [f32],
    finish: F,
    left: Matrix<'_>,
    right: Matrix<'_>,
    workspace: &mut Workspace,
) {
    let Matrix { rows, columns: depth, .. } = left;
    let n_columns = right.columns;
    assert_eq!(depth, right.rows, "columns of the left matrix are rows of the right one");
    let target = &mut target[..rows * n_columns];
    let panels = pack_right(right, &mut workspace.right);
    if rows * n_columns * depth < LARGE {
        let tile = Tile { target, n_columns, first_row: 0, left: Left::Matrix(left), panels, finish };
        Arch::new().dispatch(tile);
        return;
    }
    let strips = room(&mut workspace.left, rows * depth);
    let tiles = target.par_chunks_mut(TILE_ROWS * n_columns).zip(strips.par_chunks_mut(TILE_ROWS * depth));
    tiles.enumerate().for_each(|(tile, (target, strips))| {
        let first_row = tile * TILE_ROWS;
        let left = Left::packed(left.part(first_row, target.len() / n_columns, 0, depth), strips);
        Arch::new().dispatch(Tile { target, n_columns, first_row, left, panels, finish });
    });
}

/// The first `len` values of a buffer that grows where it must, from the start of a cache line on.
fn room(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if buffer.len() < len + LINE {
        buffer.resize(len + LINE, 0.0);
    }
    let start = buffer.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
    &mut buffer[start..start + len]
}

/// Copies a matrix into panels, two vectors wide and zero beyond the last column, one after the other.
fn pack_right<'a>(right: Matrix<'_>, buffer: &'a mut Vec<f32>) -> &'a [f32] {
    let width = 2 * Arch::new().dispatch(Lanes);
    let panels = room(buffer, right.rows * right.columns.next_multiple_of(width));
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
            if part.column_stride != 1 {
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

/// The left matrix as it is, or copied into strips of as many rows as a tile in registers has.
#[derive(Clone, Copy)]
enum Left<'a> {
    Matrix(Matrix<'a>),
    Strips { values: &'a [f32], rows: usize, columns: usize },
}

impl<'a> Left<'a> {
    /// Copies columns that lie row by row, so that a strip is read from one end to the other.
    fn packed(left: Matrix<'a>, strips: &'a mut [f32]) -> Left<'a> {
        if left.column_stride == 1 {
            return Left::Matrix(left);
        }
        let mut rest = &mut *strips;
        for (first, rows) in strips_of(left.rows, Arch::new().dispatch(Lanes)) {
            let (strip, after) = rest.split_at_mut(rows * left.columns);
            for (to, from) in strip.chunks_exact_mut(rows).zip(left.values.chunks(left.column_stride)) {
                to.copy_from_slice(&from[first..first + rows]);
            }
            rest = after;
        }
        Left::Strips { values: strips, rows: left.rows, columns: left.columns }
    }

    fn depth(&self) -> usize {
        match *self {
            Left::Matrix(Matrix { columns, .. }) | Left::Strips { columns, .. } => columns,
        }
    }

    fn rows(&self) -> usize {
        match *self {
            Left::Matrix(Matrix { rows, .. }) | Left::Strips { rows, .. } => rows,
        }
    }

    fn strip(&self, first: usize, rows: usize) -> Matrix<'a> {
        match *self {
            Left::Matrix(matrix) => matrix.part(first, rows, 0, matrix.columns),
            Left::Strips { values, columns, .. } => Matrix {
                values: &values[first * columns..],
                rows,
                columns,
                row_stride: 1,
                column_stride: rows,
            },
        }
    }
}

/// First row and number of rows of each strip: as many as registers hold the sums of, then fewer.
fn strips_of(n_rows: usize, lanes: usize) -> impl Iterator<Item = (usize, usize)> {
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

/// Floats of a vector.
struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::F32_LANES
    }
}

/// Some rows of the target.
struct Tile<'a, F> {
    target: &'a mut [f32],
    n_columns: usize,
    first_row: usize,
    left: Left<'a>,
    panels: &'a [f32],
    finish: F,
}

impl<F: Finish> WithSimd for Tile<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let depth = self.left.depth();
        let vectors: &[S::f32s] = bytemuck::cast_slice(self.panels);
        for (panel, column) in vectors.chunks_exact(2 * depth).zip((0..).step_by(2 * S::F32_LANES)) {
            let is_narrow = self.n_columns - column <= S::F32_LANES;
            for (row, rows) in strips_of(self.left.rows(), S::F32_LANES) {
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
    /// A strip by a panel: the sums, then the finishing touch.
    #[inline(always)]
    fn registers<S: Simd, const ROWS: usize, const VECTORS: usize>(
        &mut self,
        simd: S,
        panel: &[S::f32s],
        row: usize,
        column: usize,
    ) {
        let sums = sums::<S, ROWS, VECTORS>(simd, self.left.strip(row, ROWS), panel);
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
        let beside = self.finish.beside(self.first_row * self.n_columns + start, column);
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

/// A vector of as many values as there are, then zeros.
#[inline(always)]
fn load<S: Simd>(simd: S, values: &[f32]) -> S::f32s {
    if values.len() == S::F32_LANES {
        bytemuck::cast_slice(values)[0]
    } else {
        simd.partial_load_f32s(values)
    }
}

/// `Σ_k left[r, k] panel[k]`: rows of the target in registers.
#[inline(always)]
fn sums<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    left: Matrix<'_>,
    panel: &[S::f32s],
) -> [[S::f32s; VECTORS]; ROWS] {
    let Matrix { values, row_stride, column_stride, columns, .. } = left;
    assert!((ROWS - 1) * row_stride + (columns - 1) * column_stride < values.len(), "the strip is all there");
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
    for (k, right) in panel.as_chunks::<2>().0[..columns].iter().enumerate() {
        for (r, sums) in sums.iter_mut().enumerate() {
            // SAFETY: r < ROWS and k < columns, so the index is at most the one that was checked above.
            let factor =
                simd.splat_f32s(unsafe { *values.get_unchecked(r * row_stride + k * column_stride) });
            for (v, sum) in sums.iter_mut().enumerate() {
                *sum = simd.mul_add_e_f32s(factor, right[v], *sum);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_keeps_its_target_where_asked() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]);
        let mut target = [1.0; 4];
        let (a, b, w) = (Matrix::new(&a, 2, 2), Matrix::new(&b, 2, 2), &mut Workspace::default());
        product(&mut target, Blend { keep: 1.0, scale: 0.5 }, a, b, w);
        assert_eq!(target, [10.5, 12.0, 22.5, 26.0]);
        product(&mut target, Blend { keep: 0.0, scale: 1.0 }, a, b.t(), w);
        assert_eq!(target, [17.0, 23.0, 39.0, 53.0]);
    }
}
