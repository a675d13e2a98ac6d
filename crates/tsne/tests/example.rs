//! The example, as its users run it: a file in, a file out, and errors in plain words.

use std::fs;
use std::path::Path;

use ndarray::{Array1, Array2, s};
use ndarray_npy::{read_npy, write_npy};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use vitrine_tsne::Neighbours;

#[allow(dead_code, reason = "its main is not called here")]
#[path = "../examples/tsne.rs"]
mod example;

/// Three clouds of normal points in 6 dimensions, 10 √2 ≈ 14 standard deviations apart; point i is of cloud `i % 3`.
fn clouds() -> Array2<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    Array2::from_shape_fn((150, 6), |(i, feature)| {
        let noise: f64 = StandardNormal.sample(&mut rng);
        if feature == i % 3 { 10.0 + noise } else { noise }
    })
}

/// The share of points whose 10 nearest neighbours are mostly of their own cloud.
fn knn_accuracy(points: &Array2<f32>) -> f64 {
    let neighbours = Neighbours::exact(points.view(), 10);
    let is_right = |(i, row): (usize, ndarray::ArrayView1<u32>)| {
        5 < row.iter().filter(|&&j| j as usize % 3 == i % 3).count()
    };
    neighbours.indices.rows().into_iter().enumerate().filter(|&row| is_right(row)).count() as f64
        / points.nrows() as f64
}

fn said(input: &Path) -> String {
    example::run(Some(input), &input.with_extension("tsne.npy")).unwrap_err().to_string()
}

#[test]
fn the_example_embeds_the_array_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let [input, output] = ["clouds.npy", "clouds.tsne.npy"].map(|name| folder.path().join(name));
    for is_narrow in [false, true] {
        let wide = clouds();
        if is_narrow { write_npy(&input, &wide.mapv(|x| x as f32)) } else { write_npy(&input, &wide) }
            .unwrap();
        example::run(Some(&input), &output).unwrap();
        let points: Array2<f32> = read_npy(&output).unwrap();
        assert_eq!(points.dim(), (150, 2));
        assert_eq!(knn_accuracy(&points), 1.0);
    }
}

#[test]
fn the_example_keeps_its_own_three_blobs_apart() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("blobs.tsne.npy");
    example::run(None, &output).unwrap();
    let points: Array2<f32> = read_npy(&output).unwrap();
    assert_eq!(points.dim(), (300, 2));
    assert_eq!(knn_accuracy(&points), 1.0);
}

#[test]
fn the_example_says_what_it_cannot_read_or_embed() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("input.npy");
    let needed = "input.npy: an array [n_points, n_features] of f32 or f64 in a .npy file is needed: ";
    assert!(said(&input).contains(needed), "{}", said(&input));
    write_npy(&input, &Array1::<f32>::zeros(200)).unwrap();
    assert!(said(&input).contains(needed), "{}", said(&input));
    write_npy(&input, &clouds().slice(s![..60, ..])).unwrap();
    assert!(said(&input).starts_with("perplexity = 30: must be 1 to 19.6"), "{}", said(&input));
    write_npy(&input, &clouds()).unwrap();
    let nowhere = folder.path().join("no such folder/points.npy");
    let error = example::run(Some(&input), &nowhere).unwrap_err().to_string();
    assert!(error.contains("points.npy: ") && error.contains("No such file"), "{error}");
}

#[test]
fn the_readme_shows_the_example_as_it_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let [readme, example] =
        ["README.md", "examples/tsne.rs"].map(|name| fs::read_to_string(folder.join(name)).unwrap());
    assert!(readme.contains(&format!("```rust,no_run\n{example}```\n")));
}
