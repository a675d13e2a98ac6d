//! The networks of the thesis, each list in one place; and when their training was at its best.

use vitrine_model::{EpochRecord, NetworkSpec};

/// The MLPs of one to four layers.
pub const MLPS: [&str; 4] = ["mlp:100-60", "mlp:100-100-60", "mlp:100-100-100-60", "mlp:100-100-100-100-60"];

/// The CNNs of one to three conv layers and one dense layer.
pub const CNNS: [&str; 3] = ["cnn:100,conv7,60", "cnn:100,conv5,conv9,60", "cnn:100,conv5,conv7,conv9,60"];

/// The bottlenecks of table 7.1, shallow ones first.
pub const BOTTLENECKS: [&str; 6] = [
    "bottleneck:100-10-60",
    "bottleneck:100-4-60",
    "bottleneck:100-2-60",
    "bottleneck:100-25-10-25-60",
    "bottleneck:100-25-4-25-60",
    "bottleneck:100-25-2-25-60",
];

/// The network of a specification in the program.
///
/// # Panics
/// If it is none.
pub fn spec(name: &str) -> NetworkSpec {
    name.parse().unwrap_or_else(|e| panic!("a network of the program: {e}"))
}

/// The networks that a list of specifications in the program names.
///
/// # Panics
/// If one of them is none.
pub fn specs(names: &[&str]) -> Vec<NetworkSpec> {
    names.iter().map(|name| spec(name)).collect()
}

/// The MLPs and CNNs of chapter 3.
pub fn of_chapter_3() -> Vec<NetworkSpec> {
    specs(&[&MLPS[..], &CNNS[..]].concat())
}

/// The networks of table 7.1: those of chapter 3, then the bottlenecks.
pub fn of_table_7_1() -> Vec<NetworkSpec> {
    specs(&[&MLPS[..], &CNNS[..], &BOTTLENECKS[..]].concat())
}

/// The epoch of the smallest validation loss, counted from 1, the first of equals; `None` without epochs.
pub fn validation_minimum(history: &[EpochRecord]) -> Option<usize> {
    let loss = |record: &EpochRecord| record.validation_loss.unwrap_or(f64::INFINITY);
    history.iter().min_by(|a, b| loss(a).total_cmp(&loss(b))).map(|record| record.epoch)
}
