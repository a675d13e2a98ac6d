//! The Moore–Penrose inverse (Moore 1920; Penrose 1955), by the singular value decomposition.

use faer::Mat;
use ndarray::{Array2, ArrayView2};

/// The Moore–Penrose inverse `[n_columns, n_rows]` of `matrix [n_rows, n_columns]`.
///
/// A singular value counts as zero when it is not above `max(n_rows, n_columns) · ε · s_max`, the rule of
/// `numpy.linalg.pinv(matrix, rtol=None)`. A matrix with a value that is not finite has an inverse of NaN.
pub fn pseudo_inverse(matrix: ArrayView2<f64>) -> Array2<f64> {
    let rcond = matrix.nrows().max(matrix.ncols()) as f64 * f64::EPSILON;
    pseudo_inverse_with(matrix, rcond)
}

/// The Moore–Penrose inverse where singular values not above `rcond · s_max` count as zero.
///
/// `numpy.linalg.pinv(matrix)` takes 1e-15, which rounding may exceed in a large matrix without full rank.
pub fn pseudo_inverse_with(matrix: ArrayView2<f64>, rcond: f64) -> Array2<f64> {
    let (n_rows, n_columns) = matrix.dim();
    if n_rows == 0 || n_columns == 0 {
        return Array2::zeros((n_columns, n_rows));
    }
    // The factorisation refuses only what is not finite: it has no inverse.
    let Ok(svd) = Mat::from_fn(n_rows, n_columns, |i, j| matrix[(i, j)]).thin_svd() else {
        return Array2::from_elem((n_columns, n_rows), f64::NAN);
    };
    let (u, v, singular) = (svd.U(), svd.V(), svd.S().column_vector());
    let cutoff = rcond * singular.iter().fold(0.0, |largest: f64, s| largest.max(*s));
    let kept: Vec<usize> = (0..n_rows.min(n_columns)).filter(|&k| cutoff < singular[k]).collect();
    let scaled = Mat::from_fn(n_columns, kept.len(), |i, k| v[(i, kept[k])] / singular[kept[k]]);
    let basis = Mat::from_fn(kept.len(), n_rows, |k, j| u[(j, kept[k])]);
    let inverse = scaled * basis;
    Array2::from_shape_fn((n_columns, n_rows), |(i, j)| inverse[(i, j)])
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::reference::matrix_of;

    fn reference(name: &str) -> Array2<f64> {
        matrix_of("embedding_theory", name)
    }

    fn largest_difference(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
        assert_eq!(a.dim(), b.dim());
        (a - b).iter().fold(0.0, |largest, d| largest.max(d.abs()))
    }

    #[test]
    fn inverses_are_numpy_s() {
        for shape in ["wide", "tall", "square", "rank_deficient_wide", "rank_deficient_tall", "zero"] {
            let matrix = reference(&format!("pinv_{shape}_in"));
            let expected = reference(&format!("pinv_{shape}_out"));
            assert!(largest_difference(&pseudo_inverse(matrix.view()), &expected) < 1e-10, "{shape}");
        }
    }

    /// Singular values 1, 1e-3 and 1e-6: a cutoff of 1e-4 keeps two of them.
    #[test]
    fn a_coarser_cutoff_is_numpy_s_too() {
        let inverse = pseudo_inverse_with(reference("pinv_cutoff_in").view(), 1e-4);
        assert!(largest_difference(&inverse, &reference("pinv_cutoff_out")) < 1e-10);
    }

    #[test]
    fn an_empty_matrix_has_an_empty_inverse() {
        assert_eq!(pseudo_inverse(Array2::zeros((0, 3)).view()).dim(), (3, 0));
    }

    #[test]
    fn what_is_not_finite_has_no_inverse() {
        let inverse = pseudo_inverse(array![[1.0, f64::NAN], [0.0, 1.0]].view());
        assert!(inverse.iter().all(|value| value.is_nan()));
    }
}
