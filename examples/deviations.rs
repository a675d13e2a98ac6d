//! Deviations of activations from any framework: `deviations ACTIVATIONS.npy LABELS.npy`, `[n_samples, n_units]` in single
//! precision and `[n_samples]` whole numbers; without arguments, two classes of three points each.

#![expect(clippy::print_stdout, reason = "an example says what it found")]

use std::path::PathBuf;

use anyhow::{Context, ensure};
use ndarray::{Array1, Array2, array};
use ndarray_npy::read_npy;
use vitrine_analysis::deviations::{ClassPairs, Deviations};
use vitrine_data::Streams;

fn main() -> anyhow::Result<()> {
    let files: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let (activations, labels): (Array2<f32>, Array1<i64>) = match &files[..] {
        [] => (array![[1., 0.], [2., 0.], [3., 1.], [0., 1.], [0., 2.], [1., 3.]], array![0, 0, 0, 1, 1, 1]),
        [activations, labels] => (
            read_npy(activations).with_context(|| activations.display().to_string())?,
            read_npy(labels).with_context(|| labels.display().to_string())?,
        ),
        _ => anyhow::bail!("want ACTIVATIONS.npy LABELS.npy, or nothing"),
    };
    let labels: Vec<usize> =
        labels.iter().map(|&l| usize::try_from(l)).collect::<Result<_, _>>().context("a label below 0")?;
    ensure!(
        labels.len() == activations.nrows(),
        "{} labels for {} samples",
        labels.len(),
        activations.nrows()
    );
    let largest = labels.iter().copied().max().unwrap_or(0);
    ensure!(
        largest < labels.len(),
        "label {largest}, but {} samples: classes are numbered from 0",
        labels.len()
    );
    let n_classes = largest + 1;
    let deviations = Deviations { pairs: ClassPairs::All, ..Deviations::default() };
    let found =
        deviations.measure(activations.view(), &labels, n_classes, &mut Streams::new(0).rng("bootstrap"));
    println!("within classes:  1 - cos = {:.4}", found.inner.cosine.interval.mean);
    println!("between classes: 1 - cos = {:.4}", found.inter.cosine.interval.mean);
    Ok(())
}
