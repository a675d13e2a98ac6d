//! The leaf functions: matrix products and element-wise passes, compiled for several instruction sets and
//! chosen at run time.

use gemm::Parallelism;
use pulp::Arch;

/// A row-major matrix, or the transpose of one.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: isize,
    column_stride: isize,
}

impl<'a> Matrix<'a> {
    /// `rows × columns` values, row by row.
    ///
    /// # Panics
    /// If there are fewer values than that.
    pub fn new(values: &'a [f32], rows: usize, columns: usize) -> Matrix<'a> {
        assert!(rows * columns <= values.len(), "a matrix has rows × columns values");
        Matrix { values, rows, columns, row_stride: columns as isize, column_stride: 1 }
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
}

/// Products of fewer multiplications than this stay on one thread.
const PARALLEL_FROM: usize = 1 << 23;

/// `target ← keep · target + scale · left · right`, row-major. With `keep = 0` the old values are not read.
///
/// # Panics
/// If the shapes do not fit.
pub fn product(target: &mut [f32], keep: f32, scale: f32, left: Matrix<'_>, right: Matrix<'_>) {
    let (m, n, k) = (left.rows, right.columns, left.columns);
    assert_eq!(k, right.rows, "columns of the left matrix are rows of the right one");
    assert!(m * n <= target.len(), "the target holds the product");
    let parallelism = if m * n * k < PARALLEL_FROM || rayon::current_num_threads() == 1 {
        Parallelism::None
    } else {
        Parallelism::Rayon(0)
    };
    // SAFETY: `Matrix` vouches that `left` and `right` hold every element that shapes and strides reach, the
    // assertion above that `target` does, and `target` is borrowed mutably, so nothing overlaps it.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            target.as_mut_ptr(),
            1,
            n as isize,
            keep != 0.0,
            left.values.as_ptr(),
            left.column_stride,
            left.row_stride,
            right.values.as_ptr(),
            right.column_stride,
            right.row_stride,
            keep,
            scale,
            false,
            false,
            false,
            parallelism,
        );
    }
}

/// Runs `pass` compiled for the widest vectors of this processor. What it calls must be inlined into it.
#[inline(always)]
pub fn vectorised<R>(pass: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(pass)
}

/// `e^x` with a relative error below 2e-7 for -87 ≤ x ≤ 88; x outside is moved to the ends.
///
/// Range reduction to ± ln 2 / 2 and a polynomial of degree 6 (Cephes, `expf`), without a branch or a call, so
/// that a loop over it is vectorised; no fused multiply-add, so that every processor gives the same bits.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Adding and taking away 1.5 · 2²³ rounds to the nearest whole number.
    const ROUND: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN_2_HIGH - n * LN_2_LOW;
    let mut p = 1.987_569_2e-4;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 0.5;
    let p = p * r * r + r + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    p * f32::from_bits(exponent)
}

/// The largest value; of nothing, minus infinity. NaN counts as smaller than all.
#[inline(always)]
pub fn max(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<8>();
    let mut lanes = [f32::NEG_INFINITY; 8];
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = if *lane < value { value } else { *lane };
        }
    }
    lanes.iter().chain(rest).fold(f32::NEG_INFINITY, |m, &v| if m < v { v } else { m })
}

/// The sum, in eight interleaved parts so that it is vectorised; always in the same order.
#[inline(always)]
pub fn sum(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<8>();
    let mut lanes = [0.0; 8];
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    lanes.iter().chain(rest).sum()
}

/// `Σ x · y`, in eight interleaved parts; always in the same order.
#[inline(always)]
pub fn dot(x: &[f32], y: &[f32]) -> f32 {
    let ((xs, x_rest), (ys, y_rest)) = (x.as_chunks::<8>(), y.as_chunks::<8>());
    let mut lanes = [0.0; 8];
    for (x, y) in xs.iter().zip(ys) {
        for i in 0..8 {
            lanes[i] += x[i] * y[i];
        }
    }
    let rest: f32 = x_rest.iter().zip(y_rest).map(|(x, y)| x * y).sum();
    lanes.iter().sum::<f32>() + rest
}

/// `target ← keep · target + scale · values`.
#[inline(always)]
pub fn scale_add(target: &mut [f32], keep: f32, scale: f32, values: &[f32]) {
    for (t, &v) in target.iter_mut().zip(values) {
        *t = keep * *t + scale * v;
    }
}

/// `target ← target + scale · values`.
#[inline(always)]
pub fn add_scaled(target: &mut [f32], scale: f32, values: &[f32]) {
    for (t, &v) in target.iter_mut().zip(values) {
        *t += scale * v;
    }
}

/// Adds `row` to every row of `target`.
#[inline(always)]
pub fn add_rows(target: &mut [f32], row: &[f32]) {
    for target in target.chunks_exact_mut(row.len()) {
        add_scaled(target, 1.0, row);
    }
}

/// `total ← Σ rows of values`.
#[inline(always)]
pub fn sum_rows(values: &[f32], total: &mut [f32]) {
    total.fill(0.0);
    for row in values.chunks_exact(total.len()) {
        add_scaled(total, 1.0, row);
    }
}

/// `max(0, ·)` of every value.
#[inline(always)]
pub fn relu(values: &mut [f32]) {
    values.iter_mut().for_each(|v| *v = if 0.0 < *v { *v } else { 0.0 });
}

/// Sets the gradient to zero where the activation is.
#[inline(always)]
pub fn relu_gradient(gradient: &mut [f32], activation: &[f32]) {
    for (g, &a) in gradient.iter_mut().zip(activation) {
        *g = if 0.0 < a { *g } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_exact_to_seven_digits() {
        for i in -8_700..8_800 {
            let x = i as f32 / 100.0;
            let expected = f64::from(x).exp();
            assert!((f64::from(exp(x)) / expected - 1.0).abs() < 3e-7, "{x}");
        }
    }

    #[test]
    fn a_product_keeps_its_target_where_asked() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]);
        let mut target = [1.0; 4];
        product(&mut target, 1.0, 0.5, Matrix::new(&a, 2, 2), Matrix::new(&b, 2, 2));
        assert_eq!(target, [10.5, 12.0, 22.5, 26.0]);
        product(&mut target, 0.0, 1.0, Matrix::new(&a, 2, 2), Matrix::new(&b, 2, 2).t());
        assert_eq!(target, [17.0, 23.0, 39.0, 53.0]);
    }

    #[test]
    fn sums_and_maxima_reach_the_last_value() {
        let values: Vec<f32> = (1..=11).map(|i| i as f32).collect();
        assert_eq!((sum(&values), max(&values), dot(&values, &values)), (66.0, 11.0, 506.0));
        assert_eq!(max(&[]), f32::NEG_INFINITY);
    }
}
