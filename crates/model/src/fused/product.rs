//! Matrix products with a finishing touch, for matrices that fit the cache as well as for those that do not.
//!
//! The scheme is that of Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008): the
//! right matrix is copied into panels two vectors wide, over blocks of its rows; a tile of the target, a few
//! rows by one panel, then stays in registers for a whole block. Bias, ReLU or the step of descent is applied
//! while the tile is still there. Every element of the target is summed in the same order, however the rows are
//! shared among threads.

use pulp::{Arch, Simd, WithSimd, bytemuck};
use rayon::prelude::*;

use super::kernels::{transpose, vectorised};

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

/// What becomes of the sums `s = left · right` on their way into the target `t`, `[rows, columns]`.
#[derive(Clone, Copy)]
pub enum Finish<'a> {
    /// `t ← f(s + bias)` with f the ReLU or nothing.
    Bias { bias: &'a [f32], relu: bool },
    /// `t ← s` where the activation is above zero, elsewhere 0; without activations `t ← s`.
    Gate(Option<&'a [f32]>),
    /// `t ← keep · t + scale · s`. With `keep = 0` the old values are not read.
    Blend { keep: f32, scale: f32 },
}

/// Room for the panels; grows to what the largest product needs, and stays.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    right: Vec<f32>,
    left: Vec<f32>,
}

/// Rows of the right matrix that are done at once: a panel of them fits the first-level cache.
const BLOCK: usize = 320;
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
pub fn product(
    target: &mut [f32],
    finish: Finish<'_>,
    left: Matrix<'_>,
    right: Matrix<'_>,
    workspace: &mut Workspace,
) {
    let (m, n, depth) = (left.rows, right.columns, left.columns);
    assert_eq!(depth, right.rows, "columns of the left matrix are rows of the right one");
    let target = &mut target[..m * n];
    let block = depth.div_ceil(depth.div_ceil(BLOCK));
    let is_large = LARGE <= m * n * depth;
    for from in (0..depth).step_by(block) {
        let depth_here = block.min(depth - from);
        let place = Place { is_first: from == 0, is_last: from + depth_here == depth, first_row: 0 };
        let left = left.part(0, m, from, depth_here);
        let panels = pack_right(right.part(from, depth_here, 0, n), &mut workspace.right);
        if is_large {
            let strips = room(&mut workspace.left, m * depth_here);
            let tiles =
                target.par_chunks_mut(TILE_ROWS * n).zip(strips.par_chunks_mut(TILE_ROWS * depth_here));
            tiles.enumerate().for_each(|(tile, (target, strips))| {
                let (first_row, rows) = (tile * TILE_ROWS, target.len() / n);
                let left = Left::packed(left.part(first_row, rows, 0, depth_here), strips);
                let place = Place { first_row, ..place };
                Arch::new().dispatch(Tile { target, columns: n, finish, left, panels, place });
            });
        } else {
            Arch::new().dispatch(Tile {
                target,
                columns: n,
                finish,
                left: Left::Matrix(left),
                panels,
                place,
            });
        }
    }
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
    vectorised(|| {
        for (panel, first) in panels.chunks_exact_mut(right.rows * width).zip((0..).step_by(width)) {
            let columns = width.min(right.columns - first);
            let part = right.part(0, right.rows, first, columns);
            if columns < width {
                panel.fill(0.0);
            }
            if part.column_stride == 1 {
                for (to, from) in panel.chunks_exact_mut(width).zip(part.values.chunks(part.row_stride)) {
                    to[..columns].copy_from_slice(&from[..columns]);
                }
            } else {
                transpose(part.values, part.column_stride, panel, width, columns);
            }
        }
    });
    panels
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

/// Where in the whole product a tile is.
#[derive(Clone, Copy)]
struct Place {
    is_first: bool,
    is_last: bool,
    first_row: usize,
}

/// Some rows of the target, with one block of the sums.
struct Tile<'a> {
    target: &'a mut [f32],
    columns: usize,
    finish: Finish<'a>,
    left: Left<'a>,
    panels: &'a [f32],
    place: Place,
}

