//! Time of a forward pass of an ONNX file with the values of all nodes kept, for `forward.py`.
//!
//! `cargo bench --bench forward -- MODEL N_SAMPLES`: for every line it reads it computes once and answers with the
//! seconds; at the end of its input with the bytes that it kept and the most memory that it had.
#![allow(clippy::print_stdout, missing_docs, reason = "a program that prints its measurements")]

use std::io::BufRead;
use std::path::Path;
use std::time::Instant;

use ndarray::{ArrayD, IxDyn};
use vitrine_model::{Imported, NodeId, open_model};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    // Without a model it is a bench among others, and has nothing to measure.
    let [model, n_samples, ..] = &arguments[..] else { return };
    let network = Imported::read(Path::new(model)).expect("a model that is read");
    let model = open_model(&network.graph, &network.weights).expect("its weights");
    let shape = [&[n_samples.parse().expect("a number")], network.graph.input_shape()].concat();
    let values = (0..shape.iter().product::<usize>()).map(|i| (i as f32 * 0.7).sin()).collect();
    let inputs = ArrayD::from_shape_vec(IxDyn(&shape), values).expect("as many values");
    drop(network);
    let taps: Vec<NodeId> = model.graph().ids().collect();
    println!("{{\"before\": {}}}", memory("VmRSS"));
    let mut n_bytes = 0;
    for _ in std::io::stdin().lock().lines() {
        let start = Instant::now();
        let values = model.run(inputs.view(), &taps).expect("values");
        let seconds = start.elapsed().as_secs_f64();
        n_bytes = values.iter().map(|array| 4 * array.len()).sum();
        println!("{{\"seconds\": {seconds:e}}}");
    }
    println!("{{\"kept\": {n_bytes}, \"most\": {}}}", memory("VmHWM"));
}

/// Bytes of memory by Linux' account; 0 elsewhere.
fn memory(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) * 1_024
}
