//! Matrix products with a finishing touch, small and large.

use super::aligned::Aligned;
use super::finish::Finish;
use super::matrix::Matrix;
use super::{large, small};

/// Products of at least so many multiplications do not fit the cache.
const LARGE: usize = 1 << 23;

/// Whether a product `[rows, depth] · [depth, columns]` is large: then its sums are added in another order.
pub fn is_large(rows: usize, columns: usize, depth: usize) -> bool {
    LARGE <= rows * columns * depth
}

/// `target ← finish(left · right)`, row-major.
///
/// # Panics
/// If the shapes do not fit.
pub fn product<F: Finish>(
    target: &mut [f32],
    finish: F,
    left: Matrix<'_>,
    right: Matrix<'_>,
    panels: &mut Aligned,
) {
    let Matrix { rows, columns: depth, .. } = left;
    let n_columns = right.columns;
    assert_eq!(depth, right.rows, "columns of the left matrix are rows of the right one");
    let target = &mut target[..rows * n_columns];
    if is_large(rows, n_columns, depth) {
        large::product(target, finish, left, right);
    } else {
        small::product(target, finish, left, right, panels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::finish::Blend;

    #[test]
    fn a_product_keeps_its_target_where_asked() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]);
        let mut target = [1.0; 4];
        let (a, b, w) = (Matrix::new(&a, 2, 2), Matrix::new(&b, 2, 2), &mut Aligned::default());
        product(&mut target, Blend { keep: 1.0, scale: 0.5 }, a, b, w);
        assert_eq!(target, [10.5, 12.0, 22.5, 26.0]);
        product(&mut target, Blend { keep: 0.0, scale: 1.0 }, a, b.t(), w);
        assert_eq!(target, [17.0, 23.0, 39.0, 53.0]);
    }
}
