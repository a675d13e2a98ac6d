//! The file of each node, and the record beside them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use vitrine_model::{Graph, NodeId};

use super::npy::header;
use super::pack::Source;

/// The name of the record.
pub const RECORD: &str = "capture.json";

/// What was captured into a folder, and how far: `capture.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Captured {
    /// What tells the model from others.
    pub model: String,
    /// What tells the samples from others.
    pub inputs: String,
    /// Samples in all.
    pub n_samples: usize,
    /// Samples that are written down; all of them, once it is whole.
    pub n_done: usize,
    /// The nodes, in their order.
    pub nodes: Vec<CapturedNode>,
}

/// A node's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapturedNode {
    /// The node's own name.
    pub node: String,
    /// Its file: the name where files may have it, else without the signs that they may not.
    pub file: String,
    /// The shape of one sample.
    pub shape: Vec<usize>,
}

impl Captured {
    /// The record before the first batch.
    pub fn of(source: &Source<'_>) -> Captured {
        Captured {
            model: source.model_id.clone(),
            inputs: source.inputs_id.clone(),
            n_samples: source.n_samples(),
            n_done: 0,
            nodes: nodes(source.model.graph(), &source.nodes),
        }
    }

    /// Whether it is of the same model, samples and nodes.
    pub fn is_of_the_same(&self, other: &Captured) -> bool {
        let start = |captured: &Captured| Captured { n_done: 0, ..captured.clone() };
        start(self) == start(other)
    }

    /// Whether all samples are written down.
    pub fn is_whole(&self) -> bool {
        self.n_done == self.n_samples
    }
}

impl CapturedNode {
    /// Bytes of its file once so many samples are written down.
    pub fn n_bytes(&self, n_samples: usize, n_done: usize) -> u64 {
        let of_sample = size_of::<f32>() * self.shape.iter().product::<usize>();
        header(n_samples, &self.shape).len() as u64 + (of_sample as u64) * (n_done as u64)
    }
}

/// The files of nodes: no two of one name, also where capital letters count for nothing.
fn nodes(graph: &Graph, nodes: &[NodeId]) -> Vec<CapturedNode> {
    let mut taken = BTreeSet::new();
    let mut name_of = |name: &str| {
        let plain = plain(name);
        let candidates = std::iter::once(plain.clone()).chain((2..).map(|k| format!("{plain}-{k}")));
        let free = candidates.into_iter().find(|name| taken.insert(name.to_lowercase()));
        format!("{}.npy", free.expect("one of infinitely many"))
    };
    let of_node = |&id: &NodeId| {
        let node = &graph[id];
        CapturedNode { node: node.name.clone(), file: name_of(&node.name), shape: node.shape.clone() }
    };
    nodes.iter().map(of_node).collect()
}

/// The name in letters, digits, points, dashes and underscores, none of them a point at the start, and not too long.
fn plain(name: &str) -> String {
    let sign = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let name: String = name.chars().map(sign).take(120).collect();
    let name = name.trim_start_matches(['.', '_']);
    if name.is_empty() { "node".into() } else { name.into() }
}
