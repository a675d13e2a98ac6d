//! `cargo run --release --example tsne -- layer.npy` embeds an array `[n_points, n_features]` of f32 or f64 and writes
//! the points to `layer.tsne.npy`; without a file, it draws three blobs.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that says what it found")]

use std::{env, error::Error, path::Path, process};

use ndarray::Array2;
use ndarray_npy::{read_npy, write_npy};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use vitrine_tsne::{Embedding, EmbeddingQuality, Tsne};

fn main() {
    let input = env::args_os().nth(1);
    let input = input.as_ref().map(Path::new);
    let output = input.unwrap_or(Path::new("blobs.npy")).with_extension("tsne.npy");
    if let Err(error) = run(input, &output) {
        eprintln!("{error}");
        process::exit(1);
    }
}

/// Embeds the array in `input`, or three blobs, and writes the points `[n_points, 2]` to `output`.
pub fn run(input: Option<&Path>, output: &Path) -> Result<(), Box<dyn Error>> {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let activations = match input {
        Some(path) => read(path)?,
        None => Array2::from_shape_fn((300, 10), |(i, feature)| {
            let centre = if feature == i % 3 { 10.0 } else { 0.0 };
            centre + Distribution::<f32>::sample(&StandardNormal, &mut rng)
        }),
    };
    let Embedding { points, kl_divergence } = Tsne::default().fit(activations.view(), &mut rng)?;
    let quality = EmbeddingQuality::of(activations.view(), points.view(), 10)?;
    println!("KL divergence {kl_divergence:.4}, trustworthiness {:.4}", quality.trustworthiness);
    println!("of 10 neighbours {:.2} are kept", 10.0 * quality.neighbour_preservation);
    write_npy(output, &points).map_err(|error| format!("{}: {error}", output.display()))?;
    Ok(())
}

fn read(path: &Path) -> Result<Array2<f32>, String> {
    let wide = || read_npy(path).map(|array: Array2<f64>| array.mapv(|x| x as f32));
    let wanted = "an array [n_points, n_features] of f32 or f64 in a .npy file is needed";
    read_npy(path).or_else(|_| wide()).map_err(|error| format!("{}: {wanted}: {error}", path.display()))
}