impl WithSimd for Tile<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let depth = self.left.strip(0, 1).columns;
        let vectors: &[S::f32s] = bytemuck::cast_slice(self.panels);
        for (panel, first_column) in vectors.chunks_exact(2 * depth).zip((0..).step_by(2 * S::F32_LANES)) {
            for (first_row, rows) in strips_of(self.left.rows(), S::F32_LANES) {
                let at = (first_row, first_column);
                match (rows, S::F32_LANES < self.columns - first_column) {
                    (12, true) if 16 <= S::F32_LANES => self.registers::<S, 12, 2>(simd, panel, at),
                    (12, false) if 16 <= S::F32_LANES => self.registers::<S, 12, 1>(simd, panel, at),
                    (6, true) => self.registers::<S, 6, 2>(simd, panel, at),
                    (6, false) => self.registers::<S, 6, 1>(simd, panel, at),
                    (4, true) => self.registers::<S, 4, 2>(simd, panel, at),
                    (4, false) => self.registers::<S, 4, 1>(simd, panel, at),
                    (2, _) => self.registers::<S, 2, 2>(simd, panel, at),
                    _ => self.registers::<S, 1, 2>(simd, panel, at),
                }
            }
        }
    }
}

impl Tile<'_> {
    /// A strip by a panel: the sums, then the finishing touch, vector by vector.
    #[inline(always)]
    fn registers<S: Simd, const ROWS: usize, const VECTORS: usize>(
        &mut self,
        simd: S,
        panel: &[S::f32s],
        (first_row, first_column): (usize, usize),
    ) {
        let sums = sums::<S, ROWS, VECTORS>(simd, self.left.strip(first_row, ROWS), panel);
        for (r, sums) in sums.into_iter().enumerate() {
            for (v, sum) in sums.into_iter().enumerate() {
                let column = first_column + v * S::F32_LANES;
                if column < self.columns {
                    self.finish(simd, sum, first_row + r, column);
                }
            }
        }
    }

    #[inline(always)]
    fn finish<S: Simd>(&mut self, simd: S, sum: S::f32s, row: usize, column: usize) {
        let width = S::F32_LANES.min(self.columns - column);
        let start = row * self.columns + column;
        let target = &mut self.target[start..start + width];
        let old = || load(simd, target);
        let Place { is_first, is_last, first_row } = self.place;
        let finished = match self.finish {
            Finish::Blend { keep, scale } => {
                let sum = simd.mul_f32s(simd.splat_f32s(scale), sum);
                match is_first {
                    true if keep == 0.0 => sum,
                    true => simd.mul_add_f32s(simd.splat_f32s(keep), old(), sum),
                    false => simd.add_f32s(old(), sum),
                }
            }
            Finish::Bias { bias, relu } => {
                let sum = if is_first { sum } else { simd.add_f32s(old(), sum) };
                let sum =
                    if is_last { simd.add_f32s(sum, load(simd, &bias[column..column + width])) } else { sum };
                if is_last && relu { simd.max_f32s(sum, simd.splat_f32s(0.0)) } else { sum }
            }
            Finish::Gate(activation) => {
                let sum = if is_first { sum } else { simd.add_f32s(old(), sum) };
                match activation {
                    Some(activation) if is_last => {
                        let activation = &activation[first_row * self.columns + start..][..width];
                        let is_active = simd.less_than_f32s(simd.splat_f32s(0.0), load(simd, activation));
                        simd.select_f32s(is_active, sum, simd.splat_f32s(0.0))
                    }
                    _ => sum,
                }
            }
        };
        if width == S::F32_LANES {
            bytemuck::cast_slice_mut(target)[0] = finished;
        } else {
            simd.partial_store_f32s(target, finished);
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
        product(&mut target, Finish::Blend { keep: 1.0, scale: 0.5 }, a, b, w);
        assert_eq!(target, [10.5, 12.0, 22.5, 26.0]);
        product(&mut target, Finish::Blend { keep: 0.0, scale: 1.0 }, a, b.t(), w);
        assert_eq!(target, [17.0, 23.0, 39.0, 53.0]);
    }
}
