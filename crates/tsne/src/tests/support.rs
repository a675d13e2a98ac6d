//! Points and settings that tests share, and the arrays of `assets/reference/tsne.py`.

use std::path::Path;

use ndarray::{Array2, s};
use ndarray_npy::{ReadableElement, read_npy};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::point::Point;
use crate::tsne::Tsne;

/// The reference array of that name.
pub fn reference<T: ReadableElement>(name: &str) -> Array2<T> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/reference/tsne");
    read_npy(folder.join(name).with_extension("npy")).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

pub fn normal(n_points: usize, n_features: usize, seed: u64) -> Array2<f32> {
    let mut rng = rng(seed);
    Array2::from_shape_simple_fn((n_points, n_features), || StandardNormal.sample(&mut rng))
}

/// Two clouds of normal points in 10 dimensions, 10 standard deviations apart; the first half is one of them.
pub fn blobs(n_points: usize) -> Array2<f32> {
    let mut points = normal(n_points, 10, 1);
    points.slice_mut(s![..n_points / 2, 0]).mapv_inplace(|x| x + 10.0);
    points
}

pub fn short() -> Tsne {
    Tsne { perplexity: 20.0, n_early_iterations: 60, n_iterations: 60, ..Tsne::default() }
}

pub fn as_points(points: &Array2<f32>) -> Vec<Point> {
    points.rows().into_iter().map(|row| [row[0], row[1]]).collect()
}
