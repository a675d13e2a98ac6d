//! Rows of a matrix, made one by one.

use ndarray::{Array1, Array2, ArrayView1, Axis};

/// Vectors of one length as rows, `[n_vectors, length]`.
///
/// # Panics
/// If their lengths differ, or without vectors.
pub fn stack<T: Copy>(vectors: impl IntoIterator<Item = Array1<T>>) -> Array2<T> {
    let vectors: Vec<Array1<T>> = vectors.into_iter().collect();
    let rows: Vec<ArrayView1<T>> = vectors.iter().map(|vector| vector.view()).collect();
    ndarray::stack(Axis(0), &rows).expect("vectors of one length")
}
