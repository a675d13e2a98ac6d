//! Where the descent starts: the first two principal components, made small (Kobak and Berens 2019).

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, Par, Side};
use ndarray::{Array1, ArrayView2, Axis};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use crate::point::Point;

/// Standard deviation of the first coordinate at the start.
const START: f64 = 1e-4;
/// Standard deviation of what sets equal points apart, relative to [`START`].
const JITTER: f64 = 0.01;
/// Columns of the covariance matrix that a thread works on at once.
const BLOCK: usize = 64;

/// The projection of `activations [n_points, n_features]` on its first two principal axes, scaled so that the first
/// coordinate has a standard deviation of 1e-4, with a hundredth of that as normal noise.
///
/// The sign of an axis is such that its largest loading is positive. Where there is no variance, or a single feature,
/// what remains is the noise.
pub fn pca_start(activations: ArrayView2<f32>, rng: &mut impl Rng) -> Vec<Point> {
    let n_points = activations.nrows();
    let axes = principal_axes(activations);
    let means = means(activations);
    let project = |axis: &Array1<f64>| -> Vec<f64> {
        let of_row = |row: ndarray::ArrayView1<f32>| -> f64 {
            row.iter()
                .zip(&means)
                .zip(axis)
                .map(|((&x, mean), loading)| (f64::from(x) - mean) * loading)
                .sum()
        };
        activations.rows().into_iter().map(of_row).collect()
    };
    let [first, second] = axes.map(|axis| project(&axis));
    let deviation = (first.iter().map(|x| x * x).sum::<f64>() / n_points as f64).sqrt();
    let (factor, noise) = if 0.0 < deviation { (START / deviation, JITTER * START) } else { (0.0, START) };
    let mut coordinate = |x: f64| {
        let z: f64 = StandardNormal.sample(rng);
        (factor * x + noise * z) as f32
    };
    first.iter().zip(&second).map(|(&x, &y)| [coordinate(x), coordinate(y)]).collect()
}

fn means(activations: ArrayView2<f32>) -> Array1<f64> {
    let mut sums = Array1::<f64>::zeros(activations.ncols());
    for row in activations.rows() {
        sums.zip_mut_with(&row, |sum, &x| *sum += f64::from(x));
    }
    sums / activations.nrows() as f64
}

/// The two directions of largest variance, `[n_features]` each; zero where there is none.
fn principal_axes(activations: ArrayView2<f32>) -> [Array1<f64>; 2] {
    let (n_points, n_features) = activations.dim();
    let means = means(activations);
    // Column by column, as faer likes it.
    let mut centred = vec![0.0; n_points * n_features];
    centred
        .par_chunks_mut(n_points)
        .zip(activations.axis_iter(Axis(1)).into_par_iter())
        .enumerate()
        .for_each(|(feature, (centred, column))| {
            for (c, &x) in centred.iter_mut().zip(column) {
                *c = f64::from(x) - means[feature];
            }
        });
    let centred = faer::MatRef::from_column_major_slice(&centred, n_points, n_features);
    let mut scatter = vec![0.0; n_features * n_features];
    // Each block of columns is summed by one thread, in an order that does not depend on how many there are.
    scatter.par_chunks_mut(n_features * BLOCK).enumerate().for_each(|(block, scatter)| {
        let n_columns = scatter.len() / n_features;
        let target = MatMut::from_column_major_slice_mut(scatter, n_features, n_columns);
        let columns = centred.subcols(block * BLOCK, n_columns);
        matmul(target, Accum::Replace, centred.transpose(), columns, 1.0, Par::Seq);
    });
    let scatter = Mat::from_fn(n_features, n_features, |i, j| scatter[j * n_features + i]);
    let Ok(eigen) = scatter.self_adjoint_eigen(Side::Lower) else {
        return [(); 2].map(|()| Array1::zeros(n_features));
    };
    [1, 2].map(|place| {
        if n_features < place {
            return Array1::zeros(n_features);
        }
        let axis = Array1::from_shape_fn(n_features, |i| eigen.U()[(i, n_features - place)]);
        let largest =
            axis.iter().fold(0.0f64, |largest, &x| if largest.abs() < x.abs() { x } else { largest });
        if largest < 0.0 { -axis } else { axis }
    })
}
