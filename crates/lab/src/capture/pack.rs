//! What is captured: a model, samples, nodes.

use ndarray::{ArrayViewD, Axis, Slice};
use vitrine_model::{Model, NodeId};

/// Bytes of the activations of a batch at most, where a sample's are not more.
const MAX_BATCH_BYTES: usize = 1 << 26;
/// Samples of a batch at most.
const MAX_BATCH: usize = 1_000;

/// A model with samples, and the nodes that are asked for.
pub struct Source<'a> {
    /// The model.
    pub model: &'a dyn Model,
    /// What tells it from others: a hash of its graph and weights.
    pub model_id: String,
    /// `[n_samples, sample shape]`.
    pub inputs: ArrayViewD<'a, f32>,
    /// What tells the samples from others: a hash of their content.
    pub inputs_id: String,
    /// The nodes, each once.
    pub nodes: Vec<NodeId>,
}

impl Source<'_> {
    pub(super) fn n_samples(&self) -> usize {
        self.inputs.shape()[0]
    }

    /// Samples of a batch, by the values of all nodes of a sample.
    pub(super) fn batch_size(&self) -> usize {
        let graph = self.model.graph();
        let n_values: usize = graph.nodes().iter().map(|node| node.n_units()).sum();
        (MAX_BATCH_BYTES / (size_of::<f32>() * n_values.max(1))).clamp(1, MAX_BATCH)
    }

    /// The samples from `start` on, `n` of them.
    pub(super) fn batch(&self, start: usize, n: usize) -> ArrayViewD<'_, f32> {
        self.inputs.slice_axis(Axis(0), Slice::from(start..start + n))
    }
}
