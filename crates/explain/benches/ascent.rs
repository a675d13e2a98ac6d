//! Gradient ascent of 60 classes × 100 starts in one batch, beside one row at a time; and the smallest changes that move
//! the answers to 300 signals.
//!
//! `cargo bench --bench ascent` prints seconds on all cores; one by one is measured on every 50th row and scaled up.
#![allow(clippy::print_stdout, missing_docs, reason = "a program that prints its measurements")]

use std::time::Instant;

use ndarray::{Array2, s};
use rand::RngExt;
use vitrine_data::Streams;
use vitrine_explain::ascent::{Ascent, Start};
use vitrine_explain::fooling::Fooling;
use vitrine_explain::probabilities;
use vitrine_model::{Init, Model, Network, NetworkSpec, Weights};

const SHAPES: [&str; 5] = [
    "mlp:100-60",
    "mlp:100-100-60",
    "mlp:100-100-100-60",
    "mlp:100-100-100-100-60",
    "cnn:100,conv5,conv9,60",
];
const N_STARTS: usize = 100;
/// Of the rows one by one, one in so many is run.
const STRIDE: usize = 50;
/// Signals whose answers are moved.
const N_SIGNALS: usize = 300;
/// Steps of every row: no target, so that both ways do the same work.
const STEPS: usize = 100;

fn main() {
    for shape in SHAPES {
        let spec: NetworkSpec = shape.parse().expect("a network");
        let mut rng = Streams::new(0).rng("weights");
        let mut weights = Weights::init(spec.graph(), Init::GlorotUniform, &mut rng);
        for layer in spec.layers() {
            let mut bias = weights.get_mut(&layer.name, "bias").expect("a bias of every layer");
            bias.mapv_inplace(|_| rng.random_range(-0.1..0.1));
        }
        let (n_inputs, n_classes) = (spec.n_inputs(), spec.n_outputs());
        let network = Network::new(spec, weights).expect("weights of the network");
        let classes: Vec<usize> = (0..n_classes * N_STARTS).map(|row| row % n_classes).collect();
        let starts = Start::Uniform { bound: 0.05 }.rows(&classes, n_inputs, &mut rng);
        let ascent = Ascent { rate: 0.1, target: None, max_steps: STEPS, min_gain: 0.0, ..Ascent::default() };
        let climb = |from: usize, to: usize| {
            let rows: Array2<f32> = starts.slice(s![from..to, ..]).to_owned();
            let objective =
                probabilities(network.graph(), &classes[from..to]).expect("classes of the network");
            let climbed = ascent.climb(&network, &objective, rows.view()).expect("sound settings");
            std::hint::black_box(climbed);
        };
        let started = Instant::now();
        climb(0, classes.len());
        let batched = started.elapsed().as_secs_f64();
        let started = Instant::now();
        (0..classes.len()).step_by(STRIDE).for_each(|row| climb(row, row + 1));
        let alone = started.elapsed().as_secs_f64() * STRIDE as f64;
        println!(
            "{shape:<26}{} rows, {STEPS} steps: {batched:>7.2} s batched,{alone:>8.2} s one by one, ratio {:.1}",
            classes.len(),
            alone / batched
        );
        let signals = Array2::from_shape_simple_fn((N_SIGNALS, n_inputs), || rng.random_range(-1.0..1.0f32));
        let started = Instant::now();
        let fooled = Fooling::default().search(&network, signals.view()).expect("sound settings");
        let moved = started.elapsed().as_secs_f64();
        let n_moved = fooled.sizes.iter().flatten().count();
        println!("{:<26}{n_moved} of {N_SIGNALS} answers moved: {moved:>7.2} s", "");
    }
}
