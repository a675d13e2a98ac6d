//! Seconds that the deviations of a layer take: a line of JSON.
//!
//! `cargo bench --workspace --bench deviations` measures 60 classes of 1 000 signals with 100 units on one thread, as
//! `deviations_peer.py` does with SciPy; `-- mnist` five layers of 60 000 × 784 on all threads, and the memory they take.

use std::io::Write;
use std::time::Instant;

use ndarray::Array2;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vitrine_analysis::deviations::{ClassPairs, Deviations};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let is_mnist = std::env::args().any(|argument| argument == "mnist");
    let line = if is_mnist { mnist() } else { signals()? };
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

/// Rectified noise around a mean that differs from class to class.
fn activations(n_classes: usize, n_samples: usize, n_units: usize) -> (Array2<f32>, Vec<usize>) {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let labels: Vec<usize> = (0..n_samples).map(|sample| sample % n_classes).collect();
    let values = Array2::from_shape_fn((n_samples, n_units), |(sample, unit)| {
        let centre = ((labels[sample] * 7 + unit) % 11) as f32 / 5.0 - 1.0;
        (centre + 2.0 * rng.random::<f32>() - 1.0).max(0.0)
    });
    (values, labels)
}

fn seconds(deviations: &Deviations, values: &Array2<f32>, labels: &[usize], n_classes: usize) -> f64 {
    let started = Instant::now();
    let found = deviations.measure(values.view(), labels, n_classes, &mut ChaCha8Rng::seed_from_u64(1));
    assert!(found.inner.euclidean.interval.mean.is_finite());
    started.elapsed().as_secs_f64()
}

fn signals() -> Result<String, rayon::ThreadPoolBuildError> {
    let (values, labels) = activations(60, 60_000, 100);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let timed = |deviations: &Deviations| pool.install(|| seconds(deviations, &values, &labels, 60));
    let plain = Deviations { n_resamples: 0, ..Deviations::default() };
    let [without, with] =
        [plain, Deviations::default()].map(|d| (0..3).map(|_| timed(&d)).fold(f64::INFINITY, f64::min));
    Ok(format!("{{\"without_intervals\": {without:.4}, \"with_intervals\": {with:.4}}}"))
}

fn mnist() -> String {
    let (values, labels) = activations(10, 60_000, 784);
    let before = peak_mebibytes();
    let deviations = Deviations { pairs: ClassPairs::All, ..Deviations::default() };
    let total: f64 = (0..5).map(|_| seconds(&deviations, &values, &labels, 10)).sum();
    format!(
        "{{\"five_layers\": {total:.2}, \"activations_mib\": {}, \"added_peak_mib\": {}}}",
        (values.len() * 4) >> 20,
        peak_mebibytes() - before
    )
}

/// The most memory this process has held, as Linux tells; 0 elsewhere.
fn peak_mebibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
