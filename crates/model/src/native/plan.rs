//! A graph with its weights, laid out for the processor: what computes each node, and whose values it takes.

use burn::tensor::{Device, Tensor};

use super::step::Step;
use crate::device::DeviceChoice;
use crate::error::ModelError;
use crate::general::{GeneralModel, chunk};
use crate::graph::{Graph, NodeId};
use crate::model::Model;
use crate::weights::Weights;

/// What computes each node.
#[derive(Debug)]
pub struct Plan {
    pub general: GeneralModel,
    /// By node.
    steps: Vec<Step>,
    /// Samples computed at once. A graph always has the same number, for burn's sums hang on it.
    pub chunk: usize,
}

impl Plan {
    /// # Errors
    /// When the weights are not the graph's.
    pub fn new(graph: &Graph, weights: &Weights) -> Result<Plan, ModelError> {
        let general = GeneralModel::new(graph, weights, DeviceChoice::Cpu)?;
        let steps: Vec<Step> = graph.ids().map(|id| Step::of(graph, id, weights)).collect();
        let chunk = chunk(of_sample(graph, &steps));
        Ok(Plan { general, steps, chunk })
    }

    pub fn graph(&self) -> &Graph {
        self.general.graph()
    }

    pub fn device(&self) -> &Device {
        self.general.device()
    }

    pub fn step(&self, id: NodeId) -> &Step {
        &self.steps[id.index()]
    }

    /// Values of a node of one sample.
    pub fn n_units(&self, id: NodeId) -> usize {
        self.graph()[id].n_units()
    }

    /// The nodes whose values a node takes.
    pub fn inputs(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        self.graph()[id].inputs.iter().map(|&input| self.source(input))
    }

    /// The node that computes a node's values: itself, or one before it whose values it hands on.
    pub fn source(&self, mut id: NodeId) -> NodeId {
        while let Step::Same = self.step(id) {
            id = self.graph()[id].inputs[0];
        }
        id
    }

    /// What a node gives in burn for whole chunks.
    pub fn by_burn(&self, id: NodeId, inputs: Vec<Tensor<2>>) -> Tensor<2> {
        self.general.node(id, inputs)
    }

    /// By node, how many nodes take its values on the way to those that are tapped so often.
    pub fn n_takers(&self, n_taps: &[usize]) -> Vec<usize> {
        let mut n_takers = vec![0; self.steps.len()];
        for id in self.graph().ids().rev() {
            if 0 < n_taps[id.index()] + n_takers[id.index()] {
                self.inputs(id).for_each(|input| n_takers[input.index()] += 1);
            }
        }
        n_takers
    }
}

/// Values of a sample that count: the most of one node, for few nodes are there at once, and those of all that burn
/// computes, which may need more on the way.
fn of_sample(graph: &Graph, steps: &[Step]) -> usize {
    let (mut largest, mut of_burn) = (1, 0usize);
    for (node, step) in graph.nodes().iter().zip(steps) {
        largest = node.n_units().max(largest);
        if let Step::Burn = step {
            of_burn = of_burn.saturating_add(node.n_units());
        }
    }
    largest.saturating_add(of_burn)
}
