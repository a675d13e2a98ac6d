//! Mutated ONNX files: each is read or refused with words, and what is read computes; no panic, no hang, no gigabyte.
//!
//! A short form by default; `VITRINE_ATTACK=full` mutates 10 000, `VITRINE_ATTACK_SEED` in another way.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use ndarray::{ArrayD, IxDyn};
use rand::{Rng, RngExt};
use vitrine_data::Streams;
use vitrine_model::{Imported, Model, NativeModel, NodeId, Objective};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/reference/onnx");
/// Values of one sample of all nodes with which a network that was read is also run.
const SMALL: usize = 1 << 20;

fn models(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let of_onnx = paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "onnx"));
    of_onnx.map(|path| fs::read(path).unwrap()).collect()
}

fn mutate(bytes: &mut Vec<u8>, rng: &mut impl Rng) {
    for _ in 0..rng.random_range(1..=4) {
        let at = rng.random_range(0..bytes.len().max(1)).min(bytes.len().saturating_sub(1));
        let end = (at + rng.random_range(0..12_usize)).min(bytes.len());
        match rng.random_range(0..7) {
            _ if bytes.is_empty() => return,
            0 => bytes[at] ^= 1 << rng.random_range(0..8),
            1 | 2 => bytes[at] = rng.random(),
            3 => bytes[at..end].fill(0xff),
            4 => drop(bytes.drain(at..end)),
            5 => {
                let copied = bytes[at..end].to_vec();
                bytes.splice(at..at, copied);
            }
            _ => bytes.truncate(at),
        }
    }
}

/// Reads a model, and runs it where it is small; whether it was taken.
fn read(bytes: &[u8]) -> bool {
    let network = match Imported::from_onnx(bytes) {
        Ok(network) => network,
        Err(error) => {
            let text = error.to_string();
            assert!(!text.is_empty() && !text.contains('\n'), "{text:?}");
            return false;
        }
    };
    let n: usize = network.graph.nodes().iter().map(|node| node.n_units()).fold(0, usize::saturating_add);
    if n <= SMALL {
        let model = NativeModel::new(&network.graph, &network.weights).unwrap();
        let shape = [&[2], network.graph.input_shape()].concat();
        let inputs = ArrayD::from_elem(IxDyn(&shape), 0.5);
        let nodes: Vec<NodeId> = network.graph.ids().collect();
        model.run(inputs.view(), &nodes).unwrap();
        model.gradient(inputs.view(), &Objective::units(network.graph.output(), &[0, 0]), &nodes).unwrap();
    }
    true
}

#[test]
fn mutated_models_are_read_or_refused_and_what_is_read_computes() {
    let folder = Path::new(FOLDER);
    let samples = [models(folder), models(&folder.join("backend"))].concat();
    let is_full = std::env::var("VITRINE_ATTACK").is_ok_and(|form| form == "full");
    let n = if is_full { 10_000 } else { 400 };
    let seed = std::env::var("VITRINE_ATTACK_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut rng = Streams::new(seed.unwrap_or(0)).rng("mutations");
    let (mut n_read, mut faults) = (0, Vec::new());
    for i in 0..n {
        let mut bytes = samples[i % samples.len()].clone();
        mutate(&mut bytes, &mut rng);
        let start = Instant::now();
        match catch_unwind(AssertUnwindSafe(|| read(&bytes))) {
            Ok(is_read) => n_read += usize::from(is_read),
            Err(_) => faults.push(format!("mutation {i} panics")),
        }
        assert!(start.elapsed() < Duration::from_secs(10), "takes long: {bytes:?}");
    }
    assert!(faults.is_empty(), "{faults:?}");
    assert!(0 < n_read && n_read < n, "{n_read} of {n} read");
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u64 = most.and_then(|most| most.split_whitespace().next()?.parse().ok()).unwrap_or(0);
    assert!(kib < 1 << 20, "{kib} KiB of memory");
}
