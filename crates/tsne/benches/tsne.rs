//! t-SNE of 12 000 noisy steps of 100 samples, for `tsne_compare.py` and for the eye.
//!
//! `cargo bench --bench tsne` prints seconds of the processor and the divergence; with `serve THREADS` it reads one task
//! a line and answers with a line of JSON: `signals SEED FILE.npy` writes the signals, `fit SEED [exact]` embeds them, and
//! `divergence SEED FILE.npy` tells the exact Kullback–Leibler divergence of any embedding of them.
#![allow(clippy::print_stdout, missing_docs, reason = "a program that prints its measurements")]

use std::fs;
use std::io::BufRead;
use std::time::Instant;

use ndarray::{Array2, ArrayView2};
use ndarray_npy::{read_npy, write_npy};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use vitrine_tsne::{Embedding, EmbeddingQuality, Point, RepulsionMethod, Tsne, kl_divergence};

const N_SIGNALS: usize = 12_000;
const N_SAMPLES: usize = 100;
/// Neighbours that the quality looks at.
const K: usize = 10;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let n_threads = arguments.get(1).map_or(1, |n| n.parse().expect("a number of threads"));
    rayon::ThreadPoolBuilder::new().num_threads(n_threads).build_global().expect("the first pool");
    if arguments.first().is_some_and(|a| a == "serve") {
        for line in std::io::stdin().lock().lines() {
            println!("{}", answer(&line.expect("a line of text")));
        }
        return;
    }
    let signals = signals(0);
    let (embedding, cpu, wall) = fit(signals.view(), 0, RepulsionMethod::Auto);
    println!(
        "{N_SIGNALS} signals: {cpu:.2} s of the processor, {wall:.2} s, KL {:.4}",
        embedding.kl_divergence
    );
    let started = Instant::now();
    let quality = EmbeddingQuality::of(signals.view(), embedding.points.view(), K).expect("as many points");
    println!("{quality:?}: {:.2} s", started.elapsed().as_secs_f64());
}

fn answer(task: &str) -> String {
    let words: Vec<&str> = task.split_whitespace().collect();
    let seed: u64 = words[1].parse().expect("a seed");
    let signals = signals(seed);
    match words[0] {
        "signals" => {
            write_npy(words[2], &signals).expect("a file that can be written");
            "{}".into()
        }
        "fit" => {
            let is_exact = words.get(2).is_some_and(|word| *word == "exact");
            let repulsion = if is_exact { RepulsionMethod::Exact } else { RepulsionMethod::Auto };
            let (embedding, cpu, wall) = fit(signals.view(), seed, repulsion);
            format!("{{\"cpu\": {cpu}, \"wall\": {wall}, \"divergence\": {}}}", embedding.kl_divergence)
        }
        "divergence" => {
            let points: Array2<f64> = read_npy(words[2]).expect("an embedding");
            let points: Vec<Point> = points.rows().into_iter().map(|p| [p[0] as f32, p[1] as f32]).collect();
            let affinities = Tsne::default().affinities(signals.view()).expect("signals are finite");
            format!("{{\"divergence\": {}}}", kl_divergence(&affinities, &points))
        }
        _ => panic!("{task}: no such task"),
    }
}

/// Steps from 0 to 3 at each of the 60 places in the middle, 200 signals each, under normal noise.
fn signals(seed: u64) -> Array2<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Array2::from_shape_fn((N_SIGNALS, N_SAMPLES), |(signal, i)| {
        let noise: f32 = StandardNormal.sample(&mut rng);
        if i < 20 + signal % 60 { noise } else { 3.0 + noise }
    })
}

/// The embedding, its seconds of the processor and of the clock.
fn fit(signals: ArrayView2<f32>, seed: u64, repulsion: RepulsionMethod) -> (Embedding, f64, f64) {
    let (started, before) = (Instant::now(), processor_seconds());
    let tsne = Tsne { repulsion, ..Tsne::default() };
    let embedding = tsne.fit(signals, &mut ChaCha8Rng::seed_from_u64(seed)).expect("signals are finite");
    (embedding, processor_seconds() - before, started.elapsed().as_secs_f64())
}

/// What all threads of this process have spent on a processor.
fn processor_seconds() -> f64 {
    let tasks = fs::read_dir("/proc/self/task").expect("Linux");
    let nanoseconds = tasks.filter_map(|task| {
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    });
    1e-9 * nanoseconds.sum::<f64>()
}
