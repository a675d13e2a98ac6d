//! The samples of a class, their norms, and means that leave out what is not defined.

use ndarray::{Array2, ArrayView1, ArrayView2};

/// Indices of the samples of each class.
pub(super) fn samples_by_class(
    activations: ArrayView2<f32>,
    labels: &[usize],
    n_classes: usize,
) -> Vec<Vec<usize>> {
    assert_eq!(labels.len(), activations.nrows(), "one label per sample");
    let mut samples = vec![Vec::new(); n_classes];
    labels.iter().enumerate().for_each(|(sample, &label)| samples[label].push(sample));
    samples
}

/// The activations of these samples, in double precision.
pub(super) fn gather(activations: ArrayView2<f32>, samples: &[usize]) -> Array2<f64> {
    let mut class = Array2::zeros((samples.len(), activations.ncols()));
    for (mut row, &sample) in class.rows_mut().into_iter().zip(samples) {
        row.zip_mut_with(&activations.row(sample), |to, &from| *to = f64::from(from));
    }
    class
}

/// `|a|₁`, in eight sums side by side.
pub(super) fn l1_norm(row: ArrayView1<f64>) -> f64 {
    let mut sums = [0.0; 8];
    let mut add = |values: &[f64]| sums.iter_mut().zip(values).for_each(|(sum, a)| *sum += a.abs());
    match row.as_slice() {
        Some(values) => values.chunks(8).for_each(add),
        None => row.iter().for_each(|&a| add(&[a])),
    }
    sums.iter().sum()
}

/// The mean of what is a number.
pub(super) fn mean_over(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) =
        values.filter(|value| !value.is_nan()).fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
    sum / f64::from(n)
}
