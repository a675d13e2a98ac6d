//! Products of matrices that do not fit the cache: the crate `gemm`, then the finishing touch.

use gemm::Parallelism;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::finish::{Blend, Finish, load};
use super::matrix::Matrix;

/// Rows that one thread finishes at once.
const ROWS: usize = 64;

/// `target ← finish(left · right)` on all threads of the current pool.
///
/// Every element is summed in the same order for any number of threads: gemm shares rows and columns among them,
/// never the sums.
pub fn product<F: Finish>(target: &mut [f32], finish: F, left: Matrix<'_>, right: Matrix<'_>) {
    let n_columns = right.columns;
    blend(target, finish.blend().unwrap_or(Blend { keep: 0.0, scale: 1.0 }), left, right);
    if finish.blend().is_none() {
        target.par_chunks_mut(ROWS * n_columns).enumerate().for_each(|(i, target)| {
            Arch::new().dispatch(Rows { target, n_columns, start: i * ROWS * n_columns, finish });
        });
    }
}

/// `target ← keep · target + scale · left · right`. With `keep = 0` the old values are not read.
fn blend(target: &mut [f32], Blend { keep, scale }: Blend, left: Matrix<'_>, right: Matrix<'_>) {
    let (m, n, k) = (left.rows, right.columns, left.columns);
    let parallelism =
        if rayon::current_num_threads() == 1 { Parallelism::None } else { Parallelism::Rayon(0) };
    assert_eq!(target.len(), m * n, "the target holds the product");
    assert!(left.is_whole() && right.is_whole() && k == right.rows, "the factors are all there");
    // SAFETY: by the assertions the three slices hold every element that shapes and strides reach; the target is
    // borrowed mutably, so nothing overlaps it.
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
            left.column_stride as isize,
            left.row_stride as isize,
            right.values.as_ptr(),
            right.column_stride as isize,
            right.row_stride as isize,
            keep,
            scale,
            false,
            false,
            false,
            parallelism,
        );
    }
}

/// Rows that hold their sums, `start` values into the whole target.
struct Rows<'a, F> {
    target: &'a mut [f32],
    n_columns: usize,
    start: usize,
    finish: F,
}

impl<F: Finish> WithSimd for Rows<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for (row, start) in
            self.target.chunks_exact_mut(self.n_columns).zip((self.start..).step_by(self.n_columns))
        {
            for (values, column) in row.chunks_mut(S::F32_LANES).zip((0..).step_by(S::F32_LANES)) {
                let sum = load(simd, values);
                let beside = load(simd, &self.finish.beside(start + column, column)[..values.len()]);
                simd.partial_store_f32s(values, self.finish.finish(simd, sum, sum, beside));
            }
        }
    }
}
