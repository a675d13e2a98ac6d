//! Rows of a matrix, made one by one.

use ndarray::{Array1, Array2};

/// Vectors of one length as rows, `[n_vectors, length]`.
///
/// # Panics
/// If their lengths differ.
pub fn stack<T: Copy>(vectors: impl IntoIterator<Item = Array1<T>>) -> Array2<T> {
    let vectors: Vec<Array1<T>> = vectors.into_iter().collect();
    let length = vectors.first().map_or(0, |vector| vector.len());
    let values = vectors.iter().flatten().copied().collect();
    Array2::from_shape_vec((vectors.len(), length), values).expect("vectors of one length")
}
