//! Time per training step, per evaluation and per capture, for `compare.py` and for the eye.
//!
//! `cargo bench --bench step` prints every shape on one thread; with `serve THREADS` it reads one task a line,
//! `TASK SHAPE`, and answers with a line of JSON, as the peers do.
#![allow(clippy::print_stdout, missing_docs, reason = "a program that prints its measurements")]

use std::io::BufRead;
use std::ops::ControlFlow;
use std::time::Instant;

use ndarray::{Array2, ArrayView2};
use rand::RngExt;
use vitrine_data::{Dataset, Split, Streams};
use vitrine_model::{
    EngineChoice, FusedModel, Graph, Init, Model, Network, NetworkSpec, Stop, TrainSettings, TrainState,
    Trainer, Weights,
};

const SHAPES: [&str; 8] = [
    "mlp:100-60",
    "mlp:100-100-60",
    "mlp:100-100-100-60",
    "mlp:100-100-100-100-60",
    "cnn:100,conv7,60",
    "cnn:100,conv5,conv7,conv9,60",
    "bottleneck:100-25-2-25-60",
    "mlp:784-784-784-784-784-10",
];
/// LeNet-5 with maxima and rectifiers.
const LENET: &str = "cnn:1x28x28,conv5x5x6,pool2,conv5x5x16,pool2,120,84,10";
const N_SAMPLES: usize = 12_000;
const N_EVALUATED: usize = 60_000;
const N_IMAGES: usize = 1_000;
const SECONDS: f64 = 1.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let is_serving = arguments.first().is_some_and(|a| a == "serve");
    let n_threads = arguments.get(1).map_or(1, |n| n.parse().expect("a number of threads"));
    rayon::ThreadPoolBuilder::new().num_threads(n_threads).build_global().expect("the first pool");
    if is_serving {
        for line in std::io::stdin().lock().lines() {
            let line = line.expect("a line of text");
            let (task, shape) = line.split_once(' ').expect("TASK SHAPE");
            let [best, median] = measure(task, shape);
            println!("{{\"best\": {best:e}, \"median\": {median:e}}}");
        }
        return;
    }
    let steps = SHAPES.map(|shape| ("step", shape)).into_iter().chain([("step", LENET)]);
    let others = [
        ("general", SHAPES[1]),
        ("general", SHAPES[4]),
        ("evaluate", SHAPES[1]),
        ("capture", SHAPES[1]),
        ("forward", LENET),
    ];
    for (task, shape) in steps.chain(others) {
        let [best, median] = measure(task, shape);
        println!("{task:<9}{shape:<56}{:>10.1} µs best{:>10.1} µs median", best * 1e6, median * 1e6);
    }
}

/// Seconds per step of the fused or the general engine, evaluation, capture or forward pass: the best and the median round of
/// about a second.
fn measure(task: &str, shape: &str) -> [f64; 2] {
    let spec: NetworkSpec = shape.parse().expect("a network");
    let graph = spec.graph().clone();
    let batch_size = match shape {
        LENET => 64,
        _ if shape.starts_with("mlp:784") => 1_000,
        _ => 100,
    };
    let is_step = ["step", "general"].contains(&task);
    let engine = if task == "general" { EngineChoice::General } else { EngineChoice::Fused };
    let n_train = if is_step { N_SAMPLES / batch_size * batch_size } else { batch_size };
    let n_validation = match task {
        "forward" => N_IMAGES,
        _ if is_step => 0,
        _ => N_EVALUATED,
    };
    let split = Split {
        train: random(&graph, n_train),
        validation: random(&graph, n_validation),
        test: random(&graph, 0),
    };
    let mut rounds = match task {
        "capture" => capture(spec, split.validation.rows()),
        "forward" => forward(&graph, split.validation.rows()),
        _ => epochs(&graph, batch_size, &split, engine),
    };
    // Beside the evaluation, its epoch has a single step, too short to matter.
    let n_steps = if is_step { N_SAMPLES / batch_size } else { 1 };
    rounds.remove(0);
    rounds.sort_by(f64::total_cmp);
    [rounds[0], rounds[rounds.len() / 2]].map(|seconds| seconds / n_steps as f64)
}

/// Seconds of each epoch.
fn epochs(graph: &Graph, batch_size: usize, split: &Split, engine: EngineChoice) -> Vec<f64> {
    let settings =
        TrainSettings { batch_size, max_epochs: 1_000_000, stop: Stop::MaxEpochs, ..Default::default() };
    let trainer = Trainer { settings, engine, ..Trainer::new(graph) };
    let started = Instant::now();
    let mut seconds = Vec::new();
    let mut on_epoch = |state: &TrainState| {
        seconds.extend(state.history.last().map(|record| record.seconds));
        match 4 <= seconds.len() && SECONDS < started.elapsed().as_secs_f64() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    };
    let streams = Streams::new(0);
    trainer
        .resume(trainer.start(&streams), split, &streams, &mut on_epoch)
        .expect("training on random data goes on");
    seconds
}

/// Seconds of each capture of every layer.
fn capture(spec: NetworkSpec, inputs: ArrayView2<'_, f32>) -> Vec<f64> {
    let weights = Weights::init(spec.graph(), Init::GlorotUniform, &mut Streams::new(0).rng("weights"));
    let network = Network::new(spec, weights).expect("weights of the network");
    let round = |_| {
        let started = Instant::now();
        std::hint::black_box(network.capture(inputs));
        started.elapsed().as_secs_f64()
    };
    (0..8).map(round).collect()
}

/// Seconds of each forward pass of all samples.
fn forward(graph: &Graph, inputs: ArrayView2<'_, f32>) -> Vec<f64> {
    let weights = Weights::init(graph, Init::GlorotUniform, &mut Streams::new(0).rng("weights"));
    let model = FusedModel::new(graph, &weights).expect("weights of the network");
    let shape = [&[inputs.nrows()], graph.input_shape()].concat();
    let inputs = inputs.into_shape_with_order(shape).expect("as many values");
    let round = |_| {
        let started = Instant::now();
        std::hint::black_box(model.run(inputs.view(), &[graph.logits()])).expect("inputs of the network");
        started.elapsed().as_secs_f64()
    };
    (0..50).map(round).collect()
}

/// Uniform inputs and labels: the values do not matter to the time.
fn random(graph: &Graph, n_samples: usize) -> Dataset {
    let mut rng = Streams::new(0).rng("data");
    let n_inputs = graph.input_shape().iter().product();
    let n_classes = graph[graph.logits()].n_units();
    let inputs = Array2::from_shape_simple_fn((n_samples, n_inputs), || rng.random_range(-1.5..1.5));
    let labels = (0..n_samples).map(|i| i % n_classes).collect();
    Dataset::numbered(inputs, labels, n_classes)
}
